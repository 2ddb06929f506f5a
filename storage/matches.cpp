#include "storage/matches.h"

#include <array>
#include <stdexcept>
#include <utility>

// The state as it is now: a promise that holds no more is released, one whose shipment was voided
// is a promise again.
#define JIELI_MATCHES                                                                        \
  "SELECT m.id, CASE WHEN m.state <> 'confirmed' THEN m.state"                               \
  " WHEN p.id IS NOT NULL THEN 'confirmed'"                                                  \
  " WHEN s.voided_by = 0 THEN 'shipped' ELSE 'released' END,"                                \
  " m.item, m.unit, m.quantity, m.need_grp, m.need, m.from_grp, m.from_number, m.worth,"     \
  " m.reason, m.why, m.need_entry, m.from_entry, m.shipment, m.from_shipment, m.decided_at," \
  " m.expires_at FROM matches m LEFT JOIN promises p ON p.id = m.id"                         \
  " LEFT JOIN standing s ON s.grp = m.need_grp AND s.number = m.shipment"

namespace {

constexpr std::array<std::pair<Match::State, std::string_view>, 6> kWords{{
    {Match::State::proposed, "proposed"},
    {Match::State::confirmed, "confirmed"},
    {Match::State::shipped, "shipped"},
    {Match::State::refused, "refused"},
    {Match::State::released, "released"},
    {Match::State::dropped, "dropped"},
}};

Match::State state_from(std::string_view text) {
  for (const auto& [state, known] : kWords) {
    if (known == text) return state;
  }
  throw std::logic_error("a match in an unknown state");
}

std::int64_t unix_time(std::chrono::sys_seconds time) { return time.time_since_epoch().count(); }

std::chrono::sys_seconds time_at(const Row& row, int column) {
  return std::chrono::sys_seconds(std::chrono::seconds(row.integer(column)));
}

Match read(const Row& row) {
  Match m;
  m.id = row.integer(0);
  m.state = state_from(row.text(1));
  m.item = row.string(2);
  m.unit = row.string(3);
  m.quantity = {row.integer(4)};
  m.need_group = row.string(5);
  m.need = row.integer(6);
  m.from_group = row.string(7);
  m.from = row.integer(8);
  m.worth = row.integer(9);
  m.reason = row.string(10);
  m.why = row.string(11);
  m.need_entry = row.integer(12);
  m.from_entry = row.integer(13);
  m.shipment = row.integer(14);
  m.from_shipment = row.integer(15);
  m.decided = time_at(row, 16);
  m.expires = time_at(row, 17);
  return m;
}

/// Shipped and released are what a confirmed one turned out to be.
std::string_view stored(Match::State state) {
  const bool confirmed = state == Match::State::shipped || state == Match::State::released;
  return word(confirmed ? Match::State::confirmed : state);
}

Value given(const std::optional<std::string>& text) { return std::int64_t{text ? 1 : 0}; }
Value or_empty(const std::optional<std::string>& text) {
  return text ? std::string_view{*text} : std::string_view{};
}

}  // namespace

std::string_view word(Match::State state) {
  for (const auto& [known, text] : kWords) {
    if (known == state) return text;
  }
  throw std::logic_error("a state without a word");
}

std::int64_t Matches::propose(const Match& m) {
  const std::int64_t id = db_.integer("SELECT max(id) FROM matches", {}).value_or(0) + 1;
  db_.run(
      "INSERT INTO matches (id, state, item, unit, quantity, need_grp, need, from_grp, from_number,"
      " worth, reason, why, need_entry, from_entry, shipment, from_shipment, decided_at,"
      " expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', 0, 0, 0, 0, 0, 0)",
      {id, word(Match::State::proposed), m.item, m.unit, m.quantity.thousandths, m.need_group,
       m.need, m.from_group, m.from, m.worth, m.reason});
  return id;
}

bool Matches::known(const Match& m) {
  return db_
      .integer(
          "SELECT m.id FROM matches m LEFT JOIN promises p ON p.id = m.id"
          " WHERE m.need_grp = $1 AND m.need = $2 AND m.from_grp = $3 AND m.from_number = $4"
          " AND (m.state IN ('proposed', 'refused') OR p.id IS NOT NULL) LIMIT 1",
          {m.need_group, m.need, m.from_group, m.from})
      .has_value();
}

void Matches::update(const Match& m) {
  db_.run(
      "UPDATE matches SET state = $1, quantity = $2, worth = $3, reason = $4, why = $5,"
      " need_entry = $6, from_entry = $7, shipment = $8, from_shipment = $9, decided_at = $10,"
      " expires_at = $11 WHERE id = $12",
      {stored(m.state), m.quantity.thousandths, m.worth, m.reason, m.why, m.need_entry,
       m.from_entry, m.shipment, m.from_shipment, unix_time(m.decided), unix_time(m.expires),
       m.id});
}

std::vector<Match> Matches::list(std::string_view sql, std::initializer_list<Value> values) {
  std::vector<Match> found;
  db_.run(sql, values, [&](const Row& row) { found.push_back(read(row)); });
  return found;
}

std::optional<Match> Matches::find(std::int64_t id) {
  auto found = list(JIELI_MATCHES " WHERE m.id = $1", {id});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::optional<Match> Matches::of_entry(const std::string& group, std::int64_t entry) {
  auto found = list(JIELI_MATCHES
                    " WHERE m.state = 'confirmed' AND ((m.need_grp = $1 AND (m.need_entry = $2"
                    " OR m.shipment = $2)) OR (m.from_grp = $1 AND (m.from_entry = $2"
                    " OR m.from_shipment = $2))) ORDER BY m.id DESC LIMIT 1",
                    {group, entry});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Match> Matches::proposals(const std::optional<std::string>& item) {
  return list(JIELI_MATCHES " WHERE m.state = 'proposed' AND ($1 = 0 OR m.item = $2) ORDER BY m.id",
              {given(item), or_empty(item)});
}

std::vector<Match> Matches::proposed(const std::optional<std::string>& item) {
  return list(JIELI_MATCHES
              " JOIN standing n ON n.grp = m.need_grp AND n.number = m.need AND n.open = 1"
              " AND n.item = m.item AND n.unit = m.unit AND n.rest >= m.quantity"
              " LEFT JOIN standing f ON f.grp = m.from_grp AND f.number = m.from_number"
              " LEFT JOIN lines l ON l.grp = m.from_grp AND l.item = m.item AND l.unit = m.unit"
              " WHERE m.state = 'proposed' AND ($1 = 0 OR m.item = $2)"
              " AND ((m.from_number = 0 AND l.stock >= m.quantity) OR (f.open = 1"
              " AND f.item = m.item AND f.unit = m.unit AND f.rest >= m.quantity))"
              " ORDER BY m.worth DESC, m.id",
              {given(item), or_empty(item)});
}

std::vector<Match> Matches::all(const std::optional<std::string>& group) {
  return list(JIELI_MATCHES
              " WHERE m.state <> 'dropped' AND ($1 = 0 OR m.need_grp = $2 OR m.from_grp = $2)"
              " ORDER BY m.id",
              {given(group), or_empty(group)});
}

std::vector<Match> Matches::promises(const std::optional<std::string>& item) {
  return list(JIELI_MATCHES " WHERE p.id IS NOT NULL AND ($1 = 0 OR m.item = $2) ORDER BY m.id",
              {given(item), or_empty(item)});
}

std::vector<Match> Matches::refused(const std::optional<std::string>& item) {
  return list(JIELI_MATCHES " WHERE m.state = 'refused' AND ($1 = 0 OR m.item = $2) ORDER BY m.id",
              {given(item), or_empty(item)});
}

std::vector<Match> Matches::expired(std::chrono::sys_seconds now) {
  return list(JIELI_MATCHES " WHERE p.expires_at < $1 ORDER BY m.id", {unix_time(now)});
}

std::vector<Match> Matches::on_the_road(std::chrono::sys_seconds said_before) {
  return list(JIELI_MATCHES
              " WHERE m.state = 'confirmed' AND m.shipment > 0 AND s.open = 1 AND s.said_at < $1"
              " ORDER BY m.id",
              {unix_time(said_before)});
}

void Matches::forget_dropped(std::chrono::sys_seconds before) {
  db_.run(
      "DELETE FROM matches WHERE state = 'dropped' AND decided_at < $1"
      " AND id < (SELECT max(id) FROM matches)",
      {unix_time(before)});
}
