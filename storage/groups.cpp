#include "storage/groups.h"

namespace {

std::int64_t unix_time(std::chrono::sys_seconds time) { return time.time_since_epoch().count(); }

std::int64_t minute_of(std::chrono::sys_seconds time) { return unix_time(time) / 60; }

}  // namespace

// In one statement what has to be known of the group, too, before a message is answered there.
Member Groups::member(const std::string& group, const std::string& user,
                      std::chrono::sys_seconds now) {
  Member member;
  db_.run(
      "SELECT m.role, m.place, CASE WHEN m.minute = $1 THEN m.messages ELSE 0 END,"
      " CASE WHEN EXISTS (SELECT 1 FROM rules WHERE grp = $2 AND names = 1) THEN 1 ELSE 0 END,"
      " CASE WHEN EXISTS (SELECT 1 FROM settings WHERE name = 'name') THEN 1 ELSE 0 END,"
      " CASE WHEN EXISTS (SELECT 1 FROM links) THEN 1 ELSE 0 END,"
      " CASE WHEN EXISTS (SELECT 1 FROM questions WHERE grp = $2 AND user_id = $3 AND open = 1"
      " AND bare = 1) THEN 1 ELSE 0 END"
      " FROM (SELECT 1 AS one) always LEFT JOIN members m ON m.user_id = $3 AND m.grp = $2",
      {minute_of(now), group, user}, [&](const Row& row) {
        member.rules = row.integer(3) != 0;
        member.named_groups = row.integer(4) != 0;
        member.linked = row.integer(5) != 0;
        member.asked = row.integer(6) != 0;
        if (row.null(0)) return;
        member.coordinator = row.text(0) == "coordinator";
        member.place = row.string(1);
        member.in_minute = row.integer(2);
      });
  return member;
}

// Turns count a user's own reports and choices over all groups: which was the last one.
void Groups::count(const std::string& group, const std::string& user, const std::string& report,
                   std::chrono::sys_seconds now) {
  db_.run(
      "UPDATE members SET messages = CASE WHEN minute = $1 THEN messages + 1 ELSE 1 END,"
      " minute = $1, last_report = CASE WHEN $2 = '' THEN last_report ELSE $2 END,"
      " turn = CASE WHEN $2 = '' THEN turn ELSE 1 + (SELECT max(m.turn) FROM members m"
      " WHERE m.user_id = $3) END WHERE user_id = $3 AND grp = $4",
      {minute_of(now), report, user, group});
  if (db_.changed() != 0) return;
  db_.run(
      "INSERT INTO members (user_id, grp, role, place, last_report, turn, minute, messages)"
      " VALUES ($1, $2, '', '', $3, CASE WHEN $3 = '' THEN 0 ELSE 1 + coalesce((SELECT max(m.turn)"
      " FROM members m WHERE m.user_id = $1), 0) END, $4, 1)",
      {user, group, report, minute_of(now)});
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
      "INSERT INTO members (user_id, grp, role, place, last_report, turn, minute, messages)"
      " VALUES ($1, $2, '', '', '', 1, 0, 0) ON CONFLICT (user_id, grp) DO NOTHING",
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

void Groups::set_place(const std::string& group, const std::string& user,
                       const std::string& place) {
  db_.run(
      "INSERT INTO members (user_id, grp, role, place, last_report, turn, minute, messages)"
      " VALUES ($1, $2, '', $3, '', 0, 0, 0)"
      " ON CONFLICT (user_id, grp) DO UPDATE SET place = excluded.place",
      {user, group, place});
}

std::string Groups::setting(const std::string& group, const std::string& name) {
  return db_.text("SELECT value FROM settings WHERE grp = $1 AND name = $2", {group, name})
      .value_or("");
}

std::vector<std::pair<std::string, std::string>> Groups::settings(const std::string& group,
                                                                  std::string_view prefix) {
  std::vector<std::pair<std::string, std::string>> found;
  db_.run("SELECT name, value FROM settings WHERE grp = $1 ORDER BY name", {group},
          [&](const Row& row) {
            if (!row.text(0).starts_with(prefix)) return;
            found.emplace_back(row.text(0).substr(prefix.size()), row.string(1));
          });
  return found;
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
