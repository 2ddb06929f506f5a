#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "bot/http.h"

// What the callbacks of all platforms are read with. Everything here is bounded, and what cannot be
// read is refused by BadRequest.

constexpr std::size_t kMaxId = 256;          ///< bytes
constexpr std::size_t kMaxText = 64 * 1024;  ///< of one message, in bytes
constexpr std::int64_t kSignatureAge = 300;  ///< seconds, either way

/// 401. One answer for all, so that it does not tell which check failed.
[[noreturn]] void refuse_forged();
/// 405 for everything but POST.
void only_post(const HttpRequest& request);
/// 415 unless the type is this one; parameters after it do not matter.
void only_type(const HttpRequest& request, std::string_view type);
bool has_type(const HttpRequest& request, std::string_view type);

/// 400 where it is not JSON in UTF-8 or nested deeper than `depth`.
nlohmann::json read_json(std::string_view bytes, int depth = 64);
/// The member, or null where it is absent or null.
const nlohmann::json* find(const nlohmann::json& object, const char* name);

/// The members of a JSON object. What must be there and is not, or has another type, is refused
/// with `status`.
class Fields {
 public:
  /// Refuses what is no object.
  explicit Fields(const nlohmann::json& object, int status = 422);

  const nlohmann::json* find(const char* name) const { return ::find(object_, name); }
  const nlohmann::json& need(const char* name) const;
  Fields object(const char* name) const { return Fields(need(name), status_); }
  /// A string; may be empty.
  std::string text(const char* name) const;
  /// A string of 1 to 256 bytes without NUL, or an integer.
  std::string id(const char* name) const;
  /// The string, or "" where it is absent or something else.
  std::string text_or_empty(const char* name) const;
  /// The first string whose name ends so; "" where there is none.
  std::string text_ending(std::string_view end) const;
  [[noreturn]] void wrong(std::string_view name) const;

 private:
  const nlohmann::json& object_;
  int status_;
};

/// Refuses with `status` what is no id: it has 1 to 256 bytes and no NUL.
void check_id(std::string_view id, int status);
/// An id as text: a string, or an integer without loss; "" for anything else.
std::string id_text(const nlohmann::json& value);
/// Decimal digits and nothing else (a minus where `negative`), within 64 bits.
std::optional<std::int64_t> decimal(std::string_view text, bool negative = false);
/// `text` is valid UTF-8.
bool is_utf8(std::string_view text);

/// Both ends without ASCII white space, U+3000, and what else is named.
std::string trimmed(std::string_view text, std::initializer_list<std::string_view> also = {});
/// The length of the one separator that goes with a mention before it: a blank, U+00A0 or U+2005.
std::size_t separator_length(std::string_view text);
struct TextEntity {
  std::string_view name;
  char character;
};
/// The text with these entities decoded and no others, in one pass: &amp;lt; is &lt;.
std::string decoded_entities(std::string_view text, std::initializer_list<TextEntity> entities);
/// A text that one answer holds; where it is too long, its first lines and a word on the rest.
std::string shortened(std::string_view text, std::size_t most_bytes);
/// A name without control characters and direction marks.
std::string plain_name(std::string_view name);
/// The time that a platform told, in seconds; `now` where it told none that can be: before 2010 or
/// more than five minutes ahead.
std::chrono::sys_seconds said_time(std::optional<std::int64_t> seconds,
                                   std::chrono::sys_seconds now);
/// 422 where a message's text is too long.
void check_length(std::string_view text);
/// Whether `seconds` is within five minutes of now, either way.
bool recent(std::optional<std::int64_t> seconds, std::chrono::sys_seconds now);

/// JSON in one line, with everything that is not UTF-8 replaced.
std::string write_json(const nlohmann::json& json);
