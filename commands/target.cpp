#include "commands/target.h"

#include <fmt/format.h>

#include "commands/goods.h"
#include "commands/parser/parser.h"
#include "commands/report.h"
#include "commands/wording.h"

std::optional<Standing> standing_target(Context& ctx, std::int64_t number) {
  auto found = ctx.ledger.find(ctx.message.group, number);
  if (!found) {
    ctx.refuse(fmt::format("本群没有 #{}，请核对编号。", number));
    return std::nullopt;
  }
  if (found->voided_by != 0) {
    ctx.refuse(fmt::format("#{} 已撤销（见 #{}），没有改动。", number, found->voided_by));
    return std::nullopt;
  }
  return found;
}

bool may_change(Context& ctx, const Standing& target) {
  if (ctx.coordinator || target.user == ctx.message.user) return true;
  ctx.refuse(fmt::format("#{} 只有登记的人或协调员可以改动。", target.number));
  return false;
}

std::string named_now(const Standing& s) {
  if (s.kind >= Kind::done && s.kind != Kind::enough) {
    return fmt::format("#{} {} #{}", s.number, verb(s.kind), s.ref);
  }
  Entry e;
  e.number = s.number;
  e.kind = s.kind;
  e.item = s.item;
  e.unit = s.unit;
  e.quantity = s.quantity;
  e.place = s.place;
  e.word = s.word;
  return named(e);
}

Entry act_on(const Context& ctx, Kind kind, const Standing& target) {
  Entry e = ctx.entry(kind);
  e.ref = target.number;
  e.item = target.item;
  e.unit = target.unit;
  e.place = target.place;
  return e;
}

Statement as_was_said(Context& ctx, const Standing& target) {
  Statement said{.item = target.item, .quantity = target.quantity, .unit = target.unit};
  const auto entry = ctx.ledger.said(target.group, target.number);
  // Corrected to another unit, or an act that said nothing of its own: the line's unit it is.
  if (!entry || entry->said.empty() || entry->unit != target.unit) return said;
  const Reading reading = read("发放 " + entry->item + " " + entry->said, *ctx.policy.catalogue);
  if (reading.statements.size() != 1 || !reading.statements.front().quantity) return said;
  return reading.statements.front();
}

std::optional<Quantity> figure_about(Context& ctx, const Standing& target, const Statement& s) {
  const Catalogue::Item* item = ctx.policy.catalogue->find(target.item);
  Statement meant = s;
  if (s.unit.empty()) {
    meant = as_was_said(ctx, target);
    meant.alt.reset();
    meant.quantity = s.quantity;
  }
  const auto line = on_line(*ctx.policy.catalogue, item, meant);
  if (line && line->unit == target.unit) return line->quantity;
  ctx.refuse(fmt::format("#{} 按{}计，请用这个单位，例如：{}", target.number, target.unit,
                         amount(target.quantity.value_or(Quantity::whole(100)), target.unit)));
  return std::nullopt;
}
