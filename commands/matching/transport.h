#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// A way on which goods may go: from a supply to a demand, both by their place in their lists.
struct Way {
  std::size_t supply = 0;
  std::size_t demand = 0;
  std::int64_t worth = 0;  ///< of each unit that goes there; not worth going where 0 or less
};

struct Flow {
  std::size_t supply = 0;
  std::size_t demand = 0;
  std::int64_t amount = 0;  ///< above 0
};

/// Which amounts go where so that the sum of worth is the greatest: the transport problem with
/// supplies that may stay and demands that may stay unmet, solved exactly by the network simplex
/// (Dantzig 1951; LEMON's). The answer is a basic solution: it splits no more than it must.
/// Amounts are 0 or more; worth times amount must fit in 63 bits in sum.
std::vector<Flow> transport(std::span<const std::int64_t> supplies,
                            std::span<const std::int64_t> demands, std::span<const Way> ways);
