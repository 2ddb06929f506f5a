#include "commands/target.h"

#include <fmt/format.h>

#include "commands/goods.h"
#include "commands/parser/parser.h"
#include "commands/report.h"
#include "commands/wording.h"

std::optional<Standing> standing_target(Context& ctx, std::int64_t number) {
  auto found = ctx.ledger.find(ctx.message.group, number);
  if (!found) {
    ctx.refuse(fmt::format("本群没有 #{}，请核对编号。自己登记的请发：", number), "我的");
    return std::nullopt;
  }
  if (found->voided_by != 0) {
    ctx.refuse(fmt::format("#{} 已撤销（见 #{}），没有改动。", number, found->voided_by),
               fmt::format("#{}", number));
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
  ctx.refuse(fmt::format("#{} 只有登记的人或协调员可以改动。", target.number),
             fmt::format("#{}", target.number));
  return false;
}

Entry as_entry(const Standing& s) {
  Entry e;
  e.group = s.group;
  e.number = s.number;
  e.kind = s.kind;
  e.item = s.item;
  e.unit = s.unit;
  e.quantity = s.quantity;
  e.place = s.place;
  e.word = s.word;
  e.urgent = !s.calm;
  return e;
}

std::string named_now(const Standing& s) {
  if (s.kind == Kind::admin) return fmt::format("#{} {}", s.number, quoted(s.word));
  if (s.kind >= Kind::done && s.kind != Kind::enough) {
    const bool figure = s.kind == Kind::done && s.quantity;
    return fmt::format("#{} {} #{}{}", s.number, verb(s.kind), s.ref,
                       figure ? " " + amount(*s.quantity, s.unit) : "");
  }
  if (s.kind == Kind::enough) {
    return quoted(fmt::format("#{} {} {}{}", s.number,
                              s.word.empty() ? std::string(verb(s.kind)) : s.word, s.item,
                              s.place.empty() ? "" : " → " + s.place));
  }
  return named(as_entry(s));
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
  if (!entry) return said;
  std::string words = entry->said;
  for (const Change& change : ctx.ledger.changes(target.group, target.number)) {
    if (change.said) words = *change.said;
  }
  constexpr std::string_view kSupplement = "补记 ";
  if (words.starts_with(kSupplement)) words.erase(0, kSupplement.size());
  if (words.empty()) return said;
  const Reading reading = read("发放 " + kept.item + " " + words, *ctx.policy.catalogue);
  if (reading.statements.size() != 1 || !reading.statements.front().quantity) return said;
  const Statement& read_again = reading.statements.front();
  // Only what gives the entry's own line tells how it was said.
  const auto line = on_line(*ctx.policy.catalogue, ctx.policy.catalogue->find(kept.item),
                            read_again);
  return line && line->unit == kept.unit ? read_again : said;
}

std::string said_amount(const Statement& s) {
  if (!s.quantity) return s.unknown ? "数量待核" : "";
  std::string text = (s.approx ? "约" : "") + to_string(*s.quantity) + s.unit;
  if (s.pack) text += fmt::format("({}{}/{})", to_string(s.pack->per), s.pack->unit, s.pack->of);
  if (s.alt) text += fmt::format("({}{})", to_string(s.alt->quantity), s.alt->unit);
  return text;
}

Statement meant_of(Context& ctx, const Standing& target, const Statement& s) {
  Statement meant = as_was_said(ctx, target);
  // 2箱 of what was said as 20箱(12瓶/箱) are boxes of twelve.
  if (!s.unit.empty() && (s.unit != meant.unit || s.pack)) return s;
  meant.alt.reset();
  meant.quantity = s.quantity;
  meant.approx = s.approx;
  return meant;
}

namespace {

/// A figure about an entry, if it comes to the entry's line.
std::optional<Figure> converted(Context& ctx, const Standing& target, const Statement& s) {
  const Standing kept = as_kept(ctx, target);
  const Catalogue::Item* item = ctx.policy.catalogue->find(kept.item);
  const auto line = on_line(*ctx.policy.catalogue, item, meant_of(ctx, target, s));
  if (!line) return std::nullopt;
  Goods goods{.item = kept.item, .unit = line->unit, .quantity = line->quantity};
  ctx.ledger.rules(target.group).settle(goods);
  if (goods.unit != target.unit) return std::nullopt;
  return Figure{*goods.quantity, *line};
}

}  // namespace

std::string figure_of(Context& ctx, const Standing& target, Quantity quantity) {
  Statement bare;
  bare.quantity = quantity;
  const auto figure = converted(ctx, target, bare);
  return to_string(quantity) + (figure && figure->counts == quantity ? "" : target.unit);
}

std::optional<Figure> figure_about(Context& ctx, const Standing& target, const Statement& s) {
  if (auto figure = converted(ctx, target, s)) return figure;
  ctx.refuse(fmt::format("#{} 按{}计，请换成这个单位再发。", target.number, target.unit),
             fmt::format("#{}", target.number));
  return std::nullopt;
}
