#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/standing.h"

/// The sums that a line keeps, in the order of the tables' columns.
enum class Sum : std::size_t {
  needed,
  outstanding,
  unknown,  ///< a count of needs, not a quantity
  offered,
  in_transit,
  received,
  distributed,
  used,
  lost,
  stock
};
constexpr std::size_t kSums = 10;

/// Everything one entry did: changes of earlier entries and movements of totals, each as a
/// difference, so that it can be taken back exactly.
struct Effects {
  struct OnEntry {
    std::int64_t number = 0;
    Field field = Field::done;
    std::int64_t delta = 0;
  };
  struct OnTotals {
    std::string item;  ///< "": the entry's own
    std::string unit, place;
    std::int64_t day = 0;
    std::array<std::int64_t, kSums> delta{};
  };
  struct OnMetric {
    std::string name, unit;
    std::int64_t day = 0;
    std::int64_t delta = 0;
  };

  std::vector<OnEntry> entries;
  std::vector<OnTotals> totals;
  std::vector<OnMetric> metrics;

  void total(const std::string& unit, const std::string& place, std::int64_t day, Sum measure,
             std::int64_t delta);
  void total_of(const std::string& item, const std::string& unit, const std::string& place,
                std::int64_t day, Sum measure, std::int64_t delta);
  std::string encode() const;
  static Effects decode(std::string_view text);
};
