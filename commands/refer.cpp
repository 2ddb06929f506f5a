#include <algorithm>

#include <fmt/format.h>

#include "commands/amend.h"
#include "commands/doubt.h"
#include "commands/matching/decide.h"
#include "commands/report.h"
#include "commands/tally.h"
#include "commands/target.h"
#include "commands/wording.h"
#include "storage/open_entries.h"

namespace {

bool in_range(Quantity quantity) {
  return quantity > Quantity{} && quantity <= Quantity::whole(1'000'000'000);
}

/// What 收到 #n means without a figure.
Quantity rest_to_receive(Context& ctx, const Standing& target) {
  if (target.kind == Kind::distributed) return *target.quantity;
  Quantity rest = target.rest();
  if (target.kind == Kind::offer) {
    for (const Standing& sent : ctx.ledger.standings().referring(target.group, target.number)) {
      if (sent.kind == Kind::in_transit) rest += sent.rest();
    }
  }
  return rest;
}

/// A rest in the unit in which the entry was said, where that comes out even.
LineAmount kept_rest(Context& ctx, const Standing& target, Quantity rest) {
  const Standing kept = as_kept(ctx, target);
  if (kept.unit == target.unit || !kept.quantity || !target.quantity) return {rest, target.unit};
  const auto part = scale(rest, kept.quantity->thousandths, target.quantity->thousandths);
  return part ? LineAmount{*part, kept.unit} : LineAmount{rest, target.unit};
}

std::optional<Figure> stated_or(Context& ctx, const Standing& target, const Statement& s,
                                Quantity rest) {
  if (!s.quantity) {
    if (rest > Quantity{}) return Figure{rest, kept_rest(ctx, target, rest)};
    ctx.refuse(fmt::format("#{} 已经没有余量。如有新的一笔请直接登记。", target.number),
               fmt::format("#{}", target.number));
    return std::nullopt;
  }
  if (!in_range(*s.quantity)) {
    ctx.refuse("没有登记：数量要大于 0、不超过 10 亿。", fmt::format("#{}", target.number));
    return std::nullopt;
  }
  auto figure = figure_about(ctx, target, s);
  if (figure && !in_range(figure->counts)) {
    ctx.refuse("没有登记：数量要大于 0、不超过 10 亿。", fmt::format("#{}", target.number));
    figure.reset();
  }
  return figure;
}

/// The words of a figure about an entry; "" where none was said.
std::string words_about(Context& ctx, const Standing& target, const Statement& s) {
  return s.quantity ? said_amount(meant_of(ctx, target, s)) : "";
}

/// Goods and place of an act as they are kept; the group's own names and packs make the rest.
void put(Context& ctx, Entry& e, const Standing& target, const LineAmount& figure) {
  e.item = as_kept(ctx, target).item;
  e.unit = figure.unit;
  e.quantity = figure.quantity;
  ctx.ledger.settle(e);
}

void record(Context& ctx, Entry e, const Standing& target) {
  const Outcome outcome = ctx.append(e);
  e.number = outcome.number;
  if (e.place.empty()) e.place = outcome.place;
  std::string line = named(e) + fmt::format("（#{}）", target.number);
  line += confirmed_words(e, outcome);
  if (outcome.missing > Quantity{}) {
    line += fmt::format("，短少 {}", amount(outcome.missing, e.unit));
  }
  ctx.say(std::move(line));
  if (target.kind == Kind::distributed) e.kind = target.kind;
  say_state(ctx, {e});
  ctx.say(fmt::format("撤销请发：撤销 #{}", e.number));
}

void received(Context& ctx, const Statement& s, const Standing& target) {
  switch (target.kind) {
    case Kind::in_transit:
    case Kind::offer:
      break;
    case Kind::distributed:
      if (target.pair != 0) {
        return ctx.refuse(
            fmt::format("#{} 已由 #{} 确认收到。如是另一批请发：", target.number, target.pair),
            fmt::format("另一批 #{}", std::max(target.number, target.pair)));
      }
      break;
    case Kind::need:
      if (target.place.empty()) {
        return ctx.refuse(
            fmt::format("#{} 没有写地点，收到的请当入库登记；需要满足了请发：", target.number),
            fmt::format("完成 #{}{}", target.number,
                        s.quantity ? " " + to_string(*s.quantity) + s.unit : ""));
      }
      if (!s.quantity && target.unknown()) {
        return ctx.refuse(
            fmt::format("#{0} 没有报数，请写收到多少，例如：收到 #{0} 100", target.number),
            fmt::format("#{}", target.number));
      }
      break;
    default:
      return ctx.refuse(fmt::format("#{} 是“{}”，不能确认收到。", target.number, verb(target.kind)),
                        fmt::format("#{}", target.number));
  }
  const auto quantity = stated_or(ctx, target, s, rest_to_receive(ctx, target));
  if (!quantity) return;
  Entry e = act_on(ctx, Kind::received, as_kept(ctx, target));
  e.said = words_about(ctx, target, s);
  e.approx = s.approx;
  if (target.kind == Kind::offer) {
    e.place = s.place.empty() ? ctx.member.place : s.place;
  }
  if (s.expected) {
    Statement expected = s;
    expected.quantity = s.expected;
    if (const auto due = figure_about(ctx, target, expected)) e.expected = due->kept.quantity;
  }
  put(ctx, e, target, quantity->kept);
  record(ctx, std::move(e), target);
}

void sent(Context& ctx, const Statement& s, const Standing& target) {
  if (target.kind != Kind::offer && target.kind != Kind::need) {
    return ctx.refuse(fmt::format("#{} 是“{}”，不能从它发出。", target.number, verb(target.kind)),
                      fmt::format("#{}", target.number));
  }
  if (!s.quantity && target.unknown()) {
    return ctx.refuse(
        fmt::format("#{0} 没有报数，请写发出多少，例如：发出 #{0} 100", target.number),
        fmt::format("#{}", target.number));
  }
  Entry e = act_on(ctx, Kind::in_transit, as_kept(ctx, target));
  if (!s.place.empty()) e.word = "到";
  if (!s.place.empty() || target.kind == Kind::offer) e.place = s.place;
  if (target.kind == Kind::need && e.place.empty()) {
    return ctx.refuse(
        fmt::format("#{0} 没有写地点，请写发到哪里，例如：发出 #{0} 100 到 三院", target.number),
        fmt::format("#{}", target.number));
  }
  const auto quantity = stated_or(ctx, target, s, target.rest());
  if (!quantity) return;
  e.said = words_about(ctx, target, s);
  e.approx = s.approx;
  put(ctx, e, target, quantity->kept);
  record(ctx, std::move(e), target);
}

bool own_need(Context& ctx, const Standing& target) {
  if (target.kind != Kind::need) {
    ctx.refuse(fmt::format("#{} 是“{}”，不是需求。", target.number, verb(target.kind)),
               fmt::format("#{}", target.number));
    return false;
  }
  if (!ctx.coordinator && target.user != ctx.message.user) {
    ctx.refuse(fmt::format("#{} 只有提出需求的人或协调员可以这样改。", target.number),
               fmt::format("#{}", target.number));
    return false;
  }
  if (!target.open()) {
    ctx.refuse(fmt::format("#{} 已经不缺了，没有改动。", target.number),
               fmt::format("#{}", target.number));
    return false;
  }
  return true;
}

void done(Context& ctx, const Statement& s, const Standing& target) {
  if (!own_need(ctx, target)) return;
  Entry e = act_on(ctx, Kind::done, target);
  if (s.quantity) {
    const auto figure = stated_or(ctx, target, s, {});
    if (!figure) return;
    put(ctx, e, target, figure->kept);
  }
  const Outcome outcome = ctx.append(e);
  ctx.say(fmt::format("#{} 完成 #{}{}", outcome.number, target.number,
                      e.quantity ? " " + amount(*e.quantity, e.unit) : ""));
  e.kind = Kind::need;
  say_state(ctx, {e});
  ctx.say(fmt::format("撤销请发：撤销 #{}", outcome.number));
}

void urgent(Context& ctx, const Standing& target) {
  if (!own_need(ctx, target)) return;
  if (!target.calm) {
    return ctx.refuse(fmt::format("#{} 已经是加急。", target.number),
                      fmt::format("#{}", target.number));
  }
  const Outcome outcome = ctx.append(act_on(ctx, Kind::urgent, target));
  ctx.say(fmt::format("#{} 已加急 {}", outcome.number, named_now(target)));
  ctx.say(fmt::format("撤销请发：撤销 #{}", outcome.number));
}

void another(Context& ctx, const Statement& s, Standing target) {
  const auto question = ctx.questions.open_about(target.group, target.number, "");
  if (question && question->kind != "place" && question->kind != "implausible") {
    settle(ctx, s);
    return;
  }
  if (target.pair > target.number) {
    const auto later = standing_target(ctx, target.pair);
    if (!later) return;
    target = *later;
  }
  if (!may_change(ctx, target)) return;
  const bool delivery = target.kind == Kind::received || target.kind == Kind::distributed;
  const bool confirms = target.pair != 0 || (delivery && target.fresh != target.quantity);
  if (!delivery || !confirms) {
    return ctx.refuse(fmt::format("#{} 没有确认别的登记，本来就单独计。", target.number),
                      fmt::format("#{}", target.number));
  }
  Entry e = act_on(ctx, Kind::another, target);
  const Outcome outcome = ctx.append(e);
  ctx.say(fmt::format("#{} 好的，{} 另计一批。", outcome.number, named_now(target)));
  e.kind = target.kind;
  say_state(ctx, {e});
  ctx.say(fmt::format("撤销请发：撤销 #{}", outcome.number));
}

/// 没收到: what was sent or handed over is disputed; nothing moves before somebody settles it.
void not_received(Context& ctx, const Standing& target) {
  const bool sent = target.kind == Kind::in_transit || target.kind == Kind::distributed;
  if (!sent || (target.kind == Kind::in_transit && !target.open()) || target.pair != 0) {
    return ctx.refuse(fmt::format("#{} 没有等着收的东西。", target.number),
                      fmt::format("#{}", target.number));
  }
  const Outcome outcome = ctx.append(act_on(ctx, Kind::missing, target));
  ctx.say(fmt::format("#{} 已记：{} 没收到。", outcome.number, named_now(target)));
  ctx.say(fmt::format("{}、{}请核对。数不变，到了请发 收到 #{}", quoted(target.user_name),
                      quoted(target.party), target.number));
  ctx.say(fmt::format("撤销请发：撤销 #{}", outcome.number));
}

/// 无货: the promise is gone; who else has offered the item.
void none_left(Context& ctx, const Standing& target) {
  if (target.kind != Kind::offer || !target.open()) {
    return ctx.refuse(fmt::format("#{} 不是还没兑现的捐赠。", target.number),
                      fmt::format("#{}", target.number));
  }
  if (!may_change(ctx, target)) return;
  const auto promised = resting_on(ctx, target);
  const Outcome outcome = ctx.append(act_on(ctx, Kind::none_left, target));
  ctx.say(fmt::format("#{} 已记：{} 无货，请协调员留意。", outcome.number, named_now(target)));
  if (!promised.empty()) {
    say_next_for(ctx, promised);
    return ctx.say(fmt::format("撤销请发：撤销 #{}", outcome.number));
  }
  std::string next;
  for (const OpenEntry& other :
       open_entries(ctx.db, target.group, target.item, Kind::offer, target.unit, 1)) {
    next = fmt::format("可改用 #{} {} {}", other.number, other.party,
                       amount(other.rest, target.unit));
  }
  ctx.say(next.empty() ? "暂时没有别的捐赠。" : quoted(next));
  ctx.say(fmt::format("撤销请发：撤销 #{}", outcome.number));
}

void blocked(Context& ctx, const Statement& s, const Standing& target) {
  if (target.kind != Kind::in_transit || !target.open()) {
    return ctx.refuse(fmt::format("#{} 不在路上。", target.number),
                      fmt::format("#{}", target.number));
  }
  Entry e = act_on(ctx, Kind::blocked, target);
  e.word = quoted(s.rest);
  const Outcome outcome = ctx.append(e);
  ctx.say(fmt::format("#{} 已记：{} 受阻 {}", outcome.number, named_now(target), e.word));
  ctx.say(fmt::format("撤销请发：撤销 #{}", outcome.number));
}

}  // namespace

void refer(Context& ctx, std::span<const Statement> said) {
  for (const Statement& s : said) {
    if (ctx.refused()) return;
    const bool answer =
        s.act == Act::yes || s.act == Act::no || s.act == Act::confirm || s.act == Act::choice;
    if (answer) {
      settle(ctx, s);
      continue;
    }
    if (!s.ref) {
      ctx.refuse("请写编号，例如：收到 #12。编号请发：", "我的");
      return;
    }
    const auto target = standing_target(ctx, *s.ref);
    if (!target) return;
    switch (s.act) {
      case Act::received:
        received(ctx, s, *target);
        break;
      case Act::in_transit:
        sent(ctx, s, *target);
        break;
      case Act::done:
        done(ctx, s, *target);
        break;
      case Act::urgent:
        urgent(ctx, *target);
        break;
      case Act::another:
        another(ctx, s, *target);
        break;
      case Act::not_received:
        not_received(ctx, *target);
        break;
      case Act::none_left:
        none_left(ctx, *target);
        break;
      case Act::blocked:
        blocked(ctx, s, *target);
        break;
      default:
        break;
    }
  }
}
