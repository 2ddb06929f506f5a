#include "bot/platforms/wecom.h"

#include <array>

#include <fmt/format.h>

#include "bot/crypto.h"
#include "bot/outgoing/token.h"
#include "bot/outgoing/wecom_codes.h"
#include "bot/platform.h"
#include "bot/platforms/posts.h"
#include "bot/platforms/reading.h"
#include "bot/platforms/wechat_seal.h"
#include "bot/platforms/wechat_xml.h"
#include "bot/platforms/wecom_mention.h"
#include "commands/admin.h"

// 企业微信 application (developer.work.weixin.qq.com/document/path/90930 and 90238 to 90241), and
// the older callback of group robots, which has an empty receive id.

namespace {

constexpr std::size_t kMostBody = 256 * 1024;
constexpr std::size_t kMostReply = 2048;

class Wecom final : public Platform {
 public:
  explicit Wecom(const PlatformConfig& config)
      : corp_id_(setting(config, "corp_id")),
        agent_id_(setting(config, "agent_id")),
        api_(setting(config, "api", kWecomApi)),
        seal_(setting(config, "token"), setting(config, "aes_key"), corp_id_),
        access_token_(
            [this, secret = setting(config, "secret")](HttpCaller& caller) {
              return ask_token(caller, wecom_token(api_, corp_id_, secret), read_wecom_token,
                               judge_wecom);
            },
            kTokenMargin) {}

  Callback receive(const HttpRequest& request, std::chrono::sys_seconds now) const override {
    if (request.method == "GET") return handshake(request, now);
    only_post(request);
    if (request.body.size() > kMostBody) throw BadRequest(413, "the body is over 256 KiB");
    const WechatXml outer(request.body);
    if (!outer.has("Encrypt")) throw BadRequest(400, "there is no Encrypt");
    const WechatXml inner(seal_.open(request, outer.text("Encrypt"), now));
    const std::string type = inner.text("MsgType");
    if (type.empty()) throw BadRequest(400, "there is no MsgType");
    Message message = inner.has("From") ? from_robot(inner, type, request, now)
                                        : from_application(inner, type, now);
    message.way_back = request.parameter("nonce").value_or("");
    if (!message.text.empty()) return {.message = std::move(message)};
    return {.answer =
                hints(type) && message.direct ? sealed(message, text_only(), now) : silence()};
  }

  HttpResponse answer(const Message& message, const Reply& reply,
                      std::chrono::sys_seconds now) const override {
    return reply.text.empty() ? silence() : sealed(message, reply.text, now);
  }

  std::optional<std::chrono::milliseconds> patience(const Message&) const override {
    return std::chrono::milliseconds(4000);
  }
  Limits limits() const override { return {kMostReply, 30}; }

  Delivery speak(HttpCaller& caller, const Letter& letter) override {
    const std::string_view to = own_id(letter.row.post.target);
    constexpr std::string_view kDirect = "direct-";
    const auto write = [&](const std::string& token) {
      return to.starts_with(kDirect)
                 ? write_wecom_user(api_, token, to.substr(kDirect.size()), agent_id_, letter.text)
                 : write_wecom_chat(api_, token, to, letter.text);
    };
    return post_with_token(access_token_, caller, write, judge_wecom, wecom_token_refused);
  }

 private:
  static HttpResponse silence() { return {.type = "text/plain", .body = ""}; }

  static bool hints(std::string_view type) {
    constexpr std::array<std::string_view, 5> kUnread = {"image", "voice", "video", "location",
                                                         "link"};
    return std::find(kUnread.begin(), kUnread.end(), type) != kUnread.end();
  }

  Callback handshake(const HttpRequest& request, std::chrono::sys_seconds now) const {
    std::string echo = request.parameter("echostr").value_or("");
    // A proxy that decodes once too often turns + into a blank; base64 has none.
    std::replace(echo.begin(), echo.end(), ' ', '+');
    return {.answer = {.type = "text/plain", .body = seal_.open(request, echo, now)}};
  }

  static Message from_application(const WechatXml& xml, std::string_view type,
                                  std::chrono::sys_seconds now) {
    Message message;
    message.platform = "wecom";
    message.user = "wecom:" + xml.text("FromUserName");
    const std::string chat = xml.text("ChatId");
    message.direct = chat.empty();
    message.group = chat.empty() ? "wecom:direct-" + xml.text("FromUserName") : "wecom:" + chat;
    message.id = xml.text("MsgId");
    message.time = said_time(decimal(xml.text("CreateTime")), now);
    if (type == "event") {
      message.direct = false;  // nobody waits for an answer
      return message;
    }
    check(message, xml.text("FromUserName"));
    if (!chat.empty()) check_id(chat, 400);
    if (type == "text") message.text = xml.text("Content");
    if (trimmed(message.text).empty()) message.text.clear();
    check_length(message.text);
    return message;
  }

  static Message from_robot(const WechatXml& xml, std::string_view type, const HttpRequest& request,
                            std::chrono::sys_seconds now) {
    Message message;
    message.platform = "wecom";
    message.user = "wecom:" + xml.text("From", "UserId");
    message.user_name = plain_name(xml.text("From", "Name"));
    message.group = "wecom:" + xml.text("ChatId");
    message.id = xml.text("MsgId");
    message.time = said_time(decimal(request.parameter("timestamp").value_or("")), now);
    message.direct = xml.text("ChatType") == "single";
    message.mentioned = !message.direct;
    if (type == "text") message.text = xml.text("Text", "Content");
    if (type == "mixed") message.text = xml.mixed_text();
    if (message.mentioned) message.text = without_wecom_mention(message.text);
    if (type != "event") {
      check(message, xml.text("From", "UserId"));
      check_id(xml.text("ChatId"), 400);
    }
    check_length(message.text);
    return message;
  }

  static void check(const Message& message, std::string_view user) {
    check_id(user, 400);
    check_id(message.id, 400);
  }

  HttpResponse sealed(const Message& message, std::string_view text,
                      std::chrono::sys_seconds now) const {
    const std::string plain = wecom_reply(message, corp_id_, text, now);
    return {.type = "application/xml",
            .body = envelope_xml(seal_.reply(plain, random_bytes(16), message.way_back, now))};
  }

  const std::string corp_id_, agent_id_, api_;
  const WechatSeal seal_;
  AccessToken access_token_;
};

}  // namespace

std::string wecom_reply(const Message& message, std::string_view corp_id, std::string_view text,
                        std::chrono::sys_seconds now) {
  if (corp_id.empty()) {
    return fmt::format("<xml><MsgType>text</MsgType><Text><Content>{}</Content></Text></xml>",
                       cdata(text));
  }
  return passive_xml(own_id(message.user), corp_id, text, now);
}

std::unique_ptr<Platform> make_wecom(const PlatformConfig& config, const std::string&) {
  return std::make_unique<Wecom>(config);
}
