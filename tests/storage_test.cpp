#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <unistd.h>

#include "storage/database.h"
#include "storage/schema.h"

namespace {

struct TemporaryFolder {
  TemporaryFolder() {
    char name[] = "/tmp/jieli-storage-XXXXXX";
    path = mkdtemp(name);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
  std::string file(const std::string& name) const { return (path / name).string(); }
  std::filesystem::path path;
};

}  // namespace

TEST_CASE("migrations bring an empty file to the newest schema, once", "[storage]") {
  const TemporaryFolder folder;
  const auto db = open_database(folder.file("new/jieli.db"));
  migrate(*db);
  migrate(*db);
  CHECK(db->integer("SELECT version FROM schema_version", {}) == newest_schema());
  CHECK(db->text("PRAGMA journal_mode", {}) == "wal");
  CHECK(db->integer("PRAGMA synchronous", {}) == 2);
}

TEST_CASE("a newer schema is refused and left alone", "[storage]") {
  const TemporaryFolder folder;
  const auto db = open_database(folder.file("jieli.db"));
  migrate(*db);
  db->run("UPDATE schema_version SET version = 999");
  try {
    migrate(*db);
    FAIL("a newer schema was taken");
  } catch (const StorageError& error) {
    CHECK(error.fault == StorageFault::newer);
    CHECK_THAT(error.what(), Catch::Contains("999"));
  }
  CHECK(db->integer("SELECT version FROM schema_version", {}) == 999);
}

TEST_CASE("a savepoint fails alone, a transaction as a whole", "[storage]") {
  const auto db = open_database(":memory:");
  db->script("CREATE TABLE t (x INTEGER PRIMARY KEY)");
  {
    Transaction transaction(*db);
    db->run("INSERT INTO t VALUES (1)");
    {
      const Savepoint part(*db);
      db->run("INSERT INTO t VALUES (2)");
    }
    {
      Savepoint part(*db);
      db->run("INSERT INTO t VALUES (3)");
      part.keep();
    }
    transaction.commit();
  }
  CHECK(db->integer("SELECT sum(x) FROM t", {}) == 4);
  {
    const Transaction transaction(*db);
    db->run("INSERT INTO t VALUES (5)");
  }
  CHECK(db->integer("SELECT sum(x) FROM t", {}) == 4);
}

TEST_CASE("what the world does wrong is told apart", "[storage]") {
  const TemporaryFolder folder;
  const auto fault = [](const auto& work) {
    try {
      work();
    } catch (const StorageError& error) {
      return error.fault;
    }
    FAIL("nothing was thrown");
    return StorageFault::wrong;
  };
  CHECK(fault([&] { open_database(folder.file("none.db"), Access::read); }) == StorageFault::away);
  CHECK(fault([&] { open_database(folder.path.string()); }) == StorageFault::away);
  std::ofstream(folder.file("text.db")) << std::string(4096, 'x');
  CHECK(fault([&] { open_database(folder.file("text.db")); }) == StorageFault::corrupt);
}

TEST_CASE("a backup is a whole copy while the original is open", "[storage]") {
  const TemporaryFolder folder;
  const auto db = open_database(folder.file("jieli.db"));
  migrate(*db);
  db->run("INSERT INTO facts VALUES ('name', '孝感')");
  db->backup(folder.file("copy.db"));
  db->run("INSERT INTO facts VALUES ('later', '')");
  const auto copy = open_database(folder.file("copy.db"));
  CHECK(copy->text("SELECT text FROM facts WHERE name = 'name'", {}) == "孝感");
  CHECK(copy->integer("SELECT count(*) FROM facts", {}) == 1);
}

TEST_CASE("what was committed is in the file, however much it was and whatever was undone",
          "[storage]") {
  const TemporaryFolder folder;
  const auto writer = open_database(folder.file("a.db"));
  writer->script("CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
  const auto reader = open_database(folder.file("a.db"), Access::read);
  const std::string text(1500, 'x');
  std::int64_t id = 0;
  for (const int count : {1, 40, 400}) {
    Transaction transaction(*writer);
    for (int i = 0; i < count; ++i) {
      writer->run("INSERT INTO rows (id, text) VALUES ($1, $2)", {++id, text});
    }
    {
      const Savepoint undone(*writer);
      for (int i = 1; i <= count; ++i) {
        writer->run("INSERT INTO rows (id, text) VALUES ($1, $2)", {id + i, text});
      }
    }
    transaction.commit();
    // Now, not when the connection is closed: another reads it, and so does one of a plain copy.
    CHECK(reader->integer("SELECT count(*) FROM rows", {}) == id);
    for (const char* part : {"", "-wal"}) {
      std::filesystem::copy_file(folder.file("a.db") + part, folder.file("copy.db") + part,
                                 std::filesystem::copy_options::overwrite_existing);
    }
    const auto copy = open_database(folder.file("copy.db"));
    CHECK(copy->integer("SELECT sum(length(text)) FROM rows", {}) == id * 1500);
    CHECK(copy->text("PRAGMA integrity_check", {}) == "ok");
  }
}

TEST_CASE("the log begins anew while one writes without a pause", "[storage]") {
  constexpr std::uintmax_t kPage = 4096 + 24;
  const TemporaryFolder folder;
  const auto db = open_database(folder.file("a.db"));
  db->script("CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
  const std::string text(3500, 'x');  // a page each
  for (std::int64_t id = 0; id < 20000;) {
    Transaction transaction(*db);
    for (int i = 0; i < 250; ++i) {
      db->run("INSERT INTO rows (id, text) VALUES ($1, $2)", {++id, text});
    }
    transaction.commit();
  }
  CHECK(std::filesystem::file_size(folder.file("a.db-wal")) < 15000 * kPage);
  CHECK(db->integer("SELECT sum(length(text)) FROM rows", {}) == 20000 * 3500);
}
