#include "storage/alerts.h"

#include <sstream>

using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

constexpr std::string_view kLevel = "low/";
constexpr std::string_view kPastLevels = "low0";  // what follows "low/…" in order

std::int64_t number(sys_seconds time) { return time.time_since_epoch().count(); }

Waiting read(const Row& row) {
  Waiting waiting;
  waiting.group = row.string(0);
  waiting.number = row.integer(1);
  waiting.item = row.string(2);
  waiting.unit = row.string(3);
  waiting.place = row.string(4);
  if (!row.null(5)) waiting.rest = Quantity{row.integer(6)};
  waiting.time = sys_seconds{seconds{row.integer(7)}};
  return waiting;
}

}  // namespace

std::string level_setting(const std::string& item) { return std::string(kLevel) + item; }

std::vector<Waiting> Alerts::unanswered(sys_seconds from, sys_seconds to) {
  std::vector<Waiting> found;
  db_.run(
      "SELECT n.grp, n.number, n.item, n.unit, n.party, n.quantity, n.rest, n.said_at"
      " FROM standing n WHERE n.open = 1 AND n.kind = 'need' AND n.calm = 0"
      " AND n.said_at > $1 AND n.said_at <= $2 AND n.done = 0"
      " AND NOT EXISTS (SELECT 1 FROM standing s WHERE s.grp = n.grp AND s.kind = 'in_transit'"
      " AND s.item = n.item AND s.party = n.party AND s.open = 1) ORDER BY n.said_at",
      {number(from), number(to)}, [&](const Row& row) { found.push_back(read(row)); });
  return found;
}

std::vector<Waiting> Alerts::unconfirmed(sys_seconds from, sys_seconds to) {
  std::vector<Waiting> found;
  db_.run(
      "SELECT grp, number, item, unit, party, quantity, rest, said_at FROM standing"
      " WHERE open = 1 AND kind = 'in_transit' AND said_at > $1 AND said_at <= $2"
      " ORDER BY said_at",
      {number(from), number(to)}, [&](const Row& row) { found.push_back(read(row)); });
  return found;
}

std::vector<Alerts::Level> Alerts::levels() {
  std::vector<Level> found;
  db_.run("SELECT grp, name, value FROM settings WHERE name > $1 AND name < $2",
          {kLevel, kPastLevels}, [&](const Row& row) {
            Level level;
            level.group = row.string(0);
            level.item = row.string(1).substr(kLevel.size());
            std::istringstream words(row.string(2));
            words >> level.level.thousandths >> level.unit;
            found.push_back(std::move(level));
          });
  for (Level& level : found) {
    level.stock = {db_.integer("SELECT stock FROM lines WHERE grp = $1 AND item = $2 AND unit = $3",
                               {level.group, level.item, level.unit})
                       .value_or(0)};
  }
  return found;
}

bool Alerts::note(const std::string& group, const std::string& about) {
  db_.run("INSERT INTO alerts (grp, about) VALUES ($1, $2) ON CONFLICT (grp, about) DO NOTHING",
          {group, about});
  return db_.changed() == 1;
}

void Alerts::forget(const std::string& group, const std::string& about) {
  db_.run("DELETE FROM alerts WHERE grp = $1 AND about = $2", {group, about});
}
