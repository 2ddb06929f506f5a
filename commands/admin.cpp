#include "commands/admin.h"

#include <fmt/format.h>

#include "commands/access.h"
#include "commands/between.h"
#include "commands/naming.h"
#include "commands/privacy.h"
#include "commands/roles.h"
#include "commands/settings.h"
#include "commands/sums.h"
#include "commands/wording.h"

namespace {

constexpr std::string_view kHelp =
    "这样发就能登记：\n"
    "需要 N95口罩 200只 到 孝感一医院\n"
    "捐赠 酒精 20桶\n"
    "发出 口罩 400只 到 三院\n"
    "收到 口罩 1000只（到货入库）\n"
    "发放 口罩 500只 到 三院\n"
    "盘点 口罩 1200只｜消耗 消毒液 30斤\n"
    "志愿者20人次 消杀5000平方米\n"
    "改：更正 #12 450｜撤销 #12｜收到 #12 300｜完成 #12｜加急 #12\n"
    "查：汇总｜缺口｜库存｜口罩还缺多少｜谁有护目镜｜明细 口罩｜日报\n"
    "协调员：匹配｜确认 匹配 3｜发出 匹配 3";

std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  while (!text.empty() && text.front() == ' ') text.erase(0, 1);
  return text;
}

}  // namespace

std::string what_to_type() {
  return "没看懂。请这样发：发放 口罩 500只 到 三院；需要 N95口罩 200只 到 "
         "孝感一医院；更多请发：\n帮助";
}

std::string text_only() { return "这里只看得懂文字，请打字发。例：发放 口罩 500只 到 三院"; }

void help(Context& ctx, std::span<const Statement> /*said*/) { ctx.say(std::string(kHelp)); }

void administer(Context& ctx, std::span<const Statement> said) {
  for (const Statement& s : said) {
    if (s.word == "认领管理") {
      claim(ctx, s);
    } else if (s.word == "授权" || s.word == "取消授权") {
      authorise(ctx, s);
    } else if (s.word == "补差") {
      add_difference(ctx, s);
    } else if (s.word == "设置") {
      set_up(ctx, s);
    } else if (s.word == "静音") {
      be_quiet(ctx, s);
    } else if (s.word == "规格" || s.word == "别名" || s.word == "地点") {
      name(ctx, s);
    } else if (s.word == "通行") {
      note_access(ctx, s);
    } else if (s.word == "同一批") {
      link(ctx, s);
    } else if (s.word == "清除联系人") {
      clear_contacts(ctx, s);
    } else if (s.word == "联系人") {
      show_contacts(ctx, s);
    } else if (s.word == "删除我的信息") {
      forget_me(ctx);
    } else if (s.word == "进入") {
      ctx.refuse("“进入 群名”请私聊我发：之后您私聊发的都记到那个群。", "帮助");
    } else if (s.word == "我在") {
      const std::string place = quoted(trimmed(s.place.empty() ? s.rest : s.place));
      if (place.empty()) return ctx.refuse("请写地点，例如：我在 三中卡点");
      ctx.groups.set_place(ctx.message.group, ctx.message.user, place);
      ctx.member.place = place;
      ctx.say(
          fmt::format("好的，您在 {}。您的需要、收到、盘点、消耗不写地点时就记在这里。", place));
    } else {
      ctx.refuse(
          fmt::format("“{}”还不支持。更多请发：帮助", quoted(s.word)));
    }
  }
}
