#include <array>

#include "bot/crypto.h"
#include "bot/platform.h"
#include "bot/platforms/posts.h"
#include "bot/platforms/reading.h"
#include "bot/platforms/slack_text.h"
#include "bot/signature.h"

// Slack's Events API (docs.slack.dev: Verifying requests, The Events API, message event). Events
// are answered by an empty 200; the reply is a call of the API. What is refused comes again, so
// only what is not authentic or not JSON is.

using nlohmann::json;

namespace {

const json* object(const Fields& fields, const char* name) {
  const json* const value = fields.find(name);
  return value != nullptr && value->is_object() ? value : nullptr;
}

bool spoken(std::string_view subtype) {
  constexpr std::array<std::string_view, 4> kSpoken = {"", "file_share", "thread_broadcast",
                                                       "me_message"};
  return std::find(kSpoken.begin(), kSpoken.end(), subtype) != kSpoken.end();
}

/// The bot's own user id, which every event carries.
std::string bot_of(const Fields& callback) {
  const json* const list = callback.find("authorizations");
  if (list == nullptr || !list->is_array()) return {};
  for (const json& one : *list) {
    if (!one.is_object()) continue;
    const json* const is_bot = find(one, "is_bot");
    if (is_bot != nullptr && *is_bot == true) return Fields(one).text_or_empty("user_id");
  }
  return {};
}

class Slack final : public Platform {
 public:
  explicit Slack(const PlatformConfig& config)
      : secret_(setting(config, "signing_secret")),
        bot_token_(setting(config, "bot_token")),
        api_(setting(config, "api", "https://slack.com/api")) {}

  Callback receive(const HttpRequest& request, std::chrono::sys_seconds now) const override {
    only_post(request);
    if (!authentic(request, now)) refuse_forged();
    const json body = read_json(request.body);
    const Fields callback(body);
    const std::string type = callback.text("type");
    if (type == "url_verification") {
      return {.answer = {.type = "text/plain", .body = callback.text_or_empty("challenge")}};
    }
    const json* const event = object(callback, "event");
    if (type != "event_callback" || event == nullptr) return {.answer = silence()};
    auto message = read(Fields(*event), bot_of(callback), now);
    if (!message) return {.answer = silence()};
    return {.message = std::move(message)};
  }

  HttpResponse answer(const Message&, const Reply&, std::chrono::sys_seconds) const override {
    return silence();
  }

  std::optional<std::chrono::milliseconds> patience(const Message&) const override {
    return std::chrono::milliseconds(0);
  }
  Limits limits() const override { return {4000, 60, CountedIn::utf16_units}; }

  Delivery speak(HttpCaller& caller, const Letter& letter) override {
    const json way = json::parse(letter.row.post.way, nullptr, false);
    const std::string thread = way.is_object() ? Fields(way).text_or_empty("thread_ts") : "";
    const std::string_view channel = own_id(letter.row.post.target);
    return post(caller, write_slack(api_, bot_token_, channel, thread, letter.text), judge_slack);
  }

 private:
  static HttpResponse silence() { return {.type = "text/plain", .body = ""}; }

  bool authentic(const HttpRequest& request, std::chrono::sys_seconds now) const {
    const std::string timestamp(request.header("x-slack-request-timestamp"));
    const std::string base = "v0:" + timestamp + ":" + request.body;
    return !secret_.empty() && recent(decimal(timestamp), now) &&
           same_secret(request.header("x-slack-signature"), "v0=" + hmac_sha256_hex(secret_, base));
  }

  static std::optional<Message> read(const Fields& event, const std::string& bot,
                                     std::chrono::sys_seconds now) {
    const std::string type = event.text_or_empty("type");
    const std::string subtype = event.text_or_empty("subtype");
    if (type == "app_mention") return said(event, event, bot, true, now);
    if (type != "message") return std::nullopt;
    if (subtype == "message_changed") return changed(event, bot, now);
    if (subtype == "message_deleted") return deleted(event, now);
    return spoken(subtype) ? said(event, event, bot, false, now) : std::nullopt;
  }

  /// `event` tells the channel, `words` who said what.
  static std::optional<Message> said(const Fields& event, const Fields& words,
                                     const std::string& bot, bool mentioned,
                                     std::chrono::sys_seconds now) {
    auto message = begin(event, words.text_or_empty("user"), words.text_or_empty("ts"), now);
    const bool by_bot = words.find("bot_id") != nullptr || words.text_or_empty("user") == bot;
    const std::string text = words.text_or_empty("text");
    if (!message || by_bot || text.size() > kMaxText) return std::nullopt;
    message->mentioned = mentioned;
    message->text = plain_slack_text(text, bot, message->mentioned);
    if (message->text.empty() && !message->direct && !message->mentioned) return std::nullopt;
    const std::string thread = words.text_or_empty("thread_ts");
    if (!thread.empty() && thread != words.text_or_empty("ts")) {
      message->way_back = write_json({{"thread_ts", thread}});
    }
    return message;
  }

  /// The same event comes where a link was unfolded and where a thread was answered.
  static std::optional<Message> changed(const Fields& event, const std::string& bot,
                                        std::chrono::sys_seconds now) {
    const json* const after = object(event, "message");
    const json* const before = object(event, "previous_message");
    if (after == nullptr) return std::nullopt;
    const Fields words(*after);
    if (words.text_or_empty("subtype") == "tombstone") {
      auto message = begin(event, words.text_or_empty("user"), words.text_or_empty("ts"), now);
      if (message) message->event = Event::recall;
      return message;
    }
    if (!spoken(words.text_or_empty("subtype"))) return std::nullopt;
    if (before != nullptr && Fields(*before).text_or_empty("text") == words.text_or_empty("text")) {
      return std::nullopt;
    }
    auto message = said(event, words, bot, false, now);
    if (message) message->event = Event::edit;
    return message;
  }

  static std::optional<Message> deleted(const Fields& event, std::chrono::sys_seconds now) {
    const json* const before = object(event, "previous_message");
    if (before == nullptr || find(*before, "bot_id") != nullptr) return std::nullopt;
    auto message =
        begin(event, Fields(*before).text_or_empty("user"), event.text_or_empty("deleted_ts"), now);
    if (message) message->event = Event::recall;
    return message;
  }

  static std::optional<Message> begin(const Fields& event, const std::string& user,
                                      const std::string& ts, std::chrono::sys_seconds now) {
    const std::string channel = event.text_or_empty("channel");
    for (const std::string* id : {&channel, &user, &ts}) {
      if (id->empty() || id->size() > kMaxId) return std::nullopt;
    }
    Message message;
    message.platform = "slack";
    message.id = ts;
    message.group = "slack:" + channel;
    message.user = "slack:" + user;
    message.time = said_time(decimal(std::string_view(ts).substr(0, ts.find('.'))), now);
    message.direct = event.text_or_empty("channel_type") == "im";
    message.way_back = "{}";
    return message;
  }

  const std::string secret_, bot_token_, api_;
};

}  // namespace

std::unique_ptr<Platform> make_slack(const PlatformConfig& config, const std::string&) {
  return std::make_unique<Slack>(config);
}
