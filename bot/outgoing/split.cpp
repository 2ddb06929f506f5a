#include "bot/outgoing/split.h"

#include <algorithm>

namespace {

bool inside_character(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

/// The bytes of the longest piece, from the start, that has at most `most` units.
std::size_t room(std::string_view text, std::size_t most, CountedIn unit) {
  if (most == 0 || text.size() <= most) return text.size();
  std::size_t end = most;
  if (unit == CountedIn::utf16_units) {
    std::size_t units = 0;
    for (end = 0; end < text.size(); ++end) {
      if (inside_character(text, end)) continue;
      units += static_cast<unsigned char>(text[end]) >= 0xf0 ? 2 : 1;
      if (units > most) break;
    }
    if (end == text.size()) return end;
  }
  std::size_t cut = end;
  while (cut > 0 && inside_character(text, cut)) --cut;
  return cut == 0 ? std::max<std::size_t>(end, 1)
                  : cut;  // not UTF-8, or less than a character takes
}

}  // namespace

FirstPart first_part(std::string_view text, std::size_t most, CountedIn unit) {
  for (;;) {
    const std::size_t fits = room(text, most, unit);
    if (fits == text.size()) return {text, {}};
    // The part may be exactly full with the line end right behind it.
    const std::size_t line_end = text.substr(0, fits + 1).rfind('\n');
    if (line_end == std::string_view::npos) return {text.substr(0, fits), text.substr(fits)};
    if (line_end > 0) return {text.substr(0, line_end), text.substr(line_end + 1)};
    text.remove_prefix(1);
  }
}

std::vector<std::string> split(std::string_view text, std::size_t most, CountedIn unit) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const FirstPart first = first_part(text, most, unit);
    if (!first.part.empty()) parts.emplace_back(first.part);
    text = first.rest;
  }
  return parts;
}
