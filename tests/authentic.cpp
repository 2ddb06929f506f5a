#include "tests/authentic.h"

#include "bot/crypto.h"
#include "bot/platform.h"
#include "bot/platforms/reading.h"
#include "bot/platforms/wechat_seal.h"
#include "bot/signature.h"

namespace {

constexpr std::string_view kKey = "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt";
constexpr std::string_view kAt = "1581298200";

constexpr std::string_view kXml =
    "<xml><ToUserName><![CDATA[gh]]></ToUserName><FromUserName>u1</FromUserName><CreateTime>"
    "1581298199</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[发放 口罩 500 "
    "只]]></Content><MsgId>7001234567890123000</MsgId></xml>";
constexpr std::string_view kWecomBot =
    R"({"msgid":"m1","chatid":"g1","chattype":"group","from":{"userid":"u1"},)"
    R"("response_url":"https://qyapi.weixin.qq.com/x","msgtype":"text",)"
    R"("text":{"content":"@接力 发放 口罩 500 只"},"quote":{"text":{"content":"q"}}})";
constexpr std::string_view kOnebot =
    R"({"post_type":"message","message_type":"group","self_id":1,"time":1581298199,)"
    R"("message_id":12,"group_id":5,"user_id":7,"sender":{"card":"李四"},)"
    R"("message":"[CQ:at,qq=1] 发放 口罩&amp;手套 [CQ:image,file=a,url=b] 500 只"})";
constexpr std::string_view kOnebot12 =
    R"({"id":"e1","self":{"user_id":"b"},"time":1581298199.5,"type":"message",)"
    R"("detail_type":"group","message_id":"m","group_id":"g","user_id":"u","qq.nickname":"n",)"
    R"("message":[{"type":"mention","data":{"user_id":"b"}},)"
    R"({"type":"text","data":{"text":" 发放 口罩 500 只"}}]})";
constexpr std::string_view kGateway =
    "--b\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\ntext\r\n--b\r\n"
    "Content-Disposition: form-data; name=\"source\"\r\n\r\n{\"room\":{\"id\":\"@@1\",\"payload\":"
    "{\"topic\":\"g\"}},\"from\":{\"id\":\"u\",\"payload\":{\"name\":\"n\"}},\"to\":\"\"}\r\n--b\r\n"
    "Content-Disposition: form-data; name=\"isMentioned\"\r\n\r\n1\r\n--b\r\n"
    "Content-Disposition: form-data; name=\"content\"\r\n\r\n@接力\u2005发放 口罩 500 "
    "只\r\n--b--\r\n";
constexpr std::string_view kDingtalk =
    R"({"msgId":"m1","conversationId":"g1","conversationType":"2","senderStaffId":"u1",)"
    R"("senderNick":"n","isInAtList":true,"createAt":1581298199000,"chatbotUserId":"b",)"
    R"("atUsers":[{"dingtalkId":"b"},{"dingtalkId":"c","staffId":"s"}],"robotCode":"r",)"
    R"("sessionWebhook":"https://oapi.dingtalk.com/x","sessionWebhookExpiredTime":1581299199000,)"
    R"("msgtype":"richText","content":{"richText":[{"text":"@接力"},{"text":"发放 口罩"},)"
    R"({"downloadCode":"x"},{"text":"500 只"}]}})";
constexpr std::string_view kFeishu =
    R"({"schema":"2.0","header":{"token":"tok","app_id":"cli",)"
    R"("event_type":"im.message.receive_v1"},"event":{"sender":{"sender_type":"user",)"
    R"("sender_id":{"open_id":"u"}},"message":{"message_id":"m","chat_id":"g",)"
    R"("chat_type":"group","create_time":"1581298199000","message_type":"text",)"
    R"("content":"{\"text\":\"@_user_1 发放 口罩 500 只\"}","mentions":[{"key":"@_user_1",)"
    R"("id":{"open_id":"b"},"name":"接力","mentioned_type":"bot"}]}}})";
constexpr std::string_view kTelegram =
    R"({"update_id":1,"message":{"message_id":7,"date":1581298199,"chat":{"id":-5,)"
    R"("type":"group"},"from":{"id":9,"first_name":"W"},"text":"😷 /help@bot 发放 口罩 500 只",)"
    R"("entities":[{"type":"bot_command","offset":3,"length":9}]}})";
constexpr std::string_view kSlack =
    R"({"type":"event_callback","authorizations":[{"is_bot":true,"user_id":"B"}],)"
    R"("event":{"type":"message","channel":"C","user":"U","ts":"1581298199.000100",)"
    R"("text":"<@B> 发放 &lt;口罩&gt; <https://a|b> 500 只"}})";
constexpr std::string_view kMattermost =
    R"({"token":"tok","channel_id":"c","user_id":"u","post_id":"p","timestamp":1581298199000,)"
    R"("trigger_word":"@j","text":"@j 发放 口罩 500 只"})";
constexpr std::string_view kForm =
    "token=tok&channel_id=c&user_id=u&post_id=p&timestamp=1581298199&text=%E5%8F%91+%E6%94%BE";

HttpRequest post(std::string body) {
  HttpRequest request;
  request.method = "POST";
  request.headers = {{"content-type", "application/json"}};
  request.body = std::move(body);
  return request;
}

HttpRequest sealed(const WechatSeal& seal, std::string text, bool xml) {
  const std::string encrypted = seal.seal(text, "0123456789abcdef");
  HttpRequest request = post(xml ? "<xml><Encrypt>" + encrypted + "</Encrypt></xml>"
                                 : write_json({{"encrypt", encrypted}}));
  request.query = {{"timestamp", std::string(kAt)}, {"nonce", "n"}, {"encrypt_type", "aes"}};
  request.query.emplace("msg_signature", wechat_signature({"tok", kAt, "n", encrypted}));
  return request;
}

HttpRequest onebot(std::string body) {
  HttpRequest request = post(std::move(body));
  request.headers.emplace("x-signature", "sha1=" + hex(hmac_sha1("sec", request.body)));
  return request;
}

HttpRequest onebot_12(std::string body) {
  HttpRequest request = post(std::move(body));
  request.headers.emplace("x-onebot-version", "12");
  request.headers.emplace("authorization", "Bearer tok");
  return request;
}

HttpRequest gateway(std::string body) {
  HttpRequest request = post(std::move(body));
  request.headers["content-type"] = "multipart/form-data; boundary=b";
  request.query = {{"token", "tok"}};
  return request;
}

HttpRequest dingtalk(std::string body) {
  HttpRequest request = post(std::move(body));
  request.headers.emplace("timestamp", "1581298200000");
  request.headers.emplace("sign", base64(hmac_sha256("sec", "1581298200000\nsec")));
  return request;
}

HttpRequest telegram(std::string body) {
  HttpRequest request = post(std::move(body));
  request.headers.emplace("x-telegram-bot-api-secret-token", "sec");
  return request;
}

HttpRequest slack(std::string body) {
  HttpRequest request = post(std::move(body));
  request.headers.emplace("x-slack-request-timestamp", kAt);
  request.headers.emplace("x-slack-signature",
                          "v0=" + hmac_sha256_hex("sec", "v0:" + std::string(kAt) + ":" +
                                                             request.body));
  return request;
}

HttpRequest form(std::string body) {
  HttpRequest request = post(std::move(body));
  request.headers["content-type"] = "application/x-www-form-urlencoded";
  return request;
}

}  // namespace

const std::vector<Authentic>& authentic() {
  static const std::string key(kKey);
  static const std::vector<Authentic> all = {
      {"wecom", {{"corp_id", "ww1"}, {"token", "tok"}, {"aes_key", key}},
       [](std::string body) { return sealed({"tok", kKey, "ww1"}, std::move(body), true); },
       kXml},
      {"wecom", {{"corp_id", "ww1"}, {"token", "tok"}, {"aes_key", key}}, post, kXml},
      {"wecom-bot", {{"token", "tok"}, {"aes_key", key}},
       [](std::string body) { return sealed({"tok", kKey, ""}, std::move(body), false); },
       kWecomBot},
      {"wechat", {{"app_id", "wx1"}, {"token", "tok"}, {"aes_key", key}},
       [](std::string body) { return sealed({"tok", kKey, "wx1"}, std::move(body), true); },
       kXml},
      {"onebot", {{"secret", "sec"}}, onebot, kOnebot},
      {"onebot", {{"access_token", "tok"}}, onebot_12, kOnebot12},
      {"gateway", {{"token", "tok"}}, gateway, kGateway},
      {"dingtalk", {{"app_secret", "sec"}}, dingtalk, kDingtalk},
      {"feishu", {{"app_id", "cli"}, {"verification_token", "tok"}}, post, kFeishu},
      {"telegram", {{"secret_token", "sec"}, {"bot_token", "1:A"}}, telegram, kTelegram},
      {"slack", {{"signing_secret", "sec"}}, slack, kSlack},
      {"mattermost", {{"token", "tok"}}, post, kMattermost},
      {"mattermost", {{"token", "tok"}}, form, kForm}};
  return all;
}

bool survives(const Authentic& one, const Platform& platform, std::string body) {
  try {
    const Callback callback = platform.receive(one.write(std::move(body)), kAuthenticAt);
    if (!callback.message) return true;
    const Message& said = *callback.message;
    Reply reply;
    reply.text = "#1 发放 口罩 500只";
    platform.answer(said, reply, kAuthenticAt);
    return !said.group.empty() && !said.user.empty() && !said.id.empty() &&
           said.text.size() <= kMaxText && is_utf8(said.text) && is_utf8(said.user_name);
  } catch (const BadRequest& refused) {
    return refused.status >= 400 && refused.status < 500;
  }
}
