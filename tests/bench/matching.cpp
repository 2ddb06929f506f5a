// Offers and requests of a real spring, matched by simple rules and by plan(): how much is met,
// into how many parcels an offer is split, how long it waits, how many places get something.
//
//   matching FOLDER [DAYS]     FOLDER holds donors.csv and recipients.csv (id, date, item,
//                              quantity); matched every DAYS (7)
//   matching --speed           10,000 needs and 10,000 offers, and one more need
//
// As the published reference does it (Bala, Jacob, He, Samorani: INFORMSJoC/2021.0171): offers over
// 1,000 are dropped, what one donor or place has open of one item is one row in a round, a parcel
// is what goes from one donor to one place in one round, idle days count by unit.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/format.h>

#include "commands/matching/board.h"
#include "commands/matching/plan.h"
#include "commands/matching/propose.h"
#include "storage/ledger.h"
#include "storage/schema.h"

namespace {

constexpr double kLargestOffer = 1000;

struct Said {
  std::string who, item;
  double day = 0;
  std::int64_t quantity = 0;
};

std::vector<Said> read(const std::string& path, double most) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::vector<Said> entries;
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
    entries.push_back(
        {who, item,
         static_cast<double>(days.time_since_epoch().count()) + hour / 24.0 + minute / 1440.0,
         static_cast<std::int64_t>(said)});
  }
  return entries;
}

/// What one donor offers, or one place asks for, of one item: open in this round.
struct Open {
  std::string who;
  double since = 0;  ///< the first of its rows
  std::int64_t amount = 0;
  std::vector<std::size_t> rows;  ///< by day
};

struct Round {
  std::vector<Open> offers, requests;  ///< of one item
  double now = 0;
  const std::set<std::string>& served;  ///< places that got something before
  const std::set<std::pair<std::string, std::string>>& parcels;  ///< of this round: donor and place
  std::function<void(std::size_t offer, std::size_t request, std::int64_t amount)> give;
};
using Strategy = std::function<void(Round&)>;

template <class Key>
std::vector<std::size_t> sorted(const std::vector<Open>& list, Key key) {
  std::vector<std::size_t> order(list.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(key(list[a]), list[a].who) < std::pair(key(list[b]), list[b].who);
  });
  return order;
}

/// Requests in an order, each from the oldest offers until it is met.
Strategy in_turn(std::function<double(const Open&)> order) {
  return [order](Round& r) {
    const auto from = sorted(r.offers, [](const Open& o) { return o.since; });
    std::size_t next = 0;
    for (const auto j : sorted(r.requests, order)) {
      while (r.requests[j].amount > 0 && next < from.size()) {
        r.give(from[next], j, std::min(r.offers[from[next]].amount, r.requests[j].amount));
        if (r.offers[from[next]].amount == 0) ++next;
      }
    }
  };
}

/// The published rule: the first offer to the first request, the second to the second, once a
/// round.
void first_come(Round& r) {
  const auto from = sorted(r.offers, [](const Open& o) { return o.since; });
  const auto to = sorted(r.requests, [](const Open& o) { return o.since; });
  for (std::size_t n = 0; n < std::min(from.size(), to.size()); ++n) {
    r.give(from[n], to[n], std::min(r.offers[from[n]].amount, r.requests[to[n]].amount));
  }
}

void largest_whole(Round& r) {
  std::multimap<std::int64_t, std::size_t> open;
  for (std::size_t j = 0; j < r.requests.size(); ++j) open.emplace(r.requests[j].amount, j);
  for (const auto i :
       sorted(r.offers, [](const Open& o) { return -static_cast<double>(o.amount); })) {
    while (r.offers[i].amount > 0) {
      auto fits = open.upper_bound(r.offers[i].amount);
      if (fits == open.begin()) break;
      --fits;
      r.give(i, fits->second, fits->first);
      open.erase(fits);
    }
  }
}

Strategy planned(Leaning leaning) {
  return [leaning](Round& r) {
    std::vector<Giving> givings;
    std::vector<Asking> askings;
    for (const Open& o : r.offers) givings.push_back({{o.amount * 1000}, {}, {}, leaning});
    for (const Open& o : r.requests) {
      Asking asking;
      asking.missing = {o.amount * 1000};
      asking.waited = static_cast<int>(r.now - o.since);
      asking.served = r.served.contains(o.who);
      askings.push_back(asking);
    }
    const auto fit = [&](std::size_t i, std::size_t j) -> std::optional<std::int64_t> {
      return r.parcels.contains({r.offers[i].who, r.requests[j].who}) ? -kSameParcel : 0;
    };
    for (const Share& s : plan(givings, askings, fit)) {
      r.give(s.giving, s.asking, s.amount.thousandths / 1000);
    }
  };
}

class Run {
 public:
  Run(const std::vector<Said>& offers, const std::vector<Said>& requests)
      : offers_(offers), requests_(requests) {
    for (const auto& offer : offers) have_.push_back(offer.quantity);
    for (const auto& request : requests) lack_.push_back(request.quantity);
  }

  void go(const std::string& name, double period, const Strategy& rule) {
    double now = 1e18, last = 0;
    for (const auto* entries : {&offers_, &requests_}) {
      for (const Said& e : *entries) now = std::min(now, e.day), last = std::max(last, e.day);
    }
    const auto began = std::chrono::steady_clock::now();
    do {
      now = std::min(now + period, last + 0.001);
      round(now, rule);
    } while (now <= last);
    took_ = std::chrono::steady_clock::now() - began;
    print(name);
  }

 private:
  using ByItem = std::map<std::string, std::vector<Open>>;

  static ByItem open_rows(const std::vector<Said>& entries, const std::vector<std::int64_t>& left,
                          double now) {
    std::map<std::pair<std::string, std::string>, Open> rows;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const Said& e = entries[i];
      if (e.day > now || left[i] == 0) continue;
      Open& open = rows[{e.item, e.who}];
      open.who = e.who;
      open.since = open.rows.empty() ? e.day : std::min(open.since, e.day);
      open.amount += left[i];
      open.rows.push_back(i);
    }
    ByItem items;
    for (auto& [key, open] : rows) {
      std::stable_sort(open.rows.begin(), open.rows.end(), [&](std::size_t a, std::size_t b) {
        return entries[a].day < entries[b].day;
      });
      items[key.first].push_back(std::move(open));
    }
    return items;
  }

  void round(double now, const Strategy& rule) {
    round_parcels_.clear();
    fresh_parcels_.clear();
    ByItem offers = open_rows(offers_, have_, now);
    ByItem requests = open_rows(requests_, lack_, now);
    for (auto& [item, from] : offers) {
      const auto to = requests.find(item);
      if (to == requests.end()) continue;
      Round r{std::move(from), std::move(to->second), now, served_, round_parcels_, {}};
      r.give = [&](std::size_t i, std::size_t j, std::int64_t amount) {
        give(r.offers[i], r.requests[j], amount, now);
      };
      rule(r);
      round_parcels_.insert(fresh_parcels_.begin(), fresh_parcels_.end());
      served_.insert(round_served_.begin(), round_served_.end());
    }
  }

  void give(Open& from, Open& to, std::int64_t amount, double now) {
    if (amount <= 0 || amount > from.amount || amount > to.amount)
      throw std::logic_error("more than there is");
    from.amount -= amount;
    to.amount -= amount;
    parcels_.emplace(from.who, to.who, now);
    fresh_parcels_.emplace(from.who, to.who);
    donors_.insert(from.who);
    round_served_.insert(to.who);
    units_ += static_cast<double>(amount);
    for (std::int64_t left = amount; const auto i : from.rows) {
      const std::int64_t part = std::min(left, have_[i]);
      have_[i] -= part;
      left -= part;
      waited_ += static_cast<double>(part) * (now - offers_[i].day);
    }
    for (std::int64_t left = amount; const auto j : to.rows) {
      const std::int64_t part = std::min(left, lack_[j]);
      lack_[j] -= part;
      left -= part;
    }
  }

  void print(const std::string& name) const {
    double fill = 0, served_fill = 0;
    int served = 0;
    for (std::size_t j = 0; j < requests_.size(); ++j) {
      const double share =
          1 - static_cast<double>(lack_[j]) / static_cast<double>(requests_[j].quantity);
      fill += share;
      if (share > 0) ++served, served_fill += share;
    }
    fmt::print(
        "{:<34} fill {:.4f}  of served {:.3f}  idle {:4.1f} days  parcels {:5.2f}  places {:5}  "
        "{:5.0f} ms\n",
        name, fill / static_cast<double>(requests_.size()), served_fill / std::max(served, 1),
        waited_ / std::max(units_, 1.0),
        static_cast<double>(parcels_.size()) /
            static_cast<double>(std::max<std::size_t>(donors_.size(), 1)),
        served_.size(), std::chrono::duration<double, std::milli>(took_).count());
  }

  const std::vector<Said>& offers_;
  const std::vector<Said>& requests_;
  std::vector<std::int64_t> have_, lack_;
  std::set<std::tuple<std::string, std::string, double>> parcels_;
  std::set<std::pair<std::string, std::string>> round_parcels_, fresh_parcels_;
  std::set<std::string> donors_, served_, round_served_;
  double waited_ = 0, units_ = 0;
  std::chrono::steady_clock::duration took_{};
};

/// Ten thousand needs and offers of one line all over the country; then one more need.
void speed() {
  std::mt19937 random(1);
  const auto upto = [&](int most) { return std::uniform_int_distribution<int>(1, most)(random); };
  constexpr std::array<std::string_view, 6> kCities{"武汉", "孝感", "合肥", "长沙", "成都", "西安"};
  std::vector<Giving> givings;
  std::vector<Asking> askings;
  const auto area = [&] {
    return Areas::built_in().find(kCities[static_cast<std::size_t>(upto(6) - 1)]).value();
  };
  for (int n = 0; n < 10'000; ++n) {
    givings.push_back({{upto(1000) * 1000}, area(), {}, Leaning::balanced});
    Asking asking;
    asking.missing = {upto(1000) * 1000};
    asking.area = area();
    asking.urgent = upto(10) == 1;
    asking.waited = upto(20);
    askings.push_back(asking);
  }
  const auto any = [](auto, auto) { return std::optional<std::int64_t>(0); };
  const auto timed = [&](std::string_view name, const auto& gives, const auto& asks) {
    const auto began = std::chrono::steady_clock::now();
    const auto shares = plan(gives, asks, any);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    fmt::print("{:<40} {:6} proposals  {:8.1f} ms\n", name, shares.size(), took.count());
  };
  timed("10,000 needs and 10,000 offers", givings, askings);
  timed("one need among 10,000 offers", givings, std::vector<Asking>{askings.front()});
  timed("one offer among 10,000 needs", std::vector<Giving>{givings.front()}, askings);
}

/// The same in a ledger: reading the board, planning, writing; and what arrives afterwards.
void ledger_speed() {
  const auto database = open_database(":memory:");
  migrate(*database);
  Policy policy;
  policy.catalogue = &Catalogue::built_in();
  policy.day = [](const std::string&, std::chrono::sys_seconds) { return std::int64_t{18'302}; };
  policy.group_name = [](const std::string& group) { return group; };
  const std::chrono::sys_seconds now{std::chrono::sys_days{std::chrono::days{18'302}}};
  std::mt19937 random(1);
  const auto upto = [&](int most) { return std::uniform_int_distribution<int>(1, most)(random); };
  constexpr std::array<std::string_view, 6> kCities{"武汉", "孝感", "合肥", "长沙", "成都", "西安"};
  Ledger ledger(*database);
  const auto append = [&](Kind kind) {
    Entry e;
    e.group = fmt::format("generic:g{}", upto(30));
    e.message = fmt::format("m{}", random());
    e.user = "generic:u";
    e.user_name = fmt::format("u{}", upto(5000));
    e.time = now - std::chrono::hours(upto(200));
    e.day = 18'300;
    e.kind = kind;
    e.item = "口罩";
    e.unit = "只";
    e.quantity = Quantity::whole(upto(1000));
    if (kind == Kind::need) {
      e.place = fmt::format("{}{}医院", kCities[static_cast<std::size_t>(upto(6) - 1)], upto(3000));
    }
    e.urgent = upto(10) == 1;
    const Outcome outcome = ledger.append(e);
    return Point{e.group, outcome.number};
  };
  Transaction transaction(*database);
  for (int n = 0; n < 10'000; ++n) {
    append(Kind::need);
    append(Kind::offer);
  }
  const auto timed = [](std::string_view name, const auto& work) {
    const auto began = std::chrono::steady_clock::now();
    const std::size_t made = work();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    fmt::print("{:<40} {:6}            {:8.1f} ms\n", name, made, took.count());
  };
  std::vector<BoardLine> board;
  std::vector<Match> planned;
  timed("in a ledger: the board is read", [&] {
    board = read_board(*database, policy, now, std::nullopt);
    return board.front().askings.size();
  });
  timed("in a ledger: all is planned", [&] {
    planned = plan_board(board);
    return planned.size();
  });
  timed("in a ledger: the proposals are written", [&] {
    write_proposals(*database, proposal_changes(*database, planned, std::nullopt, now));
    return planned.size();
  });
  const Point need = append(Kind::need);
  timed("in a ledger: one more need is fitted",
        [&] { return fit_in(*database, policy, now, "口罩", {need}).size(); });
  const Point offer = append(Kind::offer);
  timed("in a ledger: one more offer is fitted",
        [&] { return fit_in(*database, policy, now, "口罩", {offer}).size(); });
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fputs("usage: matching FOLDER [DAYS] | --speed\n", stderr);
    return 2;
  }
  const std::string folder = arguments[1];
  if (folder == "--speed") {
    speed();
    ledger_speed();
    return 0;
  }
  const double period = count > 2 ? std::stod(arguments[2]) : 7;
  const auto offers = read(folder + "/donors.csv", kLargestOffer);
  const auto requests = read(folder + "/recipients.csv", 1e15);
  const auto run = [&](const std::string& name, const Strategy& rule) {
    Run(offers, requests).go(name, period, rule);
  };
  run("first come, first matched", first_come);
  run("oldest need first, in turn", in_turn([](const Open& o) { return o.since; }));
  run("smallest need first, in turn",
      in_turn([](const Open& o) { return static_cast<double>(o.amount); }));
  run("largest offer to need it fills", largest_whole);
  run("plan, few parcels", planned(Leaning::few_parcels));
  run("plan, balanced", planned(Leaning::balanced));
  run("plan, many places", planned(Leaning::many_places));
}
