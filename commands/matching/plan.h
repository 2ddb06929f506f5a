#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "commands/areas.h"
#include "storage/quantity.h"

/// Which way a plan leans: to few parcels, or to many places that get something.
enum class Leaning { few_parcels, balanced, many_places };

/// What could go somewhere: stock, an offer, goods on the way to the hub. One line (item, unit).
struct Giving {
  Quantity amount;
  Area area;
  std::string place = {};               ///< "" where unknown
  Leaning leaning = Leaning::balanced;  ///< of those who give
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
  bool served = false;           ///< the place got something lately: others go before
  bool doubtful = false;         ///< asked about without an answer
};

/// A part of a giving that should go to an asking, both by their place in their lists.
struct Share {
  std::size_t giving = 0;
  std::size_t asking = 0;
  Quantity amount;
  std::int64_t worth = 0;  ///< of each unit; the more the better
};

/// Points off where this giving would do for that asking only with a question, points to (below 0)
/// where it would travel with others; empty where it may not go there at all (what it is, who
/// refused whom).
using Fit = std::function<std::optional<std::int64_t>(std::size_t giving, std::size_t asking)>;

/// More than any unit anywhere is worth.
inline constexpr std::int64_t kGreatestWorth = 170'000;

/// What it is worth that goods travel with others from the same giver to the same place.
inline constexpr std::int64_t kSameParcel = 20'000;

/// How much good a unit does there: urgent and verified needs first, then days of stock left and
/// days waited, then nearness, then how well the sizes fit each other.
std::int64_t worth(const Giving& giving, const Asking& asking);

/// Who should get what: the plan of the greatest worth over the ways it looks at (all of them
/// where there are not too many, else each side's best), tidied so that what cannot be met whole
/// gets the rest of a giving rather than a crumb. Never more than a giving has or an asking lacks.
/// The best first. To fit one more asking or giving into a standing plan, give only that one and
/// what the plan leaves free.
std::vector<Share> plan(const std::vector<Giving>& givings, const std::vector<Asking>& askings,
                        const Fit& fit);
