#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "commands/areas.h"
#include "storage/quantity.h"

/// What could go somewhere: stock, an offer, goods on the way to the hub. One line (item, unit).
struct Giving {
  Quantity amount;
  Area area;
  std::string place;  ///< "" where unknown
};

/// What is missing somewhere.
struct Asking {
  Quantity missing;
  Area area;
  std::string place;
  bool urgent = false;
  bool verified = false;
  int waited = 0;                ///< whole days
  std::optional<int> days_left;  ///< that the place's stock will last
};

/// Which way a plan leans: to few parcels, or to many places that get something.
enum class Leaning { few_parcels, balanced, many_places };

/// A part of a giving that should go to an asking, both by their place in their lists.
struct Share {
  std::size_t giving = 0;
  std::size_t asking = 0;
  Quantity amount;
  std::int64_t worth = 0;  ///< of each unit; the more the better
};

/// Whether this giving may go to that asking at all (what it is, who refused whom).
using Allowed = std::function<bool(std::size_t giving, std::size_t asking)>;

/// How much good a unit does there: urgent and verified needs first, then days of stock left and
/// days waited, then nearness, then how well the sizes fit each other.
std::int64_t worth(const Giving& giving, const Asking& asking, Leaning leaning);

/// Who should get what: the plan of the greatest worth over the ways it looks at (all of them
/// where there are not too many, else each side's best), tidied so that what cannot be met whole
/// gets the rest of a giving rather than a crumb. Never more than a giving has or an asking lacks.
/// The best first. To fit one more asking or giving into a standing plan, give only that one and
/// what the plan leaves free.
std::vector<Share> plan(const std::vector<Giving>& givings, const std::vector<Asking>& askings,
                        Leaning leaning, const Allowed& allowed);
