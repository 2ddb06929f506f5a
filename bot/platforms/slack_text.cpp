#include "bot/platforms/slack_text.h"

#include <algorithm>

#include "bot/platforms/reading.h"

namespace {

std::string decoded(std::string_view text) {
  return decoded_entities(text, {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}});
}

/// What stands for <…> in the text.
std::string shown(std::string_view inside) {
  const std::size_t bar = inside.find('|');
  const std::string_view name = inside.substr(0, bar);
  const std::string_view label = bar == std::string_view::npos ? "" : inside.substr(bar + 1);
  const std::string_view rest = name.substr(std::min<std::size_t>(1, name.size()));
  switch (name.empty() ? '\0' : name.front()) {
    case '@':
    case '#':
      return name.front() + std::string(label.empty() ? rest : label);
    case '!':
      if (!label.empty()) return std::string(label);
      return "@" + std::string(rest.substr(rest.starts_with("subteam^") ? 8 : 0));
    default:
      return std::string(label.empty() ? name : label);
  }
}

}  // namespace

std::string plain_slack_text(std::string_view text, const std::string& bot, bool& mentioned) {
  std::string result;
  while (!text.empty()) {
    const std::size_t start = text.find('<');
    const std::size_t end = start == std::string_view::npos ? start : text.find('>', start);
    if (end == std::string_view::npos) break;
    result += decoded(text.substr(0, start));
    const std::string_view inside = text.substr(start + 1, end - start - 1);
    text.remove_prefix(end + 1);
    if (!bot.empty() && inside.substr(0, inside.find('|')) == "@" + bot) {
      mentioned = true;
      text.remove_prefix(separator_length(text));
    } else {
      result += decoded(shown(inside));
    }
  }
  return trimmed(result + decoded(text));
}
