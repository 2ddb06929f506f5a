#include "storage/database.h"

#include "storage/sqlite.h"

std::optional<std::int64_t> Database::integer(std::string_view sql,
                                              std::initializer_list<Value> values) {
  std::optional<std::int64_t> found;
  run(sql, values, [&](const Row& row) {
    if (!found) found = row.maybe_integer(0);
  });
  return found;
}

std::optional<std::string> Database::text(std::string_view sql,
                                          std::initializer_list<Value> values) {
  std::optional<std::string> found;
  run(sql, values, [&](const Row& row) {
    if (!found) found = row.maybe_string(0);
  });
  return found;
}

void Savepoint::undo() noexcept {
  try {
    database_.run("ROLLBACK TO SAVEPOINT part");
    database_.run("RELEASE SAVEPOINT part");
  } catch (const StorageError&) {
    // The whole transaction is gone already (disk full does that); its owner learns at commit.
  }
}

std::unique_ptr<Database> open_database(const std::string& url, Access access) {
  return open_sqlite(url, access);
}
