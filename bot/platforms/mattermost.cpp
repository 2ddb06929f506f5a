#include "bot/platforms/mattermost.h"

#include "bot/platform.h"
#include "bot/platforms/posts.h"
#include "bot/platforms/reading.h"
#include "bot/signature.h"

// Mattermost outgoing webhooks (developers.mattermost.com): a form or JSON with the token in it.

using nlohmann::json;

namespace {

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      result += ' ';
    } else if (text[i] != '%') {
      result += text[i];
    } else {
      const int high = i + 2 < text.size() ? digit(text[i + 1]) : -1;
      const int low = high >= 0 ? digit(text[i + 2]) : -1;
      if (low < 0) throw BadRequest(400, "there is a % without two digits in the form");
      result += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  if (!is_utf8(result)) throw BadRequest(400, "the form is not UTF-8");
  return result;
}

/// As JSON; a field that comes twice is a list.
json read_form(std::string_view body) {
  json fields = json::object();
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('&'), body.size());
    const std::string_view pair = body.substr(0, end);
    body.remove_prefix(std::min(body.size(), end + 1));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string name = percent_decoded(pair.substr(0, equals));
    std::string value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())));
    json& field = fields[name];
    field = field.is_null() ? json(std::move(value)) : json::array();
  }
  return fields;
}

class Mattermost final : public Platform {
 public:
  explicit Mattermost(const PlatformConfig& config)
      : token_(setting(config, "token")), api_(setting(config, "api")) {}

  Callback receive(const HttpRequest& request, std::chrono::sys_seconds now) const override {
    only_post(request);
    const bool is_form = has_type(request, "application/x-www-form-urlencoded");
    if (!is_form) only_type(request, "application/json");
    const json body = is_form ? read_form(request.body) : read_json(request.body);
    if (!body.is_object()) refuse_forged();
    const Fields fields(body);
    if (!same_secret(fields.text_or_empty("token"), token_)) refuse_forged();
    for (const auto& [name, value] : body.items()) {
      if (is_form && value.is_array()) fields.wrong(name);
    }
    Message message = read(fields, is_form, now);
    if (message.text.empty() && !message.mentioned) return {.answer = silence()};
    return {.message = std::move(message)};
  }

  HttpResponse answer(const Message&, const Reply& reply, std::chrono::sys_seconds) const override {
    if (reply.text.empty()) return silence();
    return {.body =
                write_json({{"text", calling_nobody(reply.text)}, {"response_type", "comment"}})};
  }

  std::optional<std::chrono::milliseconds> patience(const Message&) const override {
    return std::chrono::milliseconds(20000);
  }
  Limits limits() const override { return {4000, 60, CountedIn::utf16_units}; }

  /// Through the one incoming webhook, which speaks into its own channel.
  Delivery speak(HttpCaller& caller, const Letter& letter) override {
    if (api_.empty()) return parked("[platforms.mattermost] has no api: an incoming webhook");
    return post(caller, write_mattermost(api_, letter.text), judge_mattermost);
  }

 private:
  static HttpResponse silence() { return {.body = ""}; }

  static Message read(const Fields& fields, bool is_form, std::chrono::sys_seconds now) {
    Message message;
    message.platform = "mattermost";
    const auto id = [&](const char* name) {
      std::string value = fields.text(name);
      check_id(value, 422);
      return value;
    };
    message.group = "mattermost:" + id("channel_id");
    message.user = "mattermost:" + id("user_id");
    message.id = id("post_id");
    message.user_name = plain_name(fields.text_or_empty("user_name"));
    message.time = said_time(time_of(fields, is_form), now);
    message.text = fields.text("text");
    check_length(message.text);
    const std::string trigger = fields.text_or_empty("trigger_word");
    // Another trigger word may be 发放: cut, it would destroy the report.
    if (trigger.starts_with('@') && message.text.starts_with(trigger)) {
      message.mentioned = true;
      const auto rest = std::string_view(message.text).substr(trigger.size());
      message.text = std::string(rest.substr(separator_length(rest)));
    }
    message.text = trimmed(message.text);
    return message;
  }

  /// The server writes milliseconds into JSON and seconds into a form.
  static std::optional<std::int64_t> time_of(const Fields& fields, bool is_form) {
    const json* const value = fields.find("timestamp");
    if (value == nullptr) return std::nullopt;
    const auto number = decimal(id_text(*value));
    return number && !is_form ? std::optional(*number / 1000) : number;
  }

  const std::string token_, api_;
};

}  // namespace

std::string calling_nobody(std::string_view text) {
  std::string result;
  for (const char c : text) {
    result += c;
    if (c == '@' || c == '<') result += "\u200b";
  }
  return result;
}

std::unique_ptr<Platform> make_mattermost(const PlatformConfig& config, const std::string&) {
  return std::make_unique<Mattermost>(config);
}
