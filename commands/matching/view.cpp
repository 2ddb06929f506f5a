#include "commands/matching/view.h"

#include <fmt/format.h>

#include "commands/access.h"
#include "commands/hub.h"
#include "commands/matching/plan.h"
#include "commands/matching/propose.h"
#include "commands/wording.h"

MatchView view_of(Database& database, const Policy& policy, Match match) {
  MatchView view;
  database.run("SELECT party FROM standing WHERE grp = $1 AND number = $2",
               {match.need_group, match.need}, [&](const Row& row) { view.to = row.string(0); });
  const bool place = !view.to.empty();
  if (place) {
    const auto known = access_of(database, match.need_group);
    if (const auto at = known.find(view.to); at != known.end()) view.access = at->second;
  } else {
    view.to = name_of(database, policy, match.need_group);
  }
  if (match.from == 0) {
    view.from = name_of(database, policy, match.from_group) + " 库存";
    view.there = {database
                      .integer("SELECT stock FROM lines WHERE grp = $1 AND item = $2 AND unit = $3",
                               {match.from_group, match.item, match.unit})
                      .value_or(0)};
  } else {
    database.run(
        "SELECT kind, party, rest, counterpart FROM standing WHERE grp = $1 AND number = $2",
        {match.from_group, match.from}, [&](const Row& row) {
          const bool offer = row.text(0) == "offer";
          view.from = row.string(offer ? 1 : 3);
          if (!offer) view.from += fmt::format("在途 #{}", match.from);
          view.there = {row.integer(2)};
        });
    if (view.from.empty()) view.from = fmt::format("#{}", match.from);
  }
  view.cost = static_cast<double>(kGreatestWorth - match.worth) / 1000;
  view.match = std::move(match);
  return view;
}

std::string line_of(const MatchView& view) {
  const Match& m = view.match;
  std::string text =
      fmt::format("{} {} {} → {} {}：{}", m.item, view.from, amount(view.there, m.unit), view.to,
                  amount(m.quantity, m.unit), m.reason);
  if (!view.access.empty()) text += "，路况 " + view.access;
  return quoted(text);
}

std::string brief_of(const MatchView& view) {
  const Match& m = view.match;
  return quoted(
      fmt::format("{} {} {} → {}", view.from, m.item, amount(m.quantity, m.unit), view.to));
}

std::vector<MatchView> match_views(Database& database, const Policy& policy,
                                   const std::optional<std::string>& group) {
  std::vector<MatchView> views;
  for (Match& m : standing_proposals(database, std::nullopt)) {
    if (!group || m.of(*group)) views.push_back(view_of(database, policy, std::move(m)));
  }
  for (Match& m : Matches(database).all(group)) {
    if (m.state != Match::State::proposed) views.push_back(view_of(database, policy, std::move(m)));
  }
  return views;
}
