#include "commands/query.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "commands/access.h"
#include "commands/brief.h"
#include "commands/enough.h"
#include "commands/matching/view.h"
#include "commands/privacy.h"
#include "commands/report.h"
#include "commands/rollup.h"
#include "commands/target.h"
#include "commands/wording.h"
#include "storage/figures.h"

namespace {

constexpr std::size_t kLinesShown = 12;
constexpr std::int64_t kEntriesShown = 10;

Days days_of(const Context& ctx, const Statement& s) {
  switch (s.period) {
    case Period::today:
      return {ctx.day, ctx.day};
    case Period::yesterday:
      return {ctx.day - 1, ctx.day - 1};
    case Period::stated:
      return {s.from_day, s.to_day};
    case Period::all:
      break;
  }
  return {};
}

std::string period_words(const Statement& s) {
  if (s.period == Period::today) return "今天";
  if (s.period == Period::yesterday) return "昨天";
  return "";
}

std::optional<std::string> item_of(Context& ctx, const Statement& s) {
  if (s.item.empty()) return std::nullopt;
  return ledger_item(ctx.db, *ctx.policy.catalogue, ctx.message.group, s.item);
}

}  // namespace

std::string line_of(const TotalRow& t) {
  std::string text = t.item + "：";
  const auto part = [&](std::string_view what, Quantity quantity) {
    if (quantity != Quantity{}) text += fmt::format("{} {}，", what, amount(quantity, t.unit));
  };
  part("还缺", t.outstanding);
  if (t.unknown > 0) text += fmt::format("{} 处未报数，", t.unknown);
  part("在途", t.in_transit);
  part("发放", t.distributed);
  part("收到", t.received);
  part("消耗", t.used);
  part("损耗", t.lost);
  part("待捐", t.offered);
  if (t.stock < Quantity{}) {
    part("未登记入库", -t.stock);
  } else {
    part("库存", t.stock);
  }
  if (text.ends_with("，")) {
    text.resize(text.size() - std::string_view("，").size());
  } else {
    text += fmt::format("0{}", t.unit);
  }
  return quoted(text);
}

namespace {

void say_limited(Context& ctx, const std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < lines.size() && i < kLinesShown; ++i) ctx.say(lines[i]);
  if (lines.size() > kLinesShown) {
    ctx.say(fmt::format("…共 {} 行，查一种请发物资名，如：口罩", lines.size()));
  }
}

void totals_query(Context& ctx, const Statement& s) {
  const auto rows =
      totals(ctx.db, {.group = ctx.message.group,
                      .item = item_of(ctx, s),
                      .place = s.place.empty() ? std::nullopt : std::optional(s.place),
                      .days = days_of(ctx, s)});
  std::vector<std::string> lines;
  for (const TotalRow& row : rows) lines.push_back(line_of(row));
  const auto work = s.item.empty() && s.place.empty()
                        ? metrics(ctx.db, ctx.message.group, days_of(ctx, s))
                        : std::vector<MetricRow>{};
  if (lines.empty() && work.empty()) {
    ctx.say(s.item.empty() ? period_words(s) + "还没有登记。"
                           : fmt::format("{} 还没有登记。", quoted(s.item)));
    return;
  }
  say_limited(ctx, lines);
  std::string done;
  for (const MetricRow& row : work) {
    done +=
        fmt::format("{}{} {}", done.empty() ? "" : "，", row.name, amount(row.quantity, row.unit));
  }
  if (!done.empty()) ctx.say("工作：" + quoted(done));
}

/// 口罩还缺多少, 今天发了多少口罩: the figure that was asked for comes first, zero or not.
void item_query(Context& ctx, const Statement& s) {
  const auto item = item_of(ctx, s);
  const auto place = s.place.empty() ? std::nullopt : std::optional(s.place);
  const auto rows = totals(
      ctx.db, {.group = ctx.message.group, .item = item, .place = place, .days = days_of(ctx, s)});
  if (rows.empty()) {
    return ctx.say(
        fmt::format("{}{} 还没有登记。", quoted(s.place), quoted(item.value_or(s.item))));
  }
  const auto asks = [&](std::string_view what) { return s.word.find(what) != std::string::npos; };
  for (const TotalRow& t : rows) {
    const std::string about = period_words(s) + s.place;
    if (asks("缺") || asks("差") || asks("需")) {
      std::string text = fmt::format("{}{} 还缺 {}", about, t.item, amount(t.outstanding, t.unit));
      if (t.unknown > 0) text += fmt::format("，另有 {} 处未报数", t.unknown);
      if (t.in_transit > Quantity{}) text += "，在途 " + amount(t.in_transit, t.unit);
      if (t.stock > Quantity{}) text += "，库存 " + amount(t.stock, t.unit);
      ctx.say(quoted(text));
    } else if (asks("发") || asks("送")) {
      ctx.say(quoted(fmt::format("{}{} 发放 {}", about, t.item, amount(t.distributed, t.unit))));
    } else if (asks("收") || asks("到")) {
      ctx.say(quoted(fmt::format("{}{} 收到 {}", about, t.item, amount(t.received, t.unit))));
    } else if (asks("用") || asks("耗")) {
      ctx.say(quoted(fmt::format("{}{} 消耗 {}", about, t.item, amount(t.used, t.unit))));
    } else {
      ctx.say(line_of(t));
    }
  }
}

}  // namespace

std::string need_line(const NeedRow& need) {
  std::string text = need.urgent ? "急 " : "";
  if (need.status == "stale") text += "久无动静 ";
  text += need.place.value_or("（未写地点）") + " " + need.item + " ";
  text += need.outstanding ? "还缺 " + amount(*need.outstanding, need.unit) : "数量待核";
  if (!need.from.empty()) text += fmt::format("（从 {}）", need.from);
  if (need.in_transit > Quantity{}) {
    text += fmt::format("，在途 {}", amount(need.in_transit, need.unit));
  }
  if (need.promised > Quantity{}) {
    text += fmt::format("，已答应 {}", amount(need.promised, need.unit));
  }
  if (need.doubtful) text += "，存疑";
  return quoted(text + fmt::format(" #{}", need.id));
}

std::string open_line(const OpenEntry& open) {
  return quoted(fmt::format("{} {} {} #{}", open.party.empty() ? open.user_name : open.party,
                            open.item,
                            open.quantity ? amount(open.rest, open.unit) : "数量待核",
                            open.number));
}

namespace {

/// Items of which the hub counted none, and none came since.
std::vector<std::string> none_left(Context& ctx, const std::optional<std::string>& item) {
  std::vector<std::string> lines;
  for (const TotalRow& t :
       totals(ctx.db, {.group = ctx.message.group, .item = item, .place = {}, .days = {}})) {
    if (t.stock != Quantity{}) continue;
    const auto counted = counted_none(ctx.db, ctx.message.group, t.item, t.unit);
    if (counted) lines.push_back(quoted(fmt::format("缺货 {} #{}", t.item, *counted)));
  }
  return lines;
}

/// What keeps goods from where they are missing: shipments that are stuck, ways that are closed.
void say_held_up(Context& ctx, const Statement& s, const std::optional<std::string>& item,
                 std::set<std::string> places) {
  for (const OpenEntry& stuck : held_up(ctx.db, ctx.message.group)) {
    const bool asked = (!item || stuck.item == *item) && (s.place.empty() || stuck.party == s.place);
    if (!asked) continue;
    places.insert(stuck.party);
    ctx.say(quoted(fmt::format("受阻 {} {} {}：{} #{}",
                               stuck.party.empty() ? "来货" : "→ " + stuck.party, stuck.item,
                               amount(stuck.rest, stuck.unit),
                               stuck.why.empty() ? "原因待补" : stuck.why, stuck.number)));
  }
  for (const auto& [place, how] : access_of(ctx.db, ctx.message.group)) {
    if (places.contains(place)) ctx.say(fmt::format("路况 {}：{}", place, how));
  }
}

void gaps(Context& ctx, const Statement& s) {
  const auto item = item_of(ctx, s);
  auto open = needs(ctx.db, ctx.message.group, item, NeedStatus::open);
  std::stable_sort(open.begin(), open.end(),
                   [](const NeedRow& a, const NeedRow& b) { return a.urgent > b.urgent; });
  std::vector<std::string> lines;
  std::set<std::string> places;
  if (s.place.empty()) lines = none_left(ctx, item);
  for (const NeedRow& need : open) {
    if (!s.place.empty() && need.place.value_or("") != s.place) continue;
    lines.push_back(need_line(need));
    places.insert(need.place.value_or(""));
  }
  if (lines.empty()) {
    ctx.say("目前没有缺口。");
  } else {
    say_limited(ctx, lines);
  }
  say_held_up(ctx, s, item, places);
  const auto place = s.place.empty() ? std::nullopt : std::optional(s.place);
  for (auto& line : surplus_lines(ctx.db, ctx.message.group, item, place)) ctx.say(std::move(line));
}

void stock(Context& ctx, const Statement& s) {
  std::vector<std::string> lines;
  for (const TotalRow& t :
       totals(ctx.db,
              {.group = ctx.message.group, .item = item_of(ctx, s), .place = {}, .days = {}})) {
    if (t.stock == Quantity{} && s.item.empty()) continue;
    lines.push_back(quoted(t.stock < Quantity{}
                               ? fmt::format("{}：未登记入库 {}", t.item, amount(-t.stock, t.unit))
                               : fmt::format("{}：库存 {}", t.item, amount(t.stock, t.unit))));
  }
  if (lines.empty()) return ctx.say("还没有库存登记。");
  say_limited(ctx, lines);
}

void who(Context& ctx, const Statement& s, Kind kind) {
  const auto item = item_of(ctx, s);
  if (!item) return ctx.say("请写物资，例如：谁有护目镜");
  std::vector<std::string> lines;
  for (const OpenEntry& open : open_entries(ctx.db, ctx.message.group, *item, kind)) {
    lines.push_back(open_line(open));
  }
  if (kind == Kind::offer) {
    for (const TotalRow& t :
         totals(ctx.db, {.group = ctx.message.group, .item = item, .place = {}, .days = {}})) {
      if (t.stock > Quantity{}) {
        lines.push_back(quoted(fmt::format("本群库存 {} {}", *item, amount(t.stock, t.unit))));
      }
    }
  }
  if (lines.empty()) {
    return ctx.say(fmt::format("暂时没有人{} {}。", kind == Kind::offer ? "登记可捐" : "登记需要",
                               quoted(*item)));
  }
  say_limited(ctx, lines);
}

void list(Context& ctx, const std::optional<std::string>& item,
          const std::optional<std::string>& user) {
  const auto numbers = newest_entries(ctx.db, ctx.message.group, item, user, kEntriesShown);
  if (numbers.empty()) return ctx.say("还没有登记。");
  for (const std::int64_t number : numbers) {
    const auto entry = ctx.ledger.find(ctx.message.group, number);
    ctx.say(named_now(*entry) + (entry->user_name.empty() ? "" : "，" + quoted(entry->user_name)));
  }
}

void entry(Context& ctx, const Statement& s) {
  const auto number = s.ref.value_or(0);
  const auto found = ctx.ledger.find(ctx.message.group, number);
  if (!found) return ctx.say(fmt::format("本群没有 #{}。", number));
  std::string text = named_now(*found);
  if (!found->user_name.empty()) text += "，" + quoted(found->user_name);
  text += "，" + date_words(found->day);
  if (found->word == kForwarded) text += "，转发的，来源待补";
  if (found->voided_by != 0) text += fmt::format("，已撤销（#{}）", found->voided_by);
  if (found->ref != 0) text += fmt::format("，关于 #{}", found->ref);
  if (found->pair != 0) text += fmt::format("，与 #{} 同一批", found->pair);
  ctx.say(std::move(text));
  if (ctx.coordinator && ctx.message.direct) {
    if (std::string contacts = contacts_mark(ctx, *found); !contacts.empty()) {
      ctx.say(std::move(contacts));
    }
  }
  if (found->kind == Kind::need && found->voided_by == 0) {
    ctx.say(found->unknown() ? "数量待核，已给 " + amount(found->done, found->unit)
                             : fmt::format("已给 {}，还缺 {}", amount(found->done, found->unit),
                                           amount(found->rest(), found->unit)));
  } else if (found->open()) {
    ctx.say("还有 " + amount(found->rest(), found->unit) + " 未到");
  }
  for (const Match& m : Matches(ctx.db).promises(found->item)) {
    const bool gives = m.from_group == found->group && m.from == found->number;
    const bool asks = m.need_group == found->group && m.need == found->number;
    if (!gives && !asks) continue;
    ctx.say(fmt::format("匹配 {} 已确认：{}", m.id, brief_of(view_of(ctx.db, ctx.policy, m))));
  }
  for (const Standing& act : ctx.ledger.standings().referring(found->group, found->number)) {
    const bool told = act.kind == Kind::missing || act.kind == Kind::blocked ||
                      act.kind == Kind::verified || act.kind == Kind::doubtful;
    if (!told) continue;
    const std::string why = act.word.empty() ? "" : "：" + act.word;
    ctx.say(quoted(fmt::format("{}{}（#{}，{}）", verb(act.kind), why, act.number, act.user_name)));
  }
}

}  // namespace

void query(Context& ctx, std::span<const Statement> said) {
  for (Statement s : said) {
    s.place = ctx.ledger.rules(ctx.message.group).place(s.place);
    if (query_groups(ctx, s)) continue;
    switch (s.topic) {
      case Topic::totals:
        totals_query(ctx, s);
        break;
      case Topic::item:
        item_query(ctx, s);
        break;
      case Topic::gaps:
        gaps(ctx, s);
        break;
      case Topic::stock:
        stock(ctx, s);
        break;
      case Topic::who_has:
        who(ctx, s, Kind::offer);
        break;
      case Topic::who_needs:
        who(ctx, s, Kind::need);
        break;
      case Topic::entries:
        list(ctx, item_of(ctx, s), std::nullopt);
        break;
      case Topic::mine:
        list(ctx, std::nullopt, ctx.message.user);
        break;
      case Topic::entry:
        entry(ctx, s);
        break;
    }
  }
}
