#include "tests/wire.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bot/crypto.h"
#include "bot/platforms/reading.h"
#include "bot/platforms/wechat_seal.h"
#include "bot/platforms/wechat_xml.h"
#include "bot/signature.h"

using nlohmann::json;

namespace {

constexpr std::string_view kKey = "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt";

std::string sealed_query(const WechatSeal& seal, const std::string& encrypted, std::int64_t at) {
  const std::string when = fmt::to_string(at);
  return fmt::format("?timestamp={}&nonce=n&msg_signature={}&encrypt_type=aes", when,
                     wechat_signature({seal.token(), when, "n", encrypted}));
}

Wire wechat_like(const std::string& path, const std::string& receive_id, const Said& said,
                 const std::string& chat) {
  const WechatSeal seal("tok", kKey, receive_id);
  const std::string plain = fmt::format(
      "<xml><ToUserName>gh</ToUserName><FromUserName>{}</FromUserName><CreateTime>{}</CreateTime>"
      "<MsgType>text</MsgType><Content>{}</Content><MsgId>{}</MsgId>{}</xml>",
      cdata(said.user), said.at, cdata(said.text), said.id, chat);
  const std::string encrypted = seal.seal(plain, "0123456789abcdef");
  return {path + sealed_query(seal, encrypted, said.at),
          {"Content-Type: text/xml"},
          "<xml><Encrypt>" + cdata(encrypted) + "</Encrypt></xml>"};
}

Wire write_generic_said(const Said& said) {
  const auto* const event = said.event == Event::edit     ? "edit"
                            : said.event == Event::recall ? "recall"
                                                          : "message";
  return {"/webhook/generic",
          {"Authorization: Bearer token", "Content-Type: application/json"},
          write_json({{"message_id", said.id},
                      {"group", "g1"},
                      {"user", said.user},
                      {"user_name", said.user},
                      {"text", said.text},
                      {"event", event},
                      {"mentioned", true}})};
}

Wire wecom(const Said& said) {
  return wechat_like("/webhook/wecom", "ww1", said, "<ChatId>g1</ChatId>");
}
Wire wechat(const Said& said) { return wechat_like("/webhook/wechat", "wx1", said, ""); }

Wire wecom_bot(const Said& said) {
  const WechatSeal seal("tok", kKey, "");
  const std::string encrypted = seal.seal(write_json({{"msgid", said.id},
                                                      {"chatid", "g1"},
                                                      {"chattype", "group"},
                                                      {"from", {{"userid", said.user}}},
                                                      {"msgtype", "text"},
                                                      {"text", {{"content", "@接力 " + said.text}}}}),
                                          "0123456789abcdef");
  return {"/webhook/wecom-bot" + sealed_query(seal, encrypted, said.at),
          {"Content-Type: application/json"},
          write_json({{"encrypt", encrypted}})};
}

Wire onebot(const Said& said) {
  json body = {{"self_id", 1}, {"time", said.at},     {"message_id", said.id},
               {"group_id", 5}, {"user_id", said.user}, {"sender", {{"card", said.user}}}};
  if (said.event == Event::recall) {
    body["post_type"] = "notice";
    body["notice_type"] = "group_recall";
  } else {
    body["post_type"] = "message";
    body["message_type"] = "group";
    body["message"] = json::array({{{"type", "at"}, {"data", {{"qq", "1"}}}},
                                   {{"type", "text"}, {"data", {{"text", " " + said.text}}}}});
  }
  const std::string bytes = write_json(body);
  return {"/webhook/onebot",
          {"X-Signature: sha1=" + hex(hmac_sha1("sec", bytes)), "Content-Type: application/json"},
          bytes};
}

Wire gateway(const Said& said) {
  const json source = {{"room", {{"id", "@@1"}, {"payload", {{"topic", "g1"}}}}},
                       {"from", {{"id", said.user}, {"payload", {{"name", said.user}}}}},
                       {"to", {{"payload", {{"name", "接力"}}}}}};
  std::string body;
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
           {"type", "text"}, {"content", "@接力\u2005" + said.text}, {"source", source.dump()}}) {
    body += fmt::format("--b\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n", name,
                        value);
  }
  return {"/webhook/gateway?token=tok",
          {"Content-Type: multipart/form-data; boundary=b"},
          body + "--b--\r\n"};
}

Wire dingtalk(const Said& said) {
  const std::string at = fmt::format("{}000", said.at);
  return {"/webhook/dingtalk",
          {"timestamp: " + at, "sign: " + base64(hmac_sha256("sec", at + "\nsec")),
           "Content-Type: application/json"},
          write_json({{"msgId", said.id},
                      {"conversationId", "g1"},
                      {"conversationType", "2"},
                      {"senderStaffId", said.user},
                      {"senderNick", said.user},
                      {"isInAtList", true},
                      {"createAt", said.at * 1000},
                      {"robotCode", "ding1"},
                      {"msgtype", "text"},
                      {"text", {{"content", " " + said.text}}}})};
}

Wire feishu(const Said& said) {
  const bool recall = said.event == Event::recall;
  json event = {{"message_id", said.id}, {"chat_id", "g1"}, {"recall_type", "message_owner"}};
  if (!recall) {
    event = {{"sender", {{"sender_type", "user"}, {"sender_id", {{"open_id", said.user}}}}},
             {"message",
              {{"message_id", said.id},
               {"chat_id", "g1"},
               {"chat_type", "group"},
               {"create_time", fmt::format("{}000", said.at)},
               {"message_type", "text"},
               {"content", write_json({{"text", "@_user_1 " + said.text}})},
               {"mentions",
                json::array({{{"key", "@_user_1"},
                              {"name", "接力"},
                              {"mentioned_type", "bot"},
                              {"id", {{"open_id", "ou_bot"}}}}})}}}};
  }
  return {"/webhook/feishu",
          {"Content-Type: application/json"},
          write_json({{"schema", "2.0"},
                      {"header",
                       {{"token", "tok"},
                        {"app_id", "cli"},
                        {"event_type",
                         recall ? "im.message.recalled_v1" : "im.message.receive_v1"}}},
                      {"event", event}})};
}

Wire telegram(const Said& said) {
  const std::string user = said.user;
  json message = {{"message_id", std::stoll(said.id)},
                  {"date", said.at},
                  {"chat", {{"id", -5}, {"type", "supergroup"}}},
                  {"from", {{"id", static_cast<std::int64_t>(std::hash<std::string>()(user) >> 12)},
                            {"first_name", user}}},
                  {"reply_to_message", {{"from", {{"id", 1}}}}},
                  {"text", said.text}};
  return {"/webhook/telegram",
          {"X-Telegram-Bot-Api-Secret-Token: sec", "Content-Type: application/json"},
          write_json({{"update_id", std::stoll(said.id)},
                      {said.event == Event::edit ? "edited_message" : "message", message}})};
}

Wire slack(const Said& said) {
  const json words = {
      {"user", said.user}, {"ts", said.id + ".000100"}, {"text", "<@UBOT> " + said.text}};
  json event = {{"type", "message"}, {"channel", "C1"}};
  if (said.event == Event::message) event.update(words);
  if (said.event == Event::edit) {
    event["subtype"] = "message_changed";
    event["message"] = words;
    event["previous_message"] = {{"text", "before"}};
  }
  if (said.event == Event::recall) {
    event["subtype"] = "message_deleted";
    event["deleted_ts"] = said.id + ".000100";
    event["previous_message"] = words;
  }
  const std::string body = write_json(
      {{"type", "event_callback"},
       {"event", event},
       {"authorizations", json::array({{{"is_bot", true}, {"user_id", "UBOT"}}})}});
  const std::string at = fmt::to_string(said.at);
  return {"/webhook/slack",
          {"X-Slack-Request-Timestamp: " + at,
           "X-Slack-Signature: v0=" + hmac_sha256_hex("sec", "v0:" + at + ":" + body),
           "Content-Type: application/json"},
          body};
}

Wire mattermost(const Said& said) {
  return {"/webhook/mattermost",
          {"Content-Type: application/json"},
          write_json({{"token", "tok"},
                      {"channel_id", "g1"},
                      {"user_id", said.user},
                      {"user_name", said.user},
                      {"post_id", said.id},
                      {"timestamp", said.at * 1000},
                      {"trigger_word", "@jieli"},
                      {"text", "@jieli " + said.text}})};
}

}  // namespace

std::vector<Speech> speeches() {
  const std::string key(kKey);
  return {
      {"generic", {}, write_generic_said, true, true},
      {"wecom", {{"corp_id", "ww1"}, {"token", "tok"}, {"aes_key", key}}, wecom},
      {"wecom-bot", {{"token", "tok"}, {"aes_key", key}}, wecom_bot},
      {"wechat", {{"app_id", "wx1"}, {"token", "tok"}, {"aes_key", key}}, wechat, false, false, false},
      {"onebot", {{"secret", "sec"}}, onebot, false, true},
      {"gateway", {{"token", "tok"}}, gateway},
      {"dingtalk", {{"app_secret", "sec"}}, dingtalk},
      {"feishu", {{"app_id", "cli"}, {"verification_token", "tok"}}, feishu, false, true},
      {"telegram", {{"secret_token", "sec"}, {"bot_token", "1:A"}}, telegram, true, false},
      {"slack", {{"signing_secret", "sec"}, {"bot_token", "x"}}, slack, true, true},
      {"mattermost", {{"token", "tok"}}, mattermost}};
}
