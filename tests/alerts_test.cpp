// Reminders between briefs: rare, useful, each once.

#include "commands/alerts.h"

#include <catch2/catch.hpp>

#include "storage/figures.h"
#include "tests/room.h"

using namespace std::chrono_literals;

namespace {

/// A group on a platform that can be spoken to at any time.
struct Room : ChatRoom {
  Room() { policy.coordinators = {"generic:陈姐"}; }

  Reply tell(const std::string& user, const std::string& text) {
    Message m = message("g1", user, text);
    m.group = "wecom:g1";
    return say(m);
  }

  /// What is said unasked, `after` later.
  std::vector<std::string> reminded(std::chrono::seconds after) {
    now += after;
    const auto last = db->integer("SELECT coalesce(max(id), 0) FROM outbox", {}).value();
    raise_alerts(*db, now);
    std::vector<std::string> texts;
    db->run("SELECT body FROM outbox WHERE id > $1 AND target = 'wecom:g1' ORDER BY id", {last},
            [&](const Row& row) { texts.push_back(row.string(0)); });
    return texts;
  }
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("an urgent need that nobody answers is told again, once", "[alerts]") {
  Room room;
  room.tell("李四", "急需 N95口罩 200只 到 一医院");
  room.tell("李四", "急需 防护服 30套 到 二医院");
  room.tell("李四", "需要 手套 30双 到 二医院");
  room.tell("王五", "发出 防护服 30套 到 二医院");
  CHECK(room.reminded(3h).empty());
  CHECK(room.reminded(1h) == Texts{"【提醒】急需 4 小时没有人响应：#1 一医院 N95口罩 还缺200只\n"
                                   "能给的请发：\n发出 #1\n不要提醒请发：静音 2小时"});
  CHECK(room.reminded(1h).empty());
}

TEST_CASE("a shipment that nobody confirms is asked about, once", "[alerts]") {
  Room room;
  room.tell("王五", "发出 口罩 400只 到 三院");
  room.tell("王五", "发出 手套 40双 到 三院");
  room.tell("李四", "三院收到手套40双");
  CHECK(room.reminded(47h).empty());
  CHECK(room.reminded(2h) ==
        Texts{"【提醒】#1 发出的 口罩 400只 → 三院，两天没有收到的消息。到了请发：\n收到 #1\n"
              "不要提醒请发：静音 2小时"});
  CHECK(room.reminded(1h).empty());
}

TEST_CASE("stock below the level that a group set is told each time it falls", "[alerts]") {
  Room room;
  CHECK(room.tell("王五", "设置 库存 口罩 100只").text.find("只有") != std::string::npos);
  CHECK(room.tell("陈姐", "设置 库存 口罩 100只")
            .text.starts_with("#1 口罩 库存低于 100只 会提醒。"));
  room.tell("王五", "收到 口罩 150只");
  CHECK(room.reminded(1min).empty());
  room.tell("王五", "消耗 口罩 70只");
  const Texts low{"【提醒】口罩 库存 80只，低于 100只\n不要提醒请发：静音 2小时"};
  CHECK(room.reminded(1min) == low);
  CHECK(room.reminded(1min).empty());
  room.tell("王五", "收到 口罩 50只");
  CHECK(room.reminded(1min).empty());
  room.tell("王五", "消耗 口罩 50只");
  CHECK(room.reminded(1min) == low);
  room.tell("王五", "收到 口罩 500只");
  CHECK(room.reminded(1min).empty());
  room.tell("陈姐", "设置 库存 口罩 关");
  room.tell("王五", "消耗 口罩 570只");
  CHECK(room.reminded(1min).empty());
  CHECK(verify(*room.db, nullptr).empty());
}

TEST_CASE("a muted group is reminded afterwards, one that wants none never", "[alerts]") {
  Room room;
  room.tell("李四", "急需 N95口罩 200只 到 一医院");
  CHECK(room.tell("王五", "静音 2小时").text.find("只有") != std::string::npos);
  CHECK(room.reminded(3h).empty());
  CHECK(room.tell("陈姐", "静音 2小时").text.starts_with("#2 2小时内不提醒；日报照发。"));
  CHECK(room.reminded(90min).empty());
  CHECK(room.reminded(31min).size() == 1);
  room.tell("李四", "急需 护目镜 20副 到 一医院");
  room.tell("陈姐", "设置 提醒 关");
  CHECK(room.reminded(8h).empty());
  room.tell("陈姐", "设置 提醒 9小时");
  CHECK(room.reminded(30min).empty());
  CHECK(room.reminded(1h).size() == 1);
  CHECK(room.tell("陈姐", "静音").text.empty());  // chatter
}

TEST_CASE("where nothing can be said unasked, nobody is reminded", "[alerts]") {
  Room room;
  room.say("g1", "李四", "急需 N95口罩 200只 到 一医院");
  CHECK(room.reminded(5h).empty());
}
