#include "storage/forgetting.h"

#include <map>
#include <vector>

#include <fmt/format.h>

#include "storage/ledger.h"

namespace {

std::vector<std::string> texts(Database& database, std::string_view sql,
                               std::initializer_list<Value> values) {
  std::vector<std::string> found;
  database.run(sql, std::span<const Value>(values.begin(), values.size()),
               [&](const Row& row) { found.push_back(row.string(0)); });
  return found;
}

/// A name that tells people of a group apart and says nothing else (FNV-1a of the user's id).
std::string nobody(const std::string& user) {
  std::uint32_t hash = 2166136261U;
  for (const char c : user) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return fmt::format("已删除{:08x}", hash);
}

/// Puts the other name wherever the user's stands: as sender, as donor, in what was set up.
void rename(Database& database, const std::string& group, const std::string& user,
            const std::string& from, const std::string& to) {
  database.run(
      "UPDATE entries SET user_name = $1 WHERE grp = $2 AND user_id = $3 AND user_name = $4",
      {to, group, user, from});
  database.run(
      "UPDATE standing SET user_name = $1 WHERE grp = $2 AND user_id = $3 AND user_name = $4",
      {to, group, user, from});
  database.run("UPDATE entries SET counterpart = $1 WHERE grp = $2 AND counterpart = $3",
               {to, group, from});
  database.run("UPDATE standing SET counterpart = $1 WHERE grp = $2 AND counterpart = $3",
               {to, group, from});
  database.run(
      "UPDATE entries SET word = replace(word, $1, $2), said = replace(said, $1, $2)"
      " WHERE grp = $3 AND kind = 'admin'",
      {from, to, group});
  database.run(
      "UPDATE standing SET word = replace(word, $1, $2) WHERE grp = $3 AND kind = 'admin'",
      {from, to, group});
}

/// Returns how many messages had a name or text.
std::int64_t forget_in(Database& database, const std::string& group, const std::string& user) {
  database.run(
      "DELETE FROM contacts WHERE grp = $1 AND message IN"
      " (SELECT id FROM messages WHERE grp = $1 AND user_id = $2)",
      {group, user});
  database.run(
      "UPDATE messages SET user_name = '', text = '', reply = '' WHERE grp = $1 AND user_id = $2"
      " AND (user_name <> '' OR text <> '')",
      {group, user});
  const std::int64_t forgotten = database.changed();
  database.run("UPDATE members SET place = '' WHERE user_id = $1 AND grp = $2", {user, group});
  // A correction is kept as it was typed.
  database.run(
      "UPDATE entries SET said = '' WHERE grp = $1 AND user_id = $2 AND kind = 'correction'",
      {group, user});
  const std::string to = nobody(user);
  for (const std::string& name :
       texts(database,
             "SELECT DISTINCT user_name FROM entries WHERE grp = $1 AND user_id = $2"
             " AND user_name <> '' AND user_name <> $3",
             {group, user, to})) {
    rename(database, group, user, name, to);
  }
  std::map<std::string, std::int64_t> from;
  database.run(
      "SELECT item, min(number) FROM standing WHERE grp = $1 AND (counterpart = $2"
      " OR (kind = 'offer' AND user_id = $3)) GROUP BY item",
      {group, to, user}, [&](const Row& row) { from[row.string(0)] = row.integer(1); });
  if (!from.empty()) Ledger(database).fold_again(group, from);
  return forgotten;
}

}  // namespace

std::int64_t forget_user(Database& database, const std::string& user) {
  std::int64_t forgotten = 0;
  for (const std::string& group :
       texts(database, "SELECT grp FROM members WHERE user_id = $1", {user})) {
    forgotten += forget_in(database, group, user);
  }
  return forgotten;
}

std::int64_t forget_idle_groups(Database& database, std::chrono::sys_seconds since) {
  std::int64_t groups = 0;
  const std::int64_t instant = since.time_since_epoch().count();
  for (const std::string& group : texts(database, "SELECT grp FROM groups ORDER BY grp", {})) {
    const bool active =
        database.integer("SELECT 1 FROM messages WHERE grp = $1 AND received_at >= $2 LIMIT 1",
                         {group, instant})
            .has_value();
    if (active) continue;
    std::int64_t forgotten = 0;
    for (const std::string& user :
         texts(database,
               "SELECT DISTINCT user_id FROM messages WHERE grp = $1"
               " AND (user_name <> '' OR text <> '')",
               {group})) {
      forgotten += forget_in(database, group, user);
    }
    if (forgotten > 0) ++groups;
  }
  return groups;
}
