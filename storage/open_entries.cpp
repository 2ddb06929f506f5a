#include "storage/open_entries.h"

namespace {

OpenEntry read(const Row& row) {
  OpenEntry e;
  e.number = row.integer(0);
  e.item = row.string(1);
  e.unit = row.string(2);
  e.party = row.string(3);
  e.user_name = row.string(4);
  e.rest = {row.integer(5)};
  if (!row.null(6)) e.quantity = Quantity{row.integer(6)};
  return e;
}

std::int64_t flag(bool value) { return value ? 1 : 0; }

std::string_view or_empty(const std::optional<std::string>& text) {
  return text ? std::string_view{*text} : std::string_view{};
}

}  // namespace

std::vector<OpenEntry> open_entries(Database& database, const std::string& group,
                                    const std::string& item, Kind kind,
                                    const std::optional<std::string>& unit, std::int64_t limit) {
  std::vector<OpenEntry> found;
  database.run(
      "SELECT number, item, unit, party, user_name, rest, quantity FROM standing WHERE grp = $1"
      " AND item = $2 AND kind = $3 AND open = 1 AND ($4 = 0 OR unit = $5)"
      " ORDER BY calm, number LIMIT $6",
      {group, item, word(kind), flag(unit.has_value()), or_empty(unit), limit},
      [&](const Row& row) { found.push_back(read(row)); });
  return found;
}

std::vector<std::string> items_needed(Database& database, const std::string& group,
                                      const std::string& place,
                                      const std::optional<std::string>& item,
                                      const std::optional<std::string>& user) {
  std::vector<std::string> items;
  database.run(
      "SELECT DISTINCT item FROM standing WHERE grp = $1 AND kind = 'need' AND open = 1"
      " AND party = $2 AND ($3 = 0 OR item = $4) AND ($5 = 0 OR user_id = $6) ORDER BY item",
      {group, place, flag(item.has_value()), or_empty(item), flag(user.has_value()),
       or_empty(user)},
      [&](const Row& row) { items.push_back(row.string(0)); });
  return items;
}

bool needed_at(Database& database, const std::string& group, const std::string& item,
               const std::string& place) {
  return database
      .integer(
          "SELECT number FROM standing WHERE grp = $1 AND item = $2 AND party = $3"
          " AND kind = 'need' AND open = 1 LIMIT 1",
          {group, item, place})
      .has_value();
}

std::vector<std::string> places_in_need(Database& database, const std::string& group,
                                        const std::string& item, std::int64_t limit) {
  std::vector<std::string> places;
  database.run(
      "SELECT DISTINCT party FROM standing WHERE grp = $1 AND item = $2"
      " AND kind = 'need' AND open = 1 LIMIT $3",
      {group, item, limit}, [&](const Row& row) { places.push_back(row.string(0)); });
  return places;
}

std::vector<OpenEntry> held_up(Database& database, const std::string& group) {
  std::vector<OpenEntry> found;
  database.run(
      "SELECT s.number, s.item, s.unit, s.party, s.user_name, s.rest, s.quantity, b.word"
      " FROM standing s JOIN standing b ON b.grp = s.grp AND b.ref = s.number"
      " WHERE s.grp = $1 AND s.kind = 'in_transit' AND s.open = 1 AND b.kind = 'blocked'"
      " AND b.voided_by = 0 ORDER BY s.number, b.number",
      {group}, [&](const Row& row) {
        OpenEntry e = read(row);
        e.why = row.string(7);
        // What was said of it last.
        if (!found.empty() && found.back().number == e.number) found.pop_back();
        found.push_back(std::move(e));
      });
  return found;
}
