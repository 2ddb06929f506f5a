#include "commands/report.h"

#include <algorithm>

#include <fmt/format.h>

#include "commands/doubt.h"
#include "commands/enough.h"
#include "commands/goods.h"
#include "commands/stated_sum.h"
#include "commands/sums.h"
#include "commands/tally.h"
#include "commands/target.h"
#include "commands/wording.h"
#include "storage/figures.h"

namespace {

constexpr Quantity kMost = Quantity::whole(1'000'000'000);

/// Whether a figure can be recorded at all.
bool plausible_figure(Context& ctx, const Statement& s, Quantity quantity) {
  const bool count = s.action == Action::stock;
  const auto what = [&] { return quoted(s.item + " " + said_amount(s)); };
  if (quantity < Quantity{} || (quantity == Quantity{} && !count)) {
    ctx.refuse(fmt::format("没有登记：{} 的数量要大于 0。请改好数量再发一遍。", what()), "帮助");
    return false;
  }
  if (quantity > kMost) {
    ctx.refuse(fmt::format("没有登记：{} 超过 10 亿，请核对数量再发一遍。", what()), "帮助");
    return false;
  }
  return true;
}

/// 断货: none is left, beside the need of it.
void out_of_stock(Context& ctx, const Entry& need) {
  Entry e = need;
  e.kind = Kind::stock;
  e.quantity = Quantity{};
  if (e.spoken) e.spoken->quantity = Quantity{};
  e.said = "0" + e.unit;
  e.urgent = e.replaces = e.own_only = false;
  e.number = ctx.append(e).number;
  ctx.say(named(e));
}

/// A count that is not what the ledger had: where did it come from, or go?
std::string count_words(Context& ctx, const Entry& e, const Outcome& o) {
  if (e.kind != Kind::stock || !e.place.empty() || o.found == Quantity{}) return {};
  const bool first = first_on_line(ctx.db, e.group, e.item, e.unit) == o.number;
  if (first) return {};
  return o.found > Quantity{} ? fmt::format("，比账上多 {}，未登记来源", amount(o.found, e.unit))
                              : fmt::format("，比账上少 {}", amount(-o.found, e.unit));
}

/// What the speaker may want to say next.
void ask_on(Context& ctx, const Statement& s, const Entry& e, const Outcome& outcome) {
  if (s.receivers > 1) {
    ctx.ask(fmt::format("{} 处各多少？请撤销后分行写明地点再发：", s.receivers),
            fmt::format("撤销 #{}", outcome.number));
    return;
  }
  if (e.kind == Kind::distributed && e.place.empty() && outcome.fulfilled.empty()) {
    if (const auto place = only_place_in_need(ctx, e.group, e.item)) {
      hold(ctx, "place", outcome.number, {});
      ctx.ask(quoted(fmt::format("给{}的？是的话请发：", *place)),
              quoted(fmt::format("更正 #{} 给 {}", outcome.number, *place)));
    }
  }
  if (e.kind == Kind::stock && e.place.empty() && outcome.found > Quantity{} &&
      !count_words(ctx, e, outcome).empty()) {
    ctx.ask("有到货漏登的，请先撤销这次盘点，登记收到后再盘点：",
            fmt::format("撤销 #{}", outcome.number));
  }
  if (e.kind == Kind::received && outcome.place.empty()) {
    if (const auto need = own_pool_need(ctx, e)) {
      const Quantity part =
          need->unknown() ? *e.quantity : std::min(need->rest(), *e.quantity);
      ctx.ask("这批解决了您的需要请发：",
              fmt::format("完成 #{} {}", need->number, figure_of(ctx, *need, part)));
    }
  }
}

std::string effect_words(const Entry& e, const Outcome& o) {
  std::string text;
  if (o.pair != 0) text += fmt::format("（与 #{} 是同一批，不重复计）", o.pair);
  text += confirmed_words(e, o);
  for (const auto number : o.replaced) text += fmt::format("，替换 #{}", number);
  if (o.missing > Quantity{}) text += fmt::format("，短少 {}", amount(o.missing, e.unit));
  return text;
}

}  // namespace

std::string confirmed_words(const Entry& e, const Outcome& o) {
  std::string text;
  for (const auto& [number, part] : o.confirmed) {
    text += fmt::format("，确认 #{} {}", number, amount(part, e.unit));
  }
  for (const auto number : o.sent_later) {
    text += fmt::format("，早于 #{} 发出的时间，请核对", number);
  }
  return text;
}

Kind kind_of(Action action) {
  switch (action) {
    case Action::need:
      return Kind::need;
    case Action::offer:
      return Kind::offer;
    case Action::received:
      return Kind::received;
    case Action::in_transit:
      return Kind::in_transit;
    case Action::distributed:
      return Kind::distributed;
    case Action::stock:
      return Kind::stock;
    case Action::used:
      return Kind::used;
    case Action::adjust:
      return Kind::adjust;
    default:
      return Kind::activity;
  }
}

std::string named(const Entry& e) {
  std::string text = fmt::format("#{} ", e.number);
  if (e.kind == Kind::adjust) {
    text += e.word;
  } else if (e.kind != Kind::activity) {
    text += e.kind == Kind::need && e.urgent ? "急需" : verb(e.kind);
  }
  if (text.back() != ' ') text += ' ';
  text += e.item;
  if (e.quantity) {
    text += std::string(" ") + (e.approx ? "约" : "") + amount(*e.quantity, e.unit);
  } else if (e.kind == Kind::need) {
    text += " 数量待核";
  }
  if (!e.place.empty()) text += " → " + e.place;
  if (!e.counterpart.empty()) text += fmt::format("（{}）", e.counterpart);
  return quoted(text);
}

namespace {

/// 转发：…, 【转】…: somebody else's words.
bool forwarded(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  for (const std::string_view lead : {"转发", "【转", "[转", "（转", "(转", "转：", "转:", "转自", "「转"}) {
    if (text.starts_with(lead)) return true;
  }
  return false;
}

}  // namespace

std::optional<Entry> entry_of(Context& ctx, const Statement& s) {
  Entry e = ctx.entry(kind_of(s.action));
  e.said = said_amount(s);
  e.place = s.place;
  e.counterpart = s.counterpart;
  e.word = s.word == "退货" || s.word == "退还" ? "退回" : s.word;
  e.approx = s.approx;
  e.urgent = s.urgent;
  e.replaces = s.replaces;
  e.expected = s.expected;
  e.unpaired = ctx.settled == "other_end";
  if (s.quantity && !plausible_figure(ctx, s, *s.quantity)) return std::nullopt;

  if (e.kind == Kind::activity) {
    e.item = s.item;
    e.unit = ctx.policy.catalogue->unit(s.unit);
    e.quantity = s.quantity;
    ctx.ledger.settle(e);
    return e;
  }
  e.item = catalogue_name(*ctx.policy.catalogue, s.item);
  const Catalogue::Item* item = ctx.policy.catalogue->find(e.item);
  if (!s.quantity) {
    e.unit = line_unit(*ctx.policy.catalogue, item, s.unit);
  } else {
    const auto line = on_line(*ctx.policy.catalogue, item, s);
    if (!line) {
      ctx.refuse(fmt::format("没有登记：{} 换算不出准确的数量，请换一个单位再发一遍。",
                             quoted(s.item + " " + e.said)),
                 "帮助");
      return std::nullopt;
    }
    if (!plausible_figure(ctx, s, line->quantity)) return std::nullopt;
    e.quantity = line->quantity;
    e.unit = line->unit;
    if (item == nullptr) {
      if (const auto other = other_measure(*ctx.policy.catalogue, s)) {
        e.other = other->quantity;
        e.other_unit = other->unit;
      }
    }
  }
  if (s.expected) {
    Statement expected = s;
    expected.quantity = s.expected;
    expected.alt.reset();
    if (const auto line = on_line(*ctx.policy.catalogue, item, expected)) {
      e.expected = line->quantity;
    }
  }
  if (s.value) {
    const auto worth = on_line(*ctx.policy.catalogue, nullptr,
                               Statement{.quantity = s.value->quantity, .unit = s.value->unit});
    if (worth) e.value = worth->quantity;
  }
  if (e.kind != Kind::adjust && forwarded(ctx.message.text)) e.word = kForwarded;
  // Without a place, 还缺 is about the sender's own needs; a coordinator means the whole pool.
  e.own_only = e.replaces && !ctx.coordinator;
  // A sum over a period is the group's unless it names a place.
  if (!s.from_hub && s.receivers == 0 && !s.cumulative) own_place(ctx, e);
  ctx.ledger.settle(e);
  return e;
}

namespace {

/// 今天无发放: a report too.
std::optional<Entry> nothing_done(const Context& ctx, const Statement& s) {
  Entry e = ctx.entry(Kind::activity);
  e.item = "无" + std::string(verb(kind_of(s.action)));
  e.said = e.item;
  return e;
}

/// Appends one report and says what became of it; false where it is in doubt and held.
bool record(Context& ctx, const Statement& s, Entry& entry) {
  if (in_doubt(ctx, s, entry)) return false;
  if (s.word == "断货") out_of_stock(ctx, entry);
  const Outcome outcome = ctx.append(entry);
  entry.number = outcome.number;
  // A receipt that names no place may turn out to be the other end of something sent to one.
  if (entry.kind == Kind::received) entry.place = outcome.place;
  ctx.reported = true;
  std::string line = named(entry) + effect_words(entry, outcome) + count_words(ctx, entry, outcome);
  const std::string as_said = said_amount(s);
  if (s.quantity && entry.quantity != s.quantity &&
      as_said != (s.approx ? "约" : "") + amount(*entry.quantity, entry.unit)) {
    line += fmt::format("〔{}〕", quoted(as_said));
  }
  ctx.say(std::move(line));
  if (!entry.quantity && entry.kind == Kind::need) {
    ctx.say(fmt::format("大概要多少？请发：更正 #{} 数量", outcome.number));
  }
  ask_on(ctx, s, entry, outcome);
  return true;
}

}  // namespace

void report(Context& ctx, std::span<const Statement> said) {
  // All that a message may be refused for is settled before any of it is written.
  std::vector<Entry> entries;
  std::vector<Statement> sums;
  for (const Statement& s : said) {
    auto entry = s.zero ? nothing_done(ctx, s) : entry_of(ctx, s);
    if (!entry) return;
    entries.push_back(std::move(*entry));
    if (s.cumulative) sums.push_back(s);
  }
  const std::vector<StatedSum> stated = stated_sums(ctx.message.text, said);
  const auto is_sum = [&](std::size_t i) {
    return std::any_of(stated.begin(), stated.end(), [&](const StatedSum& s) { return s.at == i; });
  };
  std::vector<Entry> recorded;
  for (std::size_t i = 0; i < said.size(); ++i) {
    if (is_sum(i)) continue;
    if (said[i].zero) {
      const Outcome outcome = ctx.append(entries[i]);
      ctx.say(fmt::format("#{} 已记：{}", outcome.number, entries[i].item));
      ctx.reported = true;
    } else if (!said[i].cumulative && record(ctx, said[i], entries[i])) {
      recorded.push_back(std::move(entries[i]));
    }
  }
  say_state(ctx, recorded);
  say_where_unequal(ctx, said, stated);
  for (const Entry& e : recorded) say_where_enough(ctx, e);
  if (recorded.size() == 1 && ctx.entries.size() == 1) {
    if (recorded.front().word == kForwarded) {
      ctx.say(fmt::format("转发的消息，请补一句来源。核实了请协调员发：核实 #{}",
                          recorded.front().number));
    }
    ctx.say(fmt::format("撤销请发：撤销 #{}", recorded.front().number));
  } else if (!recorded.empty()) {
    ctx.say("撤销请发：撤销");
  }
  compare_sums(ctx, sums);
}

void ask_kind(Context& ctx, std::span<const Statement> said) {
  std::string goods;
  std::vector<std::size_t> parts;
  for (const Statement& s : said) {
    parts.push_back(static_cast<std::size_t>(&s - ctx.reading->statements.data()));
    if (!goods.empty()) goods += "，";
    goods += s.item + " " + said_amount(s);
    if (!s.place.empty()) goods += " 到 " + s.place;
  }
  goods = quoted(goods);
  hold(ctx, "choose", 0, parts);
  ctx.ask("登记为哪一种？请回数字，或复制一行：", "1 发放 " + goods);
  ctx.ask("2 需要 " + goods, "3 收到 " + goods);
}
