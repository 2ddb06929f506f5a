#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "storage/database.h"

/// One hour at which a group's brief is due, and when next.
struct Hour {
  std::string group;
  bool weekly = false;
  /// Minutes after local midnight; of a weekly one, after the midnight that begins Monday.
  int minute = 0;
  std::chrono::sys_seconds next;
};

/// When briefs are due, by an index: what is due is found without looking at any other group.
///
/// All members run inside the caller's transaction and throw StorageError.
class Hours {
 public:
  explicit Hours(Database& database) : db_(database) {}

  std::vector<Hour> all();
  std::vector<Hour> of(const std::string& group);
  /// Those due by `now`, the longest due first, at most `most`.
  std::vector<Hour> due(std::chrono::sys_seconds now, std::size_t most);
  /// Writes when it is due next; a new hour is added.
  void set(const Hour& hour);
  void remove(const Hour& hour);

  /// Groups whose settings changed since they were last taken, at most `most`; now they are taken.
  std::vector<std::string> take_changed(std::size_t most);

 private:
  Database& db_;
};

/// Notes that a group's settings changed: its hours have to be looked at.
void note_changed_setting(Database& database, const std::string& group);
