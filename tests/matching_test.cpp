// Matches in the ledger: what chat scripts cannot show. Random decisions never give away more than
// there is; what time brings about; an arrival is fitted into the plan that stands.

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "commands/matching/follow.h"
#include "commands/matching/propose.h"
#include "commands/matching/stated.h"
#include "storage/figures.h"
#include "storage/ledger.h"
#include "tests/room.h"

namespace {

using namespace std::chrono_literals;

struct Hub : ChatRoom {
  Hub() {
    policy.coordinators = {"generic:王五"};
    policy.groups["generic:g1"] = {"一群", "联合会", "湖北/孝感"};
    policy.groups["generic:g2"] = {"二群", "联合会", "安徽/合肥"};
  }
  std::vector<std::string> posts() {
    std::vector<std::string> texts;
    db->run("SELECT body FROM outbox ORDER BY id", {},
            [&](const Row& row) { texts.push_back(row.string(0)); });
    return texts;
  }
};

/// What proposals and promises take from each need and giving, against what the ledger says there
/// is, asked for in another way than the product does.
void check_room(Hub& hub) {
  std::map<Point, std::int64_t> taken, promised;
  for (const Match& m : Matches(*hub.db).promises(std::nullopt)) {
    promised[{m.need_group + "/need", m.need}] += m.quantity.thousandths;
    promised[{m.from_group + (m.from == 0 ? "/" + m.item : ""), m.from}] += m.quantity.thousandths;
  }
  for (const Match& m : standing_proposals(*hub.db, std::nullopt)) {
    taken[{m.need_group + "/need", m.need}] += m.quantity.thousandths;
    taken[{m.from_group + (m.from == 0 ? "/" + m.item : ""), m.from}] += m.quantity.thousandths;
    const auto need = Ledger(*hub.db).find(m.need_group, m.need);
    REQUIRE(need);
    CHECK(need->open());
    CHECK(need->item == m.item);
    const auto left = need->rest().thousandths - promised[{m.need_group + "/need", m.need}];
    CHECK(taken[{m.need_group + "/need", m.need}] <= left);
    if (m.from == 0) {
      const auto stock = line_total(*hub.db, m.from_group, m.item, m.unit, std::nullopt).stock;
      CHECK(taken[{m.from_group + "/" + m.item, 0}] <=
            stock.thousandths - promised[{m.from_group + "/" + m.item, 0}]);
    } else {
      const auto giving = Ledger(*hub.db).find(m.from_group, m.from);
      CHECK(giving->open());
      CHECK(taken[{m.from_group, m.from}] <=
            giving->rest().thousandths - promised[{m.from_group, m.from}]);
    }
  }
  for (const NeedRow& need : needs(*hub.db, std::nullopt, std::nullopt, NeedStatus::all)) {
    CHECK(need.promised <= need.outstanding.value_or(need.promised));
  }
}

/// All that matches sent from an offer is not more than was offered.
void check_sent(Hub& hub) {
  std::map<Point, std::int64_t> sent;
  for (const Match& m : Matches(*hub.db).all(std::nullopt)) {
    if (m.state != Match::State::shipped || m.from == 0) continue;
    sent[{m.from_group, m.from}] += m.quantity.thousandths;
  }
  for (const auto& [point, amount] : sent) {
    const auto offer = Ledger(*hub.db).find(point.group, point.number);
    if (offer && offer->voided_by == 0) CHECK(amount <= offer->quantity->thousandths);
  }
}

}  // namespace

TEST_CASE("no decision gives more than an offer has or a need lacks", "[matching]") {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    std::mt19937 random(seed);
    const auto upto = [&](int most) { return std::uniform_int_distribution<int>(1, most)(random); };
    Hub hub;
    for (int step = 0; step < 120; ++step) {
      const std::string group = "g" + std::to_string(upto(2));
      const std::string item = upto(2) == 1 ? "口罩" : "酒精";
      const std::string unit = item == "口罩" ? "只" : "瓶";
      const std::string place = fmt::format("{}院", upto(4));
      const std::int64_t last = hub.db->integer("SELECT max(id) FROM matches", {}).value_or(0);
      const auto some = [&] { return std::max<std::int64_t>(1, last - upto(6) + 1); };
      const std::int64_t entry = upto(step / 2 + 3);
      std::string text;
      switch (upto(14)) {
        case 1:
        case 2:
          text = fmt::format("需要 {} {}{} 到 {}", item, upto(9) * 10, unit, place);
          break;
        case 3:
          text = fmt::format("捐赠 {} {}{}", item, upto(20) * 10, unit);
          break;
        case 4:
          text = fmt::format("收到 {} {}{}", item, upto(20) * 10, unit);
          break;
        case 5:
          text = fmt::format("发放 {} {}{} 到 {}", item, upto(9) * 10, unit, place);
          break;
        case 6:
        case 7:
          text = "匹配";
          break;
        case 8:
        case 9:
          text = fmt::format("确认 匹配 {}", some());
          break;
        case 10:
          text = fmt::format("拒绝 匹配 {}", some());
          break;
        case 11:
          text = fmt::format("发出 匹配 {}", some());
          break;
        case 12:
          text = fmt::format("撤销 #{}", entry);
          break;
        case 13:
          text = fmt::format("收到 #{}", entry);
          break;
        default:
          text = fmt::format("{}{}够了", place, item);
      }
      INFO("seed " << seed << ", step " << step << ": " << group << " " << text);
      hub.say(group, "王五", text);
      check_room(hub);
      check_sent(hub);
    }
    CHECK(verify(*hub.db, nullptr).empty());
  }
}

TEST_CASE("a promise that is not kept in time is released, and both groups hear of it",
          "[matching]") {
  Hub hub;
  hub.say("g1", "李四", "捐赠 口罩 500只");
  hub.say("g2", "三院", "需要 口罩 300只 到 三院");
  hub.say("g2", "王五", "匹配");
  hub.say("g2", "王五", "确认 匹配 1");
  follow_up_matches(*hub.db, hub.policy, hub.now + 47h);
  CHECK(Matches(*hub.db).find(1)->state == Match::State::confirmed);
  const auto said = hub.posts().size();
  follow_up_matches(*hub.db, hub.policy, hub.now + 49h);
  follow_up_matches(*hub.db, hub.policy, hub.now + 50h);
  CHECK(Matches(*hub.db).find(1)->state == Match::State::released);
  CHECK(hub.posts().size() == said + 2);
  CHECK(hub.posts().back().find("超过 48 小时没有发出") != std::string::npos);
  CHECK(needs(*hub.db, "generic:g2", std::nullopt, NeedStatus::open).at(0).promised == Quantity{});
  CHECK(verify(*hub.db, nullptr).empty());
}

TEST_CASE("a match that is long on the road is asked about, once", "[matching]") {
  Hub hub;
  hub.say("g1", "李四", "捐赠 口罩 500只");
  hub.say("g1", "三院", "需要 口罩 300只 到 三院");
  hub.say("g1", "王五", "匹配");
  hub.say("g1", "王五", "确认 匹配 1");
  hub.say("g1", "王五", "发出 匹配 1");
  follow_up_matches(*hub.db, hub.policy, hub.now + 49h);
  follow_up_matches(*hub.db, hub.policy, hub.now + 60h);
  REQUIRE(hub.posts().size() == 1);
  CHECK(hub.posts().front().find("收到 #4") != std::string::npos);
  hub.say("g1", "三院", "收到 #4");
  follow_up_matches(*hub.db, hub.policy, hub.now + 90h);
  CHECK(hub.posts().size() == 1);
}

TEST_CASE("what arrives is fitted into the plan that stands", "[matching]") {
  Hub hub;
  hub.say("g1", "李四", "捐赠 口罩 500只");
  hub.say("g1", "三院", "需要 口罩 300只 到 三院");
  hub.say("g1", "王五", "匹配");
  hub.say("g1", "四院", "急需 口罩 400只 到 四院");
  const auto fitted =
      add_proposals(*hub.db, fit_in(*hub.db, hub.policy, hub.now, "口罩", {{"generic:g1", 3}}));
  REQUIRE(fitted.size() == 1);
  CHECK(fitted.front().id == 2);
  CHECK(fitted.front().quantity == Quantity::whole(200));  // the first proposal keeps its own
  CHECK(Matches(*hub.db).find(1)->quantity == Quantity::whole(300));
}

TEST_CASE("a confirmed match and its refusal are not proposed again", "[matching]") {
  Hub hub;
  hub.say("g1", "李四", "捐赠 口罩 500只");
  hub.say("g1", "三院", "需要 口罩 300只 到 三院");
  hub.say("g1", "王五", "匹配");
  hub.say("g1", "王五", "拒绝 匹配 1 太远");
  CHECK(fit_in(*hub.db, hub.policy, hub.now, "口罩", {{"generic:g1", 2}}).empty());
  CHECK(hub.say("g1", "王五", "匹配").text.find("没有可匹配") != std::string::npos);
  hub.say("g1", "赵六", "捐赠 口罩 100只");
  CHECK(fit_in(*hub.db, hub.policy, hub.now, "口罩", {{"generic:g1", 3}}).size() == 1);
}

TEST_CASE("what a text states of its goods", "[matching]") {
  const auto values = [](std::string_view text) {
    std::string all;
    for (const Stated& s : stated_in(text)) all += (all.empty() ? "" : " ") + s.value;
    return all;
  };
  CHECK(values("需要 N95口罩(GB 19083-2010) 200只") == "GB19083");
  CHECK(values("外科口罩 yy0469 无菌") == "YY0469 无菌");
  CHECK(values("YY/T 0969 非无菌") == "YY0969 非无菌");
  CHECK(values("ＧＢ１９０８２ 防护服") == "GB19082");
  CHECK(values("不带阀的N95") == "无阀");
  CHECK(values("大号防护服20套") == "大号");
  CHECK(values("需要 口罩 200只") == "");
  CHECK(values("500GB的硬盘") == "");
  CHECK(part_about("口罩 200只 无阀，酒精 20瓶", "20瓶", false) == "酒精 20瓶");
  CHECK(meets(stated_in("要无菌"), stated_in("无菌")) == Meets::yes);
  CHECK(meets(stated_in("要无菌"), stated_in("")) == Meets::unsaid);
  CHECK(meets(stated_in("要无菌"), stated_in("非无菌")) == Meets::no);
  CHECK(meets(stated_in("GB 19083"), stated_in("GB 2626")) == Meets::no);
}
