#include "storage/contacts.h"

void Contacts::add(const std::string& group, const std::string& message,
                   const StoredContact& contact, std::chrono::sys_seconds said) {
  db_.run(
      "INSERT INTO contacts (grp, message, number, name, said_at) VALUES ($1, $2, $3, $4, $5)"
      " ON CONFLICT (grp, message, number) DO UPDATE SET name = excluded.name",
      {group, message, contact.number, contact.name,
       std::int64_t{said.time_since_epoch().count()}});
}

std::vector<StoredContact> Contacts::of_message(const std::string& group,
                                                const std::string& message) {
  std::vector<StoredContact> found;
  db_.run("SELECT name, number FROM contacts WHERE grp = $1 AND message = $2 ORDER BY number",
          {group, message},
          [&](const Row& row) { found.push_back({row.string(0), row.string(1)}); });
  return found;
}

std::vector<Contacts::OfEntry> Contacts::of_group(const std::string& group) {
  std::vector<OfEntry> found;
  db_.run(
      "SELECT coalesce(min(e.number), 0) AS first, c.name, c.number FROM contacts c"
      " LEFT JOIN entries e ON e.grp = c.grp AND e.message = c.message WHERE c.grp = $1"
      " GROUP BY c.message, c.name, c.number ORDER BY first, c.number",
      {group}, [&](const Row& row) {
        found.push_back({row.integer(0), {row.string(1), row.string(2)}});
      });
  return found;
}

std::int64_t Contacts::remove(const std::string& group, const std::string& message) {
  db_.run("DELETE FROM contacts WHERE grp = $1 AND message = $2", {group, message});
  return db_.changed();
}

std::int64_t Contacts::remove_before(std::chrono::sys_seconds instant) {
  db_.run("DELETE FROM contacts WHERE said_at < $1",
          {std::int64_t{instant.time_since_epoch().count()}});
  return db_.changed();
}
