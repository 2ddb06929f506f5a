#include "commands/matching/propose.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "storage/figures.h"

namespace {

// Needs times offers: the plan takes some milliseconds.
constexpr std::int64_t kSmall = 10'000;
constexpr std::int64_t kSmallSide = 500;

using StockKey = std::tuple<std::string, std::string, std::string>;

/// What is free of needs and givings, asked for once each, less what was taken from it.
class Free {
 public:
  /// Less all promises, or those made before the match of a number.
  Free(Database& database, const std::optional<std::string>& item,
       std::int64_t before = std::numeric_limits<std::int64_t>::max())
      : db_(database) {
    for (const Match& m : Matches(db_).promises(item)) {
      if (m.id < before) take(m);
    }
  }

  Quantity missing(const Match& m) {
    read_needs(m.item);
    const auto at = needs_.find({m.need_group, m.need});
    return at == needs_.end() || at->second.unit != m.unit ? Quantity{} : at->second.missing;
  }

  Quantity there(const Match& m) { return giving(m); }

  void take(const Match& m) {
    read_needs(m.item);
    if (const auto at = needs_.find({m.need_group, m.need}); at != needs_.end())
      at->second.missing -= m.quantity;
    giving(m) -= m.quantity;
  }

 private:
  struct Lacking {
    std::string unit;
    Quantity missing;
  };

  void read_needs(const std::string& item) {
    if (!read_.insert(item).second) return;
    for (const NeedRow& need : needs(db_, std::nullopt, item, NeedStatus::open)) {
      if (!need.outstanding) continue;
      needs_[{need.group, need.id}] = {need.unit, *need.outstanding - need.in_transit};
    }
  }

  Quantity& giving(const Match& m) {
    if (m.from != 0) {
      const auto made = givings_.emplace(Point{m.from_group, m.from}, Quantity{});
      const auto at = made.first;  // clang captures no structured binding
      if (!made.second) return at->second;
      bool open = false;
      db_.run(
          "SELECT rest, kind FROM standing WHERE grp = $1 AND number = $2 AND item = $3"
          " AND unit = $4 AND open = 1",
          {m.from_group, m.from, m.item, m.unit}, [&](const Row& row) {
            open = true;
            at->second = Quantity{row.integer(0)};
          });
      if (open || !arrived(m)) return at->second;
      givings_.erase(at);
    }
    const auto [at, is_new] = stock_.emplace(StockKey{m.from_group, m.item, m.unit}, Quantity{});
    if (is_new) {
      at->second = {db_.integer("SELECT stock FROM lines WHERE grp = $1 AND item = $2"
                                " AND unit = $3",
                                {m.from_group, m.item, m.unit})
                        .value_or(0)};
    }
    return at->second;
  }

  /// A shipment to the hub that came: it is stock.
  bool arrived(const Match& m) {
    return db_
        .integer(
            "SELECT number FROM standing WHERE grp = $1 AND number = $2"
            " AND kind = 'in_transit' AND voided_by = 0",
            {m.from_group, m.from})
        .has_value();
  }

  Database& db_;
  std::set<std::string> read_;  ///< items of which the needs are known
  std::map<Point, Lacking> needs_;
  std::map<Point, Quantity> givings_;
  std::map<StockKey, Quantity> stock_;
};

}  // namespace

std::vector<Match> standing_proposals(Database& database, const std::optional<std::string>& item) {
  std::vector<Match> found;
  auto proposed = Matches(database).proposed(item);
  if (proposed.empty()) return found;
  Free free(database, item);
  for (Match& m : proposed) {
    if (m.quantity > free.missing(m) || m.quantity > free.there(m)) continue;
    free.take(m);
    found.push_back(std::move(m));
  }
  return found;
}

Room room_for(Database& database, const Match& match) {
  const bool promised = match.state == Match::State::confirmed;
  Free free(database, match.item, promised ? match.id : std::numeric_limits<std::int64_t>::max());
  Room room{free.missing(match), free.there(match)};
  room.arrived = match.from == 0 || !database.integer(
                                        "SELECT number FROM standing WHERE grp = $1 AND number = $2"
                                        " AND kind = 'in_transit' AND open = 1",
                                        {match.from_group, match.from});
  return room;
}

std::vector<ProposalChange> proposal_changes(Database& database, const std::vector<Match>& plan,
                                             const std::optional<std::string>& item,
                                             std::chrono::sys_seconds now) {
  using Pair = std::pair<Point, Point>;
  const auto pair_of = [](const Match& m) {
    return Pair{{m.need_group, m.need}, {m.from_group, m.from}};
  };
  std::vector<ProposalChange> changes;
  std::map<Pair, Match> before;
  for (Match& m : Matches(database).proposals(item)) before.emplace(pair_of(m), std::move(m));
  for (const Match& m : plan) {
    const auto at = before.find(pair_of(m));
    if (at == before.end()) {
      changes.push_back(m);
      continue;
    }
    Match& kept = at->second;
    if (kept.quantity != m.quantity || kept.worth != m.worth || kept.reason != m.reason) {
      kept.quantity = m.quantity;
      kept.worth = m.worth;
      kept.reason = m.reason;
      changes.push_back(kept);
    }
    before.erase(at);
  }
  for (auto& [pair, gone] : before) {
    gone.state = Match::State::dropped;
    gone.decided = now;
    changes.push_back(std::move(gone));
  }
  // What ends makes room first.
  std::stable_partition(changes.begin(), changes.end(),
                        [](const Match& m) { return m.state == Match::State::dropped; });
  return changes;
}

void write_proposals(Database& database, std::span<const ProposalChange> changes) {
  Matches matches(database);
  for (const Match& m : changes) {
    if (m.id == 0) {
      if (!matches.known(m)) matches.propose(m);
      continue;
    }
    const auto now = matches.find(m.id);
    if (now && now->state == Match::State::proposed) matches.update(m);
  }
}

std::vector<Match> add_proposals(Database& database, const std::vector<Match>& fitted) {
  Matches matches(database);
  std::vector<Match> added;
  if (fitted.empty()) return added;
  const auto before = matches.proposals(fitted.front().item);
  for (Match m : fitted) {
    const auto same = std::find_if(before.begin(), before.end(),
                                   [&](const Match& other) { return other.same_pair(m); });
    if (same == before.end()) {
      m.id = matches.propose(m);
    } else {
      m.id = same->id;
      m.quantity += same->quantity;
      matches.update(m);
    }
    added.push_back(std::move(m));
  }
  return added;
}

std::vector<Match> fit_in(Database& database, const Policy& policy, std::chrono::sys_seconds now,
                          const std::string& item, const std::vector<Point>& points) {
  std::vector<Match> fitted;
  const auto proposals = standing_proposals(database, item);
  for (BoardLine& line : read_board(database, policy, now, item)) {
    leave_free(line, proposals, points);
    Planned planned;
    for (Match& m : plan_line(line, planned)) {
      const bool asked =
          std::find(points.begin(), points.end(), Point{m.need_group, m.need}) != points.end() ||
          std::find(points.begin(), points.end(), Point{m.from_group, m.from}) != points.end();
      if (asked) fitted.push_back(std::move(m));
    }
  }
  return fitted;
}

bool small_board(Database& database, const std::optional<std::string>& item) {
  std::int64_t needs = 0, offers = 0;
  database.run(
      "SELECT kind, count(*) FROM standing WHERE open = 1 AND kind IN ('need', 'offer')"
      " AND ($1 = 0 OR item = $2) GROUP BY kind",
      {std::int64_t{item ? 1 : 0}, item ? std::string_view{*item} : std::string_view{}},
      [&](const Row& row) { (row.text(0) == "need" ? needs : offers) = row.integer(1); });
  return needs <= kSmallSide && offers <= kSmallSide && needs * offers <= kSmall;
}
