#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

#include <catch2/catch.hpp>

#include "bot/calendar.h"
#include "bot/platforms/generic_json.h"
#include "commands/command.h"
#include "commands/parser/parser.h"
#include "storage/figures.h"
#include "storage/schema.h"

namespace {

struct Hub {
  std::string group, from, to;
  std::map<std::string, std::string> distributed, used;  // item, figure with unit
  std::map<std::string, std::string> metrics;            // name, figure with unit
};

// What the hubs themselves published for the period.
const Hub kAnhui{"demo-anhui",
                 "2020-02-08",
                 "2020-03-01",
                 {{"口罩", "140185只"},
                  {"手套", "66450双"},  // said in 副, which is the same count
                  {"隔离衣", "660件"},
                  {"护目镜", "354副"},
                  {"消毒液", "7000公斤"},
                  {"酒精", "2000公斤"}},
                 {},
                 {{"社会组织", "57家"},
                  {"活动", "296次"},
                  {"地市", "16个"},
                  {"志愿者", "3452人次"},
                  {"受益", "100000人次"}}};
const Hub kShandong{"demo-shandong",
                    "2020-01-24",
                    "2020-03-01",
                    {{"KN95口罩", "8000只"}, {"医用外科口罩", "40000只"}, {"酒精", "20000公斤"}},
                    {{"消毒液", "4000公斤"}},
                    {{"社会组织", "153家"},
                     {"企业", "54家"},  // 政府及企业
                     {"媒体", "19家"},
                     {"志愿者", "1470名"},
                     {"车辆", "3450台次"},
                     {"专业队伍", "29支"},
                     {"村居社区", "7000个"},
                     {"面积", "200平方公里"},
                     {"受益", "5800000人"},
                     {"新闻", "700条"},
                     {"推送", "1750000次"}}};

struct Replayed {
  std::unique_ptr<Database> db = open_database(":memory:");
  Policy policy;
  std::vector<Reply> replies;

  Replayed() {
    migrate(*db);
    policy.catalogue = &Catalogue::built_in();
    policy.day = [zone = Zone("Asia/Shanghai")](const std::string&, std::chrono::sys_seconds at) {
      return zone.day(at);
    };
    policy.group_name = [](const std::string& group) { return group; };
    policy.messages_a_minute = 0;
  }

  void play(const std::string& name) {
    std::ifstream in(JIELI_TESTS "/../config/demo/" + name);
    REQUIRE(in);
    replies.clear();
    for (std::string line; std::getline(in, line);) {
      const Message message =
          read_generic(line, std::chrono::sys_days{std::chrono::year{2020} / 4 / 1});
      const Reading reading = read(message.text, *policy.catalogue);
      Transaction transaction(*db);
      replies.push_back(answer(*db, message, reading, policy, message.time));
      transaction.commit();
    }
  }
};

void check(Replayed& ledger, const Hub& hub) {
  const std::string group = "generic:" + hub.group;
  const Days days{parse_day(hub.from), parse_day(hub.to)};
  REQUIRE(days.from);
  REQUIRE(days.to);
  std::map<std::string, std::string> distributed, used, work;
  for (const TotalRow& row :
       totals(*ledger.db, {.group = group, .item = {}, .place = {}, .days = days})) {
    if (row.distributed > Quantity{}) distributed[row.item] = to_string(row.distributed) + row.unit;
    if (row.used > Quantity{}) used[row.item] = to_string(row.used) + row.unit;
  }
  for (const MetricRow& row : metrics(*ledger.db, group, days)) {
    work[row.name] = to_string(row.quantity) + row.unit;
  }
  for (const auto& [item, figure] : hub.distributed)
    CHECK(item + distributed[item] == item + figure);
  CHECK(used == hub.used);
  CHECK(work == hub.metrics);
}

}  // namespace

TEST_CASE("the demo's messages come to the figures that the hubs published", "[demo]") {
  Replayed ledger;
  ledger.play("anhui.jsonl");
  ledger.play("shandong.jsonl");
  check(ledger, kAnhui);
  check(ledger, kShandong);
  CHECK(verify(*ledger.db, nullptr).empty());
  CHECK_FALSE(needs(*ledger.db, "generic:demo-anhui", std::nullopt, NeedStatus::open).empty());
}

TEST_CASE("the demo played twice changes nothing", "[demo]") {
  Replayed ledger;
  ledger.play("anhui.jsonl");
  const std::vector<Reply> first = ledger.replies;
  const auto count = [&] {
    return entries(*ledger.db, "generic:demo-anhui", std::nullopt, 0, 100'000).size();
  };
  const std::size_t recorded = count();
  ledger.play("anhui.jsonl");
  CHECK(count() == recorded);
  REQUIRE(ledger.replies.size() == first.size());
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(ledger.replies[i].entries == first[i].entries);
    // What gets no answer is not stored, and so is not known the second time either.
    CHECK(ledger.replies[i].duplicate == !first[i].text.empty());
  }
  check(ledger, kAnhui);
}
