#include "storage/figures.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <tuple>

#include "storage/ledger.h"
#include "storage/standing.h"

#define JIELI_NEED_COLUMNS "grp, number, item, unit, party, quantity, done, closed, calm, said_at, counterpart"

namespace {

// A parameter for "this one, or any": the first says whether the second counts.
Value given(const std::optional<std::string>& text) { return std::int64_t{text ? 1 : 0}; }
Value or_empty(const std::optional<std::string>& text) {
  return text ? std::string_view{*text} : std::string_view{};
}

std::string_view status_of(const Standing& need) {
  switch (need.closed) {
    case Closed::done:
      return "met";
    case Closed::replaced:
      return "replaced";
    case Closed::enough:
      return "enough";
    case Closed::withdrawn:
      return "withdrawn";
    case Closed::no:
      break;
  }
  if (!need.open()) return "met";
  return need.done > Quantity{} ? "partly" : "open";
}

using Line = std::tuple<std::string, std::string, std::string, std::string>;

/// What is on the road to each place, by group, item, unit and place.
std::map<Line, Quantity> on_the_road(Database& database, const std::optional<std::string>& group,
                                     const std::optional<std::string>& item) {
  std::map<Line, Quantity> sums;
  const auto each = [&](const Row& row) {
    sums[{row.string(0), row.string(1), row.string(2), row.string(3)}] += Quantity{row.integer(4)};
  };
  if (group) {
    database.run(
        "SELECT grp, item, unit, party, rest FROM standing WHERE grp = $1 AND open = 1"
        " AND kind = 'in_transit' AND ($2 = 0 OR item = $3)",
        {*group, given(item), or_empty(item)}, each);
  } else {
    database.run(
        "SELECT grp, item, unit, party, rest FROM standing WHERE open = 1"
        " AND kind = 'in_transit' AND ($1 = 0 OR item = $2)",
        {given(item), or_empty(item)}, each);
  }
  return sums;
}

}  // namespace

namespace {

/// Needs that were asked about (还需要吗?) without an answer, and where nothing happened since.
void mark_stale(Database& database, const std::optional<std::string>& group, std::size_t needs,
                const std::function<void(const std::string&, std::int64_t)>& mark) {
  if (needs == 0) return;
  database.run(
      "SELECT q.grp, q.about FROM questions q JOIN standing n ON n.grp = q.grp"
      " AND n.number = q.about WHERE q.open = 1 AND q.kind = 'stale' AND ($1 = 0 OR q.grp = $2)"
      " AND NOT EXISTS (SELECT 1 FROM standing s WHERE s.grp = n.grp AND s.item = n.item"
      " AND s.party = n.party AND s.number > n.number AND s.said_at > q.asked_at)",
      {given(group), or_empty(group)},
      [&](const Row& row) { mark(row.string(0), row.integer(1)); });
}

}  // namespace

std::vector<NeedRow> needs(Database& database, const std::optional<std::string>& group,
                           const std::optional<std::string>& item, NeedStatus status) {
  struct Found {
    NeedRow row;
    bool open = false;
    bool calm = true;
    Quantity rest;
  };
  std::vector<Found> found;
  const auto each = [&](const Row& row) {
    Standing s;
    s.kind = Kind::need;
    if (!row.null(5)) s.quantity = Quantity{row.integer(5)};
    s.done = {row.integer(6)};
    s.closed = static_cast<Closed>(row.integer(7));
    NeedRow need;
    need.group = row.string(0);
    need.id = row.integer(1);
    need.item = row.string(2);
    need.unit = row.string(3);
    if (!row.text(4).empty()) need.place = row.string(4);
    need.from = row.string(10);
    need.quantity = s.quantity;
    need.fulfilled = s.done;
    need.urgent = row.integer(8) == 0;
    need.time = std::chrono::sys_seconds(std::chrono::seconds(row.integer(9)));
    need.status = status_of(s);
    if (!s.unknown() || !s.open()) need.outstanding = s.rest();
    found.push_back({std::move(need), s.open(), row.integer(8) != 0, s.rest()});
  };
  if (status == NeedStatus::open && group) {
    database.run("SELECT " JIELI_NEED_COLUMNS
                 " FROM standing WHERE grp = $1 AND open = 1"
                 " AND kind = 'need' AND ($2 = 0 OR item = $3) ORDER BY +number",
                 {*group, given(item), or_empty(item)}, each);
  } else if (status == NeedStatus::open) {
    database.run("SELECT " JIELI_NEED_COLUMNS
                 " FROM standing WHERE open = 1 AND kind = 'need'"
                 " AND ($1 = 0 OR item = $2) ORDER BY grp, +number",
                 {given(item), or_empty(item)}, each);
  } else if (group) {
    database.run("SELECT " JIELI_NEED_COLUMNS
                 " FROM standing WHERE grp = $1 AND kind = 'need'"
                 " AND voided_by = 0 AND ($2 = 0 OR item = $3) ORDER BY number",
                 {*group, given(item), or_empty(item)}, each);
  } else {
    database.run("SELECT " JIELI_NEED_COLUMNS
                 " FROM standing WHERE kind = 'need'"
                 " AND voided_by = 0 AND ($1 = 0 OR item = $2) ORDER BY grp, number",
                 {given(item), or_empty(item)}, each);
  }

  // What is on the road is dealt out in the order of fulfilment; needs without a number come last.
  auto road = on_the_road(database, group, item);
  std::vector<Found*> order;
  for (Found& f : found) {
    if (f.open) order.push_back(&f);
  }
  std::stable_sort(order.begin(), order.end(), [](const Found* a, const Found* b) {
    return std::tuple(!a->row.quantity, a->calm) < std::tuple(!b->row.quantity, b->calm);
  });
  for (Found* f : order) {
    const auto at = road.find({f->row.group, f->row.item, f->row.unit, f->row.place.value_or("")});
    if (at == road.end()) continue;
    const Quantity part = f->row.quantity ? std::min(at->second, f->rest) : at->second;
    f->row.in_transit = part;
    at->second -= part;
  }

  mark_stale(database, group, found.size(), [&](const std::string& of, std::int64_t number) {
    for (Found& f : found) {
      if (f.open && f.row.group == of && f.row.id == number) f.row.status = "stale";
    }
  });
  std::map<std::pair<std::string, std::int64_t>, Kind> trust;
  database.run(
      "SELECT grp, ref, kind FROM standing WHERE kind IN ('verified', 'doubtful')"
      " AND voided_by = 0 AND ref IS NOT NULL AND ($1 = 0 OR grp = $2) ORDER BY number",
      {given(group), or_empty(group)}, [&](const Row& row) {
        trust[{row.string(0), row.integer(1)}] = kind_from(row.text(2)).value();
      });

  std::map<std::pair<std::string, std::int64_t>, Quantity> promised;
  database.run(
      "SELECT need_grp, need, quantity FROM promises WHERE ($1 = 0 OR need_grp = $2)",
      {given(group), or_empty(group)}, [&](const Row& row) {
        promised[{row.string(0), row.integer(1)}] += Quantity{row.integer(2)};
      });

  std::vector<NeedRow> rows;
  for (Found& f : found) {
    if (const auto at = promised.find({f.row.group, f.row.id}); at != promised.end()) {
      f.row.promised = f.row.quantity ? std::min(at->second, f.rest) : at->second;
    }
    if (const auto at = trust.find({f.row.group, f.row.id}); at != trust.end()) {
      f.row.verified = at->second == Kind::verified;
      f.row.doubtful = at->second == Kind::doubtful;
    }
    if (status == NeedStatus::closed && f.open) continue;
    rows.push_back(std::move(f.row));
  }
  return rows;
}

std::optional<std::int64_t> first_on_line(Database& database, const std::string& group,
                                          const std::string& item, const std::string& unit) {
  return database.integer("SELECT first FROM lines WHERE grp = $1 AND item = $2 AND unit = $3",
                          {group, item, unit});
}

std::optional<std::int64_t> counted_none(Database& database, const std::string& group,
                                         const std::string& item, const std::string& unit) {
  return database.integer(
      "SELECT max(number) FROM standing WHERE grp = $1 AND item = $2 AND unit = $3"
      " AND kind = 'stock' AND quantity = 0 AND voided_by = 0 AND ref IS NULL AND place = ''",
      {group, item, unit});
}

std::vector<std::int64_t> newest_entries(Database& database, const std::string& group,
                                         const std::optional<std::string>& item,
                                         const std::optional<std::string>& user,
                                         std::int64_t limit) {
  std::vector<std::int64_t> numbers;
  database.run(
      "SELECT number FROM (SELECT s.number FROM standing s WHERE s.grp = $1"
      " AND ($2 = '' OR s.item = $2) AND ($3 = '' OR s.user_id = $3) AND s.voided_by = 0"
      " ORDER BY s.number DESC LIMIT $4) AS newest ORDER BY number",
      {group, or_empty(item), or_empty(user), limit},
      [&](const Row& row) { numbers.push_back(row.integer(0)); });
  return numbers;
}

std::vector<std::string> recording_groups(Database& database) {
  std::vector<std::string> ids;
  database.run("SELECT grp FROM groups WHERE numbers > 0 ORDER BY grp", {},
               [&](const Row& row) { ids.push_back(row.string(0)); });
  return ids;
}

std::vector<std::string> group_ids(Database& database) {
  std::vector<std::string> ids;
  database.run("SELECT grp FROM groups ORDER BY grp", {},
               [&](const Row& row) { ids.push_back(row.string(0)); });
  return ids;
}

std::vector<EntryRow> entries(Database& database, const std::string& group,
                              const std::optional<std::string>& item, std::int64_t after,
                              std::int64_t limit) {
  std::vector<EntryRow> rows;
  database.run(
      "SELECT e.number, s.kind, s.item, coalesce(s.quantity, e.quantity), s.unit, e.said, s.place,"
      " s.counterpart, e.approx, e.value, e.said_at, e.user_id, coalesce(m.text, ''), e.ref,"
      " s.voided_by FROM entries e JOIN standing s ON s.grp = e.grp AND s.number = e.number"
      " LEFT JOIN messages m ON m.grp = e.grp AND m.id = e.message AND m.event = 'message'"
      " WHERE e.grp = $1 AND e.number > $2 AND ($3 = 0 OR s.item = $4)"
      " ORDER BY e.number LIMIT $5",
      {group, after, given(item), or_empty(item), limit}, [&](const Row& row) {
        EntryRow e;
        e.id = row.integer(0);
        e.kind = row.string(1);
        if (!row.text(2).empty()) e.item = row.string(2);
        if (!row.null(3)) e.quantity = Quantity{row.integer(3)};
        e.unit = row.string(4);
        e.said = row.string(5);
        if (!row.text(6).empty()) e.place = row.string(6);
        if (!row.text(7).empty()) e.counterpart = row.string(7);
        e.approx = row.integer(8) != 0;
        if (!row.null(9)) e.value = Quantity{row.integer(9)};
        e.time = std::chrono::sys_seconds(std::chrono::seconds(row.integer(10)));
        e.user = row.string(11);
        e.text = row.string(12);
        e.ref = row.maybe_integer(13);
        if (row.integer(14) != 0) e.voided_by = row.integer(14);
        rows.push_back(std::move(e));
      });
  if (rows.empty()) return rows;
  // A corrected entry shows its last values; these are not among what the fold keeps.
  std::map<std::int64_t, EntryRow*> by_number;
  for (EntryRow& e : rows) by_number[e.id] = &e;
  database.run(
      "SELECT e.ref, e.change FROM entries e JOIN standing s ON s.grp = e.grp"
      " AND s.number = e.number WHERE e.grp = $1 AND e.ref BETWEEN $2 AND $3"
      " AND e.kind = 'correction' AND s.voided_by = 0 ORDER BY e.number",
      {group, rows.front().id, rows.back().id}, [&](const Row& row) {
        const auto at = by_number.find(row.integer(0));
        if (at == by_number.end()) return;
        const Change change = decode_change(row.text(1));
        if (change.said) at->second->said = *change.said;
        if (change.value) at->second->value = change.value;
        if (change.approx) at->second->approx = *change.approx;
        if (change.unknown) at->second->quantity.reset();
      });
  return rows;
}

std::vector<MetricRow> metrics(Database& database, const std::optional<std::string>& group,
                               const Days& days) {
  const std::int64_t from = days.first();
  const std::int64_t to = days.last();
  std::vector<MetricRow> rows;
  const auto each = [&](const Row& row) {
    rows.push_back({row.string(0), Quantity{row.integer(2)}, row.string(1)});
  };
  if (group) {
    database.run(
        "SELECT name, unit, sum(quantity) FROM metrics WHERE grp = $1 AND day >= $2"
        " AND day <= $3 GROUP BY name, unit HAVING sum(quantity) <> 0"
        " ORDER BY name, unit",
        {*group, from, to}, each);
  } else {
    database.run(
        "SELECT name, unit, sum(quantity) FROM metrics WHERE day >= $1 AND day <= $2"
        " GROUP BY name, unit HAVING sum(quantity) <> 0 ORDER BY name, unit",
        {from, to}, each);
  }
  return rows;
}

std::int64_t corrections(Database& database, const std::optional<std::string>& group,
                         const Days& days) {
  const std::int64_t from = days.first();
  const std::int64_t to = days.last();
  if (group) {
    return database
        .integer(
            "SELECT count(*) FROM standing WHERE kind IN ('correction', 'void')"
            " AND voided_by = 0 AND grp = $1 AND day >= $2 AND day <= $3",
            {*group, from, to})
        .value_or(0);
  }
  return database
      .integer(
          "SELECT count(*) FROM standing WHERE kind IN ('correction', 'void')"
          " AND voided_by = 0 AND day >= $1 AND day <= $2",
          {from, to})
      .value_or(0);
}
