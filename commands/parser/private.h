#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "commands/parser/statement.h"
#include "commands/parser/text.h"

/// A telephone or identity number of a person.
struct PrivateNumber {
  std::size_t from = 0, to = 0;  ///< positions of Text
  std::string digits;            ///< "13812345678", "34010219900101123X"
  bool telephone = true;
};

/// The private numbers of a text, in order, in every usual spelling: blanks, dashes, dots and
/// parentheses between the digits, full width, Chinese digits (一三八…, 幺), +86. Linear. What is
/// found is no quantity: a number that long is beyond what can be recorded, begins with 0, or holds
/// a date of birth.
std::vector<PrivateNumber> private_numbers(const Text& text);

/// The text with each of them as 138****5678.
std::string masked(std::string_view text);
