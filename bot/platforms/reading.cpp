#include "bot/platforms/reading.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <utf8proc.h>

#include "bot/outgoing/split.h"

using nlohmann::json;

namespace {

/// nlohmann's parser does not recurse, but everything else done with a deep value does.
bool too_deep(std::string_view text, int most) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
      continue;
    }
    if (c == '"') quoted = true;
    if (c == '[' || c == '{') ++depth;
    if (c == ']' || c == '}') --depth;
    if (depth > most) return true;
  }
  return false;
}

/// Calls `take` with each code point and its bytes; a byte that is no UTF-8 is -1.
template <typename Take>
void each_character(std::string_view text, const Take& take) {
  while (!text.empty()) {
    utf8proc_int32_t point = -1;
    const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                       static_cast<utf8proc_ssize_t>(text.size()), &point);
    const auto length = size > 0 ? static_cast<std::size_t>(size) : 1;
    if (!take(size > 0 ? point : -1, text.substr(0, length))) return;
    text.remove_prefix(length);
  }
}

constexpr std::string_view kWideBlank = "\u3000";

bool ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

void refuse_forged() { throw BadRequest(401, "the request is not authentic"); }

void only_post(const HttpRequest& request) {
  if (request.method != "POST") throw BadRequest(405, "this path takes POST");
}

bool has_type(const HttpRequest& request, std::string_view type) {
  std::string_view given = request.header("content-type");
  given = given.substr(0, given.find(';'));
  while (!given.empty() && given.back() == ' ') given.remove_suffix(1);
  return given.size() == type.size() &&
         std::equal(given.begin(), given.end(), type.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b;
         });
}

void only_type(const HttpRequest& request, std::string_view type) {
  if (!has_type(request, type)) {
    throw BadRequest(415, fmt::format("send Content-Type: {}", type));
  }
}

json read_json(std::string_view bytes, int depth) {
  if (too_deep(bytes, depth)) {
    throw BadRequest(400, fmt::format("the JSON is nested deeper than {}", depth));
  }
  json value = json::parse(bytes, nullptr, false);
  if (value.is_discarded()) throw BadRequest(400, "the body is not JSON in UTF-8");
  return value;
}

const json* find(const json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

Fields::Fields(const json& object, int status) : object_(object), status_(status) {
  if (!object.is_object()) throw BadRequest(status, "there must be a JSON object");
}

void Fields::wrong(std::string_view name) const {
  throw BadRequest(status_, fmt::format("\"{}\" is missing or has the wrong type", name));
}

const json& Fields::need(const char* name) const {
  const json* const value = find(name);
  if (value == nullptr) wrong(name);
  return *value;
}

std::string Fields::text(const char* name) const {
  const json& value = need(name);
  if (!value.is_string()) wrong(name);
  return value.get<std::string>();
}

std::string Fields::id(const char* name) const {
  std::string value = id_text(need(name));
  check_id(value, status_);
  return value;
}

std::string Fields::text_or_empty(const char* name) const {
  const json* const value = find(name);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::string Fields::text_ending(std::string_view end) const {
  for (const auto& [name, value] : object_.items()) {
    if (name.ends_with(end) && value.is_string()) return value.get<std::string>();
  }
  return {};
}

void check_id(std::string_view id, int status) {
  if (id.empty() || id.size() > kMaxId || id.find('\0') != std::string_view::npos) {
    throw BadRequest(status, "an id is missing, or is not of 1 to 256 bytes");
  }
}

std::string id_text(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_unsigned()) return fmt::to_string(value.get<std::uint64_t>());
  if (value.is_number_integer()) return fmt::to_string(value.get<std::int64_t>());
  return {};
}

std::optional<std::int64_t> decimal(std::string_view text, bool negative) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (!negative && text.starts_with('-')) return std::nullopt;
  return value;
}

bool is_utf8(std::string_view text) {
  bool valid = true;
  each_character(text,
                 [&](utf8proc_int32_t point, std::string_view) { return valid = point >= 0; });
  return valid;
}

std::string trimmed(std::string_view text, std::initializer_list<std::string_view> also) {
  const auto cut = [&](std::string_view blank) {
    const bool front = text.starts_with(blank);
    if (front) text.remove_prefix(blank.size());
    const bool back = text.ends_with(blank);
    if (back) text.remove_suffix(blank.size());
    return front || back;
  };
  for (bool again = true; again;) {
    while (!text.empty() && ascii_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && ascii_space(text.back())) text.remove_suffix(1);
    again = cut(kWideBlank);
    for (const std::string_view blank : also) again = cut(blank) || again;
  }
  return std::string(text);
}

std::size_t separator_length(std::string_view text) {
  for (const std::string_view separator : {" ", "\u00a0", "\u2005"}) {
    if (text.starts_with(separator)) return separator.size();
  }
  return 0;
}

std::string decoded_entities(std::string_view text, std::initializer_list<TextEntity> entities) {
  std::string result;
  while (!text.empty()) {
    const auto* const found =
        std::find_if(entities.begin(), entities.end(),
                     [&](const TextEntity& entity) { return text.starts_with(entity.name); });
    const bool known = found != entities.end();
    result += known ? found->character : text.front();
    text.remove_prefix(known ? found->name.size() : 1);
  }
  return result;
}

std::string shortened(std::string_view text, std::size_t most_bytes) {
  constexpr std::string_view kMore = "\n…更多请发：明细 口罩";
  if (text.size() <= most_bytes) return std::string(text);
  return std::string(first_part(text, most_bytes - kMore.size()).part).append(kMore);
}

std::string plain_name(std::string_view name) {
  std::string plain;
  each_character(name, [&](utf8proc_int32_t point, std::string_view bytes) {
    const bool control = point < 0x20 || (point >= 0x7f && point <= 0x9f);
    const bool direction =
        (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
    if (!control && !direction) plain += bytes;
    return true;
  });
  return plain;
}

std::chrono::sys_seconds said_time(std::optional<std::int64_t> seconds,
                                   std::chrono::sys_seconds now) {
  constexpr std::int64_t kEarliest = 1262304000;  // 2010
  if (!seconds || *seconds < kEarliest || *seconds > now.time_since_epoch().count() + 300) {
    return now;
  }
  return std::chrono::sys_seconds(std::chrono::seconds(*seconds));
}

void check_length(std::string_view text) {
  if (text.size() > kMaxText) throw BadRequest(422, "the text is longer than 64 KiB");
}

bool recent(std::optional<std::int64_t> seconds, std::chrono::sys_seconds now) {
  const std::int64_t at = now.time_since_epoch().count();
  return seconds && *seconds >= at - kSignatureAge && *seconds <= at + kSignatureAge;
}

std::string write_json(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}
