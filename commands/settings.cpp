#include "commands/settings.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "commands/hub.h"
#include "commands/matching/board.h"
#include "commands/wording.h"

namespace {

constexpr std::size_t kLongest = 90;
constexpr std::size_t kMostHours = 24;
constexpr std::string_view kForms =
    "可以这样设：设置 日报 20:00；设置 日报 off；设置 本群 合肥市 某某协会；设置 群名 蜀山区物资群；设置 匹配 少包裹";

/// "8:05" as "08:05"; empty where it is no time of day.
std::string time_of_day(const std::string& word) {
  int hour = 0, minute = 0;
  char rest = 0;
  if (std::sscanf(word.c_str(), "%2d:%2d%c", &hour, &minute, &rest) != 2) return {};
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return {};
  return fmt::format("{:02}:{:02}", hour, minute);
}

Outcome record(Context& ctx, std::string_view name, std::string value, const std::string& word) {
  Entry e = ctx.entry(Kind::admin);
  e.word = quoted(word);
  e.said = e.word;
  e.rule = Rule{.kind = Rule::Kind::setting, .name = std::string(name), .means = std::move(value)};
  return ctx.append(std::move(e));
}

void say_set(Context& ctx, const Outcome& outcome, const std::string& what) {
  ctx.say(fmt::format("#{} {}撤销请发：撤销 #{}", outcome.number, what, outcome.number));
}

void set_summary(Context& ctx, std::istringstream& words) {
  std::set<std::string> hours;
  bool off = false;
  for (std::string word; words >> word;) {
    off = word == "off" || word == "OFF" || word == "关" || word == "关闭" || word == "停";
    if (off) break;
    const std::string time = time_of_day(word);
    if (time.empty() || hours.size() >= kMostHours) {
      return ctx.refuse(fmt::format("“{}”不是时间。请这样发：设置 日报 20:00", quoted(word)));
    }
    hours.insert(time);
  }
  if (off) {
    say_set(ctx, record(ctx, kSummarySetting, "off", "设置 日报 off"), "日报不再自动发。");
    return;
  }
  if (hours.empty()) {
    const std::string now =
        ctx.groups.setting(ctx.message.group, std::string(kSummarySetting));
    return ctx.refuse(fmt::format("日报现在{}。要改请发：设置 日报 20:00",
                                  now.empty() ? "按配置" : now == "off" ? "不发" : "每天 " + now));
  }
  std::string value;
  for (const std::string& hour : hours) value += (value.empty() ? "" : " ") + hour;
  const Outcome outcome = record(ctx, kSummarySetting, value, "设置 日报 " + value);
  say_set(ctx, outcome, fmt::format("每天 {} 发日报。", value));
  if (ctx.policy.can_post && !ctx.policy.can_post(ctx.message.group)) {
    ctx.say("本群还没有发日报的地方，请运维人员在配置里写 post_to。");
  }
}

void set_group(Context& ctx, std::istringstream& words) {
  std::string area, organisation;
  words >> area;
  std::getline(words >> std::ws, organisation);
  area = quoted(area);
  organisation = quoted(organisation);
  if (area.empty()) return ctx.refuse("请写地区和机构，例如：设置 本群 合肥市 某某协会");
  const Outcome outcome = record(ctx, kAreaSetting, area, "设置 本群 " + area);
  if (organisation.empty()) return say_set(ctx, outcome, fmt::format("本群地区：{}。", area));
  const Outcome second =
      record(ctx, kOrganisationSetting, organisation, "设置 本群 " + organisation);
  ctx.say(fmt::format("#{} 本群地区：{}", outcome.number, area));
  ctx.say(fmt::format("#{} 本群机构：{}", second.number, organisation));
  ctx.say(fmt::format("撤销请发：撤销 #{} #{}", outcome.number, second.number));
}

/// Sees all groups: only for whom the operator named may make a group so.
void set_sees_all(Context& ctx, std::istringstream& words) {
  std::string value;
  words >> value;
  if (value != "开" && value != "关") return ctx.refuse("请这样发：设置 协调群 开");
  if (!ctx.policy.coordinators.contains(ctx.message.user)) {
    return ctx.refuse("只有配置里写的协调员可以设协调群：协调群看得到所有群的数。");
  }
  const bool on = value == "开";
  say_set(ctx, record(ctx, kSeesAllSetting, on ? "yes" : "", "设置 协调群 " + value),
          on ? "本群是协调群，看得到所有群的数。" : "本群只看本群的数。");
}

void set_leaning(Context& ctx, std::istringstream& words) {
  std::string value;
  words >> value;
  if (!leaning_from(value)) {
    return ctx.refuse(
        "匹配可以设：均衡、少包裹（每家少分几处）、多受助（多几处有份）。例如：",
        "设置 匹配 少包裹");
  }
  say_set(ctx, record(ctx, kLeaningSetting, value, "设置 匹配 " + value),
          fmt::format("本群给出的物资按“{}”匹配。", value));
}

void set_name(Context& ctx, std::istringstream& words) {
  std::string name;
  std::getline(words >> std::ws, name);
  name = quoted(name);
  if (name.empty()) return ctx.refuse("请写群名，例如：设置 群名 蜀山区物资群");
  for (const std::string& other : groups_named(ctx.db, ctx.policy, name)) {
    if (other != ctx.message.group) {
      return ctx.refuse(fmt::format("已经有别的群叫“{}”，请换一个群名。", name));
    }
  }
  say_set(ctx, record(ctx, kNameSetting, name, "设置 群名 " + name),
          fmt::format("本群叫“{}”。", name));
}

}  // namespace

void set_up(Context& ctx, const Statement& s) {
  if (s.rest.size() > kLongest) return ctx.refuse(std::string(kForms));
  std::istringstream words(s.rest);
  std::string what;
  words >> what;
  if (what == "日报" || what == "简报") return set_summary(ctx, words);
  if (what == "本群") return set_group(ctx, words);
  if (what == "协调群") return set_sees_all(ctx, words);
  if (what == "群名") return set_name(ctx, words);
  if (what == "匹配") return set_leaning(ctx, words);
  ctx.refuse(std::string(kForms));
}
