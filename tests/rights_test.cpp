#include <array>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "storage/figures.h"
#include "tests/room.h"

namespace {

/// g1 with a need, both ends of a delivery, a shipment, an offer and an open question about the
/// need, all by 李四; 王五 is a volunteer there, 陈姐 its coordinator, 周姐 that of g2, 运维 named in
/// the config, 路人 nobody.
struct World : ChatRoom {
  World() {
    policy.coordinators = {"generic:运维"};
    policy.claim_code_hash = "none";
    say("g1", "运维", "收到 手套 3双");
    grant("g1", "陈姐");
    say("g2", "运维", "收到 手套 3双");
    grant("g2", "周姐");
    say("g2", "周姐", "收到 手套 1双");
    say("g1", "运维", "收到 酒精 3瓶");                 // #3, the group of the operator's last report
    say("g1", "陈姐", "收到 酒精 4瓶");                 // #4
    say("g1", "王五", "收到 酒精 5瓶");                 // #5
    say("g1", "李四", "需要 口罩 500只 到 一医院");     // #6
    say("g1", "王五", "发放 护目镜 20副 到 一医院");    // #7
    say("g1", "李四", "一医院收到护目镜20副");          // #8
    say("g1", "李四", "发出 手套 2双 到 二院");         // #9
    say("g1", "李四", "捐赠 消毒液 20桶 电话13812345678");  // #10
    say("g1", "李四", "需要 消毒液 5桶 到 二院");        // #11
    say("g1", "运维", "匹配");                           // match 1: #10 to #11
    say("g1", "李四", "一医院 需要 500只 口罩");        // the same again: asked about
  }
  void grant(const std::string& group, const std::string& who) {
    Message m = message(group, "运维", "授权 @" + who);
    m.mentions = {{"generic:" + who, who}};
    say(m);
  }
};

/// What the message did: y as asked for in g1, n refused for want of a right, o something else.
char outcome(const std::string& user, const std::string& text, bool direct) {
  World world;
  const auto changes = [&] {
    return world.db
        ->integer(
            "SELECT coalesce((SELECT numbers FROM groups WHERE grp = 'generic:g1'), 0) * 1000"
            " + (SELECT count(*) FROM questions WHERE grp = 'generic:g1' AND open = 1)"
            " + (SELECT count(*) FROM members WHERE grp = 'generic:g1' AND place <> '') * 100",
            {})
        .value();
  };
  const auto before = changes();
  Message m = world.message(direct ? "direct-" + user : "g1", user, text);
  m.direct = direct;
  if (text.find('@') != std::string::npos) m.mentions = {{"generic:王五", "王五"}};
  if (text.starts_with("取消授权")) m.mentions = {{"generic:陈姐", "陈姐"}};
  const Reply reply = world.say(m);
  CHECK(verify(*world.db, nullptr).empty());
  if (reply.text.find("只有") != std::string::npos ||
      reply.text.find("要由被问的人") != std::string::npos) {
    return 'n';
  }
  if (changes() != before) return 'y';
  // A question is answered with the figures of g1 or it is not.
  const bool of_g1 = reply.text.find("500只") != std::string::npos ||
                     reply.text.find("匹配") != std::string::npos ||
                     reply.text.find("13812345678") != std::string::npos;
  return of_g1 ? 'y' : 'o';
}

struct Cells {
  std::string text;
  std::string group;   ///< 路人 王五 李四 陈姐 周姐 运维, in the group
  std::string direct;  ///< the same, in direct messages
};

const std::array<std::string, 6> kPeople{"路人", "王五", "李四", "陈姐", "周姐", "运维"};

}  // namespace

TEST_CASE("every command may be used by whom the table of rights says", "[rights]") {
  const std::vector<Cells> rows{
      // Anybody, where they are: a stranger's direct message acts on a group of their own, another
      // group's coordinator's on that group.
      {"需要 手套 5双 到 二院", "yyyyyy", "oyyyoy"},
      {"捐赠 帐篷 5顶", "yyyyyy", "oyyyoy"},
      {"收到 帐篷 5顶", "yyyyyy", "oyyyoy"},
      {"发出 帐篷 5顶 到 三院", "yyyyyy", "oyyyoy"},
      {"发放 帐篷 5顶 到 三院", "yyyyyy", "oyyyoy"},
      {"盘点 帐篷 5顶", "yyyyyy", "oyyyoy"},
      {"消耗 帐篷 1顶", "yyyyyy", "oyyyoy"},
      {"损耗 帐篷 1顶", "yyyyyy", "oyyyoy"},
      {"志愿者20人次", "yyyyyy", "oyyyoy"},
      {"收到 #9", "yyyyyy", "oyyyoy"},
      {"发出 #10 5 到 二院", "yyyyyy", "oyyyoy"},
      {"一医院口罩够了", "yyyyyy", "oyyyoy"},
      {"我在 三中卡点", "yyyyyy", "oyyyoy"},
      {"通行 一医院 货车进不去", "yyyyyy", "oyyyoy"},
      {"删除我的信息", "yyyyyy", "oyyyoy"},
      {"缺口", "yyyyyy", "oyyyoy"},
      {"汇总", "yyyyyy", "oyyyoy"},
      {"口罩还缺多少", "yyyyyy", "oyyyoy"},
      {"谁需要口罩", "yyyyyy", "oyyyoy"},
      {"明细 口罩", "yyyyyy", "oyyyoy"},
      {"#6", "yyyyyy", "oyyyoy"},
      {"日报", "yyyyyy", "oyyyoy"},
      {"日报 全部", "nnnyny", "nnnyyy"},
      // The sender of the entry, and coordinators.
      {"更正 #6 450", "nnyyny", "onyyoy"},
      {"撤销 #6", "nnyyny", "onyyoy"},
      {"完成 #6", "nnyyny", "onyyoy"},
      {"加急 #6", "nnyyny", "onyyoy"},
      {"另一批 #8", "nnyyny", "onyyoy"},
      {"清除联系人 #10", "nnyyny", "onyyoy"},
      {"无货 #10", "nnyyny", "onyyoy"},
      // Who was asked, and coordinators.
      {"是 #6", "nnyyny", "onyyoy"},
      // Coordinators.
      {"规格 口罩 1箱=2000只", "nnnyny", "nnnyoy"},
      {"规格 社区防疫包=口罩50只+酒精2瓶", "nnnyny", "nnnyoy"},
      {"别名 大罩=口罩", "nnnyny", "nnnyoy"},
      {"地点 一院=一医院", "nnnyny", "nnnyoy"},
      {"导出", "nnnono", "nnnooo"},
      {"静音 2小时", "nnnyny", "nnnyoy"},
      {"设置 日报 20:00", "nnnyny", "nnnyoy"},
      {"设置 本群 合肥市 某某协会", "nnnyny", "nnnyoy"},
      {"授权 @王五", "nnnyny", "nnnyoy"},
      {"同一批 #1 g2#1", "nnnyny", "nnnyoy"},
      {"取消授权 @陈姐", "nnnyny", "nnnyoy"},
      {"匹配", "nnnyny", "nnnyyy"},
      {"匹配 消毒液", "nnnyny", "nnnyyy"},
      {"确认 匹配 1", "nnnyny", "nnnyny"},
      {"确认 匹配 全部", "nnnyny", "nnnyyy"},
      {"拒绝 匹配 1 太远", "nnnyny", "nnnyny"},
      {"发出 匹配 1", "nnnyny", "nnnyny"},
      // The two sides of a match that was confirmed, and coordinators: not before.
      {"联系人 匹配 1", "oooooo", "yyyyyy"},
  };
  for (const Cells& row : rows) {
    std::string group, direct;
    for (const std::string& person : kPeople) {
      INFO(row.text << " by " << person);
      group += outcome(person, row.text, false);
      direct += outcome(person, row.text, true);
    }
    INFO(row.text);
    CHECK(group == row.group);
    CHECK(direct == row.direct);
  }
}
