#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"

/// A 接龙 that a group keeps posting. The goods are entries of the ledger; here is only which of
/// them stand in which list, under whose name.
struct LivingList {
  std::string group;
  std::int64_t number = 0;
  std::string title;                 ///< in the form in which titles are compared
  std::string shown;                 ///< as said first
  std::string starter;               ///< who posted it first
  std::chrono::sys_seconds touched;  ///< message time of its newest copy
};

struct Listed {
  std::int64_t entry = 0;
  std::string name;  ///< in the form in which names are compared
};

class Lists {
 public:
  explicit Lists(Database& database) : db_(database) {}

  /// Begins a list and gives it its number.
  std::int64_t begin(const LivingList& list);
  /// A copy was posted at `when`.
  void touch(const std::string& group, std::int64_t list, std::chrono::sys_seconds when);
  void add(const std::string& group, std::int64_t list, const Listed& listed);

  /// Lists of a group of which a copy was posted between two times, the newest first; at most 50.
  std::vector<LivingList> touched(const std::string& group, std::chrono::sys_seconds from,
                                  std::chrono::sys_seconds to);
  /// The list in which an entry stands.
  std::optional<LivingList> of_entry(const std::string& group, std::int64_t entry);
  /// Every entry that ever stood in a list, in the order of their numbers.
  std::vector<Listed> entries(const std::string& group, std::int64_t list);

 private:
  std::vector<LivingList> list(std::string_view sql, std::initializer_list<Value> values);

  Database& db_;
};
