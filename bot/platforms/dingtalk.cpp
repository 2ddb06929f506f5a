#include <cmath>
#include <map>
#include <mutex>

#include "bot/crypto.h"
#include "bot/outgoing/address.h"
#include "bot/outgoing/token.h"
#include "bot/platform.h"
#include "bot/platforms/posts.h"
#include "bot/platforms/reading.h"
#include "bot/signature.h"
#include "commands/admin.h"

// 钉钉 enterprise robot in HTTP mode (open.dingtalk.com/document: robot-receive-message,
// receive-message, robot-message-type).

using nlohmann::json;

namespace {

constexpr std::int64_t kMostAge = 3'600'000;  // milliseconds, either way

/// A number, or digits in a string.
std::optional<std::int64_t> number(const json* value) {
  if (value == nullptr) return std::nullopt;
  if (value->is_number_float()) {
    const double given = value->get<double>();
    return std::abs(given) < 9e15 ? std::optional(static_cast<std::int64_t>(given)) : std::nullopt;
  }
  return decimal(id_text(*value), true);
}

std::string string_id(const Fields& fields, const char* name) {
  std::string id = fields.text(name);
  check_id(id, 422);
  return id;
}

bool whole_mention(std::string_view run) {
  return run.size() > 1 && run.front() == '@' &&
         run.find_first_of(" \t\r\n") == std::string_view::npos;
}

/// The runs of a rich text; a picture between them ends a line.
std::string joined_runs(const json& runs, bool mentioned) {
  std::string text;
  bool own_seen = !mentioned;
  for (const json& run : runs) {
    const json* const words = run.is_object() ? find(run, "text") : nullptr;
    if (words == nullptr || !words->is_string()) {
      if (!text.empty()) text += '\n';
      continue;
    }
    const auto& said = words->get_ref<const std::string&>();
    if (!own_seen && whole_mention(said)) {
      own_seen = true;
      continue;
    }
    text += said;
  }
  return text;
}

/// Of loose shape: what does not fit is no quote.
std::string quote_in(const json& content) {
  const json* const is_reply = find(content, "isReplyMsg");
  if (is_reply == nullptr || *is_reply != true) return {};
  const json* const replied = find(content, "repliedMsg");
  if (replied == nullptr || !replied->is_object()) return {};
  const json* const inner = find(*replied, "content");
  return inner != nullptr && inner->is_object() ? Fields(*inner).text_or_empty("text") : "";
}

class Dingtalk final : public Platform {
 public:
  explicit Dingtalk(const PlatformConfig& config)
      : secret_(setting(config, "app_secret")), api_(setting(config, "api")) {}

  Callback receive(const HttpRequest& request, std::chrono::sys_seconds now) const override {
    only_post(request);
    const bool unsigned_probe = request.body.empty() && request.header("sign").empty() &&
                                request.header("timestamp").empty();
    if (unsigned_probe) return {.answer = say("")};  // the console tries the address
    only_type(request, "application/json");
    if (!authentic(request, now)) refuse_forged();
    const json body = read_json(request.body);
    Message message = read(Fields(body), now);
    if (!message.text.empty()) return {.message = std::move(message)};
    return {.answer = say(message.direct ? text_only() : "")};
  }

  HttpResponse answer(const Message&, const Reply& reply, std::chrono::sys_seconds) const override {
    return say(reply.text);
  }

  std::optional<std::chrono::milliseconds> patience(const Message&) const override {
    return std::chrono::milliseconds(2000);
  }
  Limits limits() const override { return {6000, 20}; }

  /// Through the message's session while that lives, else as the robot.
  Delivery speak(HttpCaller& caller, const Letter& letter) override {
    const json way = json::parse(letter.row.post.way, nullptr, false);
    const json* const session = way.is_object() ? find(way, "session_webhook") : nullptr;
    const std::int64_t now = letter.now.time_since_epoch().count() * 1000;
    if (session != nullptr && way["expires"].get<std::int64_t>() > now) {
      PostRequest request = write_dingtalk_session(*session, letter.text);
      request.from_message = !trusted_address(request.url, "", false, api_);
      const PostOutcome outcome = caller.post(request);
      if (!outcome.answer) return unanswered(outcome);
      if (!dingtalk_session_gone(*outcome.answer)) return judge_dingtalk(*outcome.answer);
    }
    return speak_as_robot(caller, letter);
  }

 private:
  Delivery speak_as_robot(HttpCaller& caller, const Letter& letter) {
    const json known = json::parse(letter.row.group_way, nullptr, false);
    const std::string robot = known.is_object() ? Fields(known).text_or_empty("robotCode") : "";
    if (robot.empty()) return parked("nobody has written to the bot in this group yet");
    const std::string api = api_.empty() ? "https://api.dingtalk.com" : api_;
    const std::string user = Fields(known).text_or_empty("user");
    const std::string_view group = own_id(letter.row.post.target);
    const auto write = [&](const std::string& token) {
      return user.empty() ? write_dingtalk_group(api, token, robot, group, letter.text)
                          : write_dingtalk_user(api, token, robot, user, letter.text);
    };
    return post_with_token(token_of(api, robot), caller, write, judge_dingtalk,
                           dingtalk_token_refused);
  }

  /// An application's key is the robot's code, which only its messages tell.
  AccessToken& token_of(const std::string& api, const std::string& robot) {
    const std::lock_guard lock(mutex_);
    const auto ask = [this, api, robot](HttpCaller& caller) {
      return ask_token(caller, dingtalk_token(api, robot, secret_), read_dingtalk_token,
                       judge_dingtalk);
    };
    return tokens_.try_emplace(robot, ask, std::chrono::seconds(600)).first->second;
  }

  static HttpResponse say(const std::string& text) {
    const json body = text.empty() ? json{{"msgtype", "empty"}}
                                   : json{{"msgtype", "text"}, {"text", {{"content", text}}}};
    return {.type = "application/json; charset=utf-8", .body = write_json(body)};
  }

  /// The sign is looked at even where the time is wrong, so that the time of the answer does not
  /// tell which it was.
  bool authentic(const HttpRequest& request, std::chrono::sys_seconds now) const {
    const std::string timestamp(request.header("timestamp"));
    const bool holds = same_secret(request.header("sign"),
                                   base64(hmac_sha256(secret_, timestamp + "\n" + secret_)));
    const auto at = timestamp.size() <= 18 ? decimal(timestamp) : std::nullopt;
    const std::int64_t here = now.time_since_epoch().count() * 1000;
    return !secret_.empty() && holds && at && std::abs(*at - here) <= kMostAge;
  }

  Message read(const Fields& fields, std::chrono::sys_seconds now) const {
    Message message;
    message.platform = "dingtalk";
    message.id = string_id(fields, "msgId");
    const std::string group = string_id(fields, "conversationId");
    message.group = "dingtalk:" + group;
    std::string user = fields.text_or_empty("senderStaffId");
    if (user.empty()) user = fields.text_or_empty("senderId");
    check_id(user, 422);
    message.user = "dingtalk:" + user;
    message.user_name = plain_name(fields.text_or_empty("senderNick"));
    const auto created = number(fields.find("createAt"));
    if (!created) fields.wrong("createAt");
    message.time = said_time(*created / 1000, now);
    message.direct = fields.text_or_empty("conversationType") == "1";
    const json* const listed = fields.find("isInAtList");
    message.mentioned = listed != nullptr && *listed == true;
    read_mentions(message, fields);
    read_text(message, fields);
    check_length(message.text);
    note_ways(message, fields, user);
    return message;
  }

  static void read_mentions(Message& message, const Fields& fields) {
    const json* const users = fields.find("atUsers");
    if (users == nullptr || !users->is_array()) return;
    const std::string bot = fields.text_or_empty("chatbotUserId");
    for (const json& one : *users) {
      if (!one.is_object()) continue;
      const Fields user(one);
      const std::string dingtalk_id = user.text_or_empty("dingtalkId");
      if (dingtalk_id == bot) continue;
      std::string id = user.text_or_empty("staffId");
      if (id.empty()) id = dingtalk_id;
      if (!id.empty()) message.mentions.push_back({"dingtalk:" + id, ""});
    }
  }

  static void read_text(Message& message, const Fields& fields) {
    const std::string type = string_id(fields, "msgtype");
    if (type == "text") {
      message.text = fields.object("text").text("content");
      message.quote = quote_in(fields.need("text"));
    } else if (type == "richText") {
      const Fields content = fields.object("content");
      const json& runs = content.need("richText");
      if (!runs.is_array()) content.wrong("richText");
      message.text = joined_runs(runs, message.mentioned);
      message.quote = quote_in(fields.need("content"));
    } else if (type == "audio") {
      const json* const content = fields.find("content");
      if (content != nullptr && content->is_object()) {
        message.text = Fields(*content).text_or_empty("recognition");
      }
    }
    message.text = trimmed(message.text, {"\u00a0", "\u2005", "\u200b", "\ufeff"});
  }

  /// A session address that is not the platform's is forgotten; the message counts all the same.
  void note_ways(Message& message, const Fields& fields, const std::string& user) const {
    const std::string robot = fields.text_or_empty("robotCode");
    json way = json::object();
    const std::string session = fields.text_or_empty("sessionWebhook");
    if (trusted_address(session, "dingtalk.com", true, api_)) {
      way["session_webhook"] = session;
      way["expires"] = number(fields.find("sessionWebhookExpiredTime")).value_or(0);
    }
    message.way_back = write_json(way);
    json group = {{"robotCode", robot}};
    if (message.direct) group["user"] = user;
    message.group_way = write_json(group);
  }

  const std::string secret_, api_;
  std::mutex mutex_;
  std::map<std::string, AccessToken> tokens_;
};

}  // namespace

std::unique_ptr<Platform> make_dingtalk(const PlatformConfig& config, const std::string&) {
  return std::make_unique<Dingtalk>(config);
}
