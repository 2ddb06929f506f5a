#include "bot/platforms/multipart.h"

#include <algorithm>
#include <optional>

#include "bot/http.h"

namespace {

constexpr std::size_t kMostParts = 16;
constexpr std::size_t kMostHeaders = 4 * 1024;
constexpr std::size_t kMostBoundary = 70;
constexpr std::string_view kLineEnd = "\r\n";

[[noreturn]] void malformed(const char* what) { throw BadRequest(400, what); }

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// A parameter of a header like `form-data; name="a"`; quotes may be left out.
std::optional<std::string> parameter(std::string_view value, std::string_view wanted) {
  std::size_t at = value.find(';');
  while (at < value.size()) {
    ++at;
    const std::size_t equals = value.find('=', at);
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string name = lower(without_blanks(value.substr(at, equals - at)));
    std::string_view rest = without_blanks(value.substr(equals + 1));
    at = static_cast<std::size_t>(rest.data() - value.data());
    std::string text;
    if (rest.starts_with('"')) {
      const std::size_t end = value.find('"', at + 1);
      if (end == std::string_view::npos) return std::nullopt;
      text = value.substr(at + 1, end - at - 1);
      at = value.find(';', end);
    } else {
      const std::size_t end = std::min(value.find(';', at), value.size());
      text = without_blanks(value.substr(at, end - at));
      at = end;
    }
    if (name == wanted) return text;
  }
  return std::nullopt;
}

struct Delimiter {
  std::size_t from = 0, after = 0;
  bool last = false;
};

/// The next delimiter line at or after `at`; what only looks like one is skipped.
std::optional<Delimiter> next_delimiter(std::string_view body, const std::string& dashes,
                                        std::size_t at) {
  const std::string with_line_end = std::string(kLineEnd) + dashes;
  for (;;) {
    Delimiter found;
    if (at == 0 && body.starts_with(dashes)) {
      found.after = dashes.size();
    } else {
      found.from = body.find(with_line_end, at);
      if (found.from == std::string_view::npos) return std::nullopt;
      found.after = found.from + with_line_end.size();
    }
    at = found.after;
    if (body.substr(found.after).starts_with("--")) {
      found.last = true;
      return found;
    }
    std::size_t end = found.after;
    while (end < body.size() && (body[end] == ' ' || body[end] == '\t')) ++end;
    if (!body.substr(end).starts_with(kLineEnd)) continue;
    found.after = end + kLineEnd.size();
    return found;
  }
}

FormPart read_part(std::string_view bytes) {
  FormPart part;
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) malformed("a part of the form has no end of its headers");
  if (end > kMostHeaders) throw BadRequest(422, "the headers of a part are over 4 KiB");
  part.value = bytes.substr(end + 4);
  bool named = false;
  for (std::string_view rest = bytes.substr(0, end); !rest.empty();) {
    const std::size_t line_end = std::min(rest.find(kLineEnd), rest.size());
    const std::string_view line = rest.substr(0, line_end);
    rest.remove_prefix(std::min(rest.size(), line_end + kLineEnd.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string name = lower(line.substr(0, colon));
    const std::string_view value = without_blanks(line.substr(colon + 1));
    if (name == "content-type" && lower(value).starts_with("multipart/")) {
      throw BadRequest(422, "there is a form within the form");
    }
    if (name != "content-disposition") continue;
    if (lower(without_blanks(value.substr(0, value.find(';')))) != "form-data") continue;
    if (auto given = parameter(value, "name")) {
      part.name = std::move(*given);
      named = true;
    }
  }
  if (!named) malformed("a part of the form has no name");
  return part;
}

}  // namespace

std::vector<FormPart> read_multipart(std::string_view content_type, std::string_view body) {
  if (lower(without_blanks(content_type.substr(0, content_type.find(';')))) !=
      "multipart/form-data") {
    throw BadRequest(415, "send Content-Type: multipart/form-data");
  }
  const auto boundary = parameter(content_type, "boundary");
  if (!boundary || boundary->empty() || boundary->size() > kMostBoundary) {
    malformed("the form's boundary is missing, or not of 1 to 70 characters");
  }
  const std::string dashes = "--" + *boundary;
  std::vector<FormPart> parts;
  auto delimiter = next_delimiter(body, dashes, 0);
  if (!delimiter) malformed("the form's boundary does not occur");
  while (!delimiter->last) {
    const auto next = next_delimiter(body, dashes, delimiter->after);
    if (!next) malformed("the form has no end");
    if (parts.size() == kMostParts) throw BadRequest(422, "the form has more than 16 parts");
    parts.push_back(read_part(body.substr(delimiter->after, next->from - delimiter->after)));
    const auto same = [&](const FormPart& part) { return part.name == parts.back().name; };
    if (std::count_if(parts.begin(), parts.end(), same) > 1) {
      throw BadRequest(422, "the form has a part twice");
    }
    delimiter = next;
  }
  if (parts.empty()) malformed("the form has no parts");
  return parts;
}
