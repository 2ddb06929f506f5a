#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "commands/parser/marks.h"

/// Digits that are not quantities.
struct Frame {
  std::size_t end = 0;          ///< equal to the start where there is none
  bool private_number = false;  ///< a telephone or identity number
};

/// The frame that starts at the digit at `at`: telephone, identity number, date, clock time, ratio,
/// room, masked number, account. `at` must be the first of a run of digits.
Frame read_frame(std::u32string_view key, const Marks& marks, std::size_t at);

/// How long the unit at `at` is if a number before it makes a date, time, age, floor, price …, not
/// an amount of goods; 0 where it does not.
std::size_t frame_unit(std::u32string_view key, const Marks& marks, std::size_t at);

/// The words that do so.
std::span<const std::u32string_view> frame_units();
