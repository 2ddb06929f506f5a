#include "commands/rollup.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "commands/enough.h"
#include "commands/hub.h"
#include "commands/query.h"
#include "commands/scope.h"
#include "commands/wording.h"
#include "storage/figures.h"
#include "storage/links.h"

namespace {

constexpr std::size_t kLinesShown = 15;

bool everything(const std::string& said) {
  return said == "全部" || said == "所有" || said == "各群" || said == "全部群";
}

/// The groups that the question is about; none where it is about this one.
Scope scope_of(Context& ctx, const Statement& s, bool sees_all) {
  if (everything(s.place)) return {"全部群", {}, recording_groups(ctx.db)};
  if (s.place.empty()) return sees_all ? Scope{"全部群", {}, recording_groups(ctx.db)} : Scope{};
  auto groups = groups_of(ctx.db, ctx.policy, s.place);
  if (groups.empty()) {
    groups = groups_named(ctx.db, ctx.policy, s.place);
    std::erase(groups, ctx.message.group);
  }
  return {quoted(s.place), {}, std::move(groups)};
}

void say_limited(Context& ctx, const std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < lines.size() && i < kLinesShown; ++i) ctx.say(lines[i]);
  if (lines.size() > kLinesShown) ctx.say(fmt::format("…共 {} 行", lines.size()));
}

std::optional<std::string> item_of(Context& ctx, const Statement& s) {
  if (s.item.empty()) return std::nullopt;
  return ledger_item(ctx.db, *ctx.policy.catalogue, ctx.message.group, s.item);
}

void say_head(Context& ctx, const Scope& scope, std::size_t pairs) {
  std::string head = fmt::format("【{}】{} 个群", scope.title, scope.groups.size());
  if (pairs > 0) head += fmt::format("，群间往来 {} 笔只算一次", pairs);
  ctx.say(std::move(head));
}

void totals_of(Context& ctx, const Statement& s, const Scope& scope) {
  Days days;
  if (s.period == Period::today) days = {ctx.day, ctx.day};
  if (s.period == Period::yesterday) days = {ctx.day - 1, ctx.day - 1};
  if (s.period == Period::stated) days = {s.from_day, s.to_day};
  const RollUp sums = roll_up(ctx.db, scope.groups,
                              {.group = {}, .item = item_of(ctx, s), .place = {}, .days = days});
  say_head(ctx, scope, sums.pairs);
  std::vector<std::string> lines;
  for (const TotalRow& row : sums.rows) lines.push_back(line_of(row));
  if (lines.empty()) lines.emplace_back("还没有登记。");
  say_limited(ctx, lines);
  if (!s.item.empty()) return;
  std::map<std::pair<std::string, std::string>, Quantity> work;
  for (const std::string& group : scope.groups) {
    for (const MetricRow& row : metrics(ctx.db, group, days)) {
      work[{row.name, row.unit}] += row.quantity;
    }
  }
  std::string done;
  for (const auto& [of, quantity] : work) {
    done += fmt::format("{}{} {}", done.empty() ? "" : "，", of.first, amount(quantity, of.second));
  }
  if (!done.empty()) ctx.say("工作：" + quoted(done));
}

/// Needs that a coordinator linked to another group's count there.
bool counted_elsewhere(Context& ctx, const NeedRow& need, const std::set<std::string>& groups) {
  for (const Link& link : Links(ctx.db).of(need.group, need.id)) {
    if (link.kind == Link::Kind::said && link.to == need.group && link.to_number == need.id &&
        groups.contains(link.from)) {
      return true;
    }
  }
  return false;
}

/// The same asked in several groups is likely asked once too often; only a coordinator merges it.
void say_likely_same(Context& ctx, const std::vector<NeedRow>& open) {
  std::map<std::string, std::vector<const NeedRow*>> same;
  for (const NeedRow& need : open) {
    if (!need.place || !need.quantity) continue;
    same[fmt::format("{}\n{}\n{}\n{}", need.item, need.unit, *need.place,
                     need.quantity->thousandths)]
        .push_back(&need);
  }
  for (const auto& [of, needs] : same) {
    const NeedRow& one = *needs.front();
    const NeedRow& other = *needs.back();
    if (one.group == other.group) continue;
    ctx.say(fmt::format("可能重复：{}#{} 和 {}#{}。是同一笔，请在 {} 发：",
                        quoted(name_of(ctx.db, ctx.policy, one.group)), one.id,
                        quoted(name_of(ctx.db, ctx.policy, other.group)), other.id,
                        quoted(name_of(ctx.db, ctx.policy, one.group))));
    ctx.say(fmt::format("同一批 #{} {}#{}", one.id,
                        quoted(name_of(ctx.db, ctx.policy, other.group)), other.id));
  }
}

void gaps_of(Context& ctx, const Statement& s, const Scope& scope) {
  const std::set<std::string> groups(scope.groups.begin(), scope.groups.end());
  std::vector<NeedRow> open;
  std::size_t pairs = 0;
  for (NeedRow& need : needs(ctx.db, std::nullopt, item_of(ctx, s), NeedStatus::open)) {
    if (!groups.contains(need.group)) continue;
    if (ctx.member.linked && counted_elsewhere(ctx, need, groups)) {
      ++pairs;
      continue;
    }
    open.push_back(std::move(need));
  }
  std::stable_sort(open.begin(), open.end(),
                   [](const NeedRow& a, const NeedRow& b) { return a.urgent > b.urgent; });
  say_head(ctx, scope, pairs);
  std::vector<std::string> lines;
  for (const NeedRow& need : open) {
    lines.push_back(fmt::format("{} {}", quoted(name_of(ctx.db, ctx.policy, need.group)),
                                need_line(need)));
  }
  if (lines.empty()) lines.emplace_back("目前没有缺口。");
  say_limited(ctx, lines);
  for (const std::string& group : scope.groups) {
    const std::string name = quoted(name_of(ctx.db, ctx.policy, group));
    for (const std::string& line : surplus_lines(ctx.db, group, item_of(ctx, s), std::nullopt)) {
      ctx.say(name + " " + line);
    }
  }
  say_likely_same(ctx, open);
}

void who_of(Context& ctx, const Statement& s, const Scope& scope, Kind kind) {
  const auto item = item_of(ctx, s);
  if (!item) return ctx.say("请写物资，例如：谁有护目镜");
  std::vector<std::string> lines;
  for (const std::string& group : scope.groups) {
    const std::string name = quoted(name_of(ctx.db, ctx.policy, group));
    for (const OpenEntry& open : open_entries(ctx.db, group, *item, kind)) {
      lines.push_back(name + " " + open_line(open));
    }
    if (kind != Kind::offer) continue;
    for (const TotalRow& t :
         totals(ctx.db, {.group = group, .item = item, .place = {}, .days = {}})) {
      if (t.stock > Quantity{}) {
        lines.push_back(quoted(fmt::format("{} 库存 {} {}", name, *item, amount(t.stock, t.unit))));
      }
    }
  }
  say_head(ctx, scope, 0);
  if (lines.empty()) lines.push_back("没有登记：" + quoted(*item));
  say_limited(ctx, lines);
}

}  // namespace

bool query_groups(Context& ctx, const Statement& s) {
  const bool possible = s.topic == Topic::totals || s.topic == Topic::gaps ||
                        s.topic == Topic::who_has || s.topic == Topic::who_needs;
  if (!possible) return false;
  const bool sees_all = !ctx.groups.setting(ctx.message.group, std::string(kSeesAllSetting)).empty();
  const Scope scope = scope_of(ctx, s, sees_all);
  if (scope.groups.empty()) return false;
  if (!sees_all && !ctx.coordinator) {
    ctx.refuse("别的群的数只有协调员可以看。本群的请发：汇总 或 缺口");
    return true;
  }
  if (s.topic == Topic::totals) {
    totals_of(ctx, s, scope);
  } else if (s.topic == Topic::gaps) {
    gaps_of(ctx, s, scope);
  } else {
    who_of(ctx, s, scope, s.topic == Topic::who_has ? Kind::offer : Kind::need);
  }
  return true;
}
