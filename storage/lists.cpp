#include "storage/lists.h"

namespace {

std::int64_t unix_time(std::chrono::sys_seconds time) { return time.time_since_epoch().count(); }

}  // namespace

std::int64_t Lists::begin(const LivingList& list) {
  const std::int64_t number =
      db_.integer("SELECT coalesce(max(number), 0) + 1 FROM lists WHERE grp = $1", {list.group})
          .value();
  db_.run(
      "INSERT INTO lists (grp, number, title, shown, starter, touched_at)"
      " VALUES ($1, $2, $3, $4, $5, $6)",
      {list.group, number, list.title, list.shown, list.starter, unix_time(list.touched)});
  return number;
}

void Lists::touch(const std::string& group, std::int64_t list, std::chrono::sys_seconds when) {
  db_.run("UPDATE lists SET touched_at = $1 WHERE grp = $2 AND number = $3 AND touched_at < $1",
          {unix_time(when), group, list});
}

void Lists::add(const std::string& group, std::int64_t list, const Listed& listed) {
  db_.run("INSERT INTO list_entries (grp, list, entry, name) VALUES ($1, $2, $3, $4)",
          {group, list, listed.entry, listed.name});
}

std::vector<LivingList> Lists::list(std::string_view sql, std::initializer_list<Value> values) {
  std::vector<LivingList> found;
  db_.run(sql, values, [&](const Row& row) {
    LivingList list;
    list.group = row.string(0);
    list.number = row.integer(1);
    list.title = row.string(2);
    list.shown = row.string(3);
    list.starter = row.string(4);
    list.touched = std::chrono::sys_seconds(std::chrono::seconds(row.integer(5)));
    found.push_back(std::move(list));
  });
  return found;
}

std::vector<LivingList> Lists::touched(const std::string& group, std::chrono::sys_seconds from,
                                       std::chrono::sys_seconds to) {
  return list(
      "SELECT grp, number, title, shown, starter, touched_at FROM lists"
      " WHERE grp = $1 AND touched_at BETWEEN $2 AND $3 ORDER BY touched_at DESC, number DESC"
      " LIMIT 50",
      {group, unix_time(from), unix_time(to)});
}

std::optional<LivingList> Lists::of_entry(const std::string& group, std::int64_t entry) {
  auto found = list(
      "SELECT l.grp, l.number, l.title, l.shown, l.starter, l.touched_at FROM list_entries i"
      " JOIN lists l ON l.grp = i.grp AND l.number = i.list WHERE i.grp = $1 AND i.entry = $2",
      {group, entry});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Listed> Lists::entries(const std::string& group, std::int64_t list) {
  std::vector<Listed> found;
  db_.run("SELECT entry, name FROM list_entries WHERE grp = $1 AND list = $2 ORDER BY entry",
          {group, list}, [&](const Row& row) {
            found.push_back({row.integer(0), row.string(1)});
          });
  return found;
}
