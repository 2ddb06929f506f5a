#include "commands/naming.h"

#include <algorithm>

#include <fmt/format.h>

#include "commands/goods.h"
#include "commands/parser/parser.h"
#include "commands/parser/text.h"
#include "commands/query.h"
#include "commands/wording.h"
#include "storage/figures.h"

namespace {

constexpr std::size_t kLongestName = 60;
constexpr std::size_t kMostParts = 20;

std::string trimmed(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return std::string(text);
}

bool same_name(std::string_view one, std::string_view other) {
  return name_key(one) == name_key(other);
}

/// The two sides of the first "=".
struct Sides {
  std::string left, right;
};

std::optional<Sides> sides_of(Context& ctx, const Statement& s, std::string_view example) {
  const auto at = s.rest.find('=');
  Sides sides;
  if (at != std::string::npos) {
    sides = {quoted(trimmed(std::string_view(s.rest).substr(0, at))),
             quoted(trimmed(std::string_view(s.rest).substr(at + 1)))};
  }
  const bool longer = sides.left.size() > kLongestName;
  if (sides.left.empty() || sides.right.empty() || longer) {
    ctx.refuse(fmt::format("没看懂。请这样发：{}", example));
    return std::nullopt;
  }
  return sides;
}

/// The one amount of goods that a phrase names; empty where it is none or several.
std::optional<Statement> goods_in(const Context& ctx, const std::string& phrase) {
  const Reading reading = read("发放 " + phrase, *ctx.policy.catalogue);
  if (reading.statements.size() != 1) return std::nullopt;
  const Statement& s = reading.statements.front();
  if (!s.quantity || *s.quantity <= Quantity{} || s.item.empty()) return std::nullopt;
  return s;
}

/// An item by the name that the group's entries have it under.
std::string item_named(Context& ctx, const std::string& said) {
  return ctx.ledger.rules(ctx.message.group).item(catalogue_name(*ctx.policy.catalogue, said));
}

void record(Context& ctx, const Statement& s, Rule rule, const std::string& means) {
  Entry e = ctx.entry(Kind::admin);
  e.word = quoted(fmt::format("{} {}", s.word, trimmed(s.rest)));
  e.said = e.word;
  const std::string item = rule.kind == Rule::Kind::place ? "" : rule.name;
  e.rule = std::move(rule);
  const Outcome outcome = ctx.append(std::move(e));
  ctx.say(fmt::format("#{} {}，以前的登记也这样算。", outcome.number, means));
  if (!item.empty()) {
    const std::string now = ctx.ledger.rules(ctx.message.group).item(item);
    for (const TotalRow& row : totals(ctx.db, {.group = ctx.message.group, .item = now})) {
      ctx.say(line_of(row));
    }
  }
  ctx.say(fmt::format("撤销请发：撤销 #{}", outcome.number));
}

void refuse_known(Context& ctx, const Rules::Numbered& known) {
  ctx.refuse(fmt::format("“{}”已经设过（#{}）。要改请先发：撤销 #{}", quoted(known.rule.name),
                         known.number, known.number));
}

void alias(Context& ctx, const Statement& s) {
  const auto sides = sides_of(ctx, s, "别名 八四=84消毒液");
  if (!sides) return;
  const Catalogue& catalogue = *ctx.policy.catalogue;
  const Rules& rules = ctx.ledger.rules(ctx.message.group);
  const auto& [from, to] = *sides;
  if (to.size() > kLongestName) return ctx.refuse("名称太长。请这样发：别名 八四=84消毒液");
  if (same_name(from, to)) {
    return ctx.refuse(fmt::format("“{}”和“{}”是同一个词，不用设别名。", from, to));
  }
  const std::string means = catalogue_name(catalogue, to);
  if (const auto* item = catalogue.find(from)) {
    return ctx.refuse(item->name == means
                          ? fmt::format("“{}”本来就是 {}，不用设别名。", from, means)
                          : fmt::format("“{}”在物资表里是 {}，不能改作 {}。", from, item->name,
                                        means));
  }
  if (const auto* known = rules.find(Rule::Kind::alias, from)) return refuse_known(ctx, *known);
  if (const auto* known = rules.find(Rule::Kind::alias, means)) {
    const std::string end = rules.item(means);
    return ctx.refuse(same_name(end, from)
                          ? fmt::format("“{}”已经是“{}”的别名（#{}），不能反过来再设。", means,
                                        from, known->number)
                          : fmt::format("“{}”是“{}”的别名，别名不能再有别名。请发：别名 {}={}",
                                        means, end, from, end));
  }
  for (const auto& [number, rule] : rules.said()) {
    if (rule.kind == Rule::Kind::alias && same_name(rule.means, from)) {
      return ctx.refuse(fmt::format("“{}”已经是“{}”的别名（#{}），别名不能再有别名。请先发：撤销 #{}",
                                    rule.name, from, number, number));
    }
  }
  Rule rule{.kind = Rule::Kind::alias, .name = from, .means = means};
  if (const auto* item = catalogue.find(means)) {
    rule.unit = line_unit(catalogue, item, item->unit);
    rule.same = catalogue.counted_alike(rule.unit);
  }
  record(ctx, s, std::move(rule), fmt::format("{} 就是 {}", from, means));
}

void place(Context& ctx, const Statement& s) {
  const auto sides = sides_of(ctx, s, "地点 一医院=孝感一医院");
  if (!sides) return;
  const Rules& rules = ctx.ledger.rules(ctx.message.group);
  const auto& [from, to] = *sides;
  if (to.size() > kLongestName) return ctx.refuse("名称太长。请这样发：地点 一医院=孝感一医院");
  if (same_name(from, to)) {
    return ctx.refuse(fmt::format("“{}”不能是自己的别名。请这样发：地点 一医院=孝感一医院", from));
  }
  if (const auto* known = rules.find(Rule::Kind::place, from)) return refuse_known(ctx, *known);
  if (const auto* known = rules.find(Rule::Kind::place, to)) {
    const std::string end = rules.place(to);
    return ctx.refuse(same_name(end, from)
                          ? fmt::format("“{}”已经是“{}”的别名（#{}），不能反过来再设。", to, from,
                                        known->number)
                          : fmt::format("“{}”是“{}”的别名，别名不能再有别名。请发：地点 {}={}", to,
                                        end, from, end));
  }
  for (const auto& [number, rule] : rules.said()) {
    if (rule.kind == Rule::Kind::place && same_name(rule.means, from)) {
      return ctx.refuse(fmt::format("“{}”已经是“{}”的别名（#{}），别名不能再有别名。请先发：撤销 #{}",
                                    rule.name, from, number, number));
    }
  }
  record(ctx, s, {.kind = Rule::Kind::place, .name = from, .means = to},
         fmt::format("{} 就是 {}", from, to));
}

/// 口罩 1箱, 口罩 每箱, 口罩 箱: whose pack it is, and how many of them the other side holds.
std::optional<Statement> pack_in(const Context& ctx, const std::string& said) {
  if (auto s = goods_in(ctx, said); s && !s->unit.empty() && !s->pack && !s->alt) return s;
  const auto blank = said.rfind(' ');
  if (blank == std::string::npos) return std::nullopt;
  std::string unit = said.substr(blank + 1);
  for (const std::string_view each : {"每", "一"}) {
    if (unit.starts_with(each)) unit.erase(0, each.size());
  }
  if (auto s = goods_in(ctx, said.substr(0, blank) + " 1" + unit); s && s->unit == unit) return s;
  return std::nullopt;
}

void pack(Context& ctx, const Statement& s, const Statement& outer, const Sides& sides) {
  const Catalogue& catalogue = *ctx.policy.catalogue;
  const Rules& rules = ctx.ledger.rules(ctx.message.group);
  const std::string said = catalogue_name(catalogue, outer.item);
  const std::string item = rules.item(said);
  const std::string unit = catalogue.unit(outer.unit);
  const Catalogue::Item* known_item = catalogue.find(item);
  const auto inner = goods_in(ctx, fmt::format("{} {}", outer.item, sides.right));
  if (!inner || inner->unit.empty()) {
    return ctx.refuse(fmt::format("没看懂“{}”。请这样发：规格 {} 1{}=2000只", sides.right, item, unit));
  }
  const auto line = on_line(catalogue, known_item, *inner);
  const auto per =
      line ? scale(line->quantity, 1000, outer.quantity->thousandths) : std::nullopt;
  if (!per || *per <= Quantity{} || *per > Quantity::whole(1'000'000'000)) {
    return ctx.refuse(fmt::format("“{}”算不出每{}多少。请这样发：规格 {} 1{}=2000只", sides.right,
                                  unit, item, unit));
  }
  const std::string line_of_unit = line_unit(catalogue, known_item, unit);
  const bool weight = catalogue.grams(unit) || catalogue.millilitres(unit);
  if (line_of_unit == line->unit || weight) {
    return ctx.refuse(fmt::format("{} 不能用 {} 来定规格。请这样发：规格 {} 1箱=2000只", unit,
                                  line->unit, item));
  }
  const bool measured = line->unit == "公斤" || line->unit == "升";
  const std::string own = known_item == nullptr ? "" : line_unit(catalogue, known_item, "");
  if (measured && known_item != nullptr && own != line->unit) {
    return ctx.refuse(fmt::format("{} 按{}计，不按{}换算。", item, own, line->unit));
  }
  if (!own.empty() && line_of_unit == own) {
    return ctx.refuse(fmt::format("{} 本来就按{}计，不能再换算成{}。", item, own, line->unit));
  }
  if (const auto* known = rules.find(Rule::Kind::pack, said, unit)) {
    return refuse_known(ctx, *known);
  }
  if (rules.unit(item, line->unit) == unit) {
    return ctx.refuse(fmt::format("{} 的{}和{}已经互相换算，不能再反过来设。", item, line->unit, unit));
  }
  record(ctx, s,
         {.kind = Rule::Kind::pack, .name = said, .unit = unit, .inner = line->unit, .per = *per},
         fmt::format("{} 1{}={}", item, unit, amount(*per, line->unit)));
}

std::vector<std::string> split_parts(std::string text) {
  for (const std::string_view sign : {"＋", "、", "，", ",", "和", "；", ";"}) {
    for (std::size_t at = 0; (at = text.find(sign, at)) != std::string::npos;) {
      text.replace(at, sign.size(), "+");
    }
  }
  std::vector<std::string> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find('+', from), text.size());
    if (auto part = trimmed(std::string_view(text).substr(from, to - from)); !part.empty()) {
      parts.push_back(std::move(part));
    }
    from = to + 1;
  }
  return parts;
}

void kit(Context& ctx, const Statement& s, const Sides& sides) {
  const Catalogue& catalogue = *ctx.policy.catalogue;
  const Rules& rules = ctx.ledger.rules(ctx.message.group);
  constexpr std::string_view kExample = "规格 社区防疫包=口罩50只+酒精2瓶";
  const std::string kit_name = catalogue_name(catalogue, sides.left);
  const std::string item = rules.item(kit_name);
  if (const auto* known = rules.find(Rule::Kind::kit, kit_name)) return refuse_known(ctx, *known);
  if (!rules.kits_with(item).empty()) {
    return ctx.refuse(fmt::format("{} 是套装 {} 的一部分，不能自己又是套装。", item,
                                  rules.kits_with(item).front().first));
  }
  Rule rule{.kind = Rule::Kind::kit, .name = kit_name};
  std::string words;
  for (const std::string& part : split_parts(sides.right)) {
    const auto goods = goods_in(ctx, part);
    const auto line =
        goods ? on_line(catalogue, catalogue.find(item_named(ctx, goods->item)), *goods)
              : std::nullopt;
    if (!line || line->unit.empty() || rule.parts.size() >= kMostParts) {
      return ctx.refuse(fmt::format("没看懂“{}”。请这样发：{}", part, kExample));
    }
    const std::string of = catalogue_name(catalogue, goods->item);
    const std::string settled = rules.item(of);
    if (settled == item) {
      return ctx.refuse(fmt::format("{} 里不能再装 {} 自己。", item, item));
    }
    if (rules.kit(settled) != nullptr) {
      return ctx.refuse(fmt::format("{} 也是套装，套装里不能再放套装。请写它里面的东西。", settled));
    }
    for (const Rule::Part& other : rule.parts) {
      if (rules.item(other.item) != settled) continue;
      return ctx.refuse(fmt::format("{} 在套装里写了两遍。请合成一个数再发。", settled));
    }
    rule.parts.push_back({of, line->unit, line->quantity});
    words += fmt::format("{}{} {}", words.empty() ? "" : "+", settled,
                         amount(line->quantity, line->unit));
  }
  record(ctx, s, std::move(rule), fmt::format("{} 每份={}", item, words));
}

void specify(Context& ctx, const Statement& s) {
  const auto sides = sides_of(ctx, s, "规格 口罩 1箱=2000只，或 规格 社区防疫包=口罩50只+酒精2瓶");
  if (!sides) return;
  if (const auto outer = pack_in(ctx, sides->left)) return pack(ctx, s, *outer, *sides);
  kit(ctx, s, *sides);
}

}  // namespace

void name(Context& ctx, const Statement& s) {
  if (s.word == "规格") return specify(ctx, s);
  if (s.word == "别名") return alias(ctx, s);
  place(ctx, s);
}
