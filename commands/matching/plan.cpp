#include "commands/matching/plan.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "commands/matching/transport.h"

namespace {

// Points of worth. Of two differences the larger decides, so the steps say what goes before what.
constexpr std::int64_t kServed = 100'000;
constexpr std::int64_t kUrgent = 40'000;
constexpr std::int64_t kVerified = 6'000;
constexpr std::int64_t kServedBefore = 4'000;
constexpr std::int64_t kDoubtful = 30'000;
constexpr std::int64_t kOutSoon = 8'000;  // less with each day that the stock will last
constexpr int kSoon = 10;
constexpr std::int64_t kDayWaited = 25;
constexpr int kLongestWait = 30;
constexpr std::int64_t kSamePlace = 9'000;
constexpr std::int64_t kNearer = 2'000;  // a step of nearness
constexpr double kSizeStep = 1'500;      // twice or half the wanted size of a parcel
constexpr double kFarthestSize = 14;     // steps that count
constexpr std::int64_t kPartly = 3'000;  // for an asking that the giving meets hardly at all

// Up to this many ways all are looked at; beyond, each side's best.
constexpr std::size_t kAllWays = 400'000;
constexpr std::size_t kBySize = 6;
constexpr std::size_t kByNeed = 6;
constexpr std::size_t kByCity = 6;

double wanted_parcels(Leaning leaning) {
  switch (leaning) {
    case Leaning::few_parcels:
      return 0.8;
    case Leaning::balanced:
      return 1.04;
    case Leaning::many_places:
      return 6.0;
  }
  return 1.0;
}

std::int64_t pressing(const Asking& asking) {
  std::int64_t points = kServed;
  if (asking.urgent) points += kUrgent;
  if (asking.verified) points += kVerified;
  if (asking.served) points -= kServedBefore;
  if (asking.doubtful) points -= kDoubtful;
  if (asking.days_left)
    points += kOutSoon * (kSoon - std::clamp(*asking.days_left, 0, kSoon)) / kSoon;
  return points + kDayWaited * std::clamp(asking.waited, 0, kLongestWait);
}

std::int64_t near_points(const Giving& giving, const Asking& asking) {
  if (!giving.place.empty() && giving.place == asking.place) return kSamePlace;
  return kNearer * static_cast<std::int64_t>(nearness(giving.area, asking.area));
}

/// Askings and givings by size and by city, to find each other's best without trying all.
class Candidates {
 public:
  Candidates(const std::vector<Giving>& givings, const std::vector<Asking>& askings, const Fit& fit)
      : givings_(givings), askings_(askings), fit_(fit) {}

  std::vector<Way> ways() {
    if (givings_.size() * askings_.size() <= kAllWays) {
      for (std::size_t i = 0; i < givings_.size(); ++i) {
        for (std::size_t j = 0; j < askings_.size(); ++j) look(i, j);
      }
      return std::move(ways_);
    }
    by_size();
    by_need();
    by_city();
    std::sort(pairs_.begin(), pairs_.end());
    pairs_.erase(std::unique(pairs_.begin(), pairs_.end()), pairs_.end());
    for (const auto& [i, j] : pairs_) look(i, j);
    return std::move(ways_);
  }

 private:
  void look(std::size_t i, std::size_t j) {
    const auto off = fit_(i, j);
    if (off) ways_.push_back({i, j, worth(givings_[i], askings_[j]) - *off});
  }

  /// For each giving the askings of about the parcel that it wants, and the other way round.
  void by_size() {
    const auto orders = [](auto& order, auto size, std::size_t count) {
      order.resize(count);
      std::iota(order.begin(), order.end(), std::size_t{0});
      std::sort(order.begin(), order.end(),
                [&](std::size_t a, std::size_t b) { return size(a) < size(b); });
    };
    const auto given = [&](std::size_t i) {
      return static_cast<double>(givings_[i].amount.thousandths) /
             wanted_parcels(givings_[i].leaning);
    };
    const auto asked = [&](std::size_t j) {
      return static_cast<double>(askings_[j].missing.thousandths);
    };
    std::vector<std::size_t> giving_order, asking_order;
    orders(giving_order, given, givings_.size());
    orders(asking_order, asked, askings_.size());
    // Givings of one size look at neighbouring windows, or all would want the same askings.
    const auto pair = [&](const auto& mine, auto my_size, const auto& theirs, auto their_size,
                          auto add) {
      std::size_t at = 0;
      for (std::size_t k = 0; k < mine.size(); ++k) {
        while (at < theirs.size() && their_size(theirs[at]) < my_size(mine[k])) ++at;
        const std::size_t shift = k % 16 * kBySize / 2;
        const std::size_t from = std::min(at + shift, theirs.size());
        for (std::size_t n = from; n < std::min(from + kBySize, theirs.size()); ++n)
          add(mine[k], theirs[n]);
        const std::size_t below = at > shift ? at - shift : 0;
        for (std::size_t n = below > kBySize ? below - kBySize : 0; n < below; ++n)
          add(mine[k], theirs[n]);
      }
    };
    pair(giving_order, given, asking_order, asked,
         [&](std::size_t i, std::size_t j) { pairs_.emplace_back(i, j); });
    pair(asking_order, asked, giving_order, given,
         [&](std::size_t j, std::size_t i) { pairs_.emplace_back(i, j); });
  }

  /// The most pressing askings, dealt out so that every giving sees some of them.
  void by_need() {
    std::vector<std::size_t> order(askings_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return pressing(askings_[a]) > pressing(askings_[b]);
    });
    for (std::size_t i = 0; i < givings_.size(); ++i) {
      for (std::size_t n = 0; n < kByNeed; ++n) {
        pairs_.emplace_back(i, order[(i * kByNeed + n) % order.size()]);
      }
    }
  }

  void by_city() {
    std::map<std::string_view, std::vector<std::size_t>> cities;
    for (std::size_t j = 0; j < askings_.size(); ++j) {
      if (!askings_[j].area.city.empty()) cities[askings_[j].area.city].push_back(j);
    }
    std::map<std::string_view, std::size_t> turn;
    for (std::size_t i = 0; i < givings_.size(); ++i) {
      const auto found = cities.find(givings_[i].area.city);
      if (found == cities.end()) continue;
      std::size_t& next = turn[found->first];
      for (std::size_t n = 0; n < std::min(kByCity, found->second.size()); ++n) {
        pairs_.emplace_back(i, found->second[next++ % found->second.size()]);
      }
    }
  }

  const std::vector<Giving>& givings_;
  const std::vector<Asking>& askings_;
  const Fit& fit_;
  std::vector<std::pair<std::size_t, std::size_t>> pairs_;
  std::vector<Way> ways_;
};

/// What an exact plan scatters over askings that it cannot meet whole goes, giving by giving, to
/// askings that the rest of the giving meets whole, the largest first; what is then left goes to
/// one asking. Urgent askings keep what they got.
class Tidy {
 public:
  Tidy(const std::vector<std::int64_t>& have, const std::vector<std::int64_t>& lack,
       const std::vector<Asking>& askings, const std::vector<Way>& ways)
      : have_(have), lack_(lack), askings_(askings), ways_(ways) {}

  std::vector<Flow> run(const std::vector<Flow>& flows) {
    const std::vector<std::int64_t> asked = lack_;
    for (const Flow& flow : flows) {
      const bool whole = flow.amount == asked[flow.demand];
      const bool urgent = askings_[flow.demand].urgent;
      if (whole || urgent) give(flow);
    }
    std::vector<std::vector<std::size_t>> ways_of(have_.size());
    for (std::size_t w = 0; w < ways_.size(); ++w) {
      if (lack_[ways_[w].demand] > 0 && have_[ways_[w].supply] > 0)
        ways_of[ways_[w].supply].push_back(w);
    }
    std::vector<std::size_t> order(have_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return have_[a] > have_[b]; });
    for (const std::size_t i : order) spend(i, ways_of[i]);
    return std::move(result_);
  }

 private:
  void give(const Flow& flow) {
    if (flow.amount <= 0) return;
    have_[flow.supply] -= flow.amount;
    lack_[flow.demand] -= flow.amount;
    const auto [at, is_new] = at_.emplace(std::pair(flow.supply, flow.demand), result_.size());
    if (is_new) {
      result_.push_back(flow);
    } else {
      result_[at->second].amount += flow.amount;
    }
  }

  void spend(std::size_t i, const std::vector<std::size_t>& ways) {
    while (have_[i] > 0) {
      const Way* whole = nullptr;
      const Way* partly = nullptr;
      for (const std::size_t w : ways) {
        const Way& way = ways_[w];
        const std::int64_t lack = lack_[way.demand];
        if (lack == 0 || way.worth <= 0) continue;
        if (lack <= have_[i]) {
          if (whole == nullptr ||
              std::pair(lack, way.worth) > std::pair(lack_[whole->demand], whole->worth)) {
            whole = &way;
          }
        } else if (partly == nullptr ||
                   std::pair(-lack, way.worth) > std::pair(-lack_[partly->demand], partly->worth)) {
          partly = &way;  // of which it meets the most
        }
      }
      const Way* const chosen = whole != nullptr ? whole : partly;
      if (chosen == nullptr) return;
      give({i, chosen->demand, std::min(have_[i], lack_[chosen->demand])});
    }
  }

  std::vector<std::int64_t> have_, lack_;
  const std::vector<Asking>& askings_;
  const std::vector<Way>& ways_;
  std::vector<Flow> result_;
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> at_;  // in result_
};

}  // namespace

std::int64_t worth(const Giving& giving, const Asking& asking) {
  const auto have = static_cast<double>(giving.amount.thousandths);
  const auto lack = static_cast<double>(asking.missing.thousandths);
  const double steps =
      std::abs(std::log2(std::min(have, lack) * wanted_parcels(giving.leaning) / have));
  std::int64_t points = pressing(asking) + near_points(giving, asking);
  points -= static_cast<std::int64_t>(kSizeStep * std::min(steps, kFarthestSize));
  if (lack > have) points -= static_cast<std::int64_t>(kPartly * (1 - have / lack));
  return points;
}

std::vector<Share> plan(const std::vector<Giving>& givings, const std::vector<Asking>& askings,
                        const Fit& fit) {
  if (givings.empty() || askings.empty()) return {};
  // Counted in the largest amount that divides all, so that whole pieces stay whole.
  std::int64_t step = 0;
  for (const Giving& giving : givings) step = std::gcd(step, giving.amount.thousandths);
  for (const Asking& asking : askings) step = std::gcd(step, asking.missing.thousandths);
  if (step == 0) return {};
  std::vector<std::int64_t> have, lack;
  for (const Giving& giving : givings) have.push_back(giving.amount.thousandths / step);
  for (const Asking& asking : askings) lack.push_back(asking.missing.thousandths / step);
  // No more than all that is there can go anywhere.
  const std::int64_t all = std::reduce(have.begin(), have.end(), std::int64_t{0});
  std::vector<std::int64_t> bounded = lack;
  for (auto& amount : bounded) amount = std::min(amount, all);

  const std::vector<Way> ways = Candidates(givings, askings, fit).ways();
  const std::vector<Flow> flows =
      Tidy(have, lack, askings, ways).run(transport(have, bounded, ways));

  std::vector<Share> shares;
  for (const Flow& flow : flows) {
    shares.push_back({flow.supply,
                      flow.demand,
                      {flow.amount * step},
                      worth(givings[flow.supply], askings[flow.demand]) -
                          fit(flow.supply, flow.demand).value_or(0)});
  }
  std::stable_sort(shares.begin(), shares.end(),
                   [](const Share& a, const Share& b) { return a.worth > b.worth; });
  return shares;
}
