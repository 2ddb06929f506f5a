#include "commands/enough.h"

#include <algorithm>

#include <fmt/format.h>

#include "commands/goods.h"
#include "commands/wording.h"
#include "storage/open_entries.h"
#include "storage/wanted.h"

namespace {

constexpr std::size_t kPlacesShown = 6;

struct Place {
  std::string name;
  std::string said;  ///< before the group's own names
  bool own = false;  ///< without a place: the sender's own needs only
};

/// Items with open needs at the place.
std::vector<std::string> needed(Context& ctx, const Place& place, const std::string& item) {
  return items_needed(ctx.db, ctx.message.group, place.name,
                      item.empty() ? std::nullopt : std::optional(item),
                      place.own ? std::optional(ctx.message.user) : std::nullopt);
}

void record(Context& ctx, const Place& place, const std::string& item, const std::string& word) {
  Entry e = ctx.entry(Kind::enough);
  e.item = item;
  e.place = place.said;
  e.word = word;
  e.own_only = place.own;
  ctx.ledger.settle(e);
  const Outcome outcome = ctx.append(e);
  const bool after = word == "够了";  // 三院 口罩够了, 三院 只收热食
  std::string text = fmt::format("#{} {} {}", outcome.number, quoted(place.name),
                                 quoted(after ? e.item + word : word + e.item));
  for (std::size_t i = 0; i < outcome.replaced.size(); ++i) {
    text += fmt::format("{} #{}", i == 0 ? "，已关闭" : "", outcome.replaced[i]);
  }
  ctx.say(std::move(text));
  ctx.say(fmt::format("撤销请发：撤销 #{}", outcome.number));
}

}  // namespace

void enough(Context& ctx, std::span<const Statement> said) {
  std::vector<std::string> accepted;
  for (const Statement& s : said) {
    Place place{s.place, s.place, false};
    if (place.said.empty()) place.said = ctx.member.place;
    place.name = ctx.ledger.rules(ctx.message.group).place(place.said);
    const std::string item =
        s.item.empty() ? "" : ledger_item(ctx.db, *ctx.policy.catalogue, ctx.message.group, s.item);
    const std::string named = s.item.empty() ? "" : catalogue_name(*ctx.policy.catalogue, s.item);
    // A coordinator means the whole pool, but not by the two words 够了 alone.
    place.own = place.name.empty() && (!ctx.coordinator || item.empty());
    if (s.word == "只收") {
      if (accepted.empty()) {
        for (const Statement& other : said) {
          accepted.push_back(
              ledger_item(ctx.db, *ctx.policy.catalogue, ctx.message.group, other.item));
        }
        for (const std::string& open : needed(ctx, place, "")) {
          const bool kept = std::find(accepted.begin(), accepted.end(), open) != accepted.end();
          if (!kept) record(ctx, place, open, "够了");
        }
      }
      record(ctx, place, named, s.word);
      continue;
    }
    const auto items = needed(ctx, place, item);
    for (const std::string& each : items) record(ctx, place, item.empty() ? each : named, s.word);
    if (!items.empty()) continue;
    // Without anything open it says nothing about the ledger where it names no place or no item:
    // bare words in a group are chatter.
    if (!item.empty() && !place.own) {
      record(ctx, place, named, s.word);
    } else if (!s.item.empty() || !s.place.empty()) {
      ctx.say(fmt::format("{} 没有未满足的{}需求。", place.own ? "您" : quoted(place.name),
                          quoted(item)));
    }
  }
}

void say_where_enough(Context& ctx, const Entry& e) {
  const bool gives = e.kind == Kind::offer || e.kind == Kind::in_transit;
  if (!gives) return;
  std::vector<std::string> places;
  if (e.place.empty()) {
    places = Wanted(ctx.db, e.group).full_of(e.item);
  } else if (Wanted(ctx.db, e.group, e.place).full(e.place, e.item)) {
    places.push_back(e.place);
  }
  if (places.empty()) return;
  std::string full;
  for (const std::string& place : places) full += (full.empty() ? "" : "、") + place;
  std::string gap;
  for (const OpenEntry& need : open_entries(ctx.db, e.group, e.item, Kind::need, {}, 1)) {
    gap = fmt::format("{}{} #{}", need.party.empty() ? "" : need.party + " ",
                      need.quantity ? "还缺 " + amount(need.rest, need.unit) : "数量待核",
                      need.number);
  }
  ctx.say(quoted(fmt::format("{} 的{} 够了，{}", full, e.item,
                             gap.empty() ? "目前别处也没有缺口。" : "请改给：" + gap)));
}

std::vector<std::string> surplus_lines(Database& database, const std::string& group,
                                       const std::optional<std::string>& item,
                                       const std::optional<std::string>& place) {
  std::vector<std::string> lines;
  for (const Wanted::Full& full : Wanted(database, group, place).all(item)) {
    if (lines.size() == kPlacesShown) {
      lines.emplace_back("…还有别处也不收了");
      break;
    }
    std::string items;
    for (const std::string& each : full.items) items += (items.empty() ? "" : "、") + each;
    lines.push_back(quoted(fmt::format("{} {}：{}", full.word, full.place, items)));
  }
  return lines;
}
