#include "bot/platforms/cq_code.h"

#include <algorithm>

#include "bot/platforms/reading.h"

namespace {

std::string unescaped(std::string_view text) {
  return decoded_entities(text, {{"&amp;", '&'}, {"&#91;", '['}, {"&#93;", ']'}, {"&#44;", ','}});
}

Segment read_code(std::string_view code) {
  Segment segment;
  std::size_t comma = std::min(code.find(','), code.size());
  segment.type = code.substr(0, comma);
  while (comma < code.size()) {
    code.remove_prefix(comma + 1);
    comma = std::min(code.find(','), code.size());
    const std::string_view pair = code.substr(0, comma);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    segment.data[std::string(pair.substr(0, equals))] =
        unescaped(pair.substr(std::min(equals + 1, pair.size())));
  }
  return segment;
}

}  // namespace

std::vector<Segment> read_cq_codes(std::string_view text) {
  constexpr std::string_view kStart = "[CQ:";
  std::vector<Segment> segments;
  const auto add_text = [&](std::string_view run) {
    if (!run.empty()) segments.push_back({"text", {{"text", unescaped(run)}}});
  };
  for (;;) {
    const std::size_t start = text.find(kStart);
    const std::size_t end =
        start == std::string_view::npos ? start : text.find(']', start + kStart.size());
    if (end == std::string_view::npos) break;
    add_text(text.substr(0, start));
    segments.push_back(read_code(text.substr(start + kStart.size(), end - start - kStart.size())));
    text.remove_prefix(end + 1);
  }
  add_text(text);
  return segments;
}
