#include "storage/standing.h"

#include <algorithm>
#include <chrono>

// ORDER BY +number: sorted after the fact, so that the index is chosen for its keys and not because
// it happens to be in order.
#define JIELI_STANDING_COLUMNS                                                               \
  "grp, number, kind, user_id, user_name, said_at, day, item, unit, quantity, place, party," \
  " counterpart, word, expected, ref, replaces, own_only, unpaired, voided_by, calm, done,"  \
  " fresh, closed, pair, pairable, effects, value, approx"

namespace {

/// Both ends of one delivery are told within this span of message time.
constexpr std::int64_t kPairSeconds = 72LL * 3600;

std::optional<Quantity> quantity_at(const Row& row, int column) {
  const auto value = row.maybe_integer(column);
  return value ? std::optional(Quantity{*value}) : std::nullopt;
}

Standing read(const Row& row) {
  Standing s;
  s.group = row.string(0);
  s.number = row.integer(1);
  s.kind = kind_from(row.text(2)).value();
  s.user = row.string(3);
  s.user_name = row.string(4);
  s.time = std::chrono::sys_seconds(std::chrono::seconds(row.integer(5)));
  s.day = row.integer(6);
  s.item = row.string(7);
  s.unit = row.string(8);
  s.quantity = quantity_at(row, 9);
  s.place = row.string(10);
  s.party = row.string(11);
  s.counterpart = row.string(12);
  s.word = row.string(13);
  s.expected = quantity_at(row, 14);
  s.ref = row.maybe_integer(15).value_or(0);
  s.replaces = row.integer(16) != 0;
  s.own_only = row.integer(17) != 0;
  s.unpaired = row.integer(18) != 0;
  s.voided_by = row.integer(19);
  s.calm = row.integer(20) != 0;
  s.done = {row.integer(21)};
  s.fresh = {row.integer(22)};
  s.closed = static_cast<Closed>(row.integer(23));
  s.pair = row.integer(24);
  s.pairable = {row.integer(25)};
  s.effects = row.string(26);
  s.value = quantity_at(row, 27);
  s.approx = row.integer(28) != 0;
  return s;
}

Value maybe(const std::optional<Quantity>& quantity) {
  return quantity ? Value{quantity->thousandths} : Value{nullptr};
}

std::int64_t flag(bool value) { return value ? 1 : 0; }

void add(Standing& standing, Field field, std::int64_t delta) {
  switch (field) {
    case Field::done:
      standing.done += Quantity{delta};
      break;
    case Field::calm:
      standing.calm = (standing.calm ? 1 : 0) + delta != 0;
      break;
    case Field::closed:
      standing.closed = static_cast<Closed>(static_cast<int>(standing.closed) + delta);
      break;
    case Field::pair:
      standing.pair += delta;
      break;
    case Field::pairable:
      standing.pairable += Quantity{delta};
      break;
  }
}

}  // namespace

Quantity Standing::rest() const {
  if (!quantity || closed != Closed::no) return {};
  return std::max(Quantity{}, *quantity - done);
}

bool Standing::open() const {
  if (voided_by != 0 || closed != Closed::no) return false;
  if (kind == Kind::need) return unknown() || rest() > Quantity{};
  return (kind == Kind::offer || kind == Kind::in_transit) && rest() > Quantity{};
}

std::vector<Standing> Standings::list(std::string_view sql, std::initializer_list<Value> values) {
  std::vector<Standing> found;
  db_.run(sql, values, [&](const Row& row) { found.push_back(read(row)); });
  return found;
}

std::optional<Standing> Standings::find(const std::string& group, std::int64_t number) {
  auto found =
      list("SELECT " JIELI_STANDING_COLUMNS " FROM standing WHERE grp = $1 AND number = $2",
           {group, number});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

void Standings::insert(const Standing& s) {
  db_.run("INSERT INTO standing (" JIELI_STANDING_COLUMNS
          ", open, rest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,"
          " $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)",
          {s.group,
           s.number,
           word(s.kind),
           s.user,
           s.user_name,
           std::int64_t{s.time.time_since_epoch().count()},
           s.day,
           s.item,
           s.unit,
           maybe(s.quantity),
           s.place,
           s.party,
           s.counterpart,
           s.word,
           maybe(s.expected),
           s.ref == 0 ? Value{nullptr} : Value{s.ref},
           flag(s.replaces),
           flag(s.own_only),
           flag(s.unpaired),
           s.voided_by,
           flag(s.calm),
           s.done.thousandths,
           s.fresh.thousandths,
           static_cast<std::int64_t>(s.closed),
           s.pair,
           s.pairable.thousandths,
           s.effects,
           maybe(s.value),
           flag(s.approx),
           flag(s.open()),
           s.rest().thousandths});
}

// Only what changed is set: an index is written wherever one of its columns is.
void Standings::change(Standing& s, Field field, std::int64_t delta) {
  const bool was_open = s.open();
  add(s, field, delta);
  if (field == Field::pair) {
    db_.run("UPDATE standing SET pair = $1 WHERE grp = $2 AND number = $3",
            {s.pair, s.group, s.number});
  } else if (field == Field::pairable) {
    db_.run("UPDATE standing SET pairable = $1 WHERE grp = $2 AND number = $3",
            {s.pairable.thousandths, s.group, s.number});
  } else if (field == Field::done && s.open() == was_open) {
    db_.run("UPDATE standing SET done = $1, rest = $2 WHERE grp = $3 AND number = $4",
            {s.done.thousandths, s.rest().thousandths, s.group, s.number});
  } else {
    db_.run(
        "UPDATE standing SET calm = $1, done = $2, closed = $3, open = $4, rest = $5"
        " WHERE grp = $6 AND number = $7",
        {flag(s.calm), s.done.thousandths, static_cast<std::int64_t>(s.closed), flag(s.open()),
         s.rest().thousandths, s.group, s.number});
  }
}

void Standings::remove(const std::string& group, std::int64_t number) {
  db_.run("DELETE FROM standing WHERE grp = $1 AND number = $2", {group, number});
}

std::vector<Standing> Standings::open(const Standing& line, Kind kind, const std::string& party,
                                      int limit) {
  return list("SELECT " JIELI_STANDING_COLUMNS
              " FROM standing WHERE grp = $1 AND item = $2 AND unit = $3 AND kind = $4"
              " AND party = $5 AND open = 1 AND quantity IS NOT NULL"
              " ORDER BY calm, number LIMIT $6",
              {line.group, line.item, line.unit, word(kind), party, std::int64_t{limit}});
}

std::optional<Standing> Standings::open_unknown(const Standing& line, const std::string& place) {
  auto found = list("SELECT " JIELI_STANDING_COLUMNS
                    " FROM standing WHERE grp = $1 AND item = $2 AND unit = $3 AND kind = 'need'"
                    " AND party = $4 AND open = 1 AND quantity IS NULL"
                    " ORDER BY calm, number LIMIT 1",
                    {line.group, line.item, line.unit, place});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Standing> Standings::open_needs(const std::string& group, const std::string& item,
                                            const std::string& place) {
  return list("SELECT " JIELI_STANDING_COLUMNS
              " FROM standing WHERE grp = $1 AND item = $2 AND kind = 'need' AND party = $3"
              " AND open = 1 ORDER BY +number",
              {group, item, place});
}

std::optional<std::int64_t> Standings::same_need(const Standing& line, std::chrono::seconds within,
                                                 const std::string& user) {
  const std::int64_t said = line.time.time_since_epoch().count();
  const std::int64_t from = said - within.count();
  const std::int64_t to = said + within.count();
  if (line.quantity) {
    return db_.integer(
        "SELECT number FROM standing WHERE grp = $1 AND item = $2 AND party = $3"
        " AND quantity = $4 AND open = 1 AND kind = 'need' AND unit = $5"
        " AND said_at BETWEEN $6 AND $7 AND ($8 = '' OR user_id = $8) ORDER BY +number LIMIT 1",
        {line.group, line.item, line.place, line.quantity->thousandths, line.unit, from, to, user});
  }
  return db_.integer(
      "SELECT number FROM standing WHERE grp = $1 AND item = $2 AND party = $3"
      " AND quantity IS NULL AND open = 1 AND kind = 'need' AND unit = $4"
      " AND said_at BETWEEN $5 AND $6 AND ($7 = '' OR user_id = $7) ORDER BY +number LIMIT 1",
      {line.group, line.item, line.place, line.unit, from, to, user});
}

// min(+number), max(+number): the index is chosen for its keys, and nothing has to be sorted.
std::optional<Standing> Standings::oldest(const std::string& group, bool only, std::string_view sql,
                                          std::initializer_list<Value> values) {
  std::int64_t first = 0;
  db_.run(sql, values, [&](const Row& row) {
    if (!only || row.integer(0) == row.integer(1)) first = row.integer(0);
  });
  return first == 0 ? std::nullopt : find(group, first);
}

std::optional<Standing> Standings::only_outbound(const Standing& line, Quantity rest) {
  return oldest(line.group, true,
                "SELECT min(+number), max(+number) FROM standing WHERE grp = $1 AND item = $2"
                " AND unit = $3 AND kind = 'in_transit' AND rest = $4 AND open = 1 AND party <> ''",
                {line.group, line.item, line.unit, rest.thousandths});
}

std::optional<Standing> Standings::pairable_at(const Standing& line, Kind kind, Quantity least,
                                               Quantity most, bool other_sender) {
  const std::int64_t said = line.time.time_since_epoch().count();
  return oldest(line.group, false,
                "SELECT min(+number) FROM standing WHERE grp = $1 AND item = $2 AND unit = $3"
                " AND kind = $4 AND party = $5 AND said_at BETWEEN $6 AND $7 AND pairable <> 0"
                " AND pairable BETWEEN $8 AND $9 AND ($10 = 0 OR user_id <> $11)",
                {line.group, line.item, line.unit, word(kind), line.place, said - kPairSeconds,
                 said + kPairSeconds, least.thousandths, most.thousandths, flag(other_sender),
                 line.user});
}

std::optional<Standing> Standings::only_pairable(const Standing& line, Kind kind,
                                                 Quantity quantity) {
  const std::int64_t said = line.time.time_since_epoch().count();
  return oldest(line.group, true,
                "SELECT min(+number), max(+number) FROM standing WHERE grp = $1 AND item = $2"
                " AND unit = $3 AND kind = $4 AND pairable = $5 AND pairable <> 0"
                " AND said_at BETWEEN $6 AND $7 AND user_id <> $8",
                {line.group, line.item, line.unit, word(kind), quantity.thousandths,
                 said - kPairSeconds, said + kPairSeconds, line.user});
}

std::vector<Standing> Standings::referring(const std::string& group, std::int64_t number) {
  return list("SELECT " JIELI_STANDING_COLUMNS
              " FROM standing WHERE grp = $1 AND ref = $2 AND voided_by = 0"
              " ORDER BY number",
              {group, number});
}

std::vector<std::int64_t> Standings::numbers(const std::string& group, const std::string& item,
                                             std::int64_t from) {
  std::vector<std::int64_t> found;
  db_.run(
      "SELECT number FROM standing WHERE grp = $1 AND item = $2 AND number >= $3"
      " ORDER BY number",
      {group, item, from}, [&](const Row& row) { found.push_back(row.integer(0)); });
  return found;
}
