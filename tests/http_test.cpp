// The contract of the generic webhook and the JSON API, against the real program.

#include <chrono>
#include <ctime>
#include <set>
#include <thread>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bot/signature.h"
#include "tests/program.h"

namespace {

using nlohmann::json;

const std::string kToken = "Authorization: Bearer token";
const std::string kJson = "Content-Type: application/json";
const std::string kGood = message_json("m", "发放 口罩 5 只");

struct Wrong {
  std::string what, method, path;
  std::vector<std::string> headers;
  std::string body;
  int status;
};

void check_error(const Answer& answer, int status) {
  CHECK(answer.status == status);
  const json body = json::parse(answer.body, nullptr, false);
  REQUIRE(body.is_object());
  REQUIRE(body.contains("error"));
  CHECK(body["error"]["code"].is_string());
  CHECK(!body["error"]["message"].get<std::string>().empty());
}

std::string signed_header(const std::string& body, std::int64_t at) {
  return fmt::format("X-Jieli-Signature: t={},v1={}", at,
                     hmac_sha256_hex("token", fmt::format("{}.{}", at, body)));
}

std::string with(const std::string& field, const json& value) {
  json message = json::parse(kGood);
  message[field] = value;
  return message.dump();
}

std::string without(const std::string& field) {
  json message = json::parse(kGood);
  message.erase(field);
  return message.dump();
}

}  // namespace

TEST_CASE("every wrong request gets its own refusal and leaves nothing", "[http]") {
  const TemporaryFolder folder;
  Serving bot(folder.file("jieli.db"));
  REQUIRE(bot.port() > 0);
  const std::string hook = "/webhook/generic";
  const std::string deep = std::string(40, '[') + std::string(40, ']');
  const std::vector<Wrong> cases{
      {"not JSON", "POST", hook, {kToken, kJson}, "发放", 400},
      {"cut off", "POST", hook, {kToken, kJson}, kGood.substr(0, 30), 400},
      {"bad UTF-8", "POST", hook, {kToken, kJson}, "{\"text\":\"\xff\xfe\"}", 400},
      {"overlong UTF-8", "POST", hook, {kToken, kJson}, "{\"text\":\"\xc0\x80\"}", 400},
      {"lone surrogate", "POST", hook, {kToken, kJson}, R"({"text":"\ud800"})", 400},
      {"deep", "POST", hook, {kToken, kJson}, "{\"a\":" + deep + "}", 400},
      {"no token", "POST", hook, {kJson}, kGood, 401},
      {"wrong token", "POST", hook, {"Authorization: Bearer tokem", kJson}, kGood, 401},
      {"longer token", "POST", hook, {"Authorization: Bearer token2", kJson}, kGood, 401},
      {"other scheme", "POST", hook, {"Authorization: Basic dG9rZW4=", kJson}, kGood, 401},
      {"no token for the API", "GET", "/api/totals", {}, "", 401},
      {"no token for metrics", "GET", "/metrics", {}, "", 401},
      {"unknown path", "GET", "/nothing", {kToken}, "", 404},
      {"unknown webhook", "POST", "/webhook/none", {kToken, kJson}, kGood, 404},
      {"GET on a webhook", "GET", hook, {kToken}, "", 405},
      {"POST on the API", "POST", "/api/totals", {kToken, kJson}, "{}", 405},
      {"form",
       "POST",
       hook,
       {kToken, "Content-Type: application/x-www-form-urlencoded"},
       "a=1",
       415},
      {"compressed", "POST", hook, {kToken, kJson, "Content-Encoding: gzip"}, kGood, 415},
      {"too long", "POST", hook, {kToken, kJson}, std::string(64 * 1024 + 1, ' '), 413},
      {"a list", "POST", hook, {kToken, kJson}, "[]", 422},
      {"no id", "POST", hook, {kToken, kJson}, without("message_id"), 422},
      {"no group", "POST", hook, {kToken, kJson}, without("group"), 422},
      {"no user", "POST", hook, {kToken, kJson}, without("user"), 422},
      {"no text", "POST", hook, {kToken, kJson}, without("text"), 422},
      {"empty id", "POST", hook, {kToken, kJson}, with("message_id", ""), 422},
      {"long group", "POST", hook, {kToken, kJson}, with("group", std::string(257, 'g')), 422},
      {"number for a user", "POST", hook, {kToken, kJson}, with("user", 7), 422},
      {"NUL in an id",
       "POST",
       hook,
       {kToken, kJson},
       with("message_id", std::string("a\0b", 3)),
       422},
      {"text is a list", "POST", hook, {kToken, kJson}, with("text", json::array()), 422},
      {"unknown event", "POST", hook, {kToken, kJson}, with("event", "shout"), 422},
      {"bad time", "POST", hook, {kToken, kJson}, with("time", "yesterday"), 422},
      {"direct is a word", "POST", hook, {kToken, kJson}, with("direct", "yes"), 422},
      {"mentions is a word", "POST", hook, {kToken, kJson}, with("mentions", "u2"), 422},
      {"bad from", "GET", "/api/totals?from=10.2.2020", {kToken}, "", 422},
      {"bad to", "GET", "/api/metrics?to=2020-02-30", {kToken}, "", 422},
      {"bad status", "GET", "/api/needs?status=maybe", {kToken}, "", 422},
      {"entries of no group", "GET", "/api/entries", {kToken}, "", 422},
      {"bad after", "GET", "/api/entries?group=g&after=x", {kToken}, "", 422},
      {"bad limit", "GET", "/api/entries?group=g&limit=-1", {kToken}, "", 422},
      {"a long header line",
       "POST",
       hook,
       {kToken, kJson, "X-A: " + std::string(9000, 'a')},
       kGood,
       431},
      {"many headers", "POST", hook, std::vector<std::string>(200, "X-A: b"), kGood, 431},
      {"two tokens", "POST", hook, {kToken, kToken, kJson}, kGood, 400},
  };
  for (const Wrong& wrong : cases) {
    INFO(wrong.what);
    const Answer answer = request(bot.port(), wrong.method, wrong.path, wrong.headers, wrong.body);
    check_error(answer, wrong.status);
    if (wrong.status == 405) CHECK(answer.headers.contains("allow"));
  }
  CHECK(json::parse(get(bot.port(), "/api/totals?group=g1").body)["totals"].empty());
  const std::string log = bot.log();
  CHECK(log.find("Bearer") == std::string::npos);
  CHECK(log.find("tokem") == std::string::npos);
}

TEST_CASE("a signature holds for its body and its five minutes only", "[http]") {
  const TemporaryFolder folder;
  Serving bot(folder.file("jieli.db"));
  const auto post = [&](const std::string& header, const std::string& body) {
    return request(bot.port(), "POST", "/webhook/generic", {header, kJson}, body);
  };
  const std::int64_t now = std::time(nullptr);
  CHECK(post(signed_header(kGood, now), kGood).status == 200);
  CHECK(post(signed_header(kGood, now - 290), kGood).status == 200);
  check_error(post(signed_header(kGood, now - 310), kGood), 401);
  check_error(post(signed_header(kGood, now + 310), kGood), 401);
  check_error(post(signed_header(kGood, now), kGood + " "), 401);
  check_error(post("X-Jieli-Signature: v1=00", kGood), 401);
  check_error(post("X-Jieli-Signature: t=,v1=", kGood), 401);
  const std::string good = signed_header(kGood, now);
  for (std::size_t i = good.size() - 64; i < good.size(); ++i) {
    std::string altered = good;
    altered[i] = altered[i] == '0' ? '1' : '0';
    REQUIRE(post(altered, kGood).status == 401);
  }
}

TEST_CASE("no bytes do harm", "[http]") {
  const TemporaryFolder folder;
  Serving bot(folder.file("jieli.db"));
  const auto wide = [](std::string_view unit, std::size_t bytes) {
    std::string text;
    while (text.size() + unit.size() <= bytes) text += unit;
    return text;
  };
  const std::vector<std::string> texts{
      std::string("发放 口罩\0 5 只", 20),
      "发放\xe2\x80\xae口罩 5 只",
      "发放\xe2\x80\x8b口罩\xef\xbb\xbf 5 只",
      wide("发", 60000),
      wide("1", 60000),
      wide("万", 60000),
      wide("#", 60000),
      wide("\n", 30000),
      wide("发放 口罩 1 只\n", 2000),
      wide("口罩 1 只 ", 60000),
      wide("十百千万亿", 60000),
      "<script>alert(1)</script> 5 个 需要",
      "=cmd|' /C calc'!A0 发放 5 只",
      "发放 口罩 99999999999999999999999 只",
      "发放 口罩 1e309 只",
      "发放 口罩 0.0001 只",
      "发放 口罩 1.2.3 只",
  };
  int id = 0;
  for (const std::string& text : texts) {
    const Answer answer = post_message(
        bot.port(), message_json(fmt::format("h{}", ++id), text, fmt::format("g{}", id)));
    INFO(text.substr(0, 40));
    CHECK(answer.status == 200);
    CHECK(json::parse(answer.body, nullptr, false).is_object());
  }
  // What does not end, or ends wrongly, is refused or closed.
  Connection endless(bot.port());
  const std::string line(16 * 1024, 'a');
  endless.send("POST /webhook/generic HTTP/1.1\r\nX: ");
  for (int i = 0; i < 64 && endless.send(line); ++i) {
  }
  CHECK((endless.read().status == 431 || endless.closed()));
  Connection chunks(bot.port());
  chunks.send("POST /webhook/generic HTTP/1.1\r\nHost: a\r\n" + kToken + "\r\n" + kJson +
              "\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "4000\r\n" + line + "\r\n";
  for (int i = 0; i < 64 && chunks.send(chunk); ++i) {
  }
  CHECK(chunks.read().status == 413);
  Connection garbage(bot.port());
  garbage.send(std::string("\0\1\2\r\n\r\n", 7));
  CHECK(garbage.read().status == 400);
  Connection smuggled(bot.port());
  smuggled.send("POST /webhook/generic HTTP/1.1\r\nHost: a\r\n" + kToken + "\r\n" + kJson +
                "\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  CHECK(smuggled.read().status == 400);
  CHECK(request(bot.port(), "GET", "/healthz", {}).status == 200);
}

TEST_CASE("one connection carries many requests, pipelined ones too", "[http]") {
  const TemporaryFolder folder;
  Serving bot(folder.file("jieli.db"));
  Connection connection(bot.port());
  const std::string one = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n";
  for (int i = 0; i < 20; ++i) {
    REQUIRE(connection.send(one));
    REQUIRE(connection.read().status == 200);
  }
  REQUIRE(connection.send(one + one + one));
  for (int i = 0; i < 3; ++i) REQUIRE(connection.read().status == 200);
}

TEST_CASE("idle and dripping clients keep nobody waiting", "[http]") {
  const TemporaryFolder folder;
  Serving bot(folder.file("jieli.db"));
  std::vector<std::unique_ptr<Connection>> idle;
  for (int i = 0; i < 300; ++i) {
    idle.push_back(std::make_unique<Connection>(bot.port()));
    if (i % 2 == 0) idle.back()->send("POST /webhook/generic HTTP/1.1\r\nHost:");
  }
  const auto began = std::chrono::steady_clock::now();
  CHECK(post_message(bot.port(), message_json("m1", "发放 口罩 5 只")).status == 200);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(1));
}

TEST_CASE("the same message counts once, however often and wherever it arrives", "[http]") {
  const TemporaryFolder folder;
  Serving bot(folder.file("jieli.db"));
  std::vector<std::thread> threads;
  std::vector<std::string> replies(16);
  for (std::size_t i = 0; i < replies.size(); ++i) {
    threads.emplace_back([&, i] {
      const auto answer =
          json::parse(post_message(bot.port(), message_json("m1", "发放 口罩 5 只")).body);
      replies[i] = answer["reply"].get<std::string>() + answer["entries"].dump();
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(std::set<std::string>(replies.begin(), replies.end()).size() == 1);
  const auto again =
      json::parse(post_message(bot.port(), message_json("m1", "发放 口罩 7 只")).body);
  CHECK(again["duplicate"] == true);
  CHECK(again["reply"].get<std::string>() + again["entries"].dump() == replies[0]);
  // The same id in another group is another message.
  CHECK(json::parse(post_message(bot.port(), message_json("m1", "发放 口罩 5 只", "g2"))
                        .body)["duplicate"] == false);
  CHECK(json::parse(get(bot.port(), "/api/totals?group=g1").body)["totals"][0]["distributed"] == 5);
}

TEST_CASE("the API has the contract's shapes", "[http]") {
  const TemporaryFolder folder;
  Serving bot(folder.file("jieli.db"));
  const auto say = [&](const std::string& id, const std::string& text,
                       const std::string& event = "message") {
    json m = json::parse(message_json(id, text));
    m["time"] = "2020-02-10T09:30:00+08:00";
    m["event"] = event;
    return json::parse(post_message(bot.port(), m.dump()).body);
  };
  const auto keys = [](const json& object) {
    std::set<std::string> names;
    for (const auto& [name, value] : object.items()) names.insert(name);
    return names;
  };
  using Names = std::set<std::string>;
  CHECK(keys(say("m1", "急需 N95口罩 200 只 到 一医院 电话13812345678")) ==
        Names{"duplicate", "entries", "reply"});
  CHECK(say("m2", "大家早上好") ==
        json{{"reply", nullptr}, {"duplicate", false}, {"entries", json::array()}});
  CHECK(say("m3", "发放 大米 2.5 公斤、酒精 30 瓶 到 一医院")["entries"] == json{2, 3});
  CHECK(say("m4", "志愿者20人次")["entries"] == json{4});

  const auto api = [&](const std::string& path) { return json::parse(get(bot.port(), path).body); };
  const json totals = api("/api/totals?group=g1")["totals"];
  REQUIRE(totals.size() == 3);
  CHECK(keys(totals[0]) == Names{"group", "item", "unit", "needed", "outstanding", "unknown",
                                 "offered", "in_transit", "received", "distributed", "used", "lost",
                                 "stock"});
  CHECK(totals[0]["group"] == "g1");
  CHECK(totals[0]["needed"] == 200);
  CHECK(totals[1]["item"] == "大米");
  CHECK(totals[1]["distributed"].dump() == "2.5");
  CHECK(api("/api/totals?group=g1&item=n95")["totals"].size() == 1);
  CHECK(api("/api/totals")["totals"][0]["group"] == nullptr);
  CHECK(api("/api/totals?group=g1&from=2020-02-11")["totals"][1]["distributed"] == 0);

  const json needs = api("/api/needs?group=g1")["needs"];
  REQUIRE(needs.size() == 1);
  for (const char* name : {"id", "item", "unit", "place", "quantity", "fulfilled", "promised",
                           "in_transit", "outstanding", "urgent", "verified", "status", "time"})
    CHECK(needs[0].contains(name));
  CHECK(needs[0]["place"] == "一医院");
  CHECK(needs[0]["urgent"] == true);

  const json first = api("/api/entries?group=g1&limit=3");
  REQUIRE(first["entries"].size() == 3);
  CHECK(first["next"] == 3);
  for (const char* name : {"id", "kind", "item", "quantity", "unit", "said", "place", "counterpart",
                           "approx", "value", "time", "user", "text", "voided_by"})
    CHECK(first["entries"][0].contains(name));
  CHECK(first["entries"][0]["text"].get<std::string>().find("13812345678") == std::string::npos);
  CHECK(first["entries"][0]["text"].get<std::string>().find("138****5678") != std::string::npos);
  CHECK(first["entries"][0]["user"] == "u1");
  const json rest = api("/api/entries?group=g1&limit=3&after=3");
  CHECK(rest["entries"].size() == 1);
  CHECK(rest["next"] == nullptr);

  CHECK(api("/api/metrics?group=g1")["metrics"] ==
        json{{{"name", "志愿者"}, {"quantity", 20}, {"unit", "人次"}}});
  CHECK(keys(api("/api/summary?group=g1&from=2020-02-10&to=2020-02-10")) ==
        Names{"group", "from", "to", "gaps", "totals", "metrics", "corrections", "text"});
  CHECK(get(bot.port(), "/metrics").body.find("jieli_messages_total") != std::string::npos);
  CHECK(request(bot.port(), "GET", "/readyz", {}).status == 200);

  CHECK(say("m3", "发放 大米 3 公斤", "edit")["entries"].size() == 2);
  CHECK(api("/api/totals?group=g1&item=大米")["totals"][0]["distributed"] == 3);
  say("m3", "", "recall");
  CHECK(api("/api/totals?group=g1&item=大米")["totals"][0]["distributed"] == 0);
}

TEST_CASE("what arrives is matched by itself, off the writer", "[http][matching]") {
  const TemporaryFolder folder;
  Serving bot(folder.file("jieli.db"));
  const auto matches = [&](const std::string& query) {
    return json::parse(get(bot.port(), "/api/matches" + query).body)["matches"];
  };
  CHECK(matches("") == json::array());
  const auto say = [&](const std::string& id, const std::string& group, const std::string& text) {
    const json body{{"message_id", id}, {"group", group}, {"user", "u" + id}, {"user_name", "李四"},
                    {"text", text}};
    post_message(bot.port(), body.dump());
  };
  say("1", "g1", "捐赠 护目镜 400副");
  say("2", "g2", "需要 护目镜 90副 到 仙桃中医院");
  json found = json::array();
  for (int tries = 0; tries < 200 && found.empty(); ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    found = matches("?group=g2");
  }
  REQUIRE(found.size() == 1);
  for (const char* name :
       {"id", "item", "unit", "quantity", "from", "to", "state", "cost", "reasons"}) {
    CHECK(found[0].contains(name));
  }
  CHECK(found[0]["id"] == 1);
  CHECK(found[0]["quantity"] == 90);
  CHECK(found[0]["from"] == "李四");
  CHECK(found[0]["to"] == "仙桃中医院");
  CHECK(found[0]["state"] == "proposed");
  CHECK(matches("?group=g3").empty());
}

TEST_CASE("a time ahead of the clock is the time of receipt, an old one keeps its day", "[http]") {
  const TemporaryFolder folder;
  Serving bot(folder.file("jieli.db"));
  post_message(
      bot.port(),
      R"({"message_id":"a","group":"g1","user":"u1","text":"发放 口罩 5 只","time":"2099-01-01T00:00:00Z"})");
  post_message(
      bot.port(),
      R"({"message_id":"b","group":"g1","user":"u1","text":"发放 口罩 6 只","time":"2020-02-09T16:30:00Z"})");
  const json entries = json::parse(get(bot.port(), "/api/entries?group=g1").body)["entries"];
  CHECK(entries[0]["time"].get<std::string>().substr(0, 4) != "2099");
  // 16:30 in UTC is half past midnight of the next day in the group's zone.
  CHECK(json::parse(get(bot.port(), "/api/totals?group=g1&from=2020-02-10&to=2020-02-10")
                        .body)["totals"][0]["distributed"] == 6);
}
