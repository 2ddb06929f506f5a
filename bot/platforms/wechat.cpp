#include "bot/platforms/wechat.h"

#include <array>
#include <mutex>
#include <unordered_map>

#include "bot/crypto.h"
#include "bot/outgoing/token.h"
#include "bot/outgoing/wecom_codes.h"
#include "bot/platform.h"
#include "bot/platforms/posts.h"
#include "bot/platforms/reading.h"
#include "bot/platforms/wechat_seal.h"
#include "bot/platforms/wechat_xml.h"
#include "bot/signature.h"
#include "commands/admin.h"

// 微信公众号 (developers.weixin.qq.com/doc: message push, encryption, passive replies): direct
// chats only, answered within five seconds.

using nlohmann::json;

namespace {

constexpr std::size_t kMostBody = 256 * 1024;
constexpr std::size_t kMostReply = 2048;
constexpr std::string_view kGreeting =
    "你好，我是接力。直接说：需要 口罩 500只 到 一医院。更多请发：帮助";

/// The plain signature does not cover the body: a query string that was caught must not carry a
/// second message, so each is remembered with its body for as long as it is believed.
class Queries {
 public:
  /// False where the same query came with another body.
  bool fits(const std::string& query, const std::string& body, std::chrono::sys_seconds now) {
    const std::string digest = sha256(body);
    const std::lock_guard lock(mutex_);
    // Two halves, so that forgetting looks at no query one by one.
    const auto kept = std::chrono::seconds(2 * kSignatureAge);
    if (now - begun_ > kept || now < begun_) {
      older_ = now - begun_ > 2 * kept || now < begun_ ? Digests{} : std::move(newer_);
      newer_.clear();
      begun_ = now;
    }
    const auto old = older_.find(query);
    if (old != older_.end()) return old->second == digest;
    return newer_.try_emplace(query, digest).first->second == digest;
  }

 private:
  using Digests = std::unordered_map<std::string, std::string>;
  std::mutex mutex_;
  std::chrono::sys_seconds begun_;
  Digests newer_, older_;
};

/// WeChat shows <a href> as a link: what users typed must not become one.
std::string without_links(std::string text) {
  for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
    if (at + 1 < text.size() && (text[at + 1] | 0x20) == 'a') text.replace(at, 1, "＜");
  }
  return text;
}

class Wechat final : public Platform {
 public:
  explicit Wechat(const PlatformConfig& config)
      : mode_(setting(config, "mode", "secure")),
        api_(setting(config, "api", kWechatApi)),
        seal_(setting(config, "token"), setting(config, "aes_key"), setting(config, "app_id")),
        access_token_(
            [this, app_id = setting(config, "app_id"),
             secret = setting(config, "app_secret")](HttpCaller& caller) {
              return ask_token(caller, wechat_token(api_, app_id, secret), read_wecom_token,
                               judge_wecom);
            },
            kTokenMargin) {}

  Callback receive(const HttpRequest& request, std::chrono::sys_seconds now) const override {
    if (request.method == "GET") {
      if (!plainly_signed(request, now)) refuse_forged();
      return {.answer = {.type = "text/plain", .body = request.parameter("echostr").value_or("")}};
    }
    only_post(request);
    if (request.body.size() > kMostBody) throw BadRequest(413, "the body is over 256 KiB");
    const WechatXml outer(request.body);
    const auto type = request.parameter("encrypt_type");
    const bool sealed = type == "aes";
    if ((type && !sealed) || (mode_ == "plain" && type) || (mode_ == "secure" && !sealed)) {
      refuse_forged();
    }
    if (sealed) {
      if (!outer.has("Encrypt")) throw BadRequest(400, "there is no Encrypt");
      const WechatXml inner(seal_.open(request, outer.text("Encrypt"), now));
      return read(inner, request, true, now);
    }
    if (!plainly_signed(request, now)) refuse_forged();
    const std::string query =
        *request.parameter("timestamp") + ' ' + request.parameter("nonce").value_or("");
    if (!queries_.fits(query, request.body, now)) refuse_forged();
    return read(outer, request, false, now);
  }

  HttpResponse answer(const Message& message, const Reply& reply,
                      std::chrono::sys_seconds now) const override {
    return say(message, reply.text, now);
  }

  std::optional<std::chrono::milliseconds> patience(const Message&) const override {
    return std::chrono::milliseconds(4000);
  }
  Limits limits() const override { return {kMostReply, 0}; }
  bool answers_any_length() const override { return true; }

  Delivery speak(HttpCaller& caller, const Letter& letter) override {
    std::string_view to = own_id(letter.row.post.target);
    constexpr std::string_view kDirect = "direct-";
    if (!to.starts_with(kDirect)) return parked("an Official Account is in no group");
    to.remove_prefix(kDirect.size());
    const std::string text = without_links(letter.text);
    const auto write = [&](const std::string& token) {
      return write_wechat(api_, token, to, text);
    };
    return post_with_token(access_token_, caller, write, judge_wecom, wecom_token_refused);
  }

 private:
  bool plainly_signed(const HttpRequest& request, std::chrono::sys_seconds now) const {
    const std::string timestamp = request.parameter("timestamp").value_or("");
    const std::string wanted =
        wechat_signature({seal_.token(), timestamp, request.parameter("nonce").value_or("")});
    return !seal_.token().empty() &&
           same_secret(request.parameter("signature").value_or(""), wanted) &&
           recent(decimal(timestamp), now);
  }

  Callback read(const WechatXml& xml, const HttpRequest& request, bool sealed,
                std::chrono::sys_seconds now) const {
    const std::string type = xml.text("MsgType");
    if (type.empty()) throw BadRequest(400, "there is no MsgType");
    Message message;
    message.platform = "wechat";
    const std::string user = xml.text("FromUserName");
    check_id(user, 400);
    message.user = "wechat:" + user;
    message.group = "wechat:direct-" + user;
    message.direct = true;
    message.id = xml.has("MsgId") ? xml.text("MsgId") : xml.text("MsgID");
    message.time = said_time(decimal(xml.text("CreateTime")), now);
    message.way_back = write_json({{"nonce", request.parameter("nonce").value_or("")},
                                   {"account", xml.text("ToUserName")},
                                   {"sealed", sealed}});
    if (type == "event") {
      const bool follows = xml.text("Event") == "subscribe";
      return {.answer = say(message, follows ? std::string(kGreeting) : "", now)};
    }
    check_id(message.id, 400);
    if (type == "text") message.text = xml.text("Content");
    if (type == "voice") message.text = xml.text("Recognition");
    check_length(message.text);
    if (!trimmed(message.text).empty()) return {.message = std::move(message)};
    return {.answer = say(message, hints(type) ? text_only() : "", now)};
  }

  static bool hints(std::string_view type) {
    constexpr std::array<std::string_view, 6> kUnread = {"image",      "voice",    "video",
                                                         "shortvideo", "location", "link"};
    return std::find(kUnread.begin(), kUnread.end(), type) != kUnread.end();
  }

  /// Without a text it is the bare word "success", also in secure mode: an empty Content would be
  /// an error to the user.
  HttpResponse say(const Message& message, const std::string& text,
                   std::chrono::sys_seconds now) const {
    if (text.empty()) return {.type = "text/plain", .body = "success"};
    const json way = json::parse(message.way_back);
    const std::string plain = wechat_reply(message, way["account"].get<std::string>(),
                                           shortened(without_links(text), kMostReply), now);
    if (!way["sealed"]) return {.type = "application/xml", .body = plain};
    return {.type = "application/xml",
            .body = envelope_xml(seal_.reply(plain, random_bytes(16), way["nonce"], now))};
  }

  const std::string mode_, api_;
  const WechatSeal seal_;
  AccessToken access_token_;
  mutable Queries queries_;
};

}  // namespace

std::string wechat_reply(const Message& message, std::string_view account, std::string_view text,
                         std::chrono::sys_seconds now) {
  return passive_xml(own_id(message.user), account, text, now);
}

std::unique_ptr<Platform> make_wechat(const PlatformConfig& config, const std::string&) {
  return std::make_unique<Wechat>(config);
}
