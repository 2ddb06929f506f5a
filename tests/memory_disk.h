#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <sqlite3.h>

/// A disk in memory, SQLite's default one while the object lives, for one connection at a time. It
/// fails when told to, and at a power cut it forgets what was not synced. Nameless files (SQLite's
/// temporary ones) are kept apart: they neither fail nor count.
class MemoryDisk {
 public:
  enum class Operation { write, sync, truncate, remove };

  /// One thing that was done to a file.
  struct Step {
    Operation operation;
    std::string file;
    std::int64_t at = 0;              ///< of a write: offset; of a truncation: the new size
    std::vector<std::uint8_t> bytes;  ///< of a write
  };

  MemoryDisk();
  MemoryDisk(const MemoryDisk&) = delete;
  MemoryDisk& operator=(const MemoryDisk&) = delete;
  ~MemoryDisk();

  /// The `n`th such operation from now (counted from 0) fails with the SQLite result `code`, and so
  /// does every operation of the kind after it until mend().
  void fail(Operation operation, std::int64_t n, int code);
  /// Says whether the chosen operation was reached.
  bool mend();

  /// Nothing works any more: close what is open, then power_on().
  void power_cut() { off_ = true; }
  /// What was synced is there; of every write since, `random` says whether it is there, in part or
  /// not at all (without it: not at all).
  void power_on(std::mt19937_64* random);

  /// Notes every step from now on.
  void record() { recording_ = true; }
  const std::vector<Step>& steps() const { return steps_; }
  /// Empties the disk and does the steps, without noting them.
  void replay(std::span<const Step> steps);

 private:
  struct Content {
    std::vector<std::uint8_t> bytes, synced;
    std::vector<Step> since;  ///< the last sync
    std::vector<std::unique_ptr<char[]>> shared;
  };
  struct File;
  struct Calls;

  int allow(const File& file, Operation operation);
  static void apply(Content& content, Step step);
  void note(const File& file, Step step);

  sqlite3_vfs* const system_;
  sqlite3_vfs vfs_;
  std::map<std::string, std::shared_ptr<Content>> files_;
  bool off_ = false, recording_ = false;
  std::vector<Step> steps_;
  Operation failing_ = Operation::write;
  std::int64_t left_ = -1;  ///< operations until the chosen one; -1: none
  int code_ = SQLITE_OK;
  bool failed_ = false;
};
