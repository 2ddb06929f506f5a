#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "storage/database.h"

/// Hands every call on, until the chosen one: that throws StorageError, and so does every further
/// one until the transaction is rolled back, as a lost database does.
class FailingDatabase final : public Database {
 public:
  explicit FailingDatabase(std::unique_ptr<Database> inner) : inner_(std::move(inner)) {}

  /// The call after `calls` more ones fails; negative: none does.
  void fail_after(std::int64_t calls, StorageFault fault = StorageFault::full) {
    left_ = calls;
    fault_ = fault;
    failing_ = false;
  }
  /// Whether the chosen call was reached.
  bool failed() const { return failed_; }

  using Database::run;
  void run(std::string_view sql, std::span<const Value> values, const Each& each) override {
    count();
    inner_->run(sql, values, each);
  }
  void script(std::string_view sql) override {
    count();
    inner_->script(sql);
  }
  std::int64_t changed() override { return inner_->changed(); }
  void begin() override {
    count();
    inner_->begin();
  }
  void commit() override {
    count();
    inner_->commit();
  }
  void rollback() noexcept override {
    failing_ = false;
    inner_->rollback();
  }
  void backup(const std::string& path) override { inner_->backup(path); }
  std::optional<std::string> trouble() override { return inner_->trouble(); }

 private:
  void count() {
    if (left_ >= 0 && left_-- == 0) {
      failing_ = true;
      failed_ = true;
    }
    if (failing_) throw StorageError(fault_, "failed on purpose");
  }

  std::unique_ptr<Database> inner_;
  std::int64_t left_ = -1;
  StorageFault fault_ = StorageFault::full;
  bool failing_ = false, failed_ = false;
};
