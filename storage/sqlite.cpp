#include "storage/sqlite.h"

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <unordered_map>

#include <fmt/format.h>
#include <sqlite3.h>

#include "storage/checkpoints.h"
#include "storage/gathered_log.h"

namespace {

/// A message may have to wait for another that waits for the lock, and then itself: refused within
/// ten seconds even so.
constexpr int kBusyMilliseconds = 4500;

// Of the log, in pages: a checkpoint is asked for each time that it grew by so many. It can begin
// anew only where nothing was written since, so once it is long (32 MiB) the writer itself follows
// with what little came meanwhile: whoever waits for it waits for two syncs more.
constexpr int kCheckpointEach = 4000;
constexpr int kLongLog = 8000;

StorageFault fault_of(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return StorageFault::busy;
    case SQLITE_FULL:
      return StorageFault::full;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return StorageFault::corrupt;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_NOMEM:
    case SQLITE_PROTOCOL:
      return StorageFault::away;
    default:
      return StorageFault::wrong;
  }
}

class SqliteRow final : public Row {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  bool null(int column) const override {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
  }
  std::int64_t integer(int column) const override {
    return sqlite3_column_int64(statement_, column);
  }
  std::string_view text(int column) const override {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return {bytes == nullptr ? "" : bytes,
            static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  sqlite3_stmt* statement_;
};

/// Before the first connection: else SQLite's count of its memory takes a lock at each allocation.
void configure() {
  static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(done);
}

class Sqlite final : public Database {
 public:
  Sqlite(const std::string& path, Access access) : path_(path) {
    configure();
    const int mode = access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                             : SQLITE_OPEN_READWRITE;
    if (sqlite3_open_v2(path.c_str(), &handle_, mode | SQLITE_OPEN_NOMUTEX, gathered_log()) !=
        SQLITE_OK) {
      const std::string why = handle_ == nullptr ? "out of memory" : sqlite3_errmsg(handle_);
      sqlite3_close_v2(handle_);
      throw StorageError(StorageFault::away, fmt::format("cannot open {}: {}", path, why));
    }
    sqlite3_extended_result_codes(handle_, 1);
    // Plans must not depend on bound values: else statements are compiled again at each call.
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr);
    try {
      sqlite3_busy_timeout(handle_, kBusyMilliseconds);
      script("PRAGMA journal_mode=WAL");
      script(
          "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-8192;"
          "PRAGMA journal_size_limit=67108864; PRAGMA temp_store=MEMORY");
      if (access == Access::read) script("PRAGMA query_only=ON");
      if (access == Access::write && path != ":memory:" && !path.empty()) {
        checkpoints_.emplace(path);
        sqlite3_wal_hook(handle_, committed, this);
      }
      // SQLite opens what it may not write for reading, and would say so only at the first write.
      if (access == Access::write && sqlite3_db_readonly(handle_, "main") == 1) {
        throw StorageError(StorageFault::away,
                           fmt::format("{} is read-only: give its owner the right to write", path));
      }
    } catch (...) {
      sqlite3_close_v2(handle_);
      throw;
    }
  }
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;
  ~Sqlite() override {
    checkpoints_.reset();  // first: the last connection to close empties the log
    for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    sqlite3_close_v2(handle_);
  }

  using Database::run;
  void run(std::string_view sql, std::span<const Value> values, const Each& each) override {
    sqlite3_stmt* statement = prepared(sql);
    const Reset reset{statement};
    bind(statement, values);
    for (;;) {
      const int code = sqlite3_step(statement);
      if (code == SQLITE_DONE) return;
      if (code != SQLITE_ROW) fail(code, sql);
      if (each) each(SqliteRow(statement));
    }
  }

  void script(std::string_view sql) override {
    const int code = sqlite3_exec(handle_, std::string(sql).c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code, sql);
  }

  std::int64_t changed() override { return sqlite3_changes64(handle_); }

  // IMMEDIATE: an upgrade from reader to writer inside a transaction fails at once when another
  // connection wrote meanwhile, whatever the busy timeout.
  void begin() override { run("BEGIN IMMEDIATE"); }
  void commit() override { run("COMMIT"); }
  void rollback() noexcept override {
    // A full disk or an I/O error may have rolled back already.
    if (sqlite3_get_autocommit(handle_) != 0) return;
    sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
  }

  void backup(const std::string& path) override {
    sqlite3* copy = nullptr;
    int code =
        sqlite3_open_v2(path.c_str(), &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    std::string why;
    if (code == SQLITE_OK) {
      sqlite3_backup* job = sqlite3_backup_init(copy, "main", handle_, "main");
      if (job != nullptr) {
        // One step: a copy in several starts over whenever another connection writes.
        sqlite3_backup_step(job, -1);
        sqlite3_backup_finish(job);
      }
      code = sqlite3_errcode(copy);
    }
    if (code != SQLITE_OK) why = copy == nullptr ? "out of memory" : sqlite3_errmsg(copy);
    sqlite3_close_v2(copy);
    if (code != SQLITE_OK) {
      throw StorageError(fault_of(code), fmt::format("cannot write {}: {}", path, why));
    }
  }

  std::optional<std::string> trouble() override {
    std::error_code error;
    if (path_ != ":memory:" && !path_.empty() && !std::filesystem::exists(path_, error)) {
      return fmt::format("database file {} is gone", path_);
    }
    try {
      begin();
      // Touches a page, so that a read-only or full disk shows before a message does.
      run("UPDATE schema_version SET version = version");
      commit();
    } catch (const StorageError& failed) {
      rollback();
      return failed.what();
    }
    return std::nullopt;
  }

 private:
  struct Reset {
    sqlite3_stmt* statement;
    ~Reset() { sqlite3_reset(statement); }  // what is bound is bound anew at the next call
  };

  /// After each commit; `pages` stand in the log.
  static int committed(void* self, sqlite3* handle, const char*, int pages) {
    auto& me = *static_cast<Sqlite*>(self);
    if (pages < me.asked_at_) {  // the log began anew
      me.asked_at_ = 0;
      me.follows_ = false;
    }
    if (me.follows_ && me.checkpoints_->idle()) {
      sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
      me.follows_ = false;
    } else if (pages >= me.asked_at_ + kCheckpointEach) {
      me.asked_at_ = pages;
      me.follows_ = pages >= kLongLog;
      me.checkpoints_->due();
    }
    return SQLITE_OK;
  }

  sqlite3_stmt* prepared(std::string_view sql) {
    const auto known = statements_.find(sql.data());
    if (known != statements_.end()) return known->second;
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) fail(code, sql);
    statements_.emplace(sql.data(), statement);
    return statement;
  }

  void bind(sqlite3_stmt* statement, std::span<const Value> values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const int at = static_cast<int>(i) + 1;
      if (const auto* number = std::get_if<std::int64_t>(&values[i])) {
        sqlite3_bind_int64(statement, at, *number);
      } else if (const auto* text = std::get_if<std::string_view>(&values[i])) {
        sqlite3_bind_text64(statement, at, text->data() == nullptr ? "" : text->data(),
                            text->size(), SQLITE_STATIC, SQLITE_UTF8);
      } else {
        sqlite3_bind_null(statement, at);
      }
    }
  }

  [[noreturn]] void fail(int code, std::string_view sql) {
    std::string why = sqlite3_errmsg(handle_);
    StorageFault fault = fault_of(code);
    // "disk I/O error" alone would not tell the operator what to mend.
    const int reason = sqlite3_system_errno(handle_);
    if (fault == StorageFault::away && reason != 0) {
      why += ": " + std::generic_category().message(reason);
      if (reason == ENOSPC || reason == EDQUOT) fault = StorageFault::full;
    }
    throw StorageError(
        fault, fmt::format("{}: {} [{}]", path_, why, sql.substr(0, sql.find('\n')).substr(0, 60)));
  }

  std::string path_;
  sqlite3* handle_ = nullptr;
  std::unordered_map<const void*, sqlite3_stmt*> statements_;
  std::optional<Checkpoints> checkpoints_;
  int asked_at_ = 0;      // how long the log was when a checkpoint was last asked for
  bool follows_ = false;  // the writer makes one after that
};

}  // namespace

std::vector<std::string> damage(Database& database) {
  std::vector<std::string> found;
  if (dynamic_cast<Sqlite*>(&database) == nullptr) return found;
  database.run("PRAGMA integrity_check", {}, [&](const Row& row) {
    if (row.text(0) != "ok") found.push_back("the file: " + row.string(0));
  });
  return found;
}

std::unique_ptr<Database> open_sqlite(const std::string& path, Access access) {
  if (path != ":memory:" && !path.empty()) {
    const auto folder = std::filesystem::path(path).parent_path();
    if (access == Access::write && !folder.empty()) {
      std::error_code error;
      std::filesystem::create_directories(folder, error);
      if (error) {
        throw StorageError(StorageFault::away, fmt::format("cannot make the folder {}: {}",
                                                           folder.string(), error.message()));
      }
    }
    if (access == Access::read && !std::filesystem::exists(path)) {
      throw StorageError(StorageFault::away, fmt::format("there is no database at {}", path));
    }
  }
  return std::make_unique<Sqlite>(path, access);
}
