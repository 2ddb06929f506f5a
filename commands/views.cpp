#include "commands/views.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "commands/attachment.h"
#include "commands/brief.h"
#include "commands/bulletin.h"
#include "commands/hub.h"
#include "commands/parser/text.h"
#include "commands/wording.h"
#include "storage/outbox.h"

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
  if (s.word == "导出") return {};
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

/// Puts a file into the outbox, for the group itself. False where none can be posted there.
bool attach(Context& ctx, Attachment::Kind kind, const Scope& scope, const Days& days) {
  const std::string& group = ctx.message.group;
  if (!ctx.policy.can_attach || !ctx.policy.can_attach(group, kind)) return false;
  const Attachment file{kind, scope.group ? *scope.group : scope.all() ? "" : scope.title, days};
  Outbox(ctx.db).enqueue({.key = fmt::format("file/{}/{}/{}", group, ctx.message.id, encode(file)),
                          .group = group,
                          .target = group,
                          .text = "",
                          .figures = "",
                          .cause = fmt::format("asked for in {}", group),
                          .not_before = {},
                          .attachment = encode(file)},
                         ctx.now);
  return true;
}

/// 导出: the ledger of some groups, never with contacts.
void export_workbook(Context& ctx, const Scope& scope, const Days& days) {
  if (attach(ctx, Attachment::Kind::workbook, scope, days)) {
    return ctx.say(
        fmt::format("表格马上发到群里（{} {}）。", quoted(scope.title), days_words(days)));
  }
  ctx.say("这个群里发不了文件。请运维人员在服务器上运行：");
  ctx.say(fmt::format("jieli export {}--format xlsx --out 台账.xlsx",
                      scope.group ? fmt::format("--group {} ", quoted(*scope.group)) : ""));
}

}  // namespace

void show_views(Context& ctx, std::span<const Statement> said) {
  for (const Statement& s : said) {
    const Asked asked = asked_for(s);
    const auto scope = scope_of(ctx, asked.of);
    if (!scope) return;
    const Days days = days_of(ctx, s);
    if (s.word == "导出") {
      export_workbook(ctx, *scope, days);
      continue;
    }
    const Brief made = brief(ctx.db, *scope, days, ctx.policy);
    ctx.say(s.word == "日报" ? made.text : bulletin(made, *ctx.policy.catalogue));
    if (asked.picture && !attach(ctx, Attachment::Kind::picture, *scope, days)) {
      ctx.say("这个群里发不了图。");
    }
  }
}
