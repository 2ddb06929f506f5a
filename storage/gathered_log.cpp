#include "storage/gathered_log.h"

#include <cstring>
#include <new>
#include <vector>

namespace {

constexpr std::size_t kMost = 64u << 10;  // bytes gathered; the system's file takes no 128 KiB

/// A log: ours first, the system's own file behind it in the memory that SQLite gives.
struct Log {
  sqlite3_file base;
  std::vector<char> gathered;
  sqlite3_int64 at = 0;  // of the first byte that is gathered
  bool synced = false;   // nothing was written or read here since the last sync

  sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(this + 1); }

  /// Writes what is gathered. What fails to be written is given up: the commit fails with it.
  int flush() {
    if (gathered.empty()) return SQLITE_OK;
    synced = false;
    const int code =
        file()->pMethods->xWrite(file(), gathered.data(), static_cast<int>(gathered.size()), at);
    gathered.clear();
    return code;
  }
};

Log& log_of(sqlite3_file* file) { return *reinterpret_cast<Log*>(file); }

/// Flushes, then asks the system's own file.
template <typename Call>
int after_flush(sqlite3_file* file, const Call& call) {
  Log& log = log_of(file);
  const int code = log.flush();
  return code == SQLITE_OK ? call(log.file()) : code;
}

int close(sqlite3_file* file) {
  Log& log = log_of(file);
  const int flushed = log.flush();
  const int closed = log.file()->pMethods->xClose(log.file());
  log.~Log();
  return flushed == SQLITE_OK ? closed : flushed;
}

int read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  log_of(file).synced = false;  // it may be what another wrote and had no time to sync
  return after_flush(file,
                     [&](sqlite3_file* own) { return own->pMethods->xRead(own, to, size, at); });
}

int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  Log& log = log_of(file);
  const auto length = static_cast<std::size_t>(size);
  const bool follows = at == log.at + static_cast<sqlite3_int64>(log.gathered.size());
  if (!follows || log.gathered.size() + length > kMost) {
    const int code = log.flush();
    if (code != SQLITE_OK) return code;
  }
  if (log.gathered.empty()) log.at = at;
  try {
    const char* const bytes = static_cast<const char*>(from);
    log.gathered.insert(log.gathered.end(), bytes, bytes + length);
  } catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
  }
  return SQLITE_OK;
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  log_of(file).synced = false;
  return after_flush(file, [&](sqlite3_file* own) { return own->pMethods->xTruncate(own, size); });
}

/// A checkpoint syncs the log once more: right after a commit there is nothing to wait for.
int sync(sqlite3_file* file, int flags) {
  return after_flush(file, [&](sqlite3_file* own) {
    Log& log = log_of(file);
    if (log.synced) return SQLITE_OK;
    const int code = own->pMethods->xSync(own, flags);
    log.synced = code == SQLITE_OK;
    return code;
  });
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return after_flush(file, [&](sqlite3_file* own) { return own->pMethods->xFileSize(own, size); });
}

// A log is never locked; the rest is as the system has it.
int lock(sqlite3_file* file, int level) {
  return log_of(file).file()->pMethods->xLock(log_of(file).file(), level);
}
int unlock(sqlite3_file* file, int level) {
  return log_of(file).file()->pMethods->xUnlock(log_of(file).file(), level);
}
int reserved(sqlite3_file* file, int* result) {
  return log_of(file).file()->pMethods->xCheckReservedLock(log_of(file).file(), result);
}
int control(sqlite3_file* file, int operation, void* argument) {
  return log_of(file).file()->pMethods->xFileControl(log_of(file).file(), operation, argument);
}
int sector_size(sqlite3_file* file) {
  return log_of(file).file()->pMethods->xSectorSize(log_of(file).file());
}
int characteristics(sqlite3_file* file) {
  return log_of(file).file()->pMethods->xDeviceCharacteristics(log_of(file).file());
}

constexpr sqlite3_io_methods kMethods{1,       close,       read,           write,  truncate,
                                      sync,    file_size,   lock,           unlock, reserved,
                                      control, sector_size, characteristics};

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
  auto* const own = static_cast<sqlite3_vfs*>(vfs->pAppData);
  if ((flags & SQLITE_OPEN_WAL) == 0) return own->xOpen(own, name, file, flags, out);
  Log* const log = new (file) Log;
  const int code = own->xOpen(own, name, log->file(), flags, out);
  if (code != SQLITE_OK) {
    log->~Log();
    file->pMethods = nullptr;  // nothing to close
    return code;
  }
  log->base.pMethods = &kMethods;
  return SQLITE_OK;
}

}  // namespace

const char* gathered_log() {
  static sqlite3_vfs* const own = sqlite3_vfs_find(nullptr);
  static sqlite3_vfs gathering;
  static const bool made = [] {
    if (own == nullptr || std::strcmp(own->zName, "unix") != 0) return false;
    gathering = *own;
    gathering.zName = "gathered";
    gathering.szOsFile = own->szOsFile + static_cast<int>(sizeof(Log));
    gathering.pAppData = own;
    gathering.xOpen = open;
    return sqlite3_vfs_register(&gathering, 0) == SQLITE_OK;
  }();
  // A test may have put another in its place.
  return made && sqlite3_vfs_find(nullptr) == own ? gathering.zName : nullptr;
}
