#include "commands/amend.h"

#include <fmt/format.h>

#include "commands/doubt.h"
#include "commands/goods.h"
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
  std::string item_name = target.item;
  if (!s.item.empty()) {
    item_name = ledger_item(ctx.db, catalogue, target.group, s.item);
    if (item_name != target.item) change.item = item_name;
  }
  const Catalogue::Item* item = catalogue.find(item_name);
  if (s.quantity) {
    if (s.quantity->thousandths < 0 ||
        (s.quantity->thousandths == 0 && target.kind != Kind::stock) ||
        *s.quantity > Quantity::whole(1'000'000'000)) {
      ctx.refuse("没有更正：数量要大于 0、不超过 10 亿。要取消请发：撤销 #" +
                 std::to_string(target.number));
      return std::nullopt;
    }
    if (s.unit.empty() && (!change.item || target.kind == Kind::activity)) {
      change.quantity = target.kind == Kind::activity ? s.quantity : figure_about(ctx, target, s);
      if (!change.quantity) return std::nullopt;
    } else {
      Statement meant = s;
      if (s.unit.empty()) meant.unit = as_was_said(ctx, target).unit;
      const auto line = on_line(catalogue, item, meant);
      if (!line) {
        ctx.refuse("没有更正：换算不出准确的数量，请换一个单位。");
        return std::nullopt;
      }
      change.quantity = line->quantity;
      if (line->unit != target.unit) change.unit = line->unit;
    }
  } else if (!s.unit.empty()) {
    // 更正 #12 箱: the same figure as said, in another unit.
    Statement other = s;
    other.quantity = as_was_said(ctx, target).quantity;
    if (!other.quantity) {
      ctx.refuse(fmt::format("#{} 还没有数量，请发：更正 #{} 数量", target.number, target.number));
      return std::nullopt;
    }
    if (const auto line = on_line(catalogue, item, other)) {
      change.quantity = line->quantity;
      change.unit = line->unit;
    }
  } else if (change.item && target.kind != Kind::activity) {
    const std::string unit = line_unit(catalogue, item, target.unit);
    if (unit != target.unit) change.unit = unit;
  }
  if (!s.place.empty()) change.place = s.place;
  if (s.becomes) change.kind = kind_of(*s.becomes);
  const bool anything =
      change.quantity || change.unit || change.item || change.place || change.kind;
  if (!anything) {
    ctx.refuse(fmt::format("没看懂要改什么。请这样发：更正 #{} 450 或 更正 #{} 给 三院",
                           target.number, target.number));
    return std::nullopt;
  }
  return change;
}

}  // namespace

void correct(Context& ctx, std::span<const Statement> said) {
  for (const Statement& s : said) {
    std::optional<std::int64_t> number = s.ref;
    if (!number) {
      number = entry_meant(ctx, s, ctx.quoted.empty() ? nullptr : &ctx.quoted);
      if (ctx.refused()) return;
      // Without a word that means a correction, it was said about something else.
      if (!number && s.word.empty()) continue;
      if (!number) return ctx.refuse("更正哪一条？请写编号，例如：更正 #12 450");
    }
    const auto target = standing_target(ctx, *number);
    if (!target || !may_change(ctx, *target)) return;
    if (target->kind >= Kind::done) {
      return ctx.refuse(
          fmt::format("#{} 不是数量登记，可以撤销后重发：撤销 #{}", *number, *number));
    }
    const auto change = change_of(ctx, s, *target);
    if (!change) return;
    if (change->kind && !ctx.ledger.standings().referring(target->group, *number).empty()) {
      return ctx.refuse(fmt::format("#{} 已被别的登记引用，不能改类型。", *number));
    }
    Entry e = act_on(ctx, Kind::correction, *target);
    e.said = quoted(ctx.message.text);
    e.quantity = change->quantity ? change->quantity : target->quantity;
    if (change->item) e.item = *change->item;
    if (change->unit) e.unit = *change->unit;
    if (change->place) e.place = *change->place;
    if (!ctx.settled && change->quantity) {
      Entry as = e;
      as.kind = change->kind.value_or(target->kind);
      as.ref = 0;
      if (implausible(ctx, as, target->number)) {
        const std::size_t part = static_cast<std::size_t>(&s - ctx.reading->statements.data());
        const auto held = hold(ctx, "implausible", 0, {part});
        ctx.say(fmt::format("#{} 改成 {} 比以往多得多，先不改（待确认 {}）。没错请发：", *number,
                            amount(*e.quantity, e.unit), held));
        ctx.say(fmt::format("确认 {}", held));
        continue;
      }
    }
    const std::string before = named_now(*target).substr(named_now(*target).find(' ') + 1);
    const Outcome outcome = ctx.append(e, *change);
    const auto now = ctx.ledger.find(target->group, *number).value();
    ctx.say(fmt::format("已更正 {}（原：{}）", named_now(now), before));
    Entry state;
    state.group = now.group;
    state.kind = now.kind;
    state.item = now.item;
    state.unit = now.unit;
    state.place = now.place;
    say_state(ctx, {state});
    ctx.say(fmt::format("撤回更正请发：撤销 #{}", outcome.number));
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
      ctx.db.run(
          "SELECT s.number, s.voided_by, s.said_at FROM entries e JOIN standing s"
          " ON s.grp = e.grp AND s.number = e.number WHERE e.grp = $1 AND e.message = $2"
          " AND e.user_id = $3 ORDER BY s.number",
          {ctx.message.group, *message, ctx.message.user}, [&](const Row& row) {
            any = true;
            const bool recent = row.integer(2) >= since.time_since_epoch().count();
            if (row.integer(1) == 0 && recent) numbers.push_back(row.integer(0));
          });
    }
    if (numbers.empty()) {
      return ctx.refuse(any ? "您最近一次登记已经撤销或超过 24 小时。再往前的请写编号：撤销 #编号"
                            : "没有可撤销的登记。请写编号：撤销 #编号");
    }
  }
  for (const auto number : numbers) {
    const auto target = standing_target(ctx, number);
    if (!target || !may_change(ctx, *target)) return;
    Entry e = act_on(ctx, Kind::voided, *target);
    e.quantity = target->quantity;
    const Outcome outcome = ctx.append(e);
    ctx.say("已撤销 " + named_now(*target));
    Entry state;
    state.group = target->group;
    state.kind = target->kind;
    state.item = target->item;
    state.unit = target->unit;
    state.place = target->place;
    if (numbers.size() > 1) continue;
    say_state(ctx, {state});
    ctx.say(fmt::format("恢复请发：撤销 #{}", outcome.number));
  }
}

void enough(Context& ctx, std::span<const Statement> said) {
  for (const Statement& s : said) {
    std::vector<std::string> items;
    const std::string item =
        s.item.empty() ? "" : ledger_item(ctx.db, *ctx.policy.catalogue, ctx.message.group, s.item);
    const std::string place = s.place.empty() ? ctx.member.place : s.place;
    const bool own = place.empty() && !ctx.coordinator;
    ctx.db.run(
        "SELECT DISTINCT item FROM standing WHERE grp = $1 AND kind = 'need' AND open = 1"
        " AND party = $2 AND ($3 = '' OR item = $3) AND ($4 = 0 OR user_id = $5) ORDER BY item",
        {ctx.message.group, place, item, std::int64_t{own ? 1 : 0}, ctx.message.user},
        [&](const Row& row) { items.push_back(row.string(0)); });
    if (items.empty()) {
      // Without anything open it says nothing about the ledger: bare words in a group are chatter.
      if (!s.item.empty() || !s.place.empty()) {
        ctx.say(fmt::format("{}{} 没有未满足的需求。", quoted(place), quoted(item)));
      }
      continue;
    }
    for (const std::string& each : items) {
      Entry e = ctx.entry(Kind::enough);
      e.item = each;
      e.place = place;
      e.word = s.word;
      e.own_only = !ctx.coordinator;
      const Outcome outcome = ctx.append(e);
      std::string closed;
      for (const auto number : outcome.replaced) closed += fmt::format(" #{}", number);
      ctx.say(fmt::format("#{} {}{} 够了，已关闭{}。撤销请发：撤销 #{}", outcome.number,
                          quoted(place), quoted(each), closed, outcome.number));
    }
  }
}
