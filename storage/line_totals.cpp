#include <algorithm>
#include <array>
#include <map>

#include "storage/figures.h"
#include "storage/links.h"
#include "storage/rules.h"

// Of the rows of `daily` up to a last day: what stands is the sum of all, what flowed that of the
// days from $1 on.
#define JIELI_SUMS_OF_DAYS                                                                    \
  "coalesce(sum(d.needed), 0), coalesce(sum(d.outstanding), 0), coalesce(sum(d.unknown), 0)," \
  " coalesce(sum(d.offered), 0), coalesce(sum(d.in_transit), 0),"                             \
  " coalesce(sum(CASE WHEN d.day >= $1 THEN d.received END), 0),"                             \
  " coalesce(sum(CASE WHEN d.day >= $1 THEN d.distributed END), 0),"                          \
  " coalesce(sum(CASE WHEN d.day >= $1 THEN d.used END), 0),"                                 \
  " coalesce(sum(CASE WHEN d.day >= $1 THEN d.lost END), 0), coalesce(sum(d.stock), 0)"

#define JIELI_SUMS                                                                        \
  "sum(d.needed), sum(d.outstanding), sum(d.unknown), sum(d.offered), sum(d.in_transit)," \
  " sum(d.received), sum(d.distributed), sum(d.used), sum(d.lost), sum(d.stock)"

namespace {

TotalRow total_row(const Row& row, const std::optional<std::string>& group) {
  TotalRow t;
  t.group = group;
  t.item = row.string(0);
  t.unit = row.string(1);
  t.needed = {row.integer(2)};
  t.outstanding = {row.integer(3)};
  t.unknown = row.integer(4);
  t.offered = {row.integer(5)};
  t.in_transit = {row.integer(6)};
  t.received = {row.integer(7)};
  t.distributed = {row.integer(8)};
  t.used = {row.integer(9)};
  t.lost = {row.integer(10)};
  t.stock = {row.integer(11)};
  return t;
}

// A parameter for "this one, or any": the first says whether the second counts.
Value given(const std::optional<std::string>& text) { return std::int64_t{text ? 1 : 0}; }
Value or_empty(const std::optional<std::string>& text) {
  return text ? std::string_view{*text} : std::string_view{};
}

/// What stands on each line by now; of all groups added up where none is named.
std::vector<TotalRow> totals_by_now(Database& database, const TotalsQuery& query) {
  std::vector<TotalRow> rows;
  const auto each = [&](const Row& row) { rows.push_back(total_row(row, query.group)); };
  if (query.group) {
    database.run(
        "SELECT item, unit, needed, outstanding, unknown, offered, in_transit, received,"
        " distributed, used, lost, stock FROM lines WHERE grp = $1 AND ($2 = 0 OR item = $3)"
        " ORDER BY first, unit",
        {*query.group, given(query.item), or_empty(query.item)}, each);
  } else {
    database.run(
        "SELECT item, unit, sum(needed), sum(outstanding), sum(unknown), sum(offered),"
        " sum(in_transit), sum(received), sum(distributed), sum(used), sum(lost), sum(stock)"
        " FROM lines WHERE ($1 = 0 OR item = $2) GROUP BY item, unit ORDER BY item, unit",
        {given(query.item), or_empty(query.item)}, each);
  }
  return rows;
}

/// A place has only the lines that something happened on there.
std::vector<TotalRow> totals_at_place(Database& database, const TotalsQuery& query) {
  std::vector<TotalRow> rows;
  const auto each = [&](const Row& row) { rows.push_back(total_row(row, query.group)); };
  const std::int64_t from = query.days.first();
  const std::int64_t to = query.days.last();
  if (query.group) {
    database.run("SELECT d.item, d.unit, " JIELI_SUMS_OF_DAYS
                 " FROM daily d WHERE d.day <= $2 AND d.grp = $3 AND d.place = $4"
                 " AND ($5 = 0 OR d.item = $6) GROUP BY d.item, d.unit ORDER BY d.item, d.unit",
                 {from, to, *query.group, *query.place, given(query.item), or_empty(query.item)},
                 each);
  } else {
    database.run("SELECT d.item, d.unit, " JIELI_SUMS_OF_DAYS
                 " FROM daily d WHERE d.day <= $2 AND d.place = $3"
                 " AND ($4 = 0 OR d.item = $5) GROUP BY d.item, d.unit ORDER BY d.item, d.unit",
                 {from, to, *query.place, given(query.item), or_empty(query.item)}, each);
  }
  return rows;
}

constexpr std::array kStands{&TotalRow::needed, &TotalRow::outstanding, &TotalRow::offered,
                             &TotalRow::in_transit, &TotalRow::stock};
constexpr std::array kFlows{&TotalRow::received, &TotalRow::distributed, &TotalRow::used,
                            &TotalRow::lost};

/// What one line's days brought; `later` are those after the last day asked for.
void move_to_days(TotalRow& row, const TotalRow& brought, bool later, bool from_the_first) {
  if (later) {
    for (const auto stands : kStands) row.*stands -= brought.*stands;
    row.unknown -= brought.unknown;
  }
  if (later != from_the_first) return;
  for (const auto flows : kFlows) {
    if (later) {
      row.*flows -= brought.*flows;
    } else {
      row.*flows += brought.*flows;
    }
  }
}

/// Of days: what stands by now less what came after them. Only the days from the first asked for on
/// are read, so that a brief of yesterday costs the same however old the ledger is.
std::vector<TotalRow> own_totals(Database& database, const TotalsQuery& query) {
  if (query.place) return totals_at_place(database, query);
  std::vector<TotalRow> rows = totals_by_now(database, query);
  const Days& days = query.days;
  if (!days.from && !days.to) return rows;
  std::map<std::pair<std::string, std::string>, TotalRow*> by_line;
  for (TotalRow& row : rows) {
    by_line[{row.item, row.unit}] = &row;
    if (!days.from) continue;
    for (const auto flows : kFlows) row.*flows = {};
  }
  const auto each = [&](const Row& row) {
    const TotalRow brought = total_row(row, query.group);
    const auto at = by_line.find({brought.item, brought.unit});
    if (at != by_line.end()) move_to_days(*at->second, brought, row.integer(12) != 0, !days.from);
  };
  const std::int64_t to = days.last();
  const std::int64_t first = days.from.value_or(to + 1);
  if (query.group) {
    database.run("SELECT d.item, d.unit, " JIELI_SUMS
                 ", CASE WHEN d.day > $1 THEN 1 ELSE 0 END AS later FROM daily d"
                 " WHERE d.grp = $2 AND d.day >= $3 AND ($4 = 0 OR d.item = $5)"
                 " GROUP BY d.item, d.unit, later",
                 {to, *query.group, first, given(query.item), or_empty(query.item)}, each);
  } else {
    database.run("SELECT d.item, d.unit, " JIELI_SUMS
                 ", CASE WHEN d.day > $1 THEN 1 ELSE 0 END AS later"
                 " FROM groups g CROSS JOIN daily d WHERE d.grp = g.grp AND d.day >= $2"
                 " AND ($3 = 0 OR d.item = $4) GROUP BY d.item, d.unit, later",
                 {to, first, given(query.item), or_empty(query.item)}, each);
  }
  return rows;
}

/// What of an item was handed out inside kits.
void add_inside_kits(Database& database, const TotalsQuery& query, std::vector<TotalRow>& rows) {
  std::vector<std::string> groups;
  if (query.group) {
    groups.push_back(*query.group);
  } else {
    database.run("SELECT DISTINCT grp FROM rules WHERE names = 1", {},
                 [&](const Row& row) { groups.push_back(row.string(0)); });
  }
  for (const std::string& group : groups) {
    for (const auto& [kit, part] : read_rules(database, group).kits_with(*query.item)) {
      TotalsQuery of_kit = query;
      of_kit.group = group;
      of_kit.item = kit;
      for (const TotalRow& kits : own_totals(database, of_kit)) {
        const auto inside = multiply(kits.distributed, part.per);
        if (!inside || *inside == Quantity{}) continue;
        auto line =
            std::find_if(rows.begin(), rows.end(),
                         [&unit = part.unit](const TotalRow& row) { return row.unit == unit; });
        if (line == rows.end()) {
          line = rows.insert(rows.end(), {.group = query.group, .item = part.item});
          line->unit = part.unit;
        }
        line->distributed += *inside;
      }
    }
  }
}

}  // namespace

std::vector<TotalRow> totals(Database& database, const TotalsQuery& query) {
  auto rows = own_totals(database, query);
  if (query.item) add_inside_kits(database, query, rows);
  if (!query.group) count_once(database, {}, query, rows);
  return rows;
}

TotalRow line_total(Database& database, const std::string& group, const std::string& item,
                    const std::string& unit, const std::optional<std::string>& place) {
  TotalRow total;
  const auto each = [&](const Row& row) { total = total_row(row, group); };
  if (place) {
    database.run(
        "SELECT item, unit, needed, outstanding, unknown, offered, in_transit, received,"
        " distributed, used, lost, stock FROM places"
        " WHERE grp = $1 AND item = $2 AND unit = $3 AND place = $4",
        {group, item, unit, *place}, each);
  } else {
    database.run(
        "SELECT item, unit, needed, outstanding, unknown, offered, in_transit, received,"
        " distributed, used, lost, stock FROM lines WHERE grp = $1 AND item = $2 AND unit = $3",
        {group, item, unit}, each);
  }
  total.group = group;
  total.item = item;
  total.unit = unit;
  return total;
}

Quantity told(Database& database, const std::string& group, Kind kind, const std::string& item,
              const std::string& unit, const std::string& place, const Days& days) {
  const auto at = place.empty() ? std::nullopt : std::optional(place);
  if (kind == Kind::activity) {
    for (const MetricRow& row : metrics(database, group, days)) {
      if (row.name == item && row.unit == unit) return row.quantity;
    }
    return {};
  }
  // Use and losses of a place stand among the entries only; so do promises and shipments.
  const bool flows = kind == Kind::need || kind == Kind::received || kind == Kind::distributed ||
                     (kind == Kind::used && !at);
  if (!flows) {
    return {database
                .integer("SELECT coalesce(sum(quantity), 0) FROM standing WHERE grp = $1"
                         " AND item = $2 AND unit = $3 AND kind = $4 AND voided_by = 0"
                         " AND day >= $5 AND day <= $6 AND ($7 = '' OR place = $7)",
                         {group, item, unit, word(kind), days.first(), days.last(), place})
                .value_or(0)};
  }
  for (const TotalRow& row :
       totals(database, {.group = group, .item = item, .place = at, .days = days})) {
    if (row.unit != unit) continue;
    if (kind == Kind::need) return row.needed;
    if (kind == Kind::used) return row.used;
    // What a place received was handed over to it.
    return kind == Kind::received && !at ? row.received : row.distributed;
  }
  return {};
}
