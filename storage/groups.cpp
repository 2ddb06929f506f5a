#include "storage/groups.h"

namespace {

std::int64_t unix_time(std::chrono::sys_seconds time) { return time.time_since_epoch().count(); }

}  // namespace

Groups::Standing Groups::standing(const std::string& group, const std::string& user) {
  Standing found;
  db_.run(
      "SELECT CASE WHEN EXISTS (SELECT 1 FROM roles WHERE grp = $1 AND user_id = $2"
      " AND role = 'coordinator') THEN 1 ELSE 0 END,"
      " CASE WHEN EXISTS (SELECT 1 FROM rules WHERE grp = $1 AND names = 1) THEN 1 ELSE 0 END",
      {group, user}, [&](const Row& row) {
        found.coordinator = row.integer(0) != 0;
        found.rules = row.integer(1) != 0;
      });
  return found;
}

std::int64_t Groups::count_message(const std::string& group, const std::string& user,
                                   std::chrono::sys_seconds now) {
  return db_
      .integer(
          "INSERT INTO members (user_id, grp, place, last_report, turn, minute, messages)"
          " VALUES ($1, $2, '', '', 0, $3, 1)"
          " ON CONFLICT (user_id, grp) DO UPDATE SET"
          " messages = CASE WHEN members.minute = excluded.minute"
          " THEN members.messages + 1 ELSE 1 END, minute = excluded.minute"
          " RETURNING messages",
          {user, group, unix_time(now) / 60})
      .value();
}

// Turns count a user's own reports and choices over all groups: which was the last one.
void Groups::reported(const std::string& group, const std::string& user,
                      const std::string& message) {
  db_.run(
      "UPDATE members SET last_report = $1, turn = 1 + (SELECT max(m.turn) FROM members m"
      " WHERE m.user_id = $2) WHERE user_id = $2 AND grp = $3",
      {message, user, group});
}

void Groups::enter(const std::string& group, const std::string& user) {
  db_.run(
      "INSERT INTO members (user_id, grp, place, last_report, turn, minute, messages)"
      " VALUES ($1, $2, '', '', 1, 0, 0) ON CONFLICT (user_id, grp) DO NOTHING",
      {user, group});
  db_.run(
      "UPDATE members SET turn = 1 + (SELECT max(m.turn) FROM members m WHERE m.user_id = $1)"
      " WHERE user_id = $1 AND grp = $2",
      {user, group});
}

bool Groups::exists(const std::string& group) {
  return db_.integer("SELECT 1 FROM groups WHERE grp = $1", {group}).has_value();
}

bool Groups::shared(const std::string& group, const std::string& user) {
  return db_.integer("SELECT 1 FROM messages WHERE grp = $1 AND user_id <> $2 LIMIT 1",
                     {group, user})
      .has_value();
}

std::optional<std::string> Groups::last_report(const std::string& group, const std::string& user) {
  return db_.text(
      "SELECT last_report FROM members WHERE user_id = $1 AND grp = $2"
      " AND last_report <> ''",
      {user, group});
}

std::optional<std::string> Groups::last_group(const std::string& user) {
  return db_.text(
      "SELECT grp FROM members WHERE user_id = $1 ORDER BY turn DESC, minute DESC LIMIT 1",
      {user});
}

std::string Groups::place(const std::string& group, const std::string& user) {
  return db_.text("SELECT place FROM members WHERE user_id = $1 AND grp = $2", {user, group})
      .value_or("");
}

void Groups::set_place(const std::string& group, const std::string& user,
                       const std::string& place) {
  db_.run(
      "INSERT INTO members (user_id, grp, place, last_report, turn, minute, messages)"
      " VALUES ($1, $2, $3, '', 0, 0, 0)"
      " ON CONFLICT (user_id, grp) DO UPDATE SET place = excluded.place",
      {user, group, place});
}

std::string Groups::setting(const std::string& group, const std::string& name) {
  return db_.text("SELECT value FROM settings WHERE grp = $1 AND name = $2", {group, name})
      .value_or("");
}

std::vector<std::pair<std::string, std::string>> Groups::with_setting(const std::string& name) {
  std::vector<std::pair<std::string, std::string>> found;
  db_.run("SELECT grp, value FROM settings WHERE name = $1 ORDER BY grp", {name},
          [&](const Row& row) { found.emplace_back(row.string(0), row.string(1)); });
  return found;
}

std::int64_t Groups::wrong_codes(const std::string& user, std::chrono::sys_seconds now) {
  return db_.integer("SELECT tries FROM wrong_codes WHERE user_id = $1 AND last_at > $2",
                     {user, unix_time(now - std::chrono::hours(1))})
      .value_or(0);
}

void Groups::note_wrong_code(const std::string& user, std::chrono::sys_seconds now) {
  const std::int64_t tries = wrong_codes(user, now) + 1;
  db_.run(
      "INSERT INTO wrong_codes (user_id, tries, last_at) VALUES ($1, $2, $3)"
      " ON CONFLICT (user_id) DO UPDATE SET tries = excluded.tries, last_at = excluded.last_at",
      {user, tries, unix_time(now)});
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
