#pragma once

#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "storage/entry.h"
#include "storage/figures.h"

// What a brief tells of the entries behind its sums: which are not exact, what goods were said to
// be worth, who reported. Of one group, or of all where none is named.

/// A sum of the days asked for: what was done (a delivery to a place is `distributed`), item or
/// name of the work, unit.
using SumKey = std::tuple<Kind, std::string, std::string>;

/// Sums to which an entry said as "about" belongs.
std::set<SumKey> approximate_sums(Database& database, const std::optional<std::string>& group,
                                  const Days& days);

/// What goods were said to be worth, beside their number.
struct Worth {
  Kind kind = Kind::distributed;
  std::string item, unit;
  Quantity value;  ///< in 元
};
std::vector<Worth> worth(Database& database, const std::optional<std::string>& group,
                         const Days& days);

/// Groups in which something was recorded of these days, in order.
std::vector<std::string> groups_that_reported(Database& database, const Days& days);
