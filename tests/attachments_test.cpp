// Pictures and workbooks that are posted: asked for in a group, or with its briefs.

#include "bot/attachments.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "bot/crypto.h"
#include "bot/schedule.h"
#include "storage/outbox.h"
#include "tests/receiver.h"
#include "tests/room.h"

namespace {

using nlohmann::json;

const std::chrono::sys_seconds kNow{std::chrono::seconds{1581336000}};

Claimed row_to(const std::string& target) {
  Claimed row;
  row.post.key = "picture/telegram:1/2020-02-10/20:00/" + target;
  row.post.group = "telegram:1";
  row.post.target = target;
  return row;
}

std::vector<std::pair<std::string, Attachment>> asked_for(Database& database) {
  std::vector<std::pair<std::string, Attachment>> found;
  database.run("SELECT target, attachment FROM outbox WHERE attachment <> '' ORDER BY id", {},
               [&](const Row& row) {
                 const auto file = decode_attachment(row.text(1));
                 REQUIRE(file);
                 found.emplace_back(row.string(0), *file);
               });
  return found;
}

struct Room : ChatRoom {
  Room() {
    policy.coordinators = {"generic:陈姐"};
    policy.can_attach = [](const std::string& group, Attachment::Kind) {
      return group.starts_with("telegram:");
    };
  }
  Reply tell(const std::string& user, const std::string& text) {
    Message m = message("1", user, text);
    m.group = "telegram:1";
    return say(m);
  }
};

}  // namespace

TEST_CASE("a file is asked for in the group that it is posted to", "[attachments]") {
  Room room;
  room.tell("李四", "需要 口罩 500只 到 一医院");
  CHECK(room.tell("李四", "日报 图").text.starts_with("【日报】"));
  CHECK(room.tell("李四", "导出").text.find("只有本群协调员") != std::string::npos);
  CHECK(room.tell("陈姐", "导出").text == "表格马上发到群里（telegram:1 全部）。");
  CHECK(room.say("g2", "李四", "日报 图").text.find("发不了图") != std::string::npos);
  const auto files = asked_for(*room.db);
  REQUIRE(files.size() == 2);
  CHECK(files[0].first == "telegram:1");
  CHECK(files[0].second.kind == Attachment::Kind::picture);
  CHECK(files[0].second.of == "telegram:1");
  CHECK(files[0].second.days.from == files[0].second.days.to);
  CHECK(files[1].second.kind == Attachment::Kind::workbook);
  CHECK_FALSE(files[1].second.days.from);
}

TEST_CASE("what is told of a file is read again", "[attachments]") {
  const Attachment whole{Attachment::Kind::workbook, "", {}};
  CHECK(decode_attachment(encode(whole))->of.empty());
  const Attachment area{Attachment::Kind::picture, "某某 协会", {{}, 18302}};
  const auto again = decode_attachment(encode(area));
  REQUIRE(again);
  CHECK(again->of == "某某 协会");
  CHECK_FALSE(again->days.from);
  CHECK(again->days.to == 18302);
  CHECK_FALSE(decode_attachment("film 1 2 x"));
  CHECK_FALSE(decode_attachment("picture one 2 x"));
}

TEST_CASE("files are made of the groups asked for", "[attachments]") {
  Room room;
  room.policy.groups["telegram:1"] = {"一群", "某某协会", "安徽/合肥"};
  room.tell("李四", "需要 口罩 500只 到 一医院");
  room.say("g2", "李四", "需要 护目镜 20副 到 二医院");
  const auto make = [&](Attachment::Kind kind, const std::string& of) {
    return make_file(*room.db, {kind, of, {}}, room.policy);
  };
  for (const std::string of : {"", "合肥市", "telegram:1"}) {
    const PostedFile drawn = make(Attachment::Kind::picture, of);
    CHECK(drawn.bytes.starts_with("\x89PNG"));
    CHECK(drawn.name == "jieli.png");
    CHECK(make(Attachment::Kind::workbook, of).bytes.starts_with("PK"));
  }
  CHECK_THROWS_AS(make(Attachment::Kind::picture, "天上"), std::runtime_error);
}

TEST_CASE("each place gets files in its own form", "[attachments]") {
  std::vector<Received> got;
  Receiver receiver([&](const Received& request) {
    got.push_back(request);
    return Behaviour::answer(200, R"({"errcode":0,"ok":true,"status":"ok","retcode":0})");
  });
  Config config;
  config.outgoing["hub"] = {"webhook", receiver.url("/hub"), ""};
  config.outgoing["robot"] = {"wecom-robot", receiver.url("/robot"), ""};
  std::string api = receiver.url("");
  config.platforms["onebot"] = {{"api", api}, {"access_token", "T"}};
  config.platforms["telegram"] = {{"api", api}, {"bot_token", "B"}};
  using File = Attachment::Kind;
  CHECK(takes(config, "hub", File::workbook));
  CHECK(takes(config, "robot", File::picture));
  CHECK_FALSE(takes(config, "robot", File::workbook));
  CHECK(takes(config, "telegram:-100", File::workbook));
  CHECK_FALSE(takes(config, "feishu:oc", File::picture));
  CHECK_FALSE(takes(config, "nowhere", File::picture));

  HttpCaller caller;
  const PostedFile picture{"a.png", "\x89PNG bytes", true};
  const PostedFile sheet{"a.xlsx", "PK bytes", false};
  const auto send = [&](const std::string& target, const PostedFile& file) {
    const Delivery delivery = post_file(caller, config, row_to(target), file, kNow);
    INFO(target << " " << delivery.why);
    CHECK(delivery.outcome == Delivery::Outcome::sent);
    CHECK(delivery.last);
    receiver.settle();
    return got.back();
  };
  json body = json::parse(send("hub", sheet).body);
  CHECK(body["file"]["name"] == "a.xlsx");
  CHECK(from_base64(body["file"]["base64"].get<std::string>()) == sheet.bytes);
  body = json::parse(send("robot", picture).body);
  CHECK(body["msgtype"] == "image");
  CHECK(body["image"]["md5"] == hex(md5(picture.bytes)));
  Received request = send("onebot:5", picture);
  CHECK(request.path == "/send_group_msg");
  CHECK(request.headers.at("authorization") == "Bearer T");
  body = json::parse(request.body);
  CHECK(body["message"][0]["type"] == "image");
  CHECK(body["message"][0]["data"]["file"] == "base64://" + base64(picture.bytes));
  request = send("onebot:5", sheet);
  CHECK(request.path == "/upload_group_file");
  CHECK(json::parse(request.body)["name"] == "a.xlsx");
  request = send("telegram:-100", sheet);
  CHECK(request.path == "/botB/sendDocument");
  CHECK(request.body.find("name=\"document\"; filename=\"a.xlsx\"") != std::string::npos);
  CHECK(request.body.find("PK bytes") != std::string::npos);
  CHECK(send("telegram:-100", picture).path == "/botB/sendPhoto");
  CHECK(post_file(caller, config, row_to("feishu:x"), picture, kNow).outcome ==
        Delivery::Outcome::park);
}

TEST_CASE("with picture = true a brief is followed by its picture", "[attachments]") {
  const auto database = open_database(":memory:");
  database->script(kOutboxSchema);
  Config config;
  config.outgoing["hub"] = {"webhook", "http://127.0.0.1:9/", ""};
  config.outgoing["lark"] = {"feishu-robot", "http://127.0.0.1:9/", ""};
  GroupConfig& group = config.groups["generic:g1"];
  group.summary = {20 * 60};
  group.post_to = {"hub", "lark"};
  group.picture = true;
  const Zone zone("Asia/Shanghai");
  const auto now = zone.instant(*parse_day("2020-02-10"), 20 * 60);
  const auto all = schedules(config);
  settle_hours(*database, all, zone, now);
  const auto of = [&](Database&, const std::string&) { return all.front(); };
  const auto make = [](Database&, const std::string&, const Days&) {
    return MadeBrief{"日报", "{}"};
  };
  CHECK(enqueue_due(*database, of, zone, now, make, 8) == 1);
  std::vector<std::string> keys;
  database->run("SELECT dedup FROM outbox ORDER BY id", {},
                [&](const Row& row) { keys.push_back(row.string(0)); });
  CHECK(keys == std::vector<std::string>{"brief/generic:g1/2020-02-10/20:00/hub",
                                         "picture/generic:g1/2020-02-10/20:00/hub",
                                         "brief/generic:g1/2020-02-10/20:00/lark"});
  const auto files = asked_for(*database);
  REQUIRE(files.size() == 1);
  CHECK(files[0].second.of == "generic:g1");
}
