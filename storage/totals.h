#pragma once

#include <array>
#include <map>
#include <string>
#include <tuple>

#include "storage/database.h"
#include "storage/effects.h"
#include "storage/standing.h"

/// The sums that follow from the entries (of lines, of places, of days, of work done), kept up with
/// each of them. They move in memory and are written together: folding a line again takes most of
/// what it moves back.
class Totals {
 public:
  explicit Totals(Database& database) : db_(database) {}

  /// Moves the sums by what an entry did (`sign` 1), or back (-1). Throws std::overflow_error.
  void move(const Standing& entry, const Effects& effects, std::int64_t sign);
  /// The stock of an entry's line as it stands, moved or written.
  Quantity stock(const Standing& entry) const;
  /// Writes what moved since the last time.
  void write();

 private:
  using Sums = std::array<std::int64_t, kSums>;
  using Text = std::string;
  struct Line {
    std::int64_t first = 0;  ///< the entry that made it a line; 0: it is one already
    Sums sums{};
  };

  void write_daily();
  void write_places();
  void write_lines();

  Database& db_;
  std::map<std::tuple<Text, Text, Text>, Line> lines_;                      // group, item, unit
  std::map<std::tuple<Text, Text, Text, Text>, Sums> places_;               // and place
  std::map<std::tuple<Text, Text, Text, Text, std::int64_t>, Sums> daily_;  // and day
  std::map<std::tuple<Text, Text, Text, std::int64_t>, std::int64_t> work_;
};
