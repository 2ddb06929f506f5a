#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "commands/parser/statement.h"

/// A message in the one form in which it is matched, with a way back to what was written.
struct Text {
  std::u32string shown;  ///< simplified script, half width; the writer's case
  std::u32string key;    ///< `shown` in lower case; position for position the same length
  std::vector<std::uint32_t> origin;  ///< code point of the original for each position, and the end

  Span original(std::size_t from, std::size_t to) const;
};

/// Decodes UTF-8 (what is invalid reads as U+FFFD) and folds it. Linear, bounded by the input.
Text fold(std::string_view bytes);
/// The same into a text that is used again: nothing is allocated once it has grown long enough.
void fold(std::string_view bytes, Text& into);

std::string to_utf8(std::u32string_view text);
void append_utf8(std::string& out, char32_t c);

/// The form under which names are compared: folded, lower case, without blanks.
std::u32string name_key(std::string_view bytes);
