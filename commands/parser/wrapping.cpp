#include "commands/parser/wrapping.h"

#include <pugixml.hpp>

namespace {

constexpr int kAnswer = 57;  ///< appmsg types
constexpr int kJielong = 53;

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

/// The title of an appmsg; `depth` bounds answers to answers.
std::optional<Unwrapped> from_xml(std::string_view text, int depth) {
  std::string_view xml = trimmed(text);
  // Some gateways put the sender's id and a line end before it.
  if (const auto line = xml.find('\n');
      line < 100 && line > 0 && xml[line - 1] == ':' && xml[0] != '<') {
    xml = trimmed(xml.substr(line + 1));
  }
  if (!xml.starts_with("<?xml") && !xml.starts_with("<msg") && !xml.starts_with("<appmsg")) {
    return std::nullopt;
  }
  pugi::xml_document document;
  document.load_buffer(xml.data(), xml.size());
  pugi::xml_node app = document.child("msg").child("appmsg");
  if (!app) app = document.child("appmsg");
  if (!app) return std::nullopt;
  Unwrapped found;
  const int type = app.child("type").text().as_int();
  const std::string_view title = app.child("title").text().get();
  if (type == kJielong || type == kAnswer || title.find("接龙") != std::string_view::npos) {
    found.text = title;
  }
  if (type == kAnswer) {
    found.quote = app.child("refermsg").child("content").text().get();
    if (depth > 0) {
      if (const auto inner = from_xml(found.quote, depth - 1)) found.quote = inner->text;
    }
  }
  return found;
}

/// A line of dashes, as WeChat draws it below a quotation.
bool ruled(std::string_view line) {
  std::size_t dashes = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '-')
      ++dashes;
    else if (line[i] != ' ')
      return false;
  }
  return dashes >= 5;
}

std::optional<Unwrapped> from_quotation(std::string_view text) {
  constexpr std::string_view kOpen = "「", kClose = "」";
  const std::string_view said = trimmed(text);
  if (!said.starts_with(kOpen)) return std::nullopt;
  for (auto close = said.find(kClose); close != std::string_view::npos;
       close = said.find(kClose, close + kClose.size())) {
    std::string_view rest = said.substr(close + kClose.size());
    const auto line = rest.find_first_not_of("\r\n");
    if (line == std::string_view::npos || line == 0) continue;
    rest.remove_prefix(line);
    const auto end = rest.find('\n');
    if (!ruled(trimmed(rest.substr(0, end)))) continue;
    Unwrapped found;
    found.text = end == std::string_view::npos ? "" : trimmed(rest.substr(end));
    std::string_view quote = said.substr(kOpen.size(), close - kOpen.size());
    for (const std::string_view colon : {"：", ":"}) {
      const auto at = quote.find(colon);
      if (at == std::string_view::npos || at > 60 || quote.find('\n') < at) continue;
      quote.remove_prefix(at + colon.size());
      break;
    }
    found.quote = trimmed(quote);
    return found;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Unwrapped> unwrap(std::string_view text) {
  if (text.find('<') == std::string_view::npos && text.find("「") == std::string_view::npos) {
    return std::nullopt;
  }
  if (auto found = from_xml(text, 1)) return found;
  return from_quotation(text);
}
