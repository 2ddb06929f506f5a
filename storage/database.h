#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

/// What can go wrong below the ledger, as far as a caller has to tell it apart.
enum class StorageFault {
  busy,     ///< another process holds the lock; trying again may help
  full,     ///< no space left
  away,     ///< file gone, read-only or unreadable; server not reachable
  corrupt,  ///< the stored bytes are not a database of ours
  newer,    ///< written by a newer program: refused, never guessed
  wrong,    ///< a statement that cannot be right: a defect of ours
};

/// Thrown by every storage call that the world did not let through.
struct StorageError : std::runtime_error {
  StorageError(StorageFault what_kind, const std::string& message)
      : std::runtime_error(message), fault(what_kind) {}
  StorageFault fault;
};

/// A parameter of a statement. Text is borrowed for the length of the call.
using Value = std::variant<std::nullptr_t, std::int64_t, std::string_view>;

/// A nullable parameter from an optional.
inline Value nullable(std::optional<std::int64_t> value) {
  return value ? Value{*value} : Value{nullptr};
}
/// A nullable text parameter; the string must outlive the call.
inline Value nullable(const std::optional<std::string>& value) {
  return value ? Value{std::string_view{*value}} : Value{nullptr};
}

/// One row of an answer, valid inside the callback only.
class Row {
 public:
  virtual ~Row() = default;
  virtual bool null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual std::string_view text(int column) const = 0;

  std::string string(int column) const { return std::string(text(column)); }
  std::optional<std::int64_t> maybe_integer(int column) const {
    return null(column) ? std::nullopt : std::optional(integer(column));
  }
  std::optional<std::string> maybe_string(int column) const {
    return null(column) ? std::nullopt : std::optional(string(column));
  }
};

/// One connection, used by one thread at a time.
///
/// SQL is what SQLite and PostgreSQL share; parameters are $1, $2 … in order of first appearance.
/// `sql` must be a string literal: connections keep statements prepared by its address.
class Database {
 public:
  using Each = std::function<void(const Row&)>;

  virtual ~Database() = default;

  /// Runs one statement and hands each row to `each`. Throws StorageError.
  virtual void run(std::string_view sql, std::span<const Value> values, const Each& each) = 0;
  /// Several statements without parameters, as a migration has them.
  virtual void script(std::string_view sql) = 0;
  /// Rows changed by the last INSERT, UPDATE or DELETE.
  virtual std::int64_t changed() = 0;

  /// Starts a transaction that may write. Use Transaction rather than these.
  virtual void begin() = 0;
  virtual void commit() = 0;
  /// Never throws: there is nothing left to do where it fails.
  virtual void rollback() noexcept = 0;

  /// A consistent copy while others write. Throws StorageError.
  virtual void backup(const std::string& path) = 0;
  /// A sentence for /readyz where this connection cannot write now; empty where it can.
  virtual std::optional<std::string> trouble() = 0;

  void run(std::string_view sql, std::initializer_list<Value> values, const Each& each = nullptr) {
    run(sql, std::span<const Value>(values.begin(), values.size()), each);
  }
  void run(std::string_view sql) { run(sql, std::span<const Value>{}, nullptr); }
  /// The first column of the first row, if there is a row and it is not NULL.
  std::optional<std::int64_t> integer(std::string_view sql, std::initializer_list<Value> values);
  std::optional<std::string> text(std::string_view sql, std::initializer_list<Value> values);
};

/// All or nothing: rolls back unless commit() was reached.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) { database_.begin(); }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() {
    if (open_) database_.rollback();
  }
  void commit() {
    database_.commit();
    open_ = false;
  }

 private:
  Database& database_;
  bool open_ = true;
};

/// A part of a transaction that can fail alone.
class Savepoint {
 public:
  explicit Savepoint(Database& database) : database_(database) { database_.run("SAVEPOINT part"); }
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;
  ~Savepoint() {
    if (open_) undo();
  }
  void keep() {
    database_.run("RELEASE SAVEPOINT part");
    open_ = false;
  }

 private:
  void undo() noexcept;

  Database& database_;
  bool open_ = true;
};

enum class Access { write, read };

/// Opens what a URL names: a path (SQLite; made with its folder where Access::write finds none) or
/// ":memory:", or "" (private, spilling to a temporary file). Migrations are the caller's next step
/// (schema.h). Throws StorageError.
std::unique_ptr<Database> open_database(const std::string& url, Access access = Access::write);
