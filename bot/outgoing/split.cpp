#include "bot/outgoing/split.h"

namespace {

bool inside_character(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

}  // namespace

std::vector<std::string> split(std::string_view text, std::size_t most) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    if (most == 0 || text.size() <= most) {
      parts.emplace_back(text);
      break;
    }
    // The part may be exactly full with the line end right behind it.
    const std::size_t line_end = text.substr(0, most + 1).rfind('\n');
    if (line_end == 0) {
      text.remove_prefix(1);
      continue;
    }
    if (line_end != std::string_view::npos) {
      parts.emplace_back(text.substr(0, line_end));
      text.remove_prefix(line_end + 1);
      continue;
    }
    std::size_t cut = most;
    while (cut > 0 && inside_character(text, cut)) --cut;
    if (cut == 0) cut = most;  // not UTF-8, or less room than a character takes
    parts.emplace_back(text.substr(0, cut));
    text.remove_prefix(cut);
  }
  return parts;
}
