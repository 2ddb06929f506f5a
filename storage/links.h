#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/figures.h"

/// The same goods, told in two groups: a shipment that was announced in the group it goes to, its
/// confirmation there, or two entries that a coordinator linked (同一批 A#3 B#7). Every sum over
/// groups counts them once.
struct Link {
  enum class Kind { announced, confirmed, said };
  Kind kind = Kind::said;
  std::string from, to;  ///< groups
  std::int64_t from_number = 0, to_number = 0;
};

class Links {
 public:
  explicit Links(Database& database) : db_(database) {}

  void add(const Link& link);
  void remove(const Link& link);
  /// Those in which the entry is either end.
  std::vector<Link> of(const std::string& group, std::int64_t number);

 private:
  Database& db_;
};

/// Takes out of sums over `groups` (all where empty) what two of them tell of the same goods.
/// Rows are those of `query`, added up by item and unit. Says how many pairs there were.
std::size_t count_once(Database& database, const std::vector<std::string>& groups,
                       const TotalsQuery& query, std::vector<TotalRow>& rows);

/// Totals of several groups, added up by item and unit, what passed between them counted once.
struct RollUp {
  std::vector<TotalRow> rows;
  std::size_t pairs = 0;  ///< told in two of the groups
};
RollUp roll_up(Database& database, const std::vector<std::string>& groups,
               const TotalsQuery& query);
