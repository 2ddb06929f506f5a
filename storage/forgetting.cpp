#include "storage/forgetting.h"

#include <vector>

// What an entry says of itself in a reference or an act is the message as it was typed; of goods it
// is the figure in its unit, which stays.
#define JIELI_SAYS_WORDS "(ref IS NOT NULL OR kind = 'admin')"

namespace {

std::vector<std::string> texts(Database& database, std::string_view sql,
                               std::initializer_list<Value> values) {
  std::vector<std::string> found;
  database.run(sql, std::span<const Value>(values.begin(), values.size()),
               [&](const Row& row) { found.push_back(row.string(0)); });
  return found;
}

}  // namespace

std::int64_t forget_user(Database& database, const std::string& user) {
  std::int64_t forgotten = 0;
  for (const std::string& group :
       texts(database, "SELECT grp FROM members WHERE user_id = $1", {user})) {
    database.run(
        "DELETE FROM contacts WHERE grp = $1 AND message IN"
        " (SELECT id FROM messages WHERE grp = $1 AND user_id = $2)",
        {group, user});
    database.run(
        "UPDATE messages SET user_name = '', text = '', reply = '' WHERE grp = $1"
        " AND user_id = $2",
        {group, user});
    forgotten += database.changed();
    database.run("UPDATE entries SET user_name = '' WHERE grp = $1 AND user_id = $2",
                 {group, user});
    database.run("UPDATE entries SET said = '' WHERE grp = $1 AND user_id = $2"
                 " AND " JIELI_SAYS_WORDS,
                 {group, user});
    database.run("UPDATE standing SET user_name = '' WHERE grp = $1 AND user_id = $2",
                 {group, user});
    database.run("UPDATE members SET place = '' WHERE user_id = $1 AND grp = $2", {user, group});
  }
  return forgotten;
}

std::int64_t forget_idle_groups(Database& database, std::chrono::sys_seconds since) {
  std::int64_t forgotten = 0;
  const std::int64_t instant = since.time_since_epoch().count();
  for (const std::string& group : texts(database, "SELECT grp FROM groups ORDER BY grp", {})) {
    const bool active =
        database.integer("SELECT 1 FROM messages WHERE grp = $1 AND received_at >= $2 LIMIT 1",
                         {group, instant})
            .has_value();
    if (active) continue;
    database.run("DELETE FROM contacts WHERE grp = $1", {group});
    database.run(
        "UPDATE messages SET user_name = '', text = '', reply = '' WHERE grp = $1"
        " AND (user_name <> '' OR text <> '')",
        {group});
    if (database.changed() > 0) ++forgotten;
    database.run("UPDATE entries SET user_name = '' WHERE grp = $1 AND user_name <> ''", {group});
    database.run("UPDATE entries SET said = '' WHERE grp = $1 AND said <> ''"
                 " AND " JIELI_SAYS_WORDS,
                 {group});
    database.run("UPDATE standing SET user_name = '' WHERE grp = $1 AND user_name <> ''",
                 {group});
  }
  return forgotten;
}
