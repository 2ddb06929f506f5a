#include "commands/tally.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "commands/wording.h"
#include "storage/figures.h"
#include "storage/open_entries.h"

namespace {

constexpr std::size_t kLinesShown = 4;

/// "，三院还缺 300只": of the place that the entry names, else of the whole group; "" where nothing
/// was asked for there.
std::string gap_words(Context& ctx, const Entry& e, const TotalRow& total) {
  const TotalRow at =
      e.place.empty() ? total : line_total(ctx.db, e.group, e.item, e.unit, e.place);
  std::string text;
  if (at.needed > Quantity{}) {
    text += fmt::format("，{}还缺 {}", e.place, amount(at.outstanding, e.unit));
  }
  if (at.unknown > 0) text += fmt::format("，{}有 {} 处未报数", e.place, at.unknown);
  return text;
}

/// "，库存 200只". A group that books nothing in is not told so with each delivery.
std::string stock_words(const TotalRow& total) {
  if (total.stock > Quantity{}) return "，库存 " + amount(total.stock, total.unit);
  if (total.stock < Quantity{} && total.received > Quantity{}) {
    return "，未登记入库 " + amount(-total.stock, total.unit);
  }
  return {};
}

std::string road_words(const TotalRow& total) {
  if (total.in_transit == Quantity{}) return {};
  return "，在途 " + amount(total.in_transit, total.unit);
}

/// How the line stands now, as far as an entry of this kind makes people ask.
std::string state(Context& ctx, const Entry& e) {
  const TotalRow total = line_total(ctx.db, e.group, e.item, e.unit, std::nullopt);
  std::string text;
  switch (e.kind) {
    case Kind::need:
      text = gap_words(ctx, e, total) + stock_words(total) + road_words(total);
      break;
    case Kind::offer:
      text = "，待捐 " + amount(total.offered, e.unit);
      break;
    case Kind::in_transit:
      text = "，在途 " + amount(total.in_transit, e.unit) + gap_words(ctx, e, total);
      break;
    case Kind::distributed:
      text = "，累计发放 " + amount(total.distributed, e.unit) + gap_words(ctx, e, total) +
             stock_words(total);
      break;
    case Kind::received:
      if (!e.place.empty()) {
        text = "，累计发放 " + amount(total.distributed, e.unit) + gap_words(ctx, e, total);
        break;
      }
      text = "，累计收到 " + amount(total.received, e.unit) + stock_words(total);
      break;
    default:
      if (!e.place.empty() && e.word != "退回") return e.place + " 自己的数，不计入本群库存";
      text = total.stock < Quantity{} ? "，未登记入库 " + amount(-total.stock, e.unit)
                                      : "，库存 " + amount(total.stock, e.unit);
  }
  if (text.empty()) return {};
  return e.item + "：" + text.substr(std::string_view("，").size());
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
                                              const std::string& item) {
  const auto places = places_in_need(ctx.db, group, item, 2);
  if (places.size() != 1 || places.front().empty()) return std::nullopt;
  return places.front();
}

std::optional<Standing> own_pool_need(Context& ctx, const Entry& receipt) {
  for (Standing& need : ctx.ledger.standings().open_needs(receipt.group, receipt.item, "")) {
    if (need.user == receipt.user && need.unit == receipt.unit) {
      return std::move(need);
    }
  }
  return std::nullopt;
}

void own_place(Context& ctx, Entry& e) {
  const bool takes = e.kind == Kind::need || e.kind == Kind::received || e.kind == Kind::stock ||
                     e.kind == Kind::used || e.kind == Kind::distributed;
  if (!takes) return;
  const std::string& place = ctx.member.place;
  if (place.empty()) return;
  const Rules& rules = ctx.ledger.rules(e.group);
  if (!e.place.empty() && rules.place(e.place) != rules.place(place)) return;
  // What somebody at a place hands out there is the place's own use.
  if (e.kind == Kind::distributed) e.kind = Kind::used;
  e.place = place;
}
