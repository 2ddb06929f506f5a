#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

/// One piece of a QQ message: text, a mention, a picture …
struct Segment {
  std::string type;
  std::map<std::string, std::string> data;
};

/// Reads the string form of a OneBot message, text with [CQ:…] codes in it. What is no whole code
/// is text.
std::vector<Segment> read_cq_codes(std::string_view text);
