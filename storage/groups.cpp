#include "storage/groups.h"

namespace {

std::int64_t unix_time(std::chrono::sys_seconds time) { return time.time_since_epoch().count(); }

std::int64_t minute_of(std::chrono::sys_seconds time) { return unix_time(time) / 60; }

}  // namespace

Member Groups::member(const std::string& group, const std::string& user,
                      std::chrono::sys_seconds now) {
  Member member;
  db_.run(
      "SELECT role, place, CASE WHEN minute = $1 THEN messages ELSE 0 END FROM members"
      " WHERE user_id = $2 AND grp = $3",
      {minute_of(now), user, group}, [&](const Row& row) {
        member = {row.text(0) == "coordinator", row.string(1), row.integer(2)};
      });
  return member;
}

void Groups::make_coordinator(const std::string& group, const std::string& user) {
  db_.run(
      "INSERT INTO members (user_id, grp, role, place, last_report, last_at, minute, messages)"
      " VALUES ($1, $2, 'coordinator', '', '', 0, 0, 0)"
      " ON CONFLICT (user_id, grp) DO UPDATE SET role = excluded.role",
      {user, group});
}

void Groups::make_volunteer(const std::string& group, const std::string& user) {
  db_.run("UPDATE members SET role = '' WHERE user_id = $1 AND grp = $2", {user, group});
}

void Groups::count(const std::string& group, const std::string& user, const std::string& report,
                   std::chrono::sys_seconds now) {
  db_.run(
      "INSERT INTO members (user_id, grp, role, place, last_report, last_at, minute, messages)"
      " VALUES ($1, $2, '', '', $3, $4, $5, 1)"
      " ON CONFLICT (user_id, grp) DO UPDATE SET"
      " last_report = CASE WHEN excluded.last_report = '' THEN members.last_report"
      " ELSE excluded.last_report END,"
      " last_at = CASE WHEN excluded.last_report = '' THEN members.last_at"
      " ELSE excluded.last_at END,"
      " messages = CASE WHEN members.minute = excluded.minute THEN members.messages + 1"
      " ELSE 1 END, minute = excluded.minute",
      {user, group, report, report.empty() ? 0 : unix_time(now), minute_of(now)});
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

void Groups::set_place(const std::string& group, const std::string& user,
                       const std::string& place) {
  db_.run(
      "INSERT INTO members (user_id, grp, role, place, last_report, last_at, minute, messages)"
      " VALUES ($1, $2, '', $3, '', 0, 0, 0)"
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
