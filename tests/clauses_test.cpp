// What one clause hands on to the next, and which of two figures counts what. Every sentence here
// was made up for the test.

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "commands/parser/parser.h"

namespace {

/// Each statement in a few words: received 口罩 480只 of 500 -> 三院.
std::string told(std::string_view text) {
  std::string all;
  for (const Statement& s : read(text, Catalogue::built_in(), 18312).statements) {
    if (!all.empty()) all += "; ";
    all += s.word.empty() ? "-" : s.word;
    all += " " + (s.canonical.empty() ? s.item : s.canonical);
    if (s.quantity) all += " " + to_string(*s.quantity) + s.unit;
    if (s.alt) all += "(" + to_string(s.alt->quantity) + s.alt->unit + ")";
    if (s.pack) all += "(" + to_string(s.pack->per) + s.pack->unit + "/" + s.pack->of + ")";
    if (s.expected) all += " of " + to_string(*s.expected);
    if (s.receivers > 0) all += " for " + std::to_string(s.receivers);
    if (!s.place.empty()) all += " -> " + s.place;
  }
  return all;
}

}  // namespace

TEST_CASE("a figure with a noun of its own is never a second measure", "[parser]") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"收到口罩100只和5箱酒精", "收到 口罩 100只; 收到 酒精 5箱"},
      {"收到口罩100只 5箱酒精", "收到 口罩 100只; 收到 酒精 5箱"},
      {"收到口罩100只+5箱酒精", "收到 口罩 100只; 收到 酒精 5箱"},
      {"收到口罩100只加5箱酒精", "收到 口罩 100只; 收到 酒精 5箱"},
      {"收到口罩100只另外5箱酒精", "收到 口罩 100只; 收到 酒精 5箱"},
      {"收到口罩100只，还有5箱酒精", "收到 口罩 100只; 收到 酒精 5箱"},
      {"收到口罩100只以及20套防护服", "收到 口罩 100只; 收到 防护服 20套"},
      {"收到口罩2箱和100只手套", "收到 口罩 2箱; 收到 手套 100只"},
      {"收到口罩2箱100只手套", "收到 口罩 2箱; 收到 手套 100只"},
      {"收到口罩100只和5箱蓝月亮", "收到 口罩 100只; 收到 蓝月亮 5箱"},
      {"发放口罩100只和5箱酒精给三院", "发放 口罩 100只 -> 三院; 发放 酒精 5箱 -> 三院"},
      {"收到口罩100只+5箱酒精+20套防护服", "收到 口罩 100只; 收到 酒精 5箱; 收到 防护服 20套"},
      {"收到口罩100只和5箱酒精 护目镜30副", "收到 口罩 100只; 收到 酒精 5箱; 收到 护目镜 30副"},
      {"收到手套100双和口罩50只 5箱酒精", "收到 手套 100双; 收到 口罩 50只; 收到 酒精 5箱"},
      {"收到口罩3箱零20只", "收到 口罩 3箱; 收到 口罩 20只"},
      {"收到口罩3箱和20只", "收到 口罩 3箱; 收到 口罩 20只"},
      // Without one it still is.
      {"收到口罩2箱4000只", "收到 口罩 2箱(4000只)"},
      {"收到口罩2箱 4000只", "收到 口罩 2箱(4000只)"},
      {"收到口罩 2箱 4000只 手套100双", "收到 口罩 2箱(4000只); 收到 手套 100双"},
      {"收到口罩2箱（4000只）、5瓶酒精", "收到 口罩 2箱(4000只); 收到 酒精 5瓶"},
  }));
  CHECK(told(text) == expected);
}

TEST_CASE("a clause without a place goes on about the one before it", "[parser]") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"三院收到口罩100只，还缺200只", "收到 口罩 100只 -> 三院; 还缺 口罩 200只 -> 三院"},
      {"三院收到口罩100只 还需要200只", "收到 口罩 100只 -> 三院; 还需要 口罩 200只 -> 三院"},
      {"三院收到口罩100只。还缺200只", "收到 口罩 100只 -> 三院; 还缺 口罩 200只 -> 三院"},
      {"三院收到口罩100只\n还缺200只", "收到 口罩 100只 -> 三院; 还缺 口罩 200只 -> 三院"},
      {"三院收到口罩100只，还缺酒精5瓶", "收到 口罩 100只 -> 三院; 还缺 酒精 5瓶 -> 三院"},
      {"三院收到口罩100只，还差防护服20套，护目镜30副",
       "收到 口罩 100只 -> 三院; 还差 防护服 20套 -> 三院; 还差 护目镜 30副 -> 三院"},
      {"三院N95口罩只剩20只，需要500只", "只剩 N95口罩 20只 -> 三院; 需要 N95口罩 500只 -> 三院"},
      {"三院口罩够了，酒精还缺5瓶", "够了 口罩 -> 三院; 还缺 酒精 5瓶 -> 三院"},
      {"三院反馈：口罩已收到100只，还缺200只",
       "已收到 口罩 100只 -> 三院; 还缺 口罩 200只 -> 三院"},
      {"三院来电，口罩收到100只，还缺200只", "收到 口罩 100只 -> 三院; 还缺 口罩 200只 -> 三院"},
      {"收到三院反馈，口罩还缺200只", "还缺 口罩 200只 -> 三院"},
      {"三院说他们防护服不够了，要200套", "要 防护服 200套 -> 三院"},
      {"三院消耗口罩100只，剩余20只，需要500只",
       "消耗 口罩 100只 -> 三院; 剩余 口罩 20只 -> 三院; 需要 口罩 500只 -> 三院"},
      {"三院收到口罩100只，破损3只，已用20只",
       "收到 口罩 100只 -> 三院; 破损 口罩 3只 -> 三院; 已用 口罩 20只 -> 三院"},
      {"三院需要口罩500只，已收到100只，还缺400只",
       "需要 口罩 500只 -> 三院; 已收到 口罩 100只 -> 三院; 还缺 口罩 400只 -> 三院"},
      {"三院需要口罩500只，已发放100只", "需要 口罩 500只 -> 三院; 已发放 口罩 100只 -> 三院"},
      {"发放口罩100只给三院，还缺200只", "发放 口罩 100只 -> 三院; 还缺 口罩 200只 -> 三院"},
      // Of another place, or of our own.
      {"三院收到口罩100只，四院还缺200只", "收到 口罩 100只 -> 三院; 还缺 口罩 200只 -> 四院"},
      {"三院收到口罩100只，我们还缺200只", "收到 口罩 100只 -> 三院; 还缺 口罩 200只"},
      {"三院收到口罩100只，仓库还剩200只", "收到 口罩 100只 -> 三院; 仓库还剩 口罩 200只"},
      {"给三院发放口罩100只，还剩200只", "发放 口罩 100只 -> 三院; 还剩 口罩 200只"},
      {"三院需要口罩500只，已采购300只", "需要 口罩 500只 -> 三院; 采购 口罩 300只"},
      {"三院收到口罩100只。手套收到20双", "收到 口罩 100只 -> 三院; 收到 手套 20双"},
      {"给三院、四院各发放口罩50只，还缺200只",
       "发放 口罩 50只 -> 三院; 发放 口罩 50只 -> 四院; 还缺 口罩 200只"},
      // 说 and 反馈 are words of speech only after a place.
      {"收到小说20本", "收到 小说 20本"},
  }));
  CHECK(told(text) == expected);
}

TEST_CASE("what was due, what came and what is short are one receipt", "[parser]") {
  const auto text = GENERATE(values<std::string>({
      "三院收到口罩480只（应到500只）",
      "三院收到口罩480只(应收500)",
      "三院实到口罩480只，应到500只",
      "三院应到口罩500只，实到480只",
      "三院应到口罩500只，实到口罩480只",
      "三院口罩应收500只实收480只",
      "三院收到口罩480只，应到500只",
      "三院收到口罩480只，应到500只，实到480只",
      "三院实收口罩480只（应收500只）",
      "三院收到口罩480只，短少20只",
      "三院收到口罩480只，少了20只",
      "三院口罩应到500只，实到480只，短少20只",
  }));
  CAPTURE(text);
  const auto said = read(text, Catalogue::built_in(), 18312).statements;
  REQUIRE(said.size() == 1);
  CHECK(said.front().action == Action::received);
  CHECK(said.front().item == "口罩");
  CHECK(said.front().quantity == Quantity::whole(480));
  CHECK(said.front().expected == Quantity::whole(500));
  CHECK(said.front().place == "三院");
}

TEST_CASE("a receipt may name its shipment, or nothing but figures", "[parser]") {
  const auto text = GENERATE(values<std::string>(
      {"收到 #1 480，短少20", "收到 #1 480（应到500）", "收到 #1 应到500实到480",
       "收到 #1 实到480，应到500", "应到500实到480", "应收500，实收480", "实到480只，应到500只"}));
  CAPTURE(text);
  const auto said = read(text, Catalogue::built_in(), 18312).statements;
  REQUIRE(said.size() == 1);
  CHECK(said.front().action == Action::reference);
  CHECK(said.front().act == Act::received);
  CHECK(said.front().quantity == Quantity::whole(480));
  CHECK(said.front().expected == Quantity::whole(500));
}

TEST_CASE("a total is told apart from its parts", "[parser]") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"发放口罩100只给三院、四院各50只", "发放 口罩 50只 -> 三院; 发放 口罩 50只 -> 四院"},
      {"发放口罩100只给三院和四院各50只", "发放 口罩 50只 -> 三院; 发放 口罩 50只 -> 四院"},
      {"发放口罩10只给王五、赵六各5只", "发放 口罩 5只 -> 王五; 发放 口罩 5只 -> 赵六"},
      {"发放口罩500只，三院200只，四院300只", "发放 口罩 200只 -> 三院; 发放 口罩 300只 -> 四院"},
      {"发放口罩500只（三院200只，四院300只）", "发放 口罩 200只 -> 三院; 发放 口罩 300只 -> 四院"},
      {"发放口罩500只，其中三院200只，四院300只",
       "发放 口罩 200只 -> 三院; 发放 口罩 300只 -> 四院"},
      {"发放口罩500只，其中给三院200只、四院300只",
       "发放 口罩 200只 -> 三院; 发放 口罩 300只 -> 四院"},
      {"发放口罩500只，其中三院200只", "发放 口罩 500只"},
      {"需要口罩各100只到三院、四院", "需要 口罩 100只 -> 三院; 需要 口罩 100只 -> 四院"},
      {"三院、四院、五院每家发放口罩100只",
       "发放 口罩 100只 -> 三院; 发放 口罩 100只 -> 四院; 发放 口罩 100只 -> 五院"},
      {"给三院四院各发放口罩50只", "发放 口罩 50只 -> 三院; 发放 口罩 50只 -> 四院"},
      {"给3家医院各发放口罩50只", "发放 口罩 50只 for 3"},
      {"给三院、四院各发放口罩50只、酒精3瓶",
       "发放 口罩 50只 -> 三院; 发放 口罩 50只 -> 四院; 发放 酒精 3瓶 -> 三院; 发放 酒精 3瓶 -> "
       "四院"},
      {"发放三院口罩50只；四院酒精3瓶", "发放 口罩 50只 -> 三院; 发放 酒精 3瓶 -> 四院"},
  }));
  CHECK(told(text) == expected);
}

TEST_CASE("the size of a pack is not the figure, wherever it stands", "[parser]") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"收到20瓶500ml酒精", "收到 酒精 20瓶(500ml/瓶)"},
      {"收到20瓶 500毫升的酒精", "收到 酒精 20瓶(500毫升/瓶)"},
      {"收到500ml酒精20瓶", "收到 酒精 20瓶(500ml/瓶)"},
      {"收到酒精500ml*20瓶", "收到 酒精 20瓶(500ml/瓶)"},
      {"收到消毒液5L 10桶", "收到 消毒液 10桶(5L/桶)"},
      {"发放10桶5L消毒液到三院", "发放 消毒液 10桶(5L/桶) -> 三院"},
      {"收到20袋25kg大米", "收到 大米 20袋(25kg/袋)"},
      {"收到25kg大米20袋", "收到 大米 20袋(25kg/袋)"},
      {"收到大米20袋（25kg）", "收到 大米 20袋(25kg/袋)"},
      {"收到5L装酒精10桶", "收到 酒精 10桶(5L/)"},
      {"发放10桶25公斤装84到三院", "发放 84消毒液 10桶(25公斤/) -> 三院"},
      {"收到20盒50只口罩", "收到 口罩 20盒(50只/盒)"},
      {"收到20瓶500ml酒精、10桶5L消毒液", "收到 酒精 20瓶(500ml/瓶); 收到 消毒液 10桶(5L/桶)"},
      // All of them, told twice.
      {"收到大米500公斤20袋", "收到 大米 500公斤(20袋)"},
      {"收到20箱4000个口罩", "收到 口罩 20箱(4000个)"},
      {"收到500毫升酒精", "收到 酒精 500毫升"},
  }));
  CHECK(told(text) == expected);
}

TEST_CASE("thousands are one figure, two figures are asked about", "[parser]") {
  CHECK(told("收到口罩1，000只") == "收到 口罩 1000只");
  CHECK(told("收到口罩 1 000 只") == "收到 口罩 1000只");
  CHECK(told("收到口罩12 000 000只") == "收到 口罩 12000000只");
  CHECK(told("收到口罩1，手套2") == "收到 口罩 1; 收到 手套 2");
  const auto text = GENERATE(
      values<std::string>({"收到口罩1000 只 2000只", "收到口罩1000只，2000只",
                           "三院收到口罩1000只 2000只", "收到口罩500 600", "收到口罩1 200 只"}));
  CAPTURE(text);
  const Reading reading = read(text, Catalogue::built_in(), 18312);
  CHECK(reading.doubt == Doubt::two_figures);
  CHECK(reading.statements.empty());
  CHECK(reading.addressed);
}

TEST_CASE("parts that are not the whole, and figures that do not agree, are asked about",
          "[parser]") {
  const auto [text, doubt] = GENERATE(table<std::string, Doubt>({
      {"发放口罩500只，三院200只，四院200只", Doubt::parts_differ},
      {"发放口罩500只，其中三院200只，四院400只", Doubt::parts_differ},
      {"发放口罩90只给三院、四院各50只", Doubt::parts_differ},
      {"口罩应到500只，实到480只，短少30只", Doubt::due_and_short},
  }));
  CAPTURE(text);
  const Reading reading = read(text, Catalogue::built_in(), 18312);
  CHECK(reading.doubt == doubt);
  CHECK(reading.statements.empty());
}

TEST_CASE("a dash is a minus after a verb and goods, and sets apart in a list", "[parser]") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"发放口罩-5只到三院", "发放 口罩 -5只 -> 三院"},
      {"发放口罩：-20只", "发放 口罩 -20只"},
      {"收到-5只口罩", "收到 口罩 -5只"},
      {"收到负5只口罩", "收到 口罩 -5只"},
      {"收到：口罩-5只，手套-20双", "收到 口罩 5只; 收到 手套 20双"},
      {"收到\n口罩-5只\n手套-20双", "收到 口罩 5只; 收到 手套 20双"},
      {"收到N95-100只", "收到 N95口罩 100只"},
  }));
  CHECK(told(text) == expected);
}

TEST_CASE("a correction with two figures, or of an entry that is none, changes nothing",
          "[parser]") {
  for (const char* text : {"更正 #1 7 8", "更正 #1 7、8", "更正 7 8", "更正 #abc 5"}) {
    CAPTURE(text);
    const Reading reading = read(text, Catalogue::built_in(), 18312);
    CHECK(reading.unread.size() == 1);
    for (const Statement& s : reading.statements) CHECK(!s.quantity);
  }
}

TEST_CASE("figures of one thing go to the places they are told for", "[parser]") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"发放口罩500只，200只到三院，300只到四院", "发放 口罩 200只 -> 三院; 发放 口罩 300只 -> 四院"},
      {"给三院、四院、五院分别发放口罩50、60、70",
       "发放 口罩 50 -> 三院; 发放 口罩 60 -> 四院; 发放 口罩 70 -> 五院"},
      // Three places and two figures: nobody knows which.
      {"给三院、四院、五院分别发放口罩50只、60只", "发放 口罩 50只 for 3; 发放 口罩 60只 for 3"},
      {"接收口罩500只，转赠三院", "接收 口罩 500只; 转赠 口罩 500只 -> 三院"},
      {"接收口罩500只，准备转赠三院", "接收 口罩 500只"},
      {"孝感市第三医院各发放口罩50只", "发放 口罩 50只 -> 孝感市第三医院"},
      {"急需口罩,越多越好 三院", "急需 口罩 -> 三院"},
      {"需要口罩200只 地址 三院", "需要 口罩 200只 -> 三院"},
  }));
  CHECK(told(text) == expected);
}

TEST_CASE("what is short of a delivery is no need", "[parser]") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"收到口罩100只，缺20只", "收到 口罩 100只 of 120"},
      {"收到口罩100只，差20只", "收到 口罩 100只 of 120"},
      {"收到口罩100只，缺手套20双", "收到 口罩 100只; 缺 手套 20双"},
      {"收到口罩100只，缺500只", "收到 口罩 100只; 缺 口罩 500只"},
      {"收到口罩100只，还缺20只", "收到 口罩 100只; 还缺 口罩 20只"},
  }));
  CHECK(told(text) == expected);
}

TEST_CASE("words around a figure say what it is of", "[parser]") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"收到24瓶装矿泉水50箱", "收到 矿泉水 50箱(24瓶/)"},
      {"收到一车物资，里面有雨伞200把", "里面有 雨伞 200把"},
      {"缺抽水机4台有没有哪个单位能借一下", "缺 抽水机 4台"},
      {"是不是需要口罩200只，有没有人知道", ""},
      {"我店愿意出50份米粉给救援队", "愿意出 米粉 50份 -> 救援队"},
      {"隔壁镇说发了5000斤大米", ""},
      {"等路通了，再往里送100箱水", ""},
      {"孩子发烧，家里只有1盒退烧药", ""},
      {"隔壁村发了5000斤大米", ""},
      {"隔壁村捐赠大米500斤", "捐赠 大米 500斤"},
      {"外省救援队收到帐篷20顶", "收到 帐篷 20顶 -> 外省救援队"},
      {"等了两天终于收到口罩500只了", "收到 口罩 500只"},
      {"仓库口罩只有200只", "有 口罩 200只"},
      {"李师傅车上还有50箱", ""},
      {"服务时长11304小时", "- 服务时长 11304小时"},
      {"接听电话150通", "- 接听电话 150通"},
  }));
  CHECK(told(text) == expected);
}

TEST_CASE("an act on what is no number is answered with what to type", "[parser]") {
  const Reading reading = read("撤销 #abc", Catalogue::built_in(), 18312);
  CHECK(reading.addressed);
  CHECK(reading.statements.empty());
  CHECK(reading.unread.size() == 1);
}

TEST_CASE("a count says how many there are, not how many more or fewer", "[parser]") {
  const std::string text =
      GENERATE("盘点口罩 减5只", "盘点 口罩 少5只", "盘点 口罩 多出5只", "盘点：口罩多5只");
  const Reading reading = read(text, Catalogue::built_in(), 18312);
  INFO(text);
  CHECK(reading.doubt == Doubt::count_differs);
  CHECK(reading.statements.empty());
}

TEST_CASE("a count may be a bound or a guess", "[parser]") {
  CHECK(told("盘点 口罩至少200只").starts_with("盘点 口罩"));
  CHECK(told("盘点口罩 差不多200只").starts_with("盘点 口罩"));
}
