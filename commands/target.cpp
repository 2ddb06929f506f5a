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
  const bool fact = target.word.starts_with("通行 ");
  if (target.kind == Kind::admin && !fact && !ctx.coordinator) {
    ctx.refuse(fmt::format("#{} 是群设置，只有本群协调员可以改动。", target.number));
    return false;
  }
  if (ctx.coordinator || target.user == ctx.message.user) return true;
  ctx.refuse(fmt::format("#{} 只有登记的人或协调员可以改动。", target.number));
  return false;
}

std::string named_now(const Standing& s) {
  if (s.kind == Kind::admin) return fmt::format("#{} {}", s.number, quoted(s.word));
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

Standing as_kept(Context& ctx, const Standing& target) {
  if (ctx.ledger.rules(target.group).empty()) return target;
  return ctx.ledger.unsettled(target.group, target.number).value_or(target);
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
  const Standing kept = as_kept(ctx, target);
  Statement said{.item = kept.item, .quantity = kept.quantity, .unit = kept.unit};
  const auto entry = ctx.ledger.said(target.group, target.number);
  // Corrected to another unit, or an act that said nothing of its own: the line's unit it is.
  if (!entry || entry->said.empty() || entry->unit != kept.unit) return said;
  const Reading reading = read("发放 " + entry->item + " " + entry->said, *ctx.policy.catalogue);
  if (reading.statements.size() != 1 || !reading.statements.front().quantity) return said;
  return reading.statements.front();
}

std::optional<Figure> figure_about(Context& ctx, const Standing& target, const Statement& s) {
  const Standing kept = as_kept(ctx, target);
  const Catalogue::Item* item = ctx.policy.catalogue->find(kept.item);
  Statement meant = s;
  if (s.unit.empty()) {
    meant = as_was_said(ctx, target);
    meant.alt.reset();
    meant.quantity = s.quantity;
  }
  if (const auto line = on_line(*ctx.policy.catalogue, item, meant)) {
    Goods goods{.item = kept.item, .unit = line->unit, .quantity = line->quantity};
    ctx.ledger.rules(target.group).settle(goods);
    if (goods.unit == target.unit) return Figure{*goods.quantity, *line};
  }
  ctx.refuse(fmt::format("#{} 按{}计，请用这个单位，例如：{}", target.number, target.unit,
                         amount(target.quantity.value_or(Quantity::whole(100)), target.unit)));
  return std::nullopt;
}
