#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "storage/database.h"

/// Somebody to be reached about what a message recorded. Kept apart from the ledger, so that it can
/// be removed while the ledger stays whole.
struct StoredContact {
  std::string name;    ///< "" where none was said
  std::string number;  ///< unmasked: for coordinators, in direct messages only
};

class Contacts {
 public:
  explicit Contacts(Database& database) : db_(database) {}

  void add(const std::string& group, const std::string& message, const StoredContact& contact,
           std::chrono::sys_seconds said);
  std::vector<StoredContact> of_message(const std::string& group, const std::string& message);
  /// Those of a group, with the number of the first entry of their message (0: none), in its order.
  struct OfEntry {
    std::int64_t number = 0;
    StoredContact contact;
  };
  std::vector<OfEntry> of_group(const std::string& group);
  /// How many were removed.
  std::int64_t remove(const std::string& group, const std::string& message);
  /// Those said before the instant.
  std::int64_t remove_before(std::chrono::sys_seconds instant);

 private:
  Database& db_;
};
