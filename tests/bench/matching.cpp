// Offers and requests of a real spring, matched every seven days by simple rules and by plan():
// how much is met, how often an offer is split, how long it waits, how many places get something.
//
//   matching FOLDER [DAYS]     FOLDER holds donors.csv and recipients.csv (id, date, item,
//   quantity)

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "commands/matching/plan.h"

namespace {

constexpr double kLargestOffer = 1000;

struct Entry {
  std::string who, item;
  double day = 0;
  std::int64_t quantity = 0;
};

std::vector<Entry> read(const std::string& path, double most) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::vector<Entry> entries;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    std::istringstream fields(line);
    std::string who, date, item, quantity;
    std::getline(fields, who, ',');
    std::getline(fields, date, ',');
    std::getline(fields, item, ',');
    std::getline(fields, quantity, ',');
    int y = 0, hour = 0, minute = 0;
    unsigned month = 0, d = 0;
    if (std::sscanf(date.c_str(), "%d-%u-%u %d:%d", &y, &month, &d, &hour, &minute) != 5) continue;
    const std::chrono::sys_days days{std::chrono::year{y} / static_cast<int>(month) /
                                     static_cast<int>(d)};
    const double said = std::stod(quantity);
    if (said > most || said < 1) continue;
    entries.push_back({who, item, static_cast<double>(days.time_since_epoch().count()) + hour / 24.0 + minute / 1440.0,
                       static_cast<std::int64_t>(said)});
  }
  return entries;
}

struct Round {
  const std::vector<Entry>& offers;
  const std::vector<Entry>& requests;
  std::vector<std::int64_t>& have;
  std::vector<std::int64_t>& lack;
  double now = 0;
  std::function<void(std::size_t offer, std::size_t request, std::int64_t amount)> give;
};
using Rule =
    std::function<void(Round&, const std::vector<std::size_t>&, const std::vector<std::size_t>&)>;

template <class Key>
std::vector<std::size_t> sorted(std::vector<std::size_t> list, Key key) {
  std::stable_sort(list.begin(), list.end(),
                   [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  return list;
}

/// Requests in an order, each from the oldest offers until it is met.
Rule in_turn(std::function<double(const Entry&)> order) {
  return [order](Round& r, const auto& offers, const auto& requests) {
    const auto from = sorted(offers, [&](std::size_t i) { return r.offers[i].day; });
    std::size_t next = 0;
    for (const auto j : sorted(requests, [&](std::size_t n) { return order(r.requests[n]); })) {
      while (r.lack[j] > 0 && next < from.size()) {
        r.give(from[next], j, std::min(r.have[from[next]], r.lack[j]));
        if (r.have[from[next]] == 0) ++next;
      }
    }
  };
}

/// The oldest offer to the oldest request, the second to the second, one each a round.
void first_come(Round& r, const std::vector<std::size_t>& offers,
                const std::vector<std::size_t>& requests) {
  const auto from = sorted(offers, [&](std::size_t i) { return r.offers[i].day; });
  const auto to = sorted(requests, [&](std::size_t j) { return r.requests[j].day; });
  for (std::size_t n = 0; n < std::min(from.size(), to.size()); ++n) {
    r.give(from[n], to[n], std::min(r.have[from[n]], r.lack[to[n]]));
  }
}

void largest_whole(Round& r, const std::vector<std::size_t>& offers,
                   const std::vector<std::size_t>& requests) {
  std::multimap<std::int64_t, std::size_t> open;
  for (const auto j : requests) open.emplace(r.lack[j], j);
  for (const auto i : sorted(offers, [&](std::size_t n) { return -r.have[n]; })) {
    while (r.have[i] > 0) {
      auto fits = open.upper_bound(r.have[i]);
      if (fits == open.begin()) break;
      --fits;
      r.give(i, fits->second, fits->first);
      open.erase(fits);
    }
  }
}

Rule planned(Leaning leaning) {
  return [leaning](Round& r, const auto& offers, const auto& requests) {
    std::vector<Giving> givings;
    std::vector<Asking> askings;
    for (const auto i : offers) givings.push_back({{r.have[i] * 1000}, {}, {}});
    for (const auto j : requests) {
      Asking asking;
      asking.missing = {r.lack[j] * 1000};
      asking.waited = static_cast<int>(r.now - r.requests[j].day);
      askings.push_back(asking);
    }
    for (const Share& s : plan(givings, askings, leaning, [](auto, auto) { return true; })) {
      r.give(offers[s.giving], requests[s.asking], s.amount.thousandths / 1000);
    }
  };
}

void run(const std::string& name, const std::vector<Entry>& offers,
         const std::vector<Entry>& requests, double period, const Rule& rule) {
  std::vector<std::int64_t> have, lack;
  for (const auto& offer : offers) have.push_back(offer.quantity);
  for (const auto& request : requests) lack.push_back(request.quantity);
  std::vector<int> parcels(offers.size());
  std::vector<double> waited(offers.size());
  double first = 1e18, last = 0;
  for (const auto& offer : offers)
    first = std::min(first, offer.day), last = std::max(last, offer.day);
  for (const auto& request : requests) last = std::max(last, request.day);

  const auto began = std::chrono::steady_clock::now();
  double now = first;
  do {
    now += period;
    std::map<std::string, std::pair<std::vector<std::size_t>, std::vector<std::size_t>>> items;
    for (std::size_t i = 0; i < offers.size(); ++i) {
      if (offers[i].day <= now && have[i] > 0) items[offers[i].item].first.push_back(i);
    }
    for (std::size_t j = 0; j < requests.size(); ++j) {
      if (requests[j].day <= now && lack[j] > 0) items[requests[j].item].second.push_back(j);
    }
    Round round{offers, requests, have, lack, now, {}};
    round.give = [&](std::size_t i, std::size_t j, std::int64_t amount) {
      if (amount <= 0 || amount > have[i] || amount > lack[j])
        throw std::logic_error("more than there is");
      have[i] -= amount;
      lack[j] -= amount;
      ++parcels[i];
      waited[i] += static_cast<double>(amount) * (now - offers[i].day);
    };
    for (const auto& [item, sides] : items) {
      if (!sides.first.empty() && !sides.second.empty()) rule(round, sides.first, sides.second);
    }
  } while (now <= last);
  const auto took = std::chrono::steady_clock::now() - began;

  double fill = 0, served_fill = 0, idle = 0;
  int served = 0, split = 0, used = 0;
  std::set<std::string> places;
  for (std::size_t j = 0; j < requests.size(); ++j) {
    const double share =
        1 - static_cast<double>(lack[j]) / static_cast<double>(requests[j].quantity);
    fill += share;
    if (share > 0) ++served, served_fill += share, places.insert(requests[j].who);
  }
  for (std::size_t i = 0; i < offers.size(); ++i) {
    // What stays waits until the end.
    idle += (waited[i] + static_cast<double>(have[i]) * (now - offers[i].day)) /
            static_cast<double>(offers[i].quantity);
    if (parcels[i] > 0) ++used, split += parcels[i];
  }
  fmt::print(
      "{:<34} fill {:.3f}  of served {:.3f}  idle {:4.1f} days  parcels {:5.2f}  places {:5}  "
      "{:5.0f} ms\n",
      name, fill / static_cast<double>(requests.size()), served_fill / std::max(served, 1),
      idle / static_cast<double>(offers.size()), static_cast<double>(split) / std::max(used, 1),
      places.size(), std::chrono::duration<double, std::milli>(took).count());
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fputs("usage: matching FOLDER [DAYS]\n", stderr);
    return 2;
  }
  const std::string folder = arguments[1];
  const double period = count > 2 ? std::stod(arguments[2]) : 7;
  const auto offers = read(folder + "/donors.csv", kLargestOffer);
  const auto requests = read(folder + "/recipients.csv", 1e15);
  run("first come, first matched", offers, requests, period, first_come);
  run("oldest need first, in turn", offers, requests, period,
      in_turn([](const Entry& e) { return e.day; }));
  run("smallest need first, in turn", offers, requests, period,
      in_turn([](const Entry& e) { return static_cast<double>(e.quantity); }));
  run("largest offer to need it fills", offers, requests, period, largest_whole);
  run("plan, few parcels", offers, requests, period, planned(Leaning::few_parcels));
  run("plan, balanced", offers, requests, period, planned(Leaning::balanced));
  run("plan, many places", offers, requests, period, planned(Leaning::many_places));
}
