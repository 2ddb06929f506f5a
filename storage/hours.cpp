#include "storage/hours.h"

using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

Hour read(const Row& row) {
  return {row.string(0), row.integer(1) != 0, static_cast<int>(row.integer(2)),
          sys_seconds{seconds{row.integer(3)}}};
}

std::int64_t number(sys_seconds time) { return time.time_since_epoch().count(); }
std::int64_t flag(bool value) { return value ? 1 : 0; }

}  // namespace

std::vector<Hour> Hours::all() {
  std::vector<Hour> hours;
  db_.run("SELECT grp, weekly, minute, next_at FROM brief_hours ORDER BY grp, weekly, minute", {},
          [&](const Row& row) { hours.push_back(read(row)); });
  return hours;
}

std::vector<Hour> Hours::of(const std::string& group) {
  std::vector<Hour> hours;
  db_.run(
      "SELECT grp, weekly, minute, next_at FROM brief_hours WHERE grp = $1"
      " ORDER BY weekly, minute",
      {group}, [&](const Row& row) { hours.push_back(read(row)); });
  return hours;
}

std::vector<Hour> Hours::due(sys_seconds now, std::size_t most) {
  std::vector<Hour> hours;
  db_.run(
      "SELECT grp, weekly, minute, next_at FROM brief_hours WHERE next_at <= $1"
      " ORDER BY next_at LIMIT $2",
      {number(now), static_cast<std::int64_t>(most)},
      [&](const Row& row) { hours.push_back(read(row)); });
  return hours;
}

void Hours::set(const Hour& hour) {
  db_.run(
      "INSERT INTO brief_hours (grp, weekly, minute, next_at) VALUES ($1, $2, $3, $4)"
      " ON CONFLICT (grp, weekly, minute) DO UPDATE SET next_at = excluded.next_at",
      {hour.group, flag(hour.weekly), std::int64_t{hour.minute}, number(hour.next)});
}

void Hours::remove(const Hour& hour) {
  db_.run("DELETE FROM brief_hours WHERE grp = $1 AND weekly = $2 AND minute = $3",
          {hour.group, flag(hour.weekly), std::int64_t{hour.minute}});
}

std::vector<std::string> Hours::take_changed(std::size_t most) {
  std::vector<std::string> groups;
  db_.run("SELECT grp FROM changed_settings ORDER BY grp LIMIT $1",
          {static_cast<std::int64_t>(most)},
          [&](const Row& row) { groups.push_back(row.string(0)); });
  for (const std::string& group : groups) {
    db_.run("DELETE FROM changed_settings WHERE grp = $1", {group});
  }
  return groups;
}

void note_changed_setting(Database& database, const std::string& group) {
  database.run("INSERT INTO changed_settings (grp) VALUES ($1) ON CONFLICT (grp) DO NOTHING",
               {group});
}
