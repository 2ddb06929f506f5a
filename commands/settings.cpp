#include "commands/settings.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "commands/goods.h"
#include "commands/hub.h"
#include "commands/matching/board.h"
#include "commands/parser/parser.h"
#include "commands/wording.h"
#include "storage/alerts.h"

namespace {

constexpr std::size_t kLongest = 90;
constexpr std::size_t kMostHours = 24;
constexpr std::string_view kForms =
    "可以这样设：设置 日报 20:00；设置 日报 关；设置 周报 周日 20:00；设置 本群 合肥市 某某协会；"
    "设置 群名 蜀山区物资群；设置 库存 口罩 500只；设置 提醒 4小时；"
    "设置 匹配 少包裹";
constexpr int kMostAlertHours = 48;
constexpr std::int64_t kMostQuietMinutes = 7 * 24 * 60;

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

bool turns_off(const std::string& word) {
  return word == "off" || word == "OFF" || word == "关" || word == "关闭" || word == "停";
}

void set_summary(Context& ctx, std::istringstream& words) {
  std::set<std::string> hours;
  bool off = false;
  for (std::string word; words >> word;) {
    off = turns_off(word);
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
    const std::string now = ctx.groups.setting(ctx.message.group, std::string(kSummarySetting));
    return ctx.refuse(fmt::format("日报现在{}。要改请发：设置 日报 20:00", now.empty() ? "按配置"
                                                                           : now == "off"
                                                                               ? "不发"
                                                                               : "每天 " + now));
  }
  std::string value;
  for (const std::string& hour : hours) value += (value.empty() ? "" : " ") + hour;
  const Outcome outcome = record(ctx, kSummarySetting, value, "设置 日报 " + value);
  say_set(ctx, outcome, fmt::format("每天 {} 发日报。", value));
  if (ctx.policy.can_post && !ctx.policy.can_post(ctx.message.group)) {
    ctx.say("本群还没有发日报的地方，请运维人员在配置里写 post_to。");
  }
}

/// 周日 20:00, 周日20:00, 星期天 20:00 as "周日 20:00"; empty where it is none.
std::string day_of_week(std::string word) {
  for (const std::string_view week : {"周", "星期", "礼拜"}) {
    if (!word.starts_with(week)) continue;
    const std::string day = word.substr(week.size());
    for (const std::string_view name : {"一", "二", "三", "四", "五", "六", "日"}) {
      if (day == name) return "周" + day;
    }
    if (day == "天") return "周日";
  }
  return {};
}

void set_weekly(Context& ctx, std::istringstream& words) {
  std::string day, time;
  words >> day >> time;
  if (turns_off(day)) {
    return say_set(ctx, record(ctx, kWeeklySetting, "off", "设置 周报 关"), "周报不再自动发。");
  }
  const std::string on = day_of_week(day), at = time_of_day(time);
  if (on.empty() || at.empty()) return ctx.refuse("请写星期几和时间，例如：设置 周报 周日 20:00");
  const std::string value = on + " " + at;
  say_set(ctx, record(ctx, kWeeklySetting, value, "设置 周报 " + value),
          fmt::format("每{} {} 发周报。", on, at));
}

/// 设置 提醒 4小时: how long an urgent need may wait without an answer.
void set_alerts(Context& ctx, std::istringstream& words) {
  std::string value;
  words >> value;
  if (turns_off(value)) {
    return say_set(ctx, record(ctx, kAlertSetting, "off", "设置 提醒 关"), "不再提醒。");
  }
  int hours = 0;
  char rest = 0;
  const int read = std::sscanf(value.c_str(), "%2d%c", &hours, &rest);
  if (read < 1 || hours < 1 || hours > kMostAlertHours) {
    return ctx.refuse(fmt::format(
        "请写 1 到 {} 小时，例如：设置 提醒 4小时；不要提醒：设置 提醒 关", kMostAlertHours));
  }
  say_set(ctx, record(ctx, kAlertSetting, std::to_string(hours), "设置 提醒 " + value),
          fmt::format("急需 {} 小时没有人响应会提醒。", hours));
}

/// 设置 库存 口罩 500只: below that, the group is reminded once.
void set_level(Context& ctx, std::istringstream& words) {
  std::string rest;
  std::getline(words >> std::ws, rest);
  const Catalogue& catalogue = *ctx.policy.catalogue;
  if (const auto off = rest.rfind(' ');
      off != std::string::npos && turns_off(rest.substr(off + 1))) {
    const std::string item = ledger_item(ctx.db, catalogue, ctx.message.group, rest.substr(0, off));
    return say_set(ctx, record(ctx, level_setting(item), "", "设置 库存 " + item + " 关"),
                   item + " 的库存不再提醒。");
  }
  const auto said = read("盘点 " + rest, catalogue).statements;
  if (said.size() != 1 || said.front().action != Action::stock || !said.front().quantity ||
      said.front().item.empty()) {
    return ctx.refuse("请写物资和数量，例如：设置 库存 口罩 500只");
  }
  const std::string item = ledger_item(ctx.db, catalogue, ctx.message.group, said.front().item);
  const auto level = on_line(catalogue, catalogue.find(item), said.front());
  if (!level) return ctx.refuse("请换一个单位，例如：设置 库存 口罩 500只");
  const std::string words_of = amount(level->quantity, level->unit);
  say_set(ctx,
          record(ctx, level_setting(item),
                 fmt::format("{} {}", level->quantity.thousandths, level->unit),
                 fmt::format("设置 库存 {} {}", item, words_of)),
          fmt::format("{} 库存低于 {} 会提醒。", item, words_of));
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
  if (what == "周报") return set_weekly(ctx, words);
  if (what == "提醒") return set_alerts(ctx, words);
  if (what == "库存" || what == "预警") return set_level(ctx, words);
  if (what == "本群") return set_group(ctx, words);
  if (what == "协调群") return set_sees_all(ctx, words);
  if (what == "群名") return set_name(ctx, words);
  if (what == "匹配") return set_leaning(ctx, words);
  ctx.refuse(std::string(kForms));
}

void be_quiet(Context& ctx, const Statement& s) {
  const std::int64_t said = ctx.message.time.time_since_epoch().count();
  if (!s.quantity) {
    return say_set(ctx, record(ctx, kQuietSetting, "", "静音 关"), "恢复提醒。");
  }
  const std::int64_t each = s.unit == "天" ? 24 * 60 : s.unit == "小时" ? 60 : 1;
  const std::int64_t minutes = s.quantity->thousandths * each / 1000;
  if (minutes < 1 || minutes > kMostQuietMinutes) {
    return ctx.refuse("最多静音 7 天，例如：静音 2小时");
  }
  const std::string words = to_string(*s.quantity) + s.unit;
  say_set(ctx, record(ctx, kQuietSetting, std::to_string(said + minutes * 60), "静音 " + words),
          fmt::format("{}内不提醒；日报照发。", words));
}
