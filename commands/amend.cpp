#include "commands/amend.h"

#include <fmt/format.h>

#include "commands/doubt.h"
#include "commands/goods.h"
#include "commands/matching/decide.h"
#include "commands/report.h"
#include "commands/tally.h"
#include "commands/target.h"
#include "commands/which.h"
#include "commands/wording.h"

namespace {

constexpr std::chrono::hours kTakeBackWithin{24};

/// What a correction changes; empty where it says nothing that can be used.
std::optional<Change> change_of(Context& ctx, const Statement& s, const Standing& target) {
  const Catalogue& catalogue = *ctx.policy.catalogue;
  Change change;
  const Standing kept = as_kept(ctx, target);
  std::string item_name = kept.item;
  if (!s.item.empty()) {
    const std::string said_item = catalogue_name(catalogue, s.item);
    if (ctx.ledger.rules(target.group).item(said_item) != target.item) {
      item_name = said_item;
      change.item = said_item;
    }
  }
  const Catalogue::Item* item = catalogue.find(item_name);
  if (s.quantity) {
    // As a report: neither what is said may be out of range nor what it comes to on its line.
    if (*s.quantity > Quantity::whole(1'000'000'000)) {
      ctx.refuse(fmt::format("没有更正：#{} 超过 10 亿。", target.number),
                 fmt::format("#{}", target.number));
      return std::nullopt;
    }
    if (s.unit.empty() && (!change.item || target.kind == Kind::activity)) {
      const auto figure = target.kind == Kind::activity
                              ? std::optional(Figure{*s.quantity, {*s.quantity, kept.unit}})
                              : figure_about(ctx, target, s);
      if (!figure) return std::nullopt;
      change.quantity = figure->kept.quantity;
      change.said = said_amount(meant_of(ctx, target, s));
      if (figure->kept.unit != kept.unit) change.unit = figure->kept.unit;
    } else {
      const Statement meant = meant_of(ctx, target, s);
      const auto line = on_line(catalogue, item, meant);
      if (!line) {
        ctx.refuse("没有更正：换算不出准确的数量，请换一个单位。",
                   fmt::format("#{}", target.number));
        return std::nullopt;
      }
      change.quantity = line->quantity;
      change.said = said_amount(meant);
      if (line->unit != kept.unit) change.unit = line->unit;
    }
    change.approx = s.approx;
  } else if (!s.unit.empty()) {
    // 更正 #12 箱: the same figure as said, in another unit.
    Statement other = s;
    other.quantity = as_was_said(ctx, target).quantity;
    if (!other.quantity) {
      ctx.refuse(fmt::format("#{0} 还没有数量，请写数量，例如：更正 #{0} 300{1}", target.number,
                             s.unit),
                 fmt::format("#{}", target.number));
      return std::nullopt;
    }
    other.pack = as_was_said(ctx, target).pack;
    if (const auto line = on_line(catalogue, item, other)) {
      change.quantity = line->quantity;
      change.unit = line->unit;
      change.said = said_amount(other);
    }
  } else if (change.item && target.kind != Kind::activity) {
    const std::string unit = line_unit(catalogue, item, kept.unit);
    if (unit != kept.unit) change.unit = unit;
  }
  if (!s.place.empty() && s.place != target.place) change.place = s.place;
  if (s.from_hub) change.place = "";
  if (s.becomes) change.kind = kind_of(*s.becomes);
  if (s.becomes == Action::adjust) change.word = s.word;
  const bool anything =
      change.quantity || change.unit || change.item || change.place || change.kind;
  if (!anything) {
    ctx.refuse(fmt::format("没看懂要改什么。请这样发：更正 #{0} 450，或：更正 #{0} 给 三院",
                           target.number),
               fmt::format("#{}", target.number));
    return std::nullopt;
  }
  return change;
}

void say_corrected(Context& ctx, const Standing& was, std::int64_t by) {
  const std::string before = named_now(was);
  const auto now = ctx.ledger.find(was.group, was.number).value();
  ctx.say(fmt::format("已更正 {}（原：{}）", named_now(now), before.substr(before.find(' ') + 1)));
  say_state(ctx, {as_entry(now)});
  ctx.say(fmt::format("撤回更正请发：撤销 #{}", by));
}

}  // namespace

bool can_become(Context& ctx, const Standing& target, const Change& change) {
  const auto refuse = [&](const std::string& why) {
    ctx.refuse(fmt::format("没有更正：#{} {}", target.number, why),
               fmt::format("#{}", target.number));
    return false;
  };
  const Kind kind = change.kind.value_or(target.kind);
  const bool work = target.kind == Kind::activity;
  if (target.kind > Kind::activity) return refuse("不是数量登记，可以撤销后重发。");
  if (work != (kind == Kind::activity)) return refuse("是工作量，不能改成物资，可以撤销后重发。");
  if (work && !target.quantity) return refuse("没有数量，可以撤销后重发。");
  if (kind != target.kind) {
    for (const Standing& other : ctx.ledger.standings().referring(target.group, target.number)) {
      if (other.kind == Kind::correction || other.kind == Kind::another) continue;
      return refuse(fmt::format("已被 #{} 引用，不能改类型。", other.number));
    }
  }
  if (const auto about = ctx.ledger.find(target.group, target.ref)) {
    // What it acts on says what goods they are, and where they came in.
    const bool there = change.place && kind == Kind::received && about->kind != Kind::offer;
    const bool unit =
        change.unit &&
        ctx.ledger.rules(target.group).unit(target.item, *change.unit) != target.unit;
    if (change.item || unit || there || kind < Kind::in_transit || kind > Kind::distributed) {
      return refuse(fmt::format("是关于 #{0} 的，这样的改动请改 #{0}。", target.ref));
    }
  }
  const auto quantity = change.quantity ? change.quantity : target.quantity;
  if (!quantity && kind != Kind::need) return refuse("还没有数量，请连数量一起写。");
  if (quantity && (*quantity < Quantity{} || (*quantity == Quantity{} && kind != Kind::stock))) {
    return refuse("的数量要大于 0。");
  }
  if (quantity && *quantity > Quantity::whole(1'000'000'000)) return refuse("超过 10 亿。");
  return true;
}

Entry correction_of(Context& ctx, const Standing& kept, const Change& change) {
  Entry e = act_on(ctx, Kind::correction, kept);
  e.quantity = change.quantity ? change.quantity : kept.quantity;
  if (change.item) e.item = *change.item;
  if (change.unit) e.unit = *change.unit;
  if (change.place) e.place = *change.place;
  ctx.ledger.settle(e);
  return e;
}

void correct(Context& ctx, std::span<const Statement> said) {
  for (const Statement& s : said) {
    std::optional<std::int64_t> number = s.ref;
    if (!number) {
      number = entry_meant(ctx, s, ctx.quoted.empty() ? nullptr : &ctx.quoted);
      if (ctx.refused()) return;
      // Without a word that means a correction, it was said about something else.
      if (!number && s.word.empty()) continue;
      if (!number) ctx.refuse("更正哪一条？请写编号，例如：更正 #12 450。编号请发：", "我的");
    }
    if (!number || ctx.refused()) return;
    const auto target = standing_target(ctx, *number);
    if (!target || !may_change(ctx, *target)) return;
    if (target->kind > Kind::activity) {
      can_become(ctx, *target, {});
      return;
    }
    const auto change = change_of(ctx, s, *target);
    if (!change || !can_become(ctx, *target, *change)) return;
    Entry e = correction_of(ctx, as_kept(ctx, *target), *change);
    e.said = quoted(ctx.message.text);
    if (ctx.settled.empty() && change->quantity) {
      Entry as = e;
      as.kind = change->kind.value_or(target->kind);
      as.ref = target->ref;
      if (implausible(ctx, as, target->number)) {
        hold_implausible(ctx, s, as, target->number);
        continue;
      }
    }
    say_corrected(ctx, *target, ctx.append(e, *change).number);
  }
}

void give_to(Context& ctx, std::int64_t number, const std::optional<std::string>& place) {
  const auto target = standing_target(ctx, number);
  if (!target) return;
  if (!target->place.empty() || !place) {
    return ctx.refuse(fmt::format("#{} 要写明给哪里，例如：更正 #{} 给 三院", number, number),
                      fmt::format("#{}", number));
  }
  Change change;
  change.place = *place;
  const Entry e = correction_of(ctx, as_kept(ctx, *target), change);
  say_corrected(ctx, *target, ctx.append(e, change).number);
}

void verify(Context& ctx, std::span<const Statement> said) {
  for (const Statement& s : said) {
    const auto target = s.ref ? standing_target(ctx, *s.ref) : std::nullopt;
    if (!target) return ctx.refuse("请写编号，例如：核实 #12。编号请发：", "我的");
    if (target->kind > Kind::activity) {
      return ctx.refuse(fmt::format("#{} 不是登记的物资或工作。", target->number),
                        fmt::format("#{}", target->number));
    }
    const Kind kind = s.word == "存疑" ? Kind::doubtful : Kind::verified;
    const Outcome outcome = ctx.append(act_on(ctx, kind, *target));
    ctx.say(fmt::format("#{} {} {}", outcome.number, kind == Kind::verified ? "已核实" : "存疑",
                        named_now(*target)));
    ctx.say(fmt::format("撤销请发：撤销 #{}", outcome.number));
  }
}

void cancel(Context& ctx, std::span<const Statement> said) {
  std::vector<std::int64_t> numbers;
  for (const Statement& s : said) {
    if (s.ref) {
      numbers.push_back(*s.ref);
      continue;
    }
    const auto message = ctx.groups.last_report(ctx.message.group, ctx.message.user);
    const auto since = ctx.message.time - kTakeBackWithin;
    bool any = false;
    if (message) {
      for (const Standing& made : ctx.ledger.made_by(ctx.message.group, *message)) {
        if (made.user != ctx.message.user || made.kind > Kind::activity) continue;
        any = true;
        if (made.voided_by == 0 && made.time >= since) numbers.push_back(made.number);
      }
    }
    if (numbers.empty()) {
      return ctx.refuse(any ? "您最近一次登记已经撤销或超过 24 小时。再往前的请写编号，如：撤销 #12"
                            : "没有可撤销的登记。请写编号，如：撤销 #12",
                        "我的");
    }
  }
  for (const auto number : numbers) {
    const auto target = standing_target(ctx, number);
    if (!target || !may_change(ctx, *target) || !may_void_match(ctx, *target)) return;
    Entry e = act_on(ctx, Kind::voided, *target);
    e.quantity = target->quantity;
    const Outcome outcome = ctx.append(e);
    ctx.say("已撤销 " + named_now(*target));
    tell_match_voided(ctx, *target);
    if (numbers.size() > 1) continue;
    say_state(ctx, {as_entry(*target)});
    ctx.say(fmt::format("恢复请发：撤销 #{}", outcome.number));
  }
}
