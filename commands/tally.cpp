#include "commands/tally.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "commands/wording.h"
#include "storage/figures.h"

namespace {

constexpr std::size_t kLinesShown = 4;

std::optional<TotalRow> total_of(Context& ctx, const Entry& e) {
  for (auto& row : totals(ctx.db, {.group = e.group, .item = e.item, .place = {}, .days = {}})) {
    if (row.unit == e.unit) return std::move(row);
  }
  return std::nullopt;
}

std::string stock_words(Quantity stock, const std::string& unit) {
  if (stock < Quantity{}) return fmt::format("未登记入库 {}", amount(-stock, unit));
  return fmt::format("库存 {}", amount(stock, unit));
}

/// What is still missing: of the place that the entry names, else of the whole group.
std::string gap_words(Context& ctx, const Entry& e, const TotalRow& total) {
  Quantity missing = total.outstanding;
  std::int64_t unknown = total.unknown;
  if (!e.place.empty()) {
    missing = {};
    unknown = 0;
    for (const auto& row :
         totals(ctx.db, {.group = e.group, .item = e.item, .place = e.place, .days = {}})) {
      if (row.unit != e.unit) continue;
      missing = row.outstanding;
      unknown = row.unknown;
    }
  }
  std::string text = fmt::format("{}还缺 {}", e.place, amount(missing, e.unit));
  if (unknown > 0) text += fmt::format("，另有 {} 处未报数", unknown);
  return text;
}

std::string state(Context& ctx, const Entry& e) {
  const auto total = total_of(ctx, e);
  if (!total) return {};
  std::string text = e.item + "：";
  switch (e.kind) {
    case Kind::need:
      text += gap_words(ctx, e, *total);
      if (total->stock > Quantity{}) text += "，" + stock_words(total->stock, e.unit);
      if (total->in_transit > Quantity{}) {
        text += fmt::format("，在途 {}", amount(total->in_transit, e.unit));
      }
      return text;
    case Kind::offer: return text + fmt::format("待捐 {}", amount(total->offered, e.unit));
    case Kind::in_transit:
      text += fmt::format("在途 {}", amount(total->in_transit, e.unit));
      if (total->needed > Quantity{}) text += "，" + gap_words(ctx, e, *total);
      return text;
    case Kind::distributed:
      text += fmt::format("累计发放 {}", amount(total->distributed, e.unit));
      if (total->needed > Quantity{} || total->unknown > 0) {
        text += "，" + gap_words(ctx, e, *total);
      }
      if (total->stock != Quantity{}) text += "，" + stock_words(total->stock, e.unit);
      return text;
    case Kind::received:
      if (!e.place.empty()) {
        text += fmt::format("累计发放 {}，", amount(total->distributed, e.unit));
        return text + gap_words(ctx, e, *total);
      }
      text += fmt::format("累计收到 {}，", amount(total->received, e.unit));
      return text + stock_words(total->stock, e.unit);
    default: return text + stock_words(total->stock, e.unit);
  }
}

}  // namespace

void say_state(Context& ctx, const std::vector<Entry>& recorded) {
  std::set<std::string> said;
  for (const Entry& e : recorded) {
    if (e.kind > Kind::adjust) continue;
    const std::string line = quoted(state(ctx, e));
    if (line.empty() || !said.insert(line).second) continue;
    if (said.size() > kLinesShown) {
      ctx.say("全部合计请发：汇总");
      return;
    }
    ctx.say(line);
  }
}

std::optional<std::string> only_place_in_need(Context& ctx, const std::string& group,
                                              const std::string& item, const std::string& unit) {
  std::set<std::string> places;
  for (const NeedRow& need : needs(ctx.db, group, item, NeedStatus::open)) {
    if (need.unit == unit) places.insert(need.place.value_or(""));
  }
  if (places.size() != 1 || places.contains("")) return std::nullopt;
  return *places.begin();
}

std::optional<Standing> own_pool_need(Context& ctx, const Entry& receipt) {
  for (Standing& need : ctx.ledger.standings().open_needs(receipt.group, receipt.item, "")) {
    if (need.user == receipt.user && need.unit == receipt.unit && !need.unknown()) {
      return std::move(need);
    }
  }
  return std::nullopt;
}

void own_place(Context& ctx, Entry& e) {
  const bool takes = e.kind == Kind::need || e.kind == Kind::received || e.kind == Kind::stock ||
                     e.kind == Kind::used || e.kind == Kind::distributed;
  if (!takes) return;
  const std::string place = ctx.groups.place(e.group, e.user);
  if (place.empty()) return;
  // What somebody at a place hands out there is the place's own use.
  if (e.kind == Kind::distributed) e.kind = Kind::used;
  e.place = place;
}
