#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/quantity.h"

/// An entry that somebody may have to be reminded of.
struct Waiting {
  std::string group;
  std::int64_t number = 0;
  std::string item, unit, place;
  std::optional<Quantity> rest;  ///< empty: a need without a number
  std::chrono::sys_seconds time;
};

/// What waits too long, by indexes of what is open; and which reminders were given.
///
/// All members run inside the caller's transaction and throw StorageError.
class Alerts {
 public:
  explicit Alerts(Database& database) : db_(database) {}

  /// Open urgent needs said after `from` and not after `to`, to which nothing came and for which
  /// nothing is on the road.
  std::vector<Waiting> unanswered(std::chrono::sys_seconds from, std::chrono::sys_seconds to);
  /// Shipments said in that time which nobody confirmed.
  std::vector<Waiting> unconfirmed(std::chrono::sys_seconds from, std::chrono::sys_seconds to);

  /// A level that a group set for an item's stock, and the stock.
  struct Level {
    std::string group, item, unit;
    Quantity level, stock;
  };
  std::vector<Level> levels();

  /// Notes a reminder that holds until forget(). True where it had not been given.
  bool note(const std::string& group, const std::string& about);
  void forget(const std::string& group, const std::string& about);

 private:
  Database& db_;
};

/// The setting that keeps the level of an item: its name, "500000 只" in thousandths.
std::string level_setting(const std::string& item);
