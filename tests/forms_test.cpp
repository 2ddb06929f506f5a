#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "commands/parser/parser.h"
#include "commands/parser/wrapping.h"

namespace {

Reading reading(const std::string& text) { return read(text, Catalogue::built_in()); }

/// "王芳|口罩|10|个;…" of a list, "三院|口罩|10|个;…" of anything else.
std::string told(const Reading& r) {
  std::string text;
  for (const Statement& s : r.statements) {
    const std::string who = s.listed && r.list ? r.list->names[*s.listed] : s.place;
    text += who + "|" + s.item + "|" + (s.quantity ? to_string(*s.quantity) : "?") + "|" + s.unit;
    text += ";";
  }
  return text;
}

}  // namespace

TEST_CASE("a 接龙 gives its entries by name", "[lists]") {
  struct Case {
    std::string text, title, entries;
  };
  const auto c = GENERATE(values<Case>({
      {"#接龙\n捐赠口罩\n1. 老赵 20只\n2、小孙 50只\n(3) 李姐100只\n4）王芳（3-101） 5只",
       "捐赠口罩", "老赵|口罩|20|只;小孙|口罩|50|只;李姐|口罩|100|只;王芳(3-101)|口罩|5|只;"},
      {"口罩捐赠接龙\n\n例 姓名 数量\n1️⃣ 王芳 20只\n②张三丰 50\n⒊ 李四 "
       "两箱",
       "口罩捐赠接龙", "王芳|口罩|20|只;张三丰|口罩|50|;李四|口罩|2|箱;"},
      {"#接龙 爱心捐赠\n1. 张伟 方便面2箱\n2. 何敏的邻居 苹果10斤\n3. 赵磊 200元", "爱心捐赠",
       "张伟|方便面|2|箱;何敏的邻居|苹果|10|斤;赵磊|现金|200|元;"},
      {"#接龙\n需要蔬菜包的接龙 2月10日\n例 5-302 2份\n1. 3-101 1份\n2. 302 2份\n3. 六组王嫂 3份",
       "需要蔬菜包的接龙 2月10日", "3-101|蔬菜包|1|份;302|蔬菜包|2|份;六组王嫂|蔬菜包|3|份;"},
      {"#接龙\n物资需求\n1. 口罩5个 刘强\n2. 一医院\n口罩200只\n防护服20套", "物资需求",
       "刘强|口罩|5|个;一医院|口罩|200|只;一医院|防护服|20|套;"},
      {"需要口罩500只，能捐的请接龙：\n1. 王芳 20只", "需要口罩500只，能捐的请接龙",
       "王芳|口罩|20|只;"},
      {"#接龙\n志愿者报名接龙\n1. 王芳\n2. 刘强 2人", "志愿者报名接龙", ""},
      {"#接龙\n捐赠口罩\n老赵 20只\n小孙 50只", "捐赠口罩", "老赵|口罩|20|只;小孙|口罩|50|只;"},
      {"#接龙 捐赠口罩 1. 老赵 20只 2. 小孙 50只 3.李姐 1.5万只", "捐赠口罩",
       "老赵|口罩|20|只;小孙|口罩|50|只;李姐|口罩|15000|只;"},
      {"物资需求接龙\n一、一医院 口罩200只\n二、二医院 手套30双", "物资需求接龙",
       "一医院|口罩|200|只;二医院|手套|30|双;"},
      {"#接龙\n捐赠口罩\n1. 王芳 13800000002 20只", "捐赠口罩", "王芳|口罩|20|只;"},
  }));
  const Reading r = reading(c.text);
  INFO(c.text);
  REQUIRE(r.list);
  CHECK(r.list->title == c.title);
  CHECK(told(r) == c.entries);
}

TEST_CASE("talk about a 接龙 is no list", "[lists]") {
  for (const char* text :
       {"接龙的各位别忘了填", "大家接龙一下，1号楼先来", "请看群里接龙\n谢谢大家"}) {
    CHECK_FALSE(reading(text).list);
  }
}

TEST_CASE("forms and pasted tables are read by their labels", "[lists]") {
  struct Case {
    std::string text, told;
    Action action;
  };
  const auto c = GENERATE(values<Case>({
      {"【急需】单位：城关镇卫生院 地址：建设路88号 联系人：张医生 电话：13800000002 "
       "N95口罩：500个 防护服：100套",
       "城关镇卫生院|N95口罩|500|个;城关镇卫生院|防护服|100|套;", Action::need},
      {"急需物资：\n①N95口罩 500个\n②防护服 100套\n接收单位：城关镇卫生院\n收货人：张医生",
       "城关镇卫生院|N95口罩|500|个;城关镇卫生院|防护服|100|套;", Action::need},
      {"物资名称：口罩\n数量：500只\n接收单位：三院\n状态：已发放", "三院|口罩|500|只;",
       Action::distributed},
      {"今日发放：\n单位\t口罩(只)\t防护服（套）\n一医院\t200\t50\n二医院\t1,300\t\n合计\t1500\t50",
       "一医院|口罩|200|只;一医院|防护服|50|套;二医院|口罩|1300|只;", Action::distributed},
      {"序号\t物资名称\t需求数量\t单位\t接收单位\t电话\n1\t口罩\t200\t只\t三院\t13800000002",
       "三院|口罩|200|只;", Action::need},
      {"物资\t库存\n口罩\t200只\n暖水袋\t30个", "|口罩|200|只;|暖水袋|30|个;", Action::stock},
      {"单位\t口罩\n一医院\t200", "一医院|口罩|200|;", Action::other},
  }));
  INFO(c.text);
  const Reading r = reading(c.text);
  CHECK(told(r) == c.told);
  REQUIRE(!r.statements.empty());
  CHECK(r.statements.front().action == c.action);
}

TEST_CASE("a telephone number is somebody's", "[lists]") {
  struct Case {
    std::string text, name;
  };
  const auto c = GENERATE(values<Case>({{"联系人：张医生\n电话：13800000002", "张医生"},
                                        {"收货人李主任（138 0000 0002）", "李主任"},
                                        {"收到王老板13800000002捐的口罩500只", "王老板"},
                                        {"急需口罩500只，电话13800000002（张医生）", "张医生"},
                                        {"急需口罩500只，电话13800000002", ""}}));
  INFO(c.text);
  const Reading r = reading(c.text);
  REQUIRE(r.contacts.size() == 1);
  CHECK(r.contacts.front().name == c.name);
  CHECK(r.contacts.front().number == "13800000002");
}

TEST_CASE("what a chat program wraps around a text comes off", "[lists]") {
  const auto list = unwrap(
      "<?xml version=\"1.0\"?>\n<msg><appmsg><title>#接龙&#x0A;捐赠&#x0A;1. 王芳 "
      "&lt;口罩&gt;</title>"
      "<type>53</type></appmsg></msg>");
  REQUIRE(list);
  CHECK(list->text == "#接龙\n捐赠\n1. 王芳 <口罩>");
  const auto answer = unwrap(
      "<msg><appmsg><title>改成40</title><type>57</type><refermsg><content>发放 手套 30 "
      "双</content></refermsg></appmsg></msg>");
  REQUIRE(answer);
  CHECK(answer->text == "改成40");
  CHECK(answer->quote == "发放 手套 30 双");
  const auto quotation = unwrap("「李四：发放 口罩 500 只」\n- - - - - - - - -\n收到");
  REQUIRE(quotation);
  CHECK(quotation->text == "收到");
  CHECK(quotation->quote == "发放 口罩 500 只");
  CHECK_FALSE(unwrap("发放 口罩 500 只"));
  CHECK_FALSE(unwrap("「口罩」\n500只"));
  CHECK(unwrap("<msg><appmsg")->text.empty());
}

TEST_CASE("any pieces in any order are read without a fault", "[lists]") {
  const std::vector<std::string> pieces{
      "#接龙", "接龙", "\n",   "1.",   "①",    "(2)",  "例",     "王芳",        " ",
      "\t",    "口罩", "20只", "：",   "捐赠", "单位", "联系人", "13800000002", "一医院",
      "数量",  "物资", "\xff", "合计", "【",   "】",   "「",     "」",          "- - - - - -",
      "<msg>", "更正", "#12",  "不是", "是",   "*450", "302"};
  std::mt19937 random(20200210);
  for (int i = 0; i < 3000; ++i) {
    std::string text = i % 2 == 0 ? "#接龙\n" : "";
    for (auto length = random() % 40; length > 0; --length)
      text += pieces[random() % pieces.size()];
    const auto inner = unwrap(text);
    const Reading r = reading(inner ? inner->text : text);
    for (const Statement& s : r.statements) {
      if (s.listed) REQUIRE(*s.listed < r.list->names.size());
    }
  }
}
