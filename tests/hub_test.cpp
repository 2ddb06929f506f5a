#include <catch2/catch.hpp>

#include "commands/stale.h"
#include "storage/figures.h"
#include "storage/outbox.h"
#include "tests/room.h"

namespace {

TotalRow of_all(Database& database, const std::string& item) {
  const auto rows = totals(database, {.group = {}, .item = item});
  REQUIRE(rows.size() == 1);
  return rows.front();
}

}  // namespace

TEST_CASE("a sum over all groups counts what passed between two of them once", "[hub]") {
  ChatRoom room;
  room.policy.groups["generic:g2"] = {"市协会群", "市协会", "安徽/合肥"};
  room.say("g1", "李四", "收到 口罩 1000只");
  room.say("g1", "李四", "发出 口罩 300只 到 市协会群");
  CHECK(of_all(*room.db, "口罩").in_transit == Quantity::whole(300));
  CHECK(of_all(*room.db, "口罩").stock == Quantity::whole(700));
  room.say("g2", "王五", "收到 #1");
  const TotalRow all = of_all(*room.db, "口罩");
  CHECK(all.in_transit == Quantity{});
  CHECK(all.received == Quantity::whole(1000));
  CHECK(all.distributed == Quantity{});
  CHECK(all.stock == Quantity::whole(1000));
  const Days that_day{0, 30'000};
  CHECK(totals(*room.db, {.group = {}, .item = "口罩", .days = that_day}).front().received ==
        Quantity::whole(1000));

  room.say("g2", "王五", "发放 口罩 100只 到 三院");
  CHECK(of_all(*room.db, "口罩").distributed == Quantity::whole(100));
  CHECK(Outbox(*room.db).state().waiting == 2);
  CHECK(verify(*room.db, nullptr).empty());
}

TEST_CASE("a need that nobody touches is asked about, and is stale until somebody does", "[hub]") {
  using std::chrono::days;
  ChatRoom room;
  const auto status = [&](std::int64_t number) {
    for (const NeedRow& need :
         needs(*room.db, "generic:g1", std::nullopt, NeedStatus::open)) {
      if (need.id == number) return need.status;
    }
    return std::string("gone");
  };
  room.say("g1", "李四", "需要 口罩 500只 到 三院");
  room.say("g1", "李四", "需要 手套 50双 到 三院");
  CHECK(ask_about_stale(*room.db, room.policy, room.now + days(6), 7) == 0);
  room.now += days(8);
  CHECK(ask_about_stale(*room.db, room.policy, room.now, 7) == 2);
  CHECK(ask_about_stale(*room.db, room.policy, room.now, 7) == 0);
  CHECK(Outbox(*room.db).state().waiting == 2);
  CHECK(status(1) == "stale");
  CHECK(status(2) == "stale");

  CHECK(room.say("g1", "路人", "是 #1").text.find("要由被问的人") != std::string::npos);
  room.say("g1", "李四", "是 #1");
  CHECK(status(1) == "open");
  room.say("g1", "王五", "发放 手套 10双 到 三院");
  CHECK(status(2) == "partly");
  room.now += days(8);
  CHECK(ask_about_stale(*room.db, room.policy, room.now, 7) == 2);
  CHECK(status(1) == "stale");
  CHECK(verify(*room.db, nullptr).empty());
}

TEST_CASE("a need is stale without a word where the bot cannot speak up", "[hub]") {
  ChatRoom room;
  room.policy.can_speak = [](const std::string&) { return false; };
  room.say("g1", "李四", "需要 口罩 500只 到 三院");
  room.now += std::chrono::days(8);
  CHECK(ask_about_stale(*room.db, room.policy, room.now, 7) == 1);
  CHECK(Outbox(*room.db).state().waiting == 0);
  CHECK(needs(*room.db, "generic:g1", std::nullopt, NeedStatus::open).front().status == "stale");
}
