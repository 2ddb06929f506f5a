#include <fstream>
#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "bot/outgoing/kind.h"
#include "bot/outgoing/split.h"

using nlohmann::json;
using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

const sys_seconds kNow{seconds{1581336000}};

json vectors() {
  std::ifstream in(JIELI_TESTS "/platforms/wecom/vectors.json");
  REQUIRE(in);
  return json::parse(in);
}

Claimed row_of(const std::string& text) {
  Claimed row;
  row.post.key = "brief/generic:g1/2020-02-10/20:00/hub";
  row.post.group = "generic:g1";
  row.post.target = "hub";
  row.post.text = text;
  return row;
}

PostAnswer answer(int status, std::string body = "") {
  PostAnswer made;
  made.status = status;
  made.body = std::move(body);
  return made;
}

}  // namespace

TEST_CASE("wecom robot: every recorded post is written as the platform wants it") {
  int seen = 0;
  for (const json& vector : vectors()) {
    if (vector["op"] != "robot" || !vector.contains("text")) continue;
    ++seen;
    const auto row = row_of(vector["text"]);
    const auto post = write_wecom_robot({.kind = "wecom-robot", .url = "http://h/", .secret = ""},
                                        {row, row.post.text, kNow});
    CHECK(json::parse(post.body) == vector["expect"]["body_json"]);
    CHECK(post.content_type == "application/json");
  }
  CHECK(seen > 0);
}

TEST_CASE("split: the recorded texts are cut as the platform's limit wants it") {
  int seen = 0;
  for (const json& vector : vectors()) {
    if (vector["op"] != "split") continue;
    ++seen;
    INFO(vector["name"].get<std::string>());
    CHECK(json(split(vector["text"].get<std::string>(), vector["limit"])) ==
          vector["expect"]["parts"]);
  }
  CHECK(seen == 3);
}

TEST_CASE("split: no part is empty or too long, and only line ends at the cuts are lost") {
  const std::string text = "\n\n口罩 500 只\n\n防护服𠮷𠮷𠮷𠮷𠮷𠮷𠮷\n酒精\n";
  for (std::size_t most = 4; most <= text.size() + 1; ++most) {
    std::string joined, wanted;
    for (const auto& part : split(text, most)) {
      CHECK(!part.empty());
      CHECK(part.size() <= most);
      CHECK_NOTHROW(json(part).dump());  // throws on half a character
      joined += part;
    }
    const auto no_ends = [](const std::string& from) {
      std::string kept;
      for (const char c : from) {
        if (c != '\n') kept += c;
      }
      return kept;
    };
    CHECK(no_ends(joined) == no_ends(text));
  }
  CHECK(split("", 10).empty());
  CHECK(split(text, 0) == std::vector<std::string>{text});
  CHECK(split("\xff\xbf\xbf\xbf\xbf\xbf", 2).size() == 3);
}

TEST_CASE("wecom robot: an answer is judged by its errcode") {
  using Outcome = Delivery::Outcome;
  const auto [body, outcome] = GENERATE(table<std::string, Outcome>({
      {R"({"errcode":0,"errmsg":"ok"})", Outcome::sent},
      {R"({"errcode":-1})", Outcome::retry},
      {R"({"errcode":45033})", Outcome::retry},
      {R"({"errcode":45009})", Outcome::hold},
      {R"({"errcode":93000,"errmsg":"invalid webhook url, hint: [123], key=SECRET"})",
       Outcome::park},
      {R"({"errcode":93017})", Outcome::park},
      {R"({"errcode":45002})", Outcome::park},
      {R"({"errcode":123456})", Outcome::retry},
      {R"({"errcode":"0"})", Outcome::retry},
      {"ok", Outcome::retry},
      {"", Outcome::retry},
      {std::string(100000, '['), Outcome::retry},
  }));
  INFO(body.substr(0, 80));
  const auto judged = judge_wecom_robot(answer(200, body));
  CHECK(judged.outcome == outcome);
  CHECK(judged.why.find("SECRET") == std::string::npos);
  if (outcome == Outcome::hold) CHECK(judged.after == seconds{60});
  if (body.find("123456") != std::string::npos) CHECK(judged.most_tries > 0);
}

TEST_CASE("wecom robot: a repeat whose first answer was lost says so where it fits") {
  const Outgoing robot{.kind = "wecom-robot", .url = "http://h/", .secret = ""};
  auto row = row_of("缺口 口罩 500 只");
  row.repeat = true;
  const auto marked = json::parse(write_wecom_robot(robot, {row, row.post.text, kNow}).body);
  CHECK(marked["text"]["content"] == "缺口 口罩 500 只\n（重发：上一次可能已送达）");
  row.post.text = std::string(2048, 'x');
  const auto full = json::parse(write_wecom_robot(robot, {row, row.post.text, kNow}).body);
  CHECK(full["text"]["content"] == row.post.text);
}

TEST_CASE("statuses: 408, 429 and 5xx are tried again, other refusals parked") {
  using Outcome = Delivery::Outcome;
  const auto [status, outcome] = GENERATE(table<int, Outcome>({
      {200, Outcome::sent},
      {204, Outcome::sent},
      {302, Outcome::park},
      {400, Outcome::park},
      {401, Outcome::park},
      {404, Outcome::park},
      {408, Outcome::retry},
      {429, Outcome::retry},
      {500, Outcome::retry},
      {503, Outcome::retry},
  }));
  CAPTURE(status);
  CHECK(judge_webhook(answer(status)).outcome == outcome);
}

TEST_CASE("webhook: the body carries id, group, text and figures, and is signed over its bytes") {
  auto row = row_of("日报");
  row.post.figures = R"({"gaps":[1.5]})";
  const auto post = write_webhook({.kind = "webhook", .url = "http://h/", .secret = "s3cret"},
                                  {row, row.post.text, kNow});
  const auto body = json::parse(post.body);
  CHECK(body == json{{"id", row.post.key},
                     {"group", "generic:g1"},
                     {"text", "日报"},
                     {"figures", {{"gaps", {1.5}}}}});
  const std::map<std::string, std::string> headers(post.headers.begin(), post.headers.end());
  CHECK(headers.at("Idempotency-Key") == row.post.key);
  // printf '%s' "1581336000.$BODY" | openssl dgst -sha256 -hmac s3cret
  CHECK(headers.at("X-Jieli-Signature") ==
        "t=1581336000,v1=0d9e3e3e381eb3cc125b6cbf3992e550e9221b36ef83b36552e0f93f78e5180e");
  CHECK(headers.at("X-Jieli-Signature").find("s3cret") == std::string::npos);
  const auto unsigned_post = write_webhook({.kind = "webhook", .url = "http://h/", .secret = ""},
                                           {row, row.post.text, kNow});
  CHECK(unsigned_post.headers.size() == 1);
}

TEST_CASE("webhook: a key with characters that no header holds is escaped") {
  auto row = row_of("日报");
  row.post.key = "brief/generic:群 1\r\nX: y";
  const auto post = write_webhook({}, {row, row.post.text, kNow});
  CHECK(post.headers.front().second == "brief/generic:%E7%BE%A4%201%0D%0AX:%20y");
  CHECK(json::parse(post.body)["figures"].is_null());
}

TEST_CASE("every kind has a name of its own") {
  std::set<std::string_view> names;
  for (const OutgoingKind& kind : kOutgoingKinds) {
    CHECK(names.insert(kind.name).second);
    CHECK(outgoing_kind(kind.name) == &kind);
  }
  CHECK(outgoing_kind("pigeon") == nullptr);
}
