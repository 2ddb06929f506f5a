#include "storage/groups.h"

namespace {

std::int64_t unix_time(std::chrono::sys_seconds time) { return time.time_since_epoch().count(); }

}  // namespace

Groups::Standing Groups::standing(const std::string& group, const std::string& user) {
  Standing found;
  db_.run(
      "SELECT CASE WHEN EXISTS (SELECT 1 FROM roles WHERE grp = $1 AND user_id = $2"
      " AND role = 'coordinator') THEN 1 ELSE 0 END,"
      " CASE WHEN EXISTS (SELECT 1 FROM rules WHERE grp = $1) THEN 1 ELSE 0 END",
      {group, user}, [&](const Row& row) {
        found.coordinator = row.integer(0) != 0;
        found.rules = row.integer(1) != 0;
      });
  return found;
}

void Groups::make_coordinator(const std::string& group, const std::string& user) {
  db_.run(
      "INSERT INTO roles (grp, user_id, role) VALUES ($1, $2, 'coordinator')"
      " ON CONFLICT (grp, user_id) DO UPDATE SET role = 'coordinator'",
      {group, user});
}

void Groups::make_volunteer(const std::string& group, const std::string& user) {
  db_.run("DELETE FROM roles WHERE grp = $1 AND user_id = $2", {group, user});
}

std::int64_t Groups::count_message(const std::string& group, const std::string& user,
                                   std::chrono::sys_seconds now) {
  return db_
      .integer(
          "INSERT INTO members (user_id, grp, place, last_report, last_at, minute, messages)"
          " VALUES ($1, $2, '', '', 0, $3, 1)"
          " ON CONFLICT (user_id, grp) DO UPDATE SET"
          " messages = CASE WHEN members.minute = excluded.minute"
          " THEN members.messages + 1 ELSE 1 END, minute = excluded.minute"
          " RETURNING messages",
          {user, group, unix_time(now) / 60})
      .value();
}

void Groups::reported(const std::string& group, const std::string& user, const std::string& message,
                      std::chrono::sys_seconds now) {
  db_.run("UPDATE members SET last_report = $1, last_at = $2 WHERE user_id = $3 AND grp = $4",
          {message, unix_time(now), user, group});
}

std::optional<std::string> Groups::last_report(const std::string& group, const std::string& user) {
  return db_.text(
      "SELECT last_report FROM members WHERE user_id = $1 AND grp = $2"
      " AND last_report <> ''",
      {user, group});
}

std::optional<std::string> Groups::last_group(const std::string& user) {
  return db_.text(
      "SELECT grp FROM members WHERE user_id = $1 AND last_at > 0"
      " ORDER BY last_at DESC LIMIT 1",
      {user});
}

std::string Groups::place(const std::string& group, const std::string& user) {
  return db_.text("SELECT place FROM members WHERE user_id = $1 AND grp = $2", {user, group})
      .value_or("");
}

void Groups::set_place(const std::string& group, const std::string& user,
                       const std::string& place) {
  db_.run(
      "INSERT INTO members (user_id, grp, place, last_report, last_at, minute, messages)"
      " VALUES ($1, $2, $3, '', 0, 0, 0)"
      " ON CONFLICT (user_id, grp) DO UPDATE SET place = excluded.place",
      {user, group, place});
}

std::optional<std::string> Groups::fact(const std::string& name) {
  return db_.text("SELECT text FROM facts WHERE name = $1", {name});
}

void Groups::set_fact(const std::string& name, const std::string& text) {
  db_.run(
      "INSERT INTO facts (name, text) VALUES ($1, $2)"
      " ON CONFLICT (name) DO UPDATE SET text = excluded.text",
      {name, text});
}
