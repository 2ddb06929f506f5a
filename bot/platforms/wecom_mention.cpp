#include "bot/platforms/wecom_mention.h"

#include <vector>

namespace {

struct Mention {
  std::size_t from, to;
};

std::size_t space_length(std::string_view text) {
  if (!text.empty() && (text[0] == ' ' || (text[0] >= '\t' && text[0] <= '\r'))) return 1;
  for (const std::string_view wide : {"\u2005", "\u3000", "\u00a0"}) {
    if (text.starts_with(wide)) return wide.size();
  }
  return 0;
}

/// Every @ at the start or after white space, up to the next white space.
std::vector<Mention> mentions_in(std::string_view text) {
  std::vector<Mention> found;
  bool at_start = true;
  for (std::size_t i = 0; i < text.size();) {
    if (const auto space = space_length(text.substr(i))) {
      at_start = true;
      i += space;
      continue;
    }
    const std::size_t from = i;
    while (i < text.size() && space_length(text.substr(i)) == 0) ++i;
    if (at_start && text[from] == '@') found.push_back({from, i});
    at_start = false;
  }
  return found;
}

std::string trim_end(std::string_view text) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < text.size();) {
    const auto space = space_length(text.substr(i));
    i += space == 0 ? 1 : space;
    if (space == 0) end = i;
  }
  return std::string(text.substr(0, end));
}

}  // namespace

std::string without_wecom_mention(std::string_view text) {
  const auto mentions = mentions_in(text);
  const Mention* own = nullptr;
  if (mentions.size() == 1 || (!mentions.empty() && mentions.front().from == 0)) {
    own = &mentions.front();
  } else if (!mentions.empty() && mentions.back().to == trim_end(text).size()) {
    own = &mentions.back();
  }
  if (own == nullptr) return trim_end(text);
  std::size_t after = own->to;
  while (const auto space = space_length(text.substr(after))) after += space;
  return trim_end(std::string(text.substr(0, own->from)).append(text.substr(after)));
}
