#include "bot/platforms/wecom_bot.h"

#include "bot/crypto.h"
#include "bot/outgoing/address.h"
#include "bot/outgoing/wecom_codes.h"
#include "bot/platform.h"
#include "bot/platforms/posts.h"
#include "bot/platforms/reading.h"
#include "bot/platforms/wechat_seal.h"
#include "bot/platforms/wecom_mention.h"
#include "commands/admin.h"

// 企业微信 智能机器人, API mode (developer.work.weixin.qq.com/document/path/100719, 101031, 101033,
// 101138): the application's seal around JSON, with an empty receive id.

using nlohmann::json;

namespace {

constexpr std::size_t kMostReply = 20480;
constexpr std::string_view kGreeting =
    "你好，我是接力。直接说：需要 口罩 500只 到 一医院。更多请发：帮助";

/// What users typed must not become markup of the answer.
std::string plain_markdown(std::string_view text) {
  std::string result;
  bool line_start = true;
  for (const char c : text) {
    const bool markup = c == '*' || c == '_' || c == '`';
    if (markup || (line_start && (c == '>' || c == '-'))) result += '\\';
    result += c;
    line_start = c == '\n';
  }
  return result;
}

class WecomBot final : public Platform {
 public:
  explicit WecomBot(const PlatformConfig& config)
      : api_(setting(config, "api")),
        seal_(setting(config, "token"), setting(config, "aes_key"), "") {}

  Callback receive(const HttpRequest& request, std::chrono::sys_seconds now) const override {
    if (request.method == "GET") {
      std::string echo = request.parameter("echostr").value_or("");
      std::replace(echo.begin(), echo.end(), ' ', '+');
      return {.answer = {.type = "text/plain", .body = seal_.open(request, echo, now)}};
    }
    only_post(request);
    const json outer = read_json(request.body);
    const std::string encrypted = Fields(outer, 400).text("encrypt");
    const json inner = read_json(seal_.open(request, encrypted, now));
    const Fields fields(inner, 400);
    const std::string type = fields.text("msgtype");
    if (type == "event") return {.answer = to_event(fields, request, now)};
    if (type == "stream") return {.answer = silence()};  // it was finished at once
    return message(fields, type, request, now);
  }

  HttpResponse answer(const Message& message, const Reply& reply,
                      std::chrono::sys_seconds now) const override {
    if (reply.text.empty()) return silence();
    const json way = json::parse(message.way_back);
    // A retry gets the same stream.
    const std::string id = hex(md5(message.id));
    return sealed(wecom_bot_reply(id, plain_markdown(reply.text)), way["nonce"], now);
  }

  std::optional<std::chrono::milliseconds> patience(const Message&) const override {
    return std::chrono::milliseconds(4000);
  }
  Limits limits() const override { return {kMostReply, 30}; }
  bool answers_any_length() const override { return true; }

  /// Only to the address that came with a message, which works once and for an hour.
  Delivery speak(HttpCaller& caller, const Letter& letter) override {
    const json way = json::parse(letter.row.post.way, nullptr, false);
    const json* const url = way.is_object() ? ::find(way, "response_url") : nullptr;
    if (url == nullptr) return Platform::speak(caller, letter);
    PostRequest request = write_wecom_bot(*url, plain_markdown(letter.text));
    request.from_message = !trusted_address(request.url, "", false, api_);
    Delivery delivery = post(caller, request, judge_wecom);
    if (delivery.outcome == Delivery::Outcome::retry) delivery.most_tries = 2;
    return delivery;
  }

 private:
  static HttpResponse silence() { return {.type = "text/plain", .body = ""}; }

  HttpResponse to_event(const Fields& fields, const HttpRequest& request,
                        std::chrono::sys_seconds now) const {
    if (fields.object("event").text_or_empty("eventtype") != "enter_chat") return silence();
    return sealed(wecom_bot_greeting(kGreeting), request.parameter("nonce").value_or(""), now);
  }

  Callback message(const Fields& fields, const std::string& type, const HttpRequest& request,
                   std::chrono::sys_seconds now) const {
    Message message;
    message.platform = "wecom-bot";
    message.id = string_id(fields, "msgid");
    const std::string user = string_id(fields.object("from"), "userid");
    message.user = "wecom-bot:" + user;
    const std::string chat_type = fields.text_or_empty("chattype");
    message.mentioned = chat_type.empty() ? fields.find("chatid") != nullptr : chat_type == "group";
    message.direct = !message.mentioned;
    message.group =
        "wecom-bot:" + (message.mentioned ? string_id(fields, "chatid") : "direct-" + user);
    message.time = time_of(fields, request, now);
    message.text = text_of(fields, type);
    if (message.mentioned) message.text = without_wecom_mention(message.text);
    check_length(message.text);
    message.quote = quote_of(fields);
    const std::string nonce = request.parameter("nonce").value_or("");
    json way = {{"nonce", nonce}};
    const std::string url = fields.text_or_empty("response_url");
    if (trusted_address(url, "qyapi.weixin.qq.com", false, api_)) way["response_url"] = url;
    message.way_back = write_json(way);
    if (!trimmed(message.text).empty()) return {.message = std::move(message)};
    if (message.mentioned && type != "text") return {.answer = silence()};
    return {.answer = sealed(wecom_bot_reply(hex(md5(message.id)), text_only()), nonce, now)};
  }

  static std::string string_id(const Fields& fields, const char* name) {
    std::string id = fields.text(name);
    check_id(id, 400);
    return id;
  }

  static std::chrono::sys_seconds time_of(const Fields& fields, const HttpRequest& request,
                                          std::chrono::sys_seconds now) {
    const json* const created = fields.find("create_time");
    const auto given = created == nullptr ? std::nullopt : decimal(id_text(*created));
    return said_time(given ? given : decimal(request.parameter("timestamp").value_or("")), now);
  }

  static std::string text_of(const Fields& fields, const std::string& type) {
    if (type == "text" || type == "voice") return fields.object(type.c_str()).text("content");
    if (type != "mixed") return {};
    const Fields mixed = fields.object("mixed");
    const json& items = mixed.need("msg_item");
    if (!items.is_array()) mixed.wrong("msg_item");
    std::string text;
    for (const json& one : items) {
      const Fields item(one, 400);
      if (item.text_or_empty("msgtype") != "text") continue;
      if (!text.empty()) text += '\n';
      text += item.object("text").text("content");
    }
    return text;
  }

  /// Of loose shape: what does not fit is no quote.
  static std::string quote_of(const Fields& fields) {
    const json* const quote = fields.find("quote");
    if (quote == nullptr || !quote->is_object()) return {};
    const json* const text = ::find(*quote, "text");
    return text != nullptr && text->is_object() ? Fields(*text).text_or_empty("content") : "";
  }

  HttpResponse sealed(std::string_view plain, std::string nonce,
                      std::chrono::sys_seconds now) const {
    const SealedReply reply = seal_.reply(plain, random_bytes(16), std::move(nonce), now);
    return {.body = wecom_bot_envelope(reply)};
  }

  const std::string api_;
  const WechatSeal seal_;
};

}  // namespace

std::string wecom_bot_envelope(const SealedReply& reply) {
  return write_json({{"encrypt", reply.encrypted},
                     {"msgsignature", reply.signature},
                     {"timestamp", *decimal(reply.timestamp)},
                     {"nonce", reply.nonce}});
}

std::string wecom_bot_reply(std::string_view stream_id, std::string_view text) {
  return write_json(
      {{"msgtype", "stream"},
       {"stream",
        {{"id", stream_id}, {"finish", true}, {"content", shortened(text, kMostReply)}}}});
}

std::string wecom_bot_greeting(std::string_view text) {
  return write_json({{"msgtype", "text"}, {"text", {{"content", text}}}});
}

std::unique_ptr<Platform> make_wecom_bot(const PlatformConfig& config, const std::string&) {
  return std::make_unique<WecomBot>(config);
}
