// What is understood of what people type. Every sentence here was made up for the test.

#include "commands/parser/parser.h"

#include <chrono>
#include <string>
#include <tuple>

#include <catch2/catch.hpp>

#include "commands/parser/numeral.h"
#include "commands/parser/text.h"

namespace {

Reading understood(std::string_view text) {
  // 2020-02-20: dates without a year are completed from it.
  return read(text, Catalogue::built_in(), 18312);
}

Statement only(std::string_view text) {
  const Reading reading = understood(text);
  CAPTURE(std::string(text));
  REQUIRE(reading.statements.size() == 1);
  return reading.statements.front();
}

std::string amount(const Statement& s) {
  return s.quantity ? to_string(*s.quantity) + s.unit : "?" + s.unit;
}

}  // namespace

TEST_CASE("numbers are read exactly as written", "[parser]") {
  const auto [said, value] = GENERATE(table<std::string, std::string>({
      {"0", "0"},
      {"7", "7"},
      {"007", "7"},
      {"120", "120"},
      {"１２０", "120"},
      {"1,200", "1200"},
      {"14,992", "14992"},
      {"1,365,921", "1365921"},
      {"12,34", "12"},
      {"2.5", "2.5"},
      {"0.125", "0.125"},
      {"2122.5", "2122.5"},
      {"5,000.00", "5000"},
      {"1.2w", "12000"},
      {"3k", "3000"},
      {"2W", "20000"},
      {"1.5K", "1500"},
      {"3千", "3000"},
      {"3百", "300"},
      {"5万", "50000"},
      {"1.5万", "15000"},
      {"75.19万", "751900"},
      {"0.0003万", "3"},
      {"1409万", "14090000"},
      {"1.2亿", "120000000"},
      {"2万5000", "25000"},
      {"2萬5000", "25000"},
      {"1万2", "12000"},
      {"1千5", "1500"},
      {"3万5千", "35000"},
      {"1万2千3百", "12300"},
      {"5 万", "50000"},
      {"一", "1"},
      {"两", "2"},
      {"十", "10"},
      {"十二", "12"},
      {"二十", "20"},
      {"二十五", "25"},
      {"廿", "20"},
      {"廿五", "25"},
      {"卅", "30"},
      {"一百", "100"},
      {"一百零五", "105"},
      {"一百二", "120"},
      {"一百二十", "120"},
      {"两百五", "250"},
      {"三百六十五", "365"},
      {"一千零二十", "1020"},
      {"一千零五", "1005"},
      {"一千五百", "1500"},
      {"两千五", "2500"},
      {"两千五百六", "2560"},
      {"一万二", "12000"},
      {"一万零二百", "10200"},
      {"一万两千三", "12300"},
      {"十万", "100000"},
      {"一百二十万", "1200000"},
      {"三亿", "300000000"},
      {"贰佰", "200"},
      {"贰佰伍拾", "250"},
      {"叁仟", "3000"},
      {"壹万", "10000"},
      {"二〇二", "202"},
      {"三千半", "3500"},
      {"二點五", "2.5"},
      {"三点五", "3.5"},
      {"十几", "10"},
      {"二十几", "20"},
      {"一百多", "100"},
      {"百余", "100"},
      {"300多", "300"},
      {"300多万", "3000000"},
      {"10万余", "100000"},
      {"13000余", "13000"},
      {"50来个", "50"},
      {"一百来个", "100"},
      {"100+", "100"},
      {"500-1000", "500"},
      {"1-2万", "10000"},
      {"三四十", "30"},
      {"两三百", "200"},
      {"七八个", "7"},
      {"100到200", "100"},
      {"20~30", "20"},
  }));
  CAPTURE(said);
  const Text text = fold(said);
  const Numeral numeral = read_numeral(text.key, 0);
  REQUIRE(numeral.value);
  CHECK(to_string(*numeral.value) == value);
}

TEST_CASE("a number that is no exact amount has no value", "[parser]") {
  CHECK_FALSE(read_numeral(fold("1.2345").key, 0).value);
  CHECK_FALSE(read_numeral(fold("99999999999999999999999999").key, 0).value);
  CHECK(read_numeral(fold("几十").key, 0).indefinite);
  CHECK(read_numeral(fold("口罩").key, 0).end == 0);
}

TEST_CASE("ranges and vague numbers are marked", "[parser]") {
  const Numeral range = read_numeral(fold("500-1000").key, 0);
  REQUIRE(range.max);
  CHECK(to_string(*range.max) == "1000");
  CHECK(range.approx);
  CHECK_FALSE(read_numeral(fold("3-101").key, 0).max);
  CHECK(read_numeral(fold("200余").key, 0).approx);
  CHECK_FALSE(read_numeral(fold("200").key, 0).approx);
}

TEST_CASE("folding keeps the way back to the original", "[parser]") {
  const Text text = fold("發放Ｎ９５：５００隻");
  CHECK(to_utf8(text.shown) == "发放N95:500只");
  CHECK(text.original(2, 5).from == 2);
  CHECK(text.original(2, 5).to == 5);
  CHECK(text.origin.size() == text.key.size() + 1);
}

TEST_CASE("one report of goods is one statement", "[parser]") {
  const auto [said, action, item, figure, place] =
      GENERATE(table<std::string, Action, std::string, std::string, std::string>({
          {"需要 口罩 600 只 到 五院", Action::need, "口罩", "600只", "五院"},
          {"清河村急需酒精30瓶", Action::need, "酒精", "30瓶", "清河村"},
          {"我们这边缺手套两百双", Action::need, "手套", "200双", ""},
          {"求购测温枪12把", Action::need, "测温枪", "12把", ""},
          {"需要志愿者8名", Action::need, "志愿者", "8名", ""},
          {"南门卡点需要货车3辆", Action::need, "货车", "3辆", "南门卡点"},
          {"护目镜急缺80副", Action::need, "护目镜", "80副", ""},
          {"需要暖水袋15个", Action::need, "暖水袋", "15个", ""},
          {"捐赠 防护服 70 套", Action::offer, "防护服", "70套", ""},
          {"本人可提供雨衣40件", Action::offer, "雨衣", "40件", ""},
          {"我有口罩35只", Action::offer, "口罩", "35只", ""},
          {"愿捐大米2吨", Action::offer, "大米", "2吨", ""},
          {"收到 口罩 900", Action::received, "口罩", "900", ""},
          {"到货方便面60箱", Action::received, "方便面", "60箱", ""},
          {"六院收到N95口罩150只", Action::received, "N95口罩", "150只", "六院"},
          {"棉被25床已入库", Action::received, "棉被", "25床", ""},
          {"发出 口罩 450 到 六院", Action::in_transit, "口罩", "450", "六院"},
          {"已发货 手套 90双", Action::in_transit, "手套", "90双", ""},
          {"帐篷12顶在路上", Action::in_transit, "帐篷", "12顶", ""},
          {"运往平安镇饼干30箱", Action::in_transit, "饼干", "30箱", "平安镇"},
          {"发放 口罩 550 只 五院", Action::distributed, "口罩", "550只", "五院"},
          {"发放五院口罩550只", Action::distributed, "口罩", "550只", "五院"},
          {"给敬老院送去牛奶7箱", Action::distributed, "牛奶", "7箱", "敬老院"},
          {"口罩220只已送达朝阳社区", Action::distributed, "口罩", "220只", "朝阳社区"},
          {"把40瓶酒精发给东关派出所", Action::distributed, "酒精", "40瓶", "东关派出所"},
          {"给环卫工人发放手套66双", Action::distributed, "手套", "66双", "环卫工人"},
          {"分发蔬菜半吨", Action::distributed, "蔬菜", "0.5吨", ""},
          {"盘点 口罩 0", Action::stock, "口罩", "0", ""},
          {"酒精还剩6桶", Action::stock, "酒精", "6桶", ""},
          {"现有护目镜33副", Action::stock, "护目镜", "33副", ""},
          {"用掉消毒液9桶", Action::used, "消毒液", "9桶", ""},
          {"消耗 口罩 45只", Action::used, "口罩", "45只", ""},
          {"损耗 口罩 4只", Action::adjust, "口罩", "4只", ""},
          {"口罩过期11只", Action::adjust, "口罩", "11只", ""},
          {"退回 手套 8双", Action::adjust, "手套", "8双", ""},
          {"盘盈 口罩 14只", Action::adjust, "口罩", "14只", ""},
          {"發放口罩三百個", Action::distributed, "口罩", "300个", ""},
          {"收到药品30000元", Action::received, "药品", "30000元", ""},
          {"捐款800元", Action::offer, "现金", "800元", ""},
          {"@小助手 发放 口罩 75 只", Action::distributed, "口罩", "75只", ""},
      }));
  const Statement s = only(said);
  CHECK(s.action == action);
  CHECK(s.item == item);
  CHECK(amount(s) == figure);
  CHECK(s.place == place);
  CHECK(understood(said).addressed);
}

TEST_CASE("words that decide the totals are kept", "[parser]") {
  CHECK(only("五院还缺口罩90只").replaces);
  CHECK(only("目前缺口 口罩90只").replaces);
  CHECK(only("五院另需口罩90只").adds);
  CHECK(only("追加口罩90只").adds);
  CHECK_FALSE(only("五院需要口罩90只").replaces);
  CHECK(only("急需口罩90只").urgent);
  CHECK(only("累计发放口罩900只").cumulative);
  CHECK(only("截至2月18日，共发放口罩900只").cumulative);
  CHECK_FALSE(only("今天发放口罩900只").cumulative);
  for (const auto* said : {"急需口罩", "急需口罩，越多越好", "需要大量口罩", "需要口罩若干"}) {
    const Statement s = only(said);
    CHECK(s.unknown);
    CHECK_FALSE(s.quantity);
  }
  CHECK(only("今天无发放").zero);
  CHECK(only("需要口罩约90只").approx);
  const Statement range = only("需要口罩300-500只");
  REQUIRE(range.max);
  CHECK(to_string(*range.max) == "500");
}

TEST_CASE("several goods, kinds and places in one message", "[parser]") {
  Reading r = understood("收到口罩2000只，已发放700只给五中隔离点");
  REQUIRE(r.statements.size() == 2);
  CHECK(r.statements[0].action == Action::received);
  CHECK(r.statements[1].action == Action::distributed);
  CHECK(r.statements[1].item == "口罩");
  CHECK(r.statements[1].place == "五中隔离点");

  r = understood("给五院、六院各发放口罩 40 只");
  REQUIRE(r.statements.size() == 2);
  CHECK(r.statements[0].place == "五院");
  CHECK(r.statements[1].place == "六院");
  CHECK(amount(r.statements[1]) == "40只");

  const Statement shared = only("给四个社区发放口罩1600只");
  CHECK(shared.receivers == 4);
  CHECK(shared.place.empty());

  r = understood("今日发放：\n五院 口罩80只\n六院 手套90双");
  REQUIRE(r.statements.size() == 2);
  CHECK(r.statements[0].place == "五院");
  CHECK(r.statements[1].place == "六院");
  CHECK(r.statements[1].item == "手套");

  r = understood("捐赠30箱牛奶、20袋面包和5吨大米");
  REQUIRE(r.statements.size() == 3);
  CHECK(r.statements[0].item == "牛奶");
  CHECK(r.statements[2].item == "大米");
  CHECK(amount(r.statements[2]) == "5吨");

  r = understood("口罩和手套各60 发给西关卡点");
  REQUIRE(r.statements.size() == 2);
  CHECK(r.statements[1].item == "手套");
  CHECK(amount(r.statements[1]) == "60");

  r = understood(
      "【急需】\n单位：河口镇卫生院\n联系人：王医生\n电话：13900001234\n口罩：70只\n手套：60双");
  REQUIRE(r.statements.size() == 2);
  CHECK(r.statements[0].place == "河口镇卫生院");
  CHECK(r.statements[1].urgent);
  REQUIRE(r.private_numbers.size() == 1);
  CHECK(r.private_numbers[0].to - r.private_numbers[0].from == 11);
}

TEST_CASE("givers, packs, second measures and values", "[parser]") {
  CHECK(only("收到赵敏送来的口罩60只").counterpart == "赵敏");
  CHECK(only("收到 慈善总会 捐赠 口罩 60 只").counterpart == "慈善总会");
  CHECK(only("大成公司捐赠口罩60只").counterpart == "大成公司");
  CHECK(only("我们捐赠口罩60只").counterpart.empty());
  CHECK(only("口罩60只今晚到我们这").from_hub);

  const Statement packed = only("发放消毒液30箱(6瓶/箱)");
  REQUIRE(packed.pack);
  CHECK(to_string(packed.pack->per) == "6");
  CHECK(packed.pack->unit == "瓶");
  CHECK(amount(packed) == "30箱");
  CHECK(only("收到牛奶9箱，每箱24盒").pack->unit == "盒");
  CHECK(only("收到大米(25kg/袋)40袋").pack->unit == "kg");
  CHECK(only("收到牛奶9箱*24盒").pack->of == "箱");

  const Statement twice = only("收到口罩5箱(2500个)");
  REQUIRE(twice.alt);
  CHECK(amount(twice) == "5箱");
  CHECK(to_string(twice.alt->quantity) == "2500");

  const Statement worth = only("捐赠价值2万元的酒精50桶");
  REQUIRE(worth.value);
  CHECK(to_string(worth.value->quantity) == "20000");
  CHECK(amount(worth) == "50桶");

  const Statement due = only("口罩应到700只，实到650只");
  REQUIRE(due.expected);
  CHECK(to_string(*due.expected) == "700");
  CHECK(amount(due) == "650只");
}

TEST_CASE("work done is no goods", "[parser]") {
  const Reading r = understood("志愿者22人次 受益310人 消杀4000平方米 出动车辆6台次 活动2场");
  REQUIRE(r.statements.size() == 5);
  for (const Statement& s : r.statements) CHECK(s.action == Action::activity);
  CHECK(r.statements[0].item == "志愿者");
  CHECK(r.statements[0].unit == "人次");
  CHECK(r.statements[3].item == "车辆");
  CHECK(amount(only("消杀面积3万平方米")) == "30000平方米");
}

TEST_CASE("references act on entries by number", "[parser]") {
  const auto [said, act, ref, rest] = GENERATE(table<std::string, Act, std::int64_t, std::string>({
      {"收到 #12", Act::received, 12, "?"},
      {"收到#12 300", Act::received, 12, "300"},
      {"收到＃7 80只", Act::received, 7, "80只"},
      {"发出 #12", Act::in_transit, 12, "?"},
      {"完成 #12 300", Act::done, 12, "300"},
      {"加急 #12", Act::urgent, 12, "?"},
      {"另一批 #12", Act::another, 12, "?"},
      {"是 #12", Act::yes, 12, "?"},
      {"不是 #12", Act::no, 12, "?"},
      {"无货 #12", Act::none_left, 12, "?"},
      {"没收到 #12", Act::not_received, 12, "?"},
      {"确认 3", Act::confirm, 3, "?"},
  }));
  const Statement s = only(said);
  CHECK(s.action == Action::reference);
  CHECK(s.act == act);
  CHECK(s.ref == ref);
  CHECK(amount(s) == rest);
}

TEST_CASE("references carry places and reasons", "[parser]") {
  const Statement sent = only("发出 #9 400 到 五院");
  CHECK(sent.act == Act::in_transit);
  CHECK(amount(sent) == "400");
  CHECK(sent.place == "五院");
  CHECK(only("受阻 #9 大雪封路").rest == "大雪封路");
  CHECK(understood("收到 #12 #13").statements.size() == 2);
  CHECK(understood("撤销 #4 #5、#6").statements.size() == 3);
  for (const auto* said : {"是", "不是", "2"}) {
    const Reading r = understood(said);
    CHECK(r.statements.size() == 1);
    CHECK_FALSE(r.addressed);
  }
}

TEST_CASE("every character of a number may begin one", "[parser]") {
  for (char32_t c = 0; c < 0x10000; ++c) {
    const bool starts = read_numeral(std::u32string{c, U'百', U'个'}, 0).end != 0;
    if (starts) CHECK(kNumberStarts.find(c) != kNumberStarts.npos);
  }
}

TEST_CASE("corrections change one thing of an entry", "[parser]") {
  CHECK(amount(only("更正 #12 450")) == "450");
  CHECK(only("更正 #12 450").ref == 12);
  CHECK(only("更正 #12 手套 450 双").item == "手套");
  CHECK(only("更正 #12 给 五院").place == "五院");
  CHECK(only("更正 #12 收到").becomes == Action::received);
  CHECK(only("更正 #12 箱").unit == "箱");
  CHECK(amount(only("#8 改成 35箱")) == "35箱");
  CHECK_FALSE(understood("更正 #12").unread.empty());
  const Statement fixed = only("更正：手套不是900双，是90双");
  CHECK(fixed.item == "手套");
  CHECK(amount(fixed) == "90双");
  CHECK(only("刚才写错了，应该是棉被18床").action == Action::correction);
  CHECK(only("撤销").action == Action::cancel);
  CHECK(only("撤消").action == Action::cancel);
  CHECK(only("撤消 #4").ref == 4);
  CHECK(only("撤回上一条").action == Action::cancel);
  CHECK(only("核实 #12").action == Action::verify);
}

TEST_CASE("questions, reports and set-up", "[parser]") {
  const auto [said, action, topic] = GENERATE(table<std::string, Action, Topic>({
      {"汇总", Action::query, Topic::totals},
      {"昨天汇总", Action::query, Topic::totals},
      {"缺口", Action::query, Topic::gaps},
      {"缺口 五院", Action::query, Topic::gaps},
      {"库存", Action::query, Topic::stock},
      {"手套", Action::query, Topic::item},
      {"手套还缺多少", Action::query, Topic::item},
      {"今天发了多少酒精？", Action::query, Topic::item},
      {"昨天一共收到多少手套", Action::query, Topic::item},
      {"谁有测温枪", Action::query, Topic::who_has},
      {"谁需要手套", Action::query, Topic::who_needs},
      {"明细 手套", Action::query, Topic::entries},
      {"#12", Action::query, Topic::entry},
      {"我的", Action::query, Topic::mine},
      {"日报", Action::brief, Topic::totals},
      {"导出", Action::brief, Topic::totals},
      {"帮助", Action::help, Topic::totals},
      {"匹配", Action::match, Topic::totals},
      {"确认 匹配 3", Action::match, Topic::totals},
      {"认领管理 ABCD", Action::admin, Topic::totals},
      {"规格 手套 1箱=500双", Action::admin, Topic::totals},
      {"我在 五中卡点", Action::admin, Topic::totals},
      {"够了", Action::enough, Topic::totals},
      {"五院手套够了", Action::enough, Topic::totals},
      {"暂停 手套", Action::enough, Topic::totals},
  }));
  const Statement s = only(said);
  CHECK(s.action == action);
  if (action == Action::query) CHECK(s.topic == topic);
}

TEST_CASE("periods are read with today's year", "[parser]") {
  const Statement s = only("简报 2月8日-2月15日");
  CHECK(s.period == Period::stated);
  CHECK(s.from_day == 18300);
  CHECK(s.to_day == 18307);
  CHECK(only("日报 昨天").period == Period::yesterday);
}

TEST_CASE("chatter is left alone", "[parser]") {
  const auto* said = GENERATE(
      "收到", "收到，辛苦了", "收到请回复", "发放了吗", "口罩到货了吗", "大家辛苦了",
      "口罩卖到20元一只了", "84消毒液要按1:200兑水", "新增确诊12例", "今天3号了", "我家在5栋2单元",
      "电话13900001234", "这口罩多少钱", "酒精浓度75%", "这个视频我看了3遍", "他们三个人先走了",
      "明天上午9点开会", "口罩怎么戴", "谁会用喷雾器", "听说药店有口罩100个", "口罩一个没买到",
      "别囤口罩了", "早上好！", "快递单号SF9876543210000", "我妈65岁", "等了2个小时", "限购口罩5只",
      "孩子每天喝250ml牛奶", "我在家呢", "我受够了", "第2批名单出来了");
  const Reading r = understood(said);
  CAPTURE(said);
  CHECK(r.statements.empty());
  CHECK_FALSE(r.addressed);
}

TEST_CASE("goods without a verb are asked about, never recorded", "[parser]") {
  for (const auto* said : {"口罩 500", "酒精 20桶", "500只口罩、30套防护服"}) {
    const Reading r = understood(said);
    CHECK_FALSE(r.addressed);
    for (const Statement& s : r.statements) CHECK(s.action == Action::other);
    CHECK_FALSE(r.statements.empty());
  }
  CHECK(only("五院 N95 200").action == Action::need);
}

TEST_CASE("a report that cannot be read says so", "[parser]") {
  for (const auto* said :
       {"发放 口罩", "发放 口罩 1.23456只", "收到 口罩 999999999999999999999只"}) {
    const Reading r = understood(said);
    CAPTURE(said);
    CHECK(r.addressed);
    CHECK(r.statements.empty());
    CHECK_FALSE(r.unread.empty());
  }
  // Refusing these is the handler's work; it needs the figure.
  CHECK(amount(only("发放 口罩 0 只")) == "0只");
  CHECK(amount(only("发放 口罩 -5 只")) == "-5只");
  CHECK(amount(only("发放 口罩 99999999999 只")) == "99999999999只");
}

TEST_CASE("names are one item only by exact alias", "[parser]") {
  CHECK(only("收到卡通口罩20只").canonical.empty());
  CHECK(only("收到 n95 20只").canonical == "N95口罩");
  CHECK(only("收到 Ｎ９５ 口罩 20只").canonical == "N95口罩");
  CHECK(only("收到八四消毒液20瓶").canonical == "84消毒液");
  CHECK(Catalogue::built_in().find("面包车") == nullptr);
}

TEST_CASE("private numbers are found wherever they stand", "[parser]") {
  const auto [said, length] = GENERATE(table<std::string, std::size_t>({
      {"需要口罩5只 13900001234", 11},
      {"联系 139 0000 1234", 13},
      {"联系 139-0000-1234", 13},
      {"联系１３９００００１２３４", 11},
      {"电话0713-1234567", 12},
      {"身份证11010519491231002X", 18},
  }));
  const Reading r = understood(said);
  CAPTURE(said);
  REQUIRE(r.private_numbers.size() == 1);
  CHECK(r.private_numbers[0].to - r.private_numbers[0].from == length);
}

TEST_CASE("any bytes are read in bounded time", "[parser]") {
  const auto piece =
      GENERATE(as<std::string>{}, "口", "口罩", "1", "一", "万", "#", "\n", " ", "(", "-", "*",
               "1:", "口罩1只，", "三院、", "给三院", "收到 #1 ", "一次性", "K9N95", "1(", "每箱",
               "\xff", "\xe4\xb8", std::string(1, '\0'), "😀", "1.", "5桶装");
  std::string text;
  while (text.size() + piece.size() <= 64 * 1024) text += piece;
  const auto start = std::chrono::steady_clock::now();
  const Reading r = understood(text);
  const auto spent = std::chrono::steady_clock::now() - start;
  CAPTURE(piece);
  CHECK(r.statements.size() <= 100);
  // A hundred times what it takes, so that a busy machine does not fail; a square would take
  // minutes.
  CHECK(spent < std::chrono::seconds(2));
}
