#include "tests/memory_disk.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

namespace {

constexpr const char* kName = "memory-disk";
constexpr std::size_t kSector = 512;

/// Does a step to the bytes of a file; of a write, the first `part` bytes.
void do_step(std::vector<std::uint8_t>& file, const MemoryDisk::Step& step, std::size_t part) {
  const auto at = static_cast<std::size_t>(step.at);
  if (step.operation == MemoryDisk::Operation::truncate) file.resize(at);
  if (step.operation != MemoryDisk::Operation::write) return;
  if (file.size() < at + part) file.resize(at + part);
  std::copy_n(step.bytes.begin(), part, file.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

/// What SQLite holds of an open file; it gives the memory.
struct MemoryDisk::File {
  sqlite3_file base;
  MemoryDisk* disk;
  std::shared_ptr<Content> content;
  std::string name;  ///< "": a temporary file
};

/// SQLite's calls, which carry their object with them.
struct MemoryDisk::Calls {
  static File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
  static MemoryDisk& of(sqlite3_vfs* vfs) { return *static_cast<MemoryDisk*>(vfs->pAppData); }

  static int close(sqlite3_file* file) {
    of(file).~File();
    return SQLITE_OK;
  }
  static int read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
    const auto& bytes = of(file).content->bytes;
    const auto have =
        std::clamp<std::int64_t>(static_cast<std::int64_t>(bytes.size()) - at, 0, size);
    if (have > 0) std::memcpy(to, bytes.data() + at, static_cast<std::size_t>(have));
    if (have == size) return SQLITE_OK;
    std::memset(static_cast<char*>(to) + have, 0, static_cast<std::size_t>(size - have));
    return SQLITE_IOERR_SHORT_READ;
  }
  static int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
    const int code = of(file).disk->allow(of(file), Operation::write);
    if (code != SQLITE_OK) return code;
    const auto* bytes = static_cast<const std::uint8_t*>(from);
    of(file).disk->note(of(file), {Operation::write, of(file).name, at, {bytes, bytes + size}});
    return SQLITE_OK;
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    const int code = of(file).disk->allow(of(file), Operation::truncate);
    if (code == SQLITE_OK) {
      of(file).disk->note(of(file), {Operation::truncate, of(file).name, size, {}});
    }
    return code;
  }
  static int sync(sqlite3_file* file, int /*flags*/) {
    const int code = of(file).disk->allow(of(file), Operation::sync);
    if (code == SQLITE_OK) of(file).disk->note(of(file), {Operation::sync, of(file).name, 0, {}});
    return code;
  }
  static int size(sqlite3_file* file, sqlite3_int64* result) {
    *result = static_cast<sqlite3_int64>(of(file).content->bytes.size());
    return SQLITE_OK;
  }
  static int lock(sqlite3_file*, int) { return SQLITE_OK; }
  static int locked(sqlite3_file*, int* result) {
    *result = 0;
    return SQLITE_OK;
  }
  static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector(sqlite3_file*) { return 4096; }
  static int traits(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

  static int shared_map(sqlite3_file* file, int region, int size, int extend, void volatile** at) {
    auto& shared = of(file).content->shared;
    const auto wanted = static_cast<std::size_t>(region) + 1;
    *at = nullptr;
    if (shared.size() < wanted && extend == 0) return SQLITE_OK;
    while (shared.size() < wanted) {
      shared.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
    }
    *at = shared[static_cast<std::size_t>(region)].get();
    return SQLITE_OK;
  }
  static int shared_lock(sqlite3_file*, int, int, int) { return SQLITE_OK; }
  static void barrier(sqlite3_file*) {}
  static int shared_unmap(sqlite3_file* file, int remove) {
    if (remove != 0) of(file).content->shared.clear();
    return SQLITE_OK;
  }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
    static const sqlite3_io_methods kMethods{
        2,           close,   read,         write,   truncate, sync,   size,
        lock,        lock,    locked,       control, sector,   traits, shared_map,
        shared_lock, barrier, shared_unmap, nullptr, nullptr};
    MemoryDisk& disk = of(vfs);
    file->pMethods = nullptr;
    std::shared_ptr<Content> content;
    if (name == nullptr) {
      content = std::make_shared<Content>();
    } else {
      const auto found = disk.files_.find(name);
      if (disk.off_ || (found == disk.files_.end() && (flags & SQLITE_OPEN_CREATE) == 0)) {
        return SQLITE_CANTOPEN;
      }
      if (found == disk.files_.end()) {
        content = disk.files_[name] = std::make_shared<Content>();
      } else {
        content = found->second;
      }
    }
    new (file) File{{&kMethods}, &disk, std::move(content), name == nullptr ? "" : name};
    if (out != nullptr) *out = flags;
    return SQLITE_OK;
  }
  static int remove(sqlite3_vfs* vfs, const char* name, int /*sync*/) {
    MemoryDisk& disk = of(vfs);
    if (disk.off_) return SQLITE_IOERR_DELETE;
    if (disk.files_.erase(name) == 0) return SQLITE_IOERR_DELETE_NOENT;
    if (disk.recording_) disk.steps_.push_back({Operation::remove, name, 0, {}});
    return SQLITE_OK;
  }
  static int access(sqlite3_vfs* vfs, const char* name, int /*flags*/, int* result) {
    *result = of(vfs).files_.contains(name) ? 1 : 0;
    return SQLITE_OK;
  }
  static int full_path(sqlite3_vfs*, const char* name, int size, char* to) {
    sqlite3_snprintf(size, to, "%s", name);
    return SQLITE_OK;
  }
};

MemoryDisk::MemoryDisk() : system_(sqlite3_vfs_find(nullptr)), vfs_(*system_) {
  vfs_.szOsFile = sizeof(File);
  vfs_.zName = kName;
  vfs_.pAppData = this;
  vfs_.xOpen = Calls::open;
  vfs_.xDelete = Calls::remove;
  vfs_.xAccess = Calls::access;
  vfs_.xFullPathname = Calls::full_path;
  sqlite3_vfs_register(&vfs_, 1);
}

MemoryDisk::~MemoryDisk() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(system_, 1);
}

void MemoryDisk::fail(Operation operation, std::int64_t n, int code) {
  failing_ = operation;
  left_ = n;
  code_ = code;
  failed_ = false;
}

bool MemoryDisk::mend() {
  left_ = -1;
  return std::exchange(failed_, false);
}

int MemoryDisk::allow(const File& file, Operation operation) {
  if (file.name.empty()) return SQLITE_OK;
  if (off_) return SQLITE_IOERR;
  if (left_ < 0 || operation != failing_) return SQLITE_OK;
  if (left_ > 0) {
    --left_;
    return SQLITE_OK;
  }
  failed_ = true;
  return code_;
}

void MemoryDisk::apply(Content& content, Step step) {
  if (step.operation == Operation::sync) {
    for (const Step& each : content.since) do_step(content.synced, each, each.bytes.size());
    content.since.clear();
    return;
  }
  do_step(content.bytes, step, step.bytes.size());
  content.since.push_back(std::move(step));
}

void MemoryDisk::note(const File& file, Step step) {
  if (recording_ && !file.name.empty()) steps_.push_back(step);
  if (file.name.empty()) {
    do_step(file.content->bytes, step, step.bytes.size());
  } else {
    apply(*file.content, std::move(step));
  }
}

void MemoryDisk::power_on(std::mt19937_64* random) {
  for (auto& [name, content] : files_) {
    // What is open still stands on the old content, where it does no harm.
    auto found = std::make_shared<Content>();
    found->synced = std::move(content->synced);
    for (const Step& step : content->since) {
      if (random == nullptr || (*random)() % 2 == 0) continue;
      const std::size_t sectors = step.bytes.size() / kSector + 1;
      const std::size_t part = (*random)() % 4 == 0 ? (*random)() % sectors * kSector : SIZE_MAX;
      do_step(found->synced, step, std::min(part, step.bytes.size()));
    }
    found->bytes = found->synced;
    content = std::move(found);
  }
  off_ = false;
  mend();
}

void MemoryDisk::replay(std::span<const Step> steps) {
  files_.clear();
  for (const Step& step : steps) {
    if (step.operation == Operation::remove) {
      files_.erase(step.file);
      continue;
    }
    auto& content = files_[step.file];
    if (content == nullptr) content = std::make_shared<Content>();
    apply(*content, step);
  }
}
