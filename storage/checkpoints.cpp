#include "storage/checkpoints.h"

#include <sqlite3.h>

Checkpoints::~Checkpoints() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Checkpoints::due() {
  const std::lock_guard lock(mutex_);
  ++asked_;
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  changed_.notify_one();
}

bool Checkpoints::idle() {
  const std::lock_guard lock(mutex_);
  return away_ || done_ == asked_;
}

void Checkpoints::run() {
  sqlite3* handle = nullptr;
  const int opened =
      sqlite3_open_v2(path_.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_lock lock(mutex_);
  away_ = opened != SQLITE_OK;
  while (!away_) {
    changed_.wait(lock, [this] { return done_ != asked_ || ending_; });
    if (ending_) break;
    const std::uint64_t asked = asked_;
    lock.unlock();
    // PASSIVE waits for nobody and keeps nobody waiting.
    sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    lock.lock();
    done_ = asked;
  }
  sqlite3_close_v2(handle);
}
