#include "storage/links.h"

#include <algorithm>
#include <functional>
#include <map>

#include "storage/standing.h"

namespace {

Link read(const Row& row) {
  return {static_cast<Link::Kind>(row.integer(0)), row.string(1), row.string(3), row.integer(2),
          row.integer(4)};
}

/// What an entry adds to the sums of its group, as far as it can be the same as another's.
struct Told {
  Quantity TotalRow::* measure = nullptr;
  Quantity quantity;
  std::string item, unit;
  std::int64_t day = 0;
  std::string place;
};

std::optional<Told> told(Standings& standings, const std::string& group, std::int64_t number) {
  const auto s = standings.find(group, number);
  if (!s || s->voided_by != 0 || !s->quantity) return std::nullopt;
  Told t{nullptr, *s->quantity, s->item, s->unit, s->day, s->party};
  switch (s->kind) {
    case Kind::in_transit:
      t.measure = &TotalRow::in_transit;
      t.quantity = s->rest();
      break;
    case Kind::received:
      t.measure = s->party.empty() ? &TotalRow::received : &TotalRow::distributed;
      break;
    case Kind::distributed:
      t.measure = &TotalRow::distributed;
      break;
    case Kind::offer:
      t.measure = &TotalRow::offered;
      t.quantity = s->rest();
      break;
    case Kind::need:
      t.measure = &TotalRow::needed;
      break;
    default:
      return std::nullopt;
  }
  return t;
}

bool flows(const Told& t) {
  return t.measure == &TotalRow::received || t.measure == &TotalRow::distributed;
}

void take_out(const TotalsQuery& query, const Told& t, Quantity quantity,
              std::vector<TotalRow>& rows) {
  const Days& days = query.days;
  if (days.to && t.day > *days.to) return;
  if (flows(t) && days.from && t.day < *days.from) return;
  if (query.place && t.place != *query.place) return;
  for (TotalRow& row : rows) {
    if (row.item == t.item && row.unit == t.unit) row.*t.measure -= quantity;
  }
}

/// Takes one link's goods out where both ends count.
bool once(Standings& standings, const Link& link, const TotalsQuery& query,
          std::vector<TotalRow>& rows) {
  const auto from = told(standings, link.from, link.from_number);
  const auto to = told(standings, link.to, link.to_number);
  if (!from || !to || from->item != to->item || from->unit != to->unit) return false;
  const Quantity both = std::min(from->quantity, to->quantity);
  if (from->measure == to->measure) {
    take_out(query, *to, both, rows);
    if (to->measure == &TotalRow::needed) {
      const auto a = standings.find(link.from, link.from_number);
      const auto b = standings.find(link.to, link.to_number);
      Told open = *to;
      open.measure = &TotalRow::outstanding;
      take_out(query, open, std::min(a->rest(), b->rest()), rows);
    }
    return true;
  }
  // Sent in one group and received in another: it passed between them.
  take_out(query, *from, both, rows);
  take_out(query, *to, both, rows);
  return true;
}

}  // namespace

void Links::add(const Link& l) {
  db_.run(
      "INSERT INTO links (kind, from_grp, from_number, to_grp, to_number)"
      " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (from_grp, from_number, to_grp, to_number)"
      " DO NOTHING",
      {static_cast<std::int64_t>(l.kind), l.from, l.from_number, l.to, l.to_number});
}

void Links::remove(const Link& l) {
  db_.run(
      "DELETE FROM links WHERE from_grp = $1 AND from_number = $2 AND to_grp = $3"
      " AND to_number = $4",
      {l.from, l.from_number, l.to, l.to_number});
}

std::vector<Link> Links::of(const std::string& group, std::int64_t number) {
  std::vector<Link> found;
  const auto each = [&](const Row& row) { found.push_back(read(row)); };
  db_.run(
      "SELECT kind, from_grp, from_number, to_grp, to_number FROM links WHERE from_grp = $1"
      " AND from_number = $2",
      {group, number}, each);
  db_.run(
      "SELECT kind, from_grp, from_number, to_grp, to_number FROM links WHERE to_grp = $1"
      " AND to_number = $2",
      {group, number}, each);
  return found;
}

std::size_t count_once(Database& database, const std::vector<std::string>& groups,
                       const TotalsQuery& query, std::vector<TotalRow>& rows) {
  const auto among = [&](const std::string& group) {
    return groups.empty() || std::find(groups.begin(), groups.end(), group) != groups.end();
  };
  std::vector<Link> links;
  database.run("SELECT kind, from_grp, from_number, to_grp, to_number FROM links", {},
               [&](const Row& row) { links.push_back(read(row)); });
  Standings standings(database);
  std::size_t pairs = 0;
  for (const Link& link : links) {
    if (!among(link.from) || !among(link.to)) continue;
    if (once(standings, link, query, rows)) ++pairs;
  }
  return pairs;
}

RollUp roll_up(Database& database, const std::vector<std::string>& groups,
               const TotalsQuery& query) {
  RollUp result;
  std::map<std::pair<std::string, std::string>, TotalRow> sums;
  for (const std::string& group : groups) {
    TotalsQuery of = query;
    of.group = group;
    for (const TotalRow& row : totals(database, of)) {
      TotalRow& sum = sums[{row.item, row.unit}];
      sum.item = row.item;
      sum.unit = row.unit;
      for (const auto measure :
           {&TotalRow::needed, &TotalRow::outstanding, &TotalRow::offered, &TotalRow::in_transit,
            &TotalRow::received, &TotalRow::distributed, &TotalRow::used, &TotalRow::lost,
            &TotalRow::stock}) {
        sum.*measure += row.*measure;
      }
      sum.unknown += row.unknown;
    }
  }
  for (auto& [line, sum] : sums) result.rows.push_back(std::move(sum));
  result.pairs = count_once(database, groups, query, result.rows);
  return result;
}
