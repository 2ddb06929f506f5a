#include "bot/platforms/feishu.h"

#include <mutex>

#include <fmt/format.h>

#include "bot/crypto.h"
#include "bot/outgoing/token.h"
#include "bot/platform.h"
#include "bot/platforms/feishu_text.h"
#include "bot/platforms/posts.h"
#include "bot/platforms/reading.h"
#include "bot/signature.h"

// 飞书 events, version 2 (open.feishu.cn: 将事件发送至开发者服务器, 接收消息, 撤回消息). The answer
// to an event is never the reply; that is a call of the API.

using nlohmann::json;

namespace {

constexpr std::int64_t kOldest = 8 * 3600;  // the last retry comes seven hours after the event
constexpr std::int64_t kAhead = 300;

class Feishu final : public Platform {
 public:
  explicit Feishu(const PlatformConfig& config)
      : app_id_(setting(config, "app_id")),
        token_(setting(config, "verification_token")),
        key_(setting(config, "encrypt_key")),
        api_(setting(config, "api", kFeishuApi)),
        tenant_token_(
            [this, secret = setting(config, "app_secret")](HttpCaller& caller) {
              return ask_token(caller, feishu_token(api_, app_id_, secret), read_feishu_token,
                               judge_feishu);
            },
            std::chrono::minutes(25)) {}

  Callback receive(const HttpRequest& request, std::chrono::sys_seconds now) const override {
    only_post(request);
    only_type(request, "application/json");
    const bool is_signed = !key_.empty() && check_signature(request, now);
    const json body = key_.empty() ? read_plain(request.body) : open(request.body, is_signed);
    const Fields event(body, 401);
    if (event.text_or_empty("type") == "url_verification") {
      check_token(event.text_or_empty("token"));
      return {.answer = {.body = write_json({{"challenge", Fields(body).text("challenge")}})}};
    }
    // The platform leaves only the address check unsigned.
    if (!key_.empty() && !is_signed) refuse_forged();
    return read_event(body, now);
  }

  HttpResponse answer(const Message&, const Reply&, std::chrono::sys_seconds) const override {
    return {.body = "{}"};
  }

  std::optional<std::chrono::milliseconds> patience(const Message&) const override {
    return std::chrono::milliseconds(0);
  }
  Limits limits() const override { return {10000, 100}; }

  /// As a reply to the message where there is one; into the chat where that is gone.
  Delivery speak(HttpCaller& caller, const Letter& letter) override {
    const json way = json::parse(letter.row.post.way, nullptr, false);
    const std::string message = way.is_object() ? Fields(way).text_or_empty("message_id") : "";
    // The same for every try of one part: within an hour the platform says it once.
    const std::string uuid =
        hex(sha256(fmt::format("{} {}", letter.row.post.key, letter.row.parts_sent))).substr(0, 40);
    const std::string_view chat = own_id(letter.row.post.target);
    if (!message.empty()) {
      bool impossible = false;
      const Delivery replied = post_with_token(
          tenant_token_, caller,
          [&](const std::string& token) {
            return write_feishu_reply(api_, token, message, uuid, letter.text);
          },
          judge_feishu, feishu_token_refused, &impossible, feishu_reply_impossible);
      if (!impossible) return replied;
    }
    return post_with_token(
        tenant_token_, caller,
        [&](const std::string& token) {
          return write_feishu(api_, token, chat, uuid, letter.text);
        },
        judge_feishu, feishu_token_refused);
  }

  bool introduce(HttpCaller& caller) override {
    const auto token = tenant_token_.get(caller);
    if (!std::holds_alternative<std::string>(token)) return false;
    const auto outcome = caller.post(feishu_bot_info(api_, std::get<std::string>(token)));
    const auto body = outcome.answer ? answered_json(*outcome.answer) : std::nullopt;
    const json* const bot = body ? find(*body, "bot") : nullptr;
    if (bot == nullptr || !bot->is_object()) return false;
    const std::lock_guard lock(mutex_);
    bot_ = Fields(*bot).text_or_empty("open_id");
    return !bot_.empty();
  }

 private:
  /// True where the request is signed; 401 where it is signed wrongly.
  bool check_signature(const HttpRequest& request, std::chrono::sys_seconds now) const {
    const std::string_view given = request.header("x-lark-signature");
    if (given.empty() && !request.headers.contains("x-lark-signature")) return false;
    const std::string_view timestamp = request.header("x-lark-request-timestamp");
    const auto at = decimal(timestamp);
    const bool whole = at && request.headers.contains("x-lark-request-nonce");
    const std::string wanted =
        feishu_signature(timestamp, request.header("x-lark-request-nonce"), key_, request.body);
    const std::int64_t here = now.time_since_epoch().count();
    if (!same_secret(given, wanted) || !whole || *at < here - kOldest || *at > here + kAhead) {
      refuse_forged();
    }
    return true;
  }

  static json read_plain(const std::string& bytes) {
    json body = read_json(bytes);
    if (!body.is_object() || find(body, "encrypt") != nullptr) refuse_forged();
    return body;
  }

  json open(const std::string& bytes, bool is_signed) const {
    json outer;
    try {
      outer = read_json(bytes);
    } catch (const BadRequest&) {
      if (is_signed) throw;
      refuse_forged();
    }
    const json* const encrypted = outer.is_object() ? find(outer, "encrypt") : nullptr;
    if (encrypted == nullptr || !encrypted->is_string()) refuse_forged();
    const std::string text = feishu_decrypt(key_, encrypted->get_ref<const std::string&>());
    try {
      json body = read_json(text);
      if (body.is_object()) return body;
    } catch (const BadRequest&) {
    }
    refuse_forged();
  }

  void check_token(const std::string& given) const {
    if (!same_secret(given, token_)) refuse_forged();
  }

  Callback read_event(const json& body, std::chrono::sys_seconds now) const {
    const Callback fine{.answer = {.body = "{}"}};
    const Fields fields(body);
    if (fields.text_or_empty("type") == "event_callback") {  // version 1
      check_token(fields.text_or_empty("token"));
      return fine;
    }
    const json* const found = fields.find("header");
    if (found == nullptr || !found->is_object()) refuse_forged();
    const Fields header(*found);
    check_token(header.text_or_empty("token"));
    if (!same_secret(header.text_or_empty("app_id"), app_id_)) refuse_forged();
    if (fields.text_or_empty("schema") != "2.0") fields.wrong("schema");
    const std::string type = header.text("event_type");
    if (type == "im.message.recalled_v1") return {.message = read_recall(fields, now)};
    if (type != "im.message.receive_v1") return fine;
    const Fields event = fields.object("event");
    const Fields sender = event.object("sender");
    if (sender.text_or_empty("sender_type") != "user") return fine;
    Message message = read_message(event, sender, now);
    if (!message.text.empty() || message.direct) return {.message = std::move(message)};
    return fine;
  }

  static Message begin(const Fields& fields, const std::string& user,
                       std::optional<std::int64_t> milliseconds, std::chrono::sys_seconds now) {
    Message message;
    message.platform = "feishu";
    message.id = fields.text("message_id");
    check_id(message.id, 422);
    const std::string chat = fields.text("chat_id");
    check_id(chat, 422);
    message.group = "feishu:" + chat;
    message.user = "feishu:" + user;
    message.time =
        said_time(milliseconds ? std::optional(*milliseconds / 1000) : std::nullopt, now);
    message.way_back = write_json({{"message_id", message.id}});
    return message;
  }

  Message read_message(const Fields& event, const Fields& sender,
                       std::chrono::sys_seconds now) const {
    const std::string user = sender.object("sender_id").text("open_id");
    check_id(user, 422);
    const Fields said = event.object("message");
    const auto created = decimal(said.text("create_time"));
    if (!created) said.wrong("create_time");
    Message message = begin(said, user, created, now);
    message.direct = said.text_or_empty("chat_type") == "p2p";
    read_feishu_text(message, event.need("message"), bot());
    return message;
  }

  /// Whoever took it back, it is taken back: the event does not say who.
  static Message read_recall(const Fields& fields, std::chrono::sys_seconds now) {
    const Fields event = fields.object("event");
    const std::string who = event.text_or_empty("recall_type");
    Message message = begin(event, who.empty() ? "recall" : who,
                            decimal(event.text_or_empty("recall_time")), now);
    message.event = Event::recall;
    message.way_back = "{}";  // what is gone cannot be replied to
    return message;
  }

  std::string bot() const {
    const std::lock_guard lock(mutex_);
    return bot_;
  }

  const std::string app_id_, token_, key_, api_;
  AccessToken tenant_token_;
  mutable std::mutex mutex_;
  std::string bot_;  // its open_id
};

}  // namespace

std::string feishu_signature(std::string_view timestamp, std::string_view nonce,
                             std::string_view key, std::string_view body) {
  return hex(sha256(std::string(timestamp).append(nonce).append(key).append(body)));
}

std::string feishu_decrypt(std::string_view key, std::string_view encrypted) {
  constexpr std::size_t kBlock = 16;
  const auto bytes = from_base64(encrypted);
  if (!bytes || bytes->size() < 2 * kBlock || bytes->size() % kBlock != 0) refuse_forged();
  const std::string_view all(*bytes);
  std::string text = aes_decrypt(sha256(key), all.substr(0, kBlock), all.substr(kBlock));
  const auto padding = static_cast<unsigned char>(text.back());
  if (padding < 1 || padding > kBlock) refuse_forged();
  if (text.find_first_not_of(text.back(), text.size() - padding) != std::string::npos) {
    refuse_forged();
  }
  text.resize(text.size() - padding);
  return text;
}

std::unique_ptr<Platform> make_feishu(const PlatformConfig& config, const std::string&) {
  return std::make_unique<Feishu>(config);
}
