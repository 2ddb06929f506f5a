#include "commands/revise.h"

#include <algorithm>

#include <fmt/format.h>

#include "commands/jielong.h"
#include "commands/report.h"
#include "commands/tally.h"
#include "commands/target.h"

namespace {

std::vector<Standing> recorded_by(Context& ctx) {
  std::vector<std::int64_t> numbers;
  ctx.db.run(
      "SELECT s.number FROM entries e JOIN standing s ON s.grp = e.grp AND s.number = e.number"
      " WHERE e.grp = $1 AND e.message = $2 AND s.voided_by = 0 AND s.kind <> 'void'"
      " ORDER BY s.number",
      {ctx.message.group, ctx.message.id},
      [&](const Row& row) { numbers.push_back(row.integer(0)); });
  std::vector<Standing> found;
  for (const auto number : numbers) {
    found.push_back(ctx.ledger.find(ctx.message.group, number).value());
  }
  return found;
}

void take_back(Context& ctx, const Standing& target) {
  Entry e = act_on(ctx, Kind::voided, target);
  e.quantity = target.quantity;
  ctx.append(e);
  ctx.say("已撤销 " + named_now(target));
}

Change difference(const Standing& was, const Entry& now) {
  Change change;
  if (now.quantity && now.quantity != was.quantity) change.quantity = now.quantity;
  if (now.unit != was.unit) change.unit = now.unit;
  if (now.item != was.item) change.item = now.item;
  if (now.place != was.place) change.place = now.place;
  if (now.kind != was.kind) change.kind = now.kind;
  return change;
}

}  // namespace

void recall(Context& ctx) {
  for (const Standing& target : recorded_by(ctx)) take_back(ctx, target);
}

void edit(Context& ctx) {
  if (ctx.reading->list) return post_list(ctx, ctx.reading->statements);
  std::vector<Standing> was = recorded_by(ctx);
  std::erase_if(was, [](const Standing& s) { return s.kind > Kind::activity; });
  std::vector<Statement> said = ctx.reading->statements;
  std::erase_if(said, [](const Statement& s) {
    return s.action > Action::activity || s.zero || s.cumulative;
  });
  const std::size_t both = std::min(was.size(), said.size());
  for (std::size_t i = 0; i < both; ++i) {
    const auto now = entry_of(ctx, said[i]);
    if (!now) return;
    Change change = difference(was[i], *now);
    if (change.kind && !ctx.ledger.standings().referring(was[i].group, was[i].number).empty()) {
      return ctx.refuse(fmt::format("#{} 已被别的登记引用，不能改类型。", was[i].number));
    }
    if (encode(change).empty()) continue;
    Entry e = act_on(ctx, Kind::correction, was[i]);
    e.item = now->item;
    e.unit = now->unit;
    e.place = now->place;
    e.quantity = now->quantity;
    e.said = now->said;
    ctx.append(e, change);
    const auto stands = ctx.ledger.find(was[i].group, was[i].number).value();
    ctx.say("已按修改更正 " + named_now(stands));
    e.kind = stands.kind;
    say_state(ctx, {e});
  }
  for (std::size_t i = both; i < was.size(); ++i) take_back(ctx, was[i]);
  if (both == said.size()) return;
  // What is new is read from the message's own statements: a question must find its place there.
  const auto first = ctx.reading->statements.size() - (said.size() - both);
  report(ctx, std::span(ctx.reading->statements).subspan(first));
}
