#include "bot/ledger_file.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "bot/setup.h"
#include "bot/signature.h"
#include "storage/schema.h"

namespace {

constexpr std::uint64_t kLeastRoom = 128 * 1024;  // of the disk, for messages to be taken

constexpr std::string_view kInMemory = ":memory:";

std::string reason(int error) { return std::generic_category().message(error); }

}  // namespace

LedgerFile::LedgerFile(std::string path) : path_(std::move(path)) {
  if (path_.starts_with("postgresql://") || path_.starts_with("postgres://")) {
    throw Failure("this build has no PostgreSQL yet: name a path for SQLite, like data/jieli.db");
  }
  if (path_.empty()) throw Failure("the database has no name: write a path, like data/jieli.db");
}

std::unique_ptr<Database> LedgerFile::open(Access access, bool again) {
  struct stat found {};
  const bool on_disk = path_ != kInMemory;
  if (again && on_disk && ::stat(path_.c_str(), &found) != 0) {
    throw StorageError(StorageFault::away, fmt::format("database file {} is gone", path_));
  }
  auto database = open_database(path_, access);
  if (access == Access::read) return database;
  migrate(*database);
  if (on_disk && ::stat(path_.c_str(), &found) == 0) {
    const std::lock_guard lock(mutex_);
    device_ = found.st_dev;
    inode_ = found.st_ino;
  }
  return database;
}

void LedgerFile::check() const {
  if (path_ == kInMemory) return;
  struct stat found {};
  const bool there = ::stat(path_.c_str(), &found) == 0;
  const std::lock_guard lock(mutex_);
  if (!there || found.st_dev != device_ || found.st_ino != inode_) {
    throw StorageError(StorageFault::away,
                       fmt::format("database file {} is {}", path_, there ? "another" : "gone"));
  }
  // A log that was begun anew may hold a few messages more, and the next one not.
  struct statvfs disk {};
  if (::statvfs(path_.c_str(), &disk) != 0) return;
  const auto blocks = ::geteuid() == 0 ? disk.f_bfree : disk.f_bavail;  // some are kept for root
  if (blocks * disk.f_frsize < kLeastRoom) {
    throw StorageError(StorageFault::full, fmt::format("{}: the disk is full, {} bytes left", path_,
                                                       blocks * disk.f_frsize));
  }
}

std::string LedgerFile::secret(const std::string& suffix, std::size_t bytes) const {
  const std::string path = beside(suffix);
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0 && errno == EEXIST) {
    std::string kept = read_file(path);
    while (!kept.empty() && (kept.back() == '\n' || kept.back() == '\r')) kept.pop_back();
    if (kept.empty()) throw Failure(fmt::format("{} is empty: delete it to make it anew", path));
    return kept;
  }
  if (file < 0) throw Failure(fmt::format("cannot make {}: {}", path, reason(errno)));
  const std::string made = random_hex(bytes);
  const std::string line = made + "\n";
  const bool written = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  const int why = errno;
  ::close(file);
  if (!written) throw Failure(fmt::format("cannot write {}: {}", path, reason(why)));
  return made;
}

ServeLock::ServeLock(const LedgerFile& ledger) {
  const std::string path = ledger.beside("lock");
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0) throw Failure(fmt::format("cannot make {}: {}", path, reason(errno)));
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    ::close(file_);
    throw Failure(
        fmt::format("another jieli already serves {} ({} is locked)", ledger.path(), path));
  }
}

ServeLock::~ServeLock() { ::close(file_); }
