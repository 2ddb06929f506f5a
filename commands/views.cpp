#include "commands/views.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "commands/brief.h"
#include "commands/bulletin.h"
#include "commands/hub.h"
#include "commands/parser/text.h"
#include "commands/wording.h"

namespace {

constexpr std::int64_t kWeek = 7;

/// 昨天, 2月8日-3月1日, 至: told by the statement's period already.
bool tells_days(const std::string& word) {
  for (const std::string_view day : {"今天", "今日", "昨天", "昨日", "本周", "这周"}) {
    if (word == day) return true;
  }
  const std::u32string_view marks = U"年月日号到至-~—.:：/";
  bool digits = false;
  for (const char32_t c : fold(word).key) {
    digits = digits || (c >= U'0' && c <= U'9');
    if (!(c >= U'0' && c <= U'9') && marks.find(c) == std::u32string_view::npos) return false;
  }
  return digits || word == "至" || word == "到";
}

/// What follows the word: whose figures, and in what form.
struct Asked {
  std::string of;
  bool picture = false;
};

Asked asked_for(const Statement& s) {
  Asked asked;
  std::istringstream words(s.rest);
  for (std::string word; words >> word;) {
    if (tells_days(word)) continue;
    if (word == "图" || word == "图片") {
      asked.picture = true;
      continue;
    }
    asked.of += (asked.of.empty() ? "" : " ") + word;
  }
  return asked;
}

Days days_of(const Context& ctx, const Statement& s) {
  if (s.period == Period::yesterday) return {ctx.day - 1, ctx.day - 1};
  if (s.period == Period::today) return {ctx.day, ctx.day};
  if (s.period == Period::stated) return {s.from_day, s.to_day};
  if (s.word == "周报") return {ctx.day - kWeek + 1, ctx.day};
  if (s.word == "日报") return {ctx.day, ctx.day};
  return {std::nullopt, ctx.day};
}

/// The groups asked for; empty where that was refused.
std::optional<Scope> scope_of(Context& ctx, const std::string& of) {
  const bool sees_all =
      !ctx.groups.setting(ctx.message.group, std::string(kSeesAllSetting)).empty();
  if (of.empty()) {
    if (sees_all) return scope_of_all();
    return scope_of_group(ctx.db, ctx.policy, ctx.message.group);
  }
  auto scope = scope_named(ctx.db, ctx.policy, of);
  if (!scope) {
    ctx.refuse(fmt::format("没有叫“{}”的地区、机构或群。本群的请发：", quoted(of)), "日报");
    return std::nullopt;
  }
  const bool own = scope->groups.size() == 1 && scope->groups.front() == ctx.message.group;
  if (!own && !sees_all && !ctx.coordinator) {
    ctx.refuse("别的群的数只有协调员可以看。本群的请发：", "日报");
    return std::nullopt;
  }
  return scope;
}

}  // namespace

void show_views(Context& ctx, std::span<const Statement> said) {
  for (const Statement& s : said) {
    const Asked asked = asked_for(s);
    if (s.word == "导出") {
      ctx.say("导出请在服务器上运行：jieli export --format xlsx --out 台账.xlsx");
      continue;
    }
    const auto scope = scope_of(ctx, asked.of);
    if (!scope) return;
    const Brief made = brief(ctx.db, *scope, days_of(ctx, s), ctx.policy);
    ctx.say(s.word == "日报" ? made.text : bulletin(made, *ctx.policy.catalogue));
  }
}
