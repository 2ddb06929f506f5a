#include "commands/enough.h"

#include <algorithm>

#include <fmt/format.h>

#include "commands/wording.h"

namespace {

struct Place {
  std::string name;
  bool own = false;  ///< without a place: the sender's own needs only
};

/// Items with open needs at the place.
std::vector<std::string> needed_at(Context& ctx, const Place& place, const std::string& item) {
  std::vector<std::string> items;
  ctx.db.run(
      "SELECT DISTINCT item FROM standing WHERE grp = $1 AND kind = 'need' AND open = 1"
      " AND party = $2 AND ($3 = '' OR item = $3) AND ($4 = 0 OR user_id = $5) ORDER BY item",
      {ctx.message.group, place.name, item, std::int64_t{place.own ? 1 : 0}, ctx.message.user},
      [&](const Row& row) { items.push_back(row.string(0)); });
  return items;
}

void record(Context& ctx, const Place& place, const std::string& item, const std::string& word) {
  Entry e = ctx.entry(Kind::enough);
  e.item = item;
  e.place = place.name;
  e.word = word;
  e.own_only = place.own;
  const Outcome outcome = ctx.append(e);
  const bool after = word == "够了";  // 三院 口罩够了, 三院 只收热食
  std::string text = fmt::format("#{} {} {}", outcome.number, quoted(place.name),
                                 quoted(after ? item + word : word + item));
  for (std::size_t i = 0; i < outcome.replaced.size(); ++i) {
    text += fmt::format("{} #{}", i == 0 ? "，已关闭" : "", outcome.replaced[i]);
  }
  ctx.say(std::move(text));
  ctx.say(fmt::format("撤销请发：撤销 #{}", outcome.number));
}

/// Whether the place's last word on the item is that it wants no more of it.
bool has_enough(Context& ctx, const std::string& place, const std::string& item) {
  std::string own;
  std::int64_t own_at = 0;
  std::int64_t only_at = 0;  // 只收 of something else
  ctx.db.run(
      "SELECT item, word, number FROM standing WHERE grp = $1 AND party = $2 AND kind = 'enough'"
      " AND voided_by = 0 ORDER BY number",
      {ctx.message.group, place}, [&](const Row& row) {
        if (row.text(0) == item) {
          own = row.string(1);
          own_at = row.integer(2);
        } else if (row.text(1) == "只收") {
          only_at = row.integer(2);
        }
      });
  const bool closed = own == "够了" || own == "暂停" || (own != "只收" && only_at > own_at);
  if (!closed) return false;
  // Asking again is as good as 恢复.
  return !ctx.db
              .integer("SELECT number FROM standing WHERE grp = $1 AND item = $2 AND party = $3"
                       " AND kind = 'need' AND open = 1 LIMIT 1",
                       {ctx.message.group, item, place})
              .has_value();
}

}  // namespace

void enough(Context& ctx, std::span<const Statement> said) {
  std::vector<std::string> accepted;
  for (const Statement& s : said) {
    Place place{s.place, false};
    if (place.name.empty()) place.name = ctx.member.place;
    place.name = ctx.ledger.rules(ctx.message.group).place(place.name);
    const std::string item =
        s.item.empty() ? "" : ledger_item(ctx.db, *ctx.policy.catalogue, ctx.message.group, s.item);
    // A coordinator means the whole pool, but not by the two words 够了 alone.
    place.own = place.name.empty() && (!ctx.coordinator || item.empty());
    if (s.word == "只收") {
      if (accepted.empty()) {
        for (const Statement& other : said) {
          accepted.push_back(
              ledger_item(ctx.db, *ctx.policy.catalogue, ctx.message.group, other.item));
        }
        for (const std::string& needed : needed_at(ctx, place, "")) {
          const bool kept = std::find(accepted.begin(), accepted.end(), needed) != accepted.end();
          if (!kept) record(ctx, place, needed, "够了");
        }
      }
      record(ctx, place, item, s.word);
      continue;
    }
    const auto items = needed_at(ctx, place, item);
    for (const std::string& each : items) record(ctx, place, each, s.word);
    if (!items.empty()) continue;
    // Without anything open it says nothing about the ledger where it names no place or no item:
    // bare words in a group are chatter.
    if (!item.empty() && !place.own) {
      record(ctx, place, item, s.word);
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
  if (!e.place.empty()) {
    places.push_back(e.place);
  } else {
    ctx.db.run(
        "SELECT DISTINCT party FROM standing WHERE grp = $1 AND item = $2 AND kind = 'enough'"
        " AND voided_by = 0 ORDER BY party",
        {e.group, e.item}, [&](const Row& row) { places.push_back(row.string(0)); });
  }
  std::erase_if(places, [&](const std::string& place) {
    return place.empty() || !has_enough(ctx, place, e.item);
  });
  if (places.empty()) return;
  std::string full;
  for (const std::string& place : places) full += (full.empty() ? "" : "、") + place;
  std::string gap;
  ctx.db.run(
      "SELECT party, unit, rest, number, quantity FROM standing WHERE grp = $1 AND item = $2"
      " AND kind = 'need' AND open = 1 ORDER BY calm, number LIMIT 1",
      {e.group, e.item}, [&](const Row& row) {
        const std::string figure =
            row.null(4) ? "数量待核" : "还缺 " + amount(Quantity{row.integer(2)}, row.text(1));
        gap = fmt::format("{}{} #{}", row.text(0).empty() ? "" : row.string(0) + " ", figure,
                          row.integer(3));
      });
  ctx.say(quoted(fmt::format("{} 的{} 够了，{}", full, e.item,
                             gap.empty() ? "目前别处也没有缺口。" : "请改给：" + gap)));
}
