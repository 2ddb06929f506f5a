#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bot/outgoing/address.h"
#include "bot/outgoing/wecom_codes.h"
#include "bot/platform.h"
#include "bot/platforms/posts.h"
#include "bot/platforms/reading.h"
#include "bot/platforms/wechat_seal.h"
#include "tests/receiver.h"
#include "tests/vectors.h"

using nlohmann::json;
using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

const sys_seconds kNow{seconds{1581336000}};

Claimed row_of(const std::string& target, const std::string& text, const json& way = nullptr) {
  Claimed row;
  row.post.key = "reply/1";
  row.post.group = target;
  row.post.target = target;
  row.post.text = text;
  if (!way.is_null()) row.post.way = way.dump();
  return row;
}

/// What the platform posts to its API, and what it makes of the answers given in turn.
struct Spoken {
  std::vector<Received> requests;
  Delivery delivery;
};

Spoken speak(const std::string& name, PlatformConfig config, Claimed row,
             std::vector<Behaviour> answers) {
  Spoken spoken;
  Receiver receiver([&](const Received& received) {
    const std::size_t turn = std::min(spoken.requests.size(), answers.size() - 1);
    spoken.requests.push_back(received);
    return answers[turn];
  });
  config["api"] = receiver.url("");
  const std::string text = row.post.way;
  if (text.find("RECEIVER") != std::string::npos) {
    json way = json::parse(text);
    for (auto& [key, value] : way.items()) {
      if (value == "RECEIVER") value = receiver.url("/session");
    }
    row.post.way = way.dump();
  }
  const auto platform = platform_kind(name)->make(config, "");
  HttpCaller caller;
  spoken.delivery = platform->speak(caller, {row, row.post.text, kNow});
  receiver.settle();
  return spoken;
}

/// The answer as it is after it went over a connection.
PostAnswer received(const json& given) {
  std::string headers;
  const json told = given.value("headers", json::object());
  for (const auto& [name, value] : told.items()) {
    headers += fmt::format("{}: {}\r\n", name, value.get<std::string>());
  }
  Receiver receiver([&](const Received&) {
    return Behaviour::answer(given["status"], given["body"], headers);
  });
  HttpCaller caller;
  PostRequest request;
  request.url = receiver.url();
  request.body = "{}";
  return *caller.post(request).answer;
}

std::string action_of(const Delivery& delivery) {
  switch (delivery.outcome) {
    case Delivery::Outcome::sent:
      return "done";
    case Delivery::Outcome::park:
      return "park";
    case Delivery::Outcome::cancelled:
      return "cancelled";
    case Delivery::Outcome::hold:
      return fmt::format("retry after {} s", delivery.after.count());
    case Delivery::Outcome::retry:
      break;
  }
  if (delivery.most_tries == 2) return "retry once";
  if (delivery.most_tries == 3) return "retry twice";
  if (delivery.most_tries == 4) return "retry 3 times";
  if (delivery.after.count() > 0) return fmt::format("retry after {} s", delivery.after.count());
  return "retry";
}

/// What a vector's action is called here. Parts are far below every limit, so what is said to be
/// too long will not be shorter the next time.
std::string known_action(const std::string& action) {
  if (action == "retry once, signed anew") return "retry once";
  if (action == "split and send again") return "park";
  return action;
}

using Judge = Delivery (*)(const PostAnswer&);

std::string judged(const PostAnswer& answer, Judge judge, bool (*token_refused)(const PostAnswer&),
                   bool (*special)(const PostAnswer&), const std::string& special_action) {
  if (token_refused != nullptr && token_refused(answer)) return "renew the token, retry once";
  if (special != nullptr && special(answer)) return special_action;
  return action_of(judge(answer));
}

}  // namespace

TEST_CASE("every recorded answer of a platform means what it should", "[platforms]") {
  struct Case {
    std::string platform;
    Judge judge;
    bool (*token_refused)(const PostAnswer&) = nullptr;
    bool (*special)(const PostAnswer&) = nullptr;
    std::string special_action;
  };
  const std::vector<Case> cases = {
      {"onebot", judge_onebot},
      {"gateway", judge_gateway},
      {"telegram", judge_telegram, nullptr,
       [](const PostAnswer& answer) { return !telegram_moved_to(answer).empty(); },
       "send to -1002000000000"},
      {"slack", judge_slack},
      {"mattermost", judge_mattermost},
      {"dingtalk", judge_dingtalk, dingtalk_token_refused, dingtalk_session_gone,
       "fall back to groupMessages/send"},
      {"feishu", judge_feishu, feishu_token_refused, feishu_reply_impossible,
       "send to the group instead"}};
  for (const Case& one : cases) {
    int seen = 0;
    for (const json& vector : vectors_of(one.platform)) {
      if (vector["op"] != "outcome") continue;
      INFO(one.platform << ": " << vector["name"]);
      const std::string action = judged(received(vector["given"]), one.judge, one.token_refused,
                                        one.special, one.special_action);
      CHECK(action == known_action(vector["expect"]["action"]));
      ++seen;
    }
    CHECK(seen >= 10);
  }
}

TEST_CASE("every recorded post is made as its platform wants it", "[platforms]") {
  int seen = 0;
  for (const std::string platform : {"onebot", "gateway", "telegram", "slack", "mattermost"}) {
    for (const json& vector : vectors_of(platform)) {
      if (vector["op"] != "send") continue;
      INFO(platform << ": " << vector["name"]);
      const json& given = vector["given"];
      Claimed row = row_of(platform + ":" + given["group"].get<std::string>(), given["text"]);
      if (given.contains("group_name")) {
        const bool room = given["group"].get<std::string>().find("direct-") != 0;
        row.group_way = json{{"to", given["group_name"]}, {"isRoom", room}}.dump();
      }
      const Spoken spoken = speak(platform, config_of(vector), row, {Behaviour::answer(500)});
      REQUIRE(spoken.requests.size() == 1);
      const json& expect = vector["expect"];
      const std::string path = expect["path"];
      CHECK(spoken.requests[0].path == (path.empty() ? "/" : path));
      CHECK(json::parse(spoken.requests[0].body) == expect["body_json"]);
      CHECK(spoken.requests[0].headers.at("content-type") == expect["headers"]["Content-Type"]);
      if (expect["headers"].contains("Authorization")) {
        CHECK(spoken.requests[0].headers.at("authorization") ==
              expect["headers"]["Authorization"]);
      }
      ++seen;
    }
  }
  CHECK(seen == 12);
}

namespace {

void check_post(const PostRequest& post, const json& expect, const std::string& api) {
  if (expect.contains("path")) CHECK(post.url == api + expect["path"].get<std::string>());
  if (expect.contains("url_exact")) CHECK(post.url == expect["url_exact"].get<std::string>());
  if (expect.contains("content_type")) CHECK(post.content_type == expect["content_type"]);
  CHECK(post.method == expect.value("method", "POST"));
  json body = post.body.empty() ? json() : json::parse(post.body);
  json wanted = expect.value("body_json", json());
  for (const char* inner : {"msgParam", "content"}) {
    if (!wanted.is_object() || !wanted.contains(inner) || !wanted[inner].is_string()) continue;
    wanted[inner] = json::parse(wanted[inner].get<std::string>());
    body[inner] = json::parse(body[inner].get<std::string>());
  }
  if (expect.contains("body_json")) CHECK(body == wanted);
  const json headers = expect.value("headers", json::object());
  for (const auto& [name, value] : headers.items()) {
    if (name == "Content-Type") {
      CHECK(post.content_type == value);
    } else {
      CHECK(std::find(post.headers.begin(), post.headers.end(),
                      std::pair(name, value.get<std::string>())) != post.headers.end());
    }
  }
}

std::string text_of(const json& given, const char* name) { return given.value(name, ""); }

}  // namespace

TEST_CASE("Feishu is asked and posted to as recorded", "[platforms]") {
  int seen = 0;
  for (const json& vector : vectors_of("feishu")) {
    const std::string op = vector["op"];
    const json given = vector.value("given", json());
    INFO(vector["name"]);
    const std::string token = given.is_object() ? text_of(given, "tenant_access_token") : "";
    if (op == "token_request") {
      check_post(feishu_token("A", text_of(given, "app_id"), text_of(given, "app_secret")),
                 vector["expect"], "A");
    } else if (op == "reply") {
      check_post(write_feishu_reply("A", token, text_of(given, "message_id"),
                                    text_of(given, "uuid"), text_of(given, "text")),
                 vector["expect"], "A");
    } else if (op == "send") {
      check_post(write_feishu("A", token, text_of(given, "chat_id"), text_of(given, "uuid"),
                              text_of(given, "text")),
                 vector["expect"], "A");
    } else if (op == "bot_info") {
      check_post(feishu_bot_info("A", token), vector["expect"], "A");
    } else if (op == "hook_body") {
      const Claimed row = row_of("", "");
      check_post(
          write_feishu_robot({"feishu-robot", given["url"], given["secret"]},
                             {row, given["text"],
                              sys_seconds{seconds{given["timestamp_s"].get<std::int64_t>()}}}),
          vector["expect"], "A");
    } else {
      continue;
    }
    ++seen;
  }
  CHECK(seen == 10);
}

TEST_CASE("DingTalk is asked and posted to as recorded", "[platforms]") {
  int seen = 0;
  for (const json& vector : vectors_of("dingtalk")) {
    const std::string op = vector["op"];
    const json given = vector.value("given", json());
    INFO(vector["name"]);
    if (op == "token_request") {
      check_post(dingtalk_token("A", text_of(given, "robot_code"), text_of(given, "app_secret")),
                 vector["expect"], "A");
    } else if (op == "group_send") {
      check_post(write_dingtalk_group("A", given["access_token"], text_of(given, "robot_code"),
                                      text_of(given, "group"), text_of(given, "text")),
                 vector["expect"], "A");
    } else if (op == "direct_send") {
      check_post(write_dingtalk_user("A", given["access_token"], text_of(given, "robot_code"),
                                     given["users"][0].get<std::string>(), text_of(given, "text")),
                 vector["expect"], "A");
    } else if (op == "session_reply") {
      const std::string url = given["session_webhook"];
      const std::string action = vector["expect"]["action"];
      const bool trusted = trusted_address(url, "dingtalk.com", true, text_of(given, "api"));
      CHECK(trusted == (action != "refuse"));
      if (vector["expect"].contains("body_json")) {
        check_post(write_dingtalk_session(url, text_of(given, "reply")), vector["expect"], "A");
      }
    } else if (op == "robot_url" || op == "robot_body") {
      Claimed row = row_of("", "");
      row.post.key = "";
      const auto at = given.value("timestamp_ms", std::int64_t{1000}) / 1000;
      const PostRequest post = write_dingtalk_robot(
          {"dingtalk-robot", given.value("url", "http://x/?access_token=t"),
           given.value("secret", "")},
          {row, given.value("text", "t"), sys_seconds{seconds{at}}});
      const json& expect = vector["expect"];
      if (op == "robot_url" && given.value("timestamp_ms", std::int64_t{0}) % 1000 == 0) {
        check_post(post, expect, "A");
      }
    } else {
      continue;
    }
    ++seen;
  }
  CHECK(seen > 30);
}

TEST_CASE("WeCom and Official Accounts are posted to as recorded", "[platforms]") {
  for (const std::string platform : {"wecom-bot", "wechat"}) {
    for (const json& vector : vectors_of(platform)) {
      if (vector["op"] != "late") continue;
      INFO(vector["name"]);
      const json& expect = vector["expect"];
      if (platform == "wecom-bot") {
        const PostRequest post = write_wecom_bot(vector["response_url"], vector["text"].get<std::string>());
        CHECK(post.url == expect["url"].get<std::string>());
        CHECK(json::parse(post.body) == expect["body_json"]);
      } else {
        const PostRequest post = write_wechat("A", "T", vector["to"].get<std::string>(),
                                              vector["text"].get<std::string>());
        CHECK(post.url == "A" + expect["path"].get<std::string>() + "?access_token=T");
        CHECK(json::parse(post.body) == expect["body_json"]);
        CHECK(post.body.find("\\u") == std::string::npos);
      }
    }
  }
}

TEST_CASE("the signature and the seal are those of the published samples", "[platforms]") {
  int seen = 0;
  for (const json& vector : vectors_of("wechat")) {
    const json& expect = vector["expect"];
    if (vector["op"] == "sign") {
      std::vector<std::string_view> parts;
      const auto given = vector["parts"].get<std::vector<std::string>>();
      const std::string token = vector["token"];
      parts.emplace_back(token);
      for (const auto& part : given) parts.emplace_back(part);
      CHECK(wechat_signature(parts) == expect["signature"]);
      ++seen;
    } else if (vector["op"] == "decrypt") {
      const WechatSeal seal("t", vector["aes_key"].get<std::string>(), expect["receive_id"]);
      CHECK(seal.open(vector["encrypt"].get<std::string>()) == expect["plain"]);
      ++seen;
    } else if (vector["op"] == "encrypt") {
      const WechatSeal seal(vector["token"], vector["aes_key"].get<std::string>(),
                            vector["receive_id"]);
      const SealedReply made = seal.reply(
          vector["plain"].get<std::string>(), from_hex(vector["random16_hex"]), vector["nonce"],
          sys_seconds{seconds{vector["timestamp"].get<std::int64_t>()}});
      CHECK(made.encrypted == expect["encrypt"]);
      CHECK(made.signature == expect["msg_signature"]);
      ++seen;
    }
  }
  CHECK(seen == 4);
}

TEST_CASE("a token is asked for once, and anew where the platform refuses it", "[platforms]") {
  const auto token = [](const std::string& value) {
    return Behaviour::answer(
        200, json{{"errcode", 0}, {"access_token", value}, {"expires_in", 7200}}.dump());
  };
  const PlatformConfig config = {
      {"corp_id", "ww1"}, {"agent_id", "7"}, {"secret", "s"}, {"token", "t"}, {"aes_key", "k"}};
  SECTION("good") {
    const Spoken spoken = speak("wecom", config, row_of("wecom:direct-li", "缺口"),
                                {token("T1"), Behaviour::answer(200, R"({"errcode":0})")});
    CHECK(spoken.delivery.outcome == Delivery::Outcome::sent);
    REQUIRE(spoken.requests.size() == 2);
    CHECK(spoken.requests[0].path == "/cgi-bin/gettoken?corpid=ww1&corpsecret=s");
    CHECK(spoken.requests[1].path == "/cgi-bin/message/send?access_token=T1");
    CHECK(json::parse(spoken.requests[1].body)["agentid"] == 7);
  }
  SECTION("refused once") {
    const Spoken spoken = speak("wecom", config, row_of("wecom:chat1", "缺口"),
                                {token("T1"), Behaviour::answer(200, R"({"errcode":42001})"),
                                 token("T2"), Behaviour::answer(200, R"({"errcode":0})")});
    CHECK(spoken.delivery.outcome == Delivery::Outcome::sent);
    REQUIRE(spoken.requests.size() == 4);
    CHECK(spoken.requests[3].path == "/cgi-bin/appchat/send?access_token=T2");
  }
  SECTION("refused twice") {
    const Spoken spoken = speak("wecom", config, row_of("wecom:chat1", "缺口"),
                                {token("T1"), Behaviour::answer(200, R"({"errcode":42001})"),
                                 token("T2"), Behaviour::answer(200, R"({"errcode":42001})")});
    CHECK(spoken.delivery.outcome == Delivery::Outcome::park);
    CHECK(spoken.requests.size() == 4);
  }
  SECTION("a wrong secret") {
    const Spoken spoken = speak("wecom", config, row_of("wecom:chat1", "缺口"),
                                {Behaviour::answer(200, R"({"errcode":40091,"errmsg":"SECRET"})")});
    CHECK(spoken.delivery.outcome == Delivery::Outcome::park);
    CHECK(spoken.delivery.why.find("secret is wrong") != std::string::npos);
    CHECK(spoken.delivery.why.find("SECRET") == std::string::npos);
  }
}

TEST_CASE("a late answer goes where the message came from", "[platforms]") {
  const std::int64_t later = (kNow.time_since_epoch().count() + 60) * 1000;
  SECTION("DingTalk's session") {
    const Spoken spoken =
        speak("dingtalk", {{"app_secret", "s"}},
              row_of("dingtalk:cid1", "缺口",
                     {{"session_webhook", "RECEIVER"}, {"expires", later}}),
              {Behaviour::answer(200, R"({"errcode":0})")});
    CHECK(spoken.delivery.outcome == Delivery::Outcome::sent);
    CHECK(spoken.requests.at(0).path == "/session");
  }
  SECTION("as DingTalk's robot when the session is over") {
    Claimed row = row_of("dingtalk:cid1", "缺口",
                         {{"session_webhook", "RECEIVER"}, {"expires", later}});
    row.group_way = R"({"robotCode":"ding1"})";
    const Spoken spoken = speak(
        "dingtalk", {{"app_secret", "s"}}, row,
        {Behaviour::answer(200, R"({"errcode":300001})"),
         Behaviour::answer(200, R"({"accessToken":"T","expireIn":7200})"),
         Behaviour::answer(200, R"({"processQueryKey":"q"})")});
    CHECK(spoken.delivery.outcome == Delivery::Outcome::sent);
    CHECK(spoken.requests.at(2).path == "/v1.0/robot/groupMessages/send");
  }
  SECTION("into Feishu's chat when the message is gone") {
    const Spoken spoken =
        speak("feishu", {{"app_id", "a"}, {"app_secret", "s"}},
              row_of("feishu:oc_1", "缺口", {{"message_id", "om_1"}}),
              {Behaviour::answer(200, R"({"code":0,"tenant_access_token":"T","expire":7200})"),
               Behaviour::answer(400, R"({"code":230011})"),
               Behaviour::answer(200, R"({"code":0})")});
    CHECK(spoken.delivery.outcome == Delivery::Outcome::sent);
    CHECK(spoken.requests.at(1).path == "/open-apis/im/v1/messages/om_1/reply");
    CHECK(spoken.requests.at(2).path == "/open-apis/im/v1/messages?receive_id_type=chat_id");
  }
  SECTION("to the new id of a Telegram group") {
    const Spoken spoken = speak(
        "telegram", {{"bot_token", "1:A"}}, row_of("telegram:-5", "缺口"),
        {Behaviour::answer(400, R"({"ok":false,"parameters":{"migrate_to_chat_id":-1005}})"),
         Behaviour::answer(200, R"({"ok":true})")});
    CHECK(spoken.delivery.outcome == Delivery::Outcome::sent);
    CHECK(json::parse(spoken.requests.at(1).body)["chat_id"] == -1005);
  }
  SECTION("nowhere for a WeCom bot without an address") {
    const Spoken spoken = speak("wecom-bot", {{"token", "t"}, {"aes_key", "k"}},
                                row_of("wecom-bot:g", "缺口"), {Behaviour::answer(200)});
    CHECK(spoken.delivery.outcome == Delivery::Outcome::park);
    CHECK(spoken.requests.empty());
  }
}

TEST_CASE("addresses that came in a message stay on the open internet", "[platforms]") {
  for (const char* inside :
       {"127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::",
        "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "2002:7f00:1::", "2001:db8::1"}) {
    INFO(inside);
    CHECK_FALSE(is_public(inside));
  }
  for (const char* outside : {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2400:3200::1"}) {
    INFO(outside);
    CHECK(is_public(outside));
  }
  for (const char* host : {"localhost", "0x7f.1", "127.1", "2130706433", "[::1]", ""}) {
    INFO(host);
    CHECK_FALSE(public_address(host));
  }
  PostRequest request;
  request.url = "https://127.0.0.1/x";
  request.from_message = true;
  HttpCaller caller;
  const PostOutcome outcome = caller.post(request);
  CHECK(outcome.bad_url);
}
