#pragma once

#include <memory>
#include <mutex>
#include <string>

#include <sys/types.h>

#include "storage/database.h"

/// The database that the config names, and what stands beside it. Any thread may call any member.
class LedgerFile {
 public:
  /// Throws Failure where this build cannot use such a database.
  explicit LedgerFile(std::string path);

  const std::string& path() const { return path_; }
  /// Opens a connection; one that writes is brought to this program's schema. With `again`, a file
  /// that is gone is not made anew. Throws StorageError.
  std::unique_ptr<Database> open(Access access, bool again);
  /// Throws StorageError: `away` where the file is no longer the one last opened for writing, `full`
  /// where the disk has no room for more messages.
  void check() const;
  /// The contents of the file PATH.`suffix`, made with `bytes` random bytes in hex and mode 600
  /// where there is none. Throws Failure.
  std::string secret(const std::string& suffix, std::size_t bytes) const;
  std::string beside(const std::string& suffix) const { return path_ + "." + suffix; }

 private:
  const std::string path_;
  mutable std::mutex mutex_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

/// Holds PATH.lock, so that only one `serve` runs on a database; the kernel lets it go with the
/// process, however that ends.
class ServeLock {
 public:
  /// Throws Failure where another process holds it or the file cannot be made.
  explicit ServeLock(const LedgerFile& ledger);
  ServeLock(const ServeLock&) = delete;
  ServeLock& operator=(const ServeLock&) = delete;
  ~ServeLock();

 private:
  int file_ = -1;
};
