// The matching plan: exact where it says so, and never more than there is.

#include "commands/matching/plan.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

#include <catch2/catch.hpp>

#include "commands/matching/transport.h"

namespace {

std::optional<std::int64_t> any(std::size_t, std::size_t) { return 0; }
std::optional<std::int64_t> none(std::size_t, std::size_t) { return std::nullopt; }

/// The greatest worth by augmenting along the best path until none pays (Bellman and Ford), with
/// nothing in common with the solver under test.
std::int64_t best_worth(const std::vector<std::int64_t>& have,
                        const std::vector<std::int64_t>& lack, const std::vector<Way>& ways) {
  struct Edge {
    std::size_t from, to;
    std::int64_t room, worth;
  };
  const std::size_t source = have.size() + lack.size(), sink = source + 1;
  std::vector<Edge> edges;  // each followed by its reverse
  const auto add = [&](std::size_t from, std::size_t to, std::int64_t room, std::int64_t worth) {
    edges.push_back({from, to, room, worth});
    edges.push_back({to, from, 0, -worth});
  };
  for (std::size_t i = 0; i < have.size(); ++i) add(source, i, have[i], 0);
  for (std::size_t j = 0; j < lack.size(); ++j) add(have.size() + j, sink, lack[j], 0);
  for (const Way& way : ways) add(way.supply, have.size() + way.demand, 1'000'000'000, way.worth);
  std::int64_t total = 0;
  for (;;) {
    constexpr std::int64_t kNone = -1'000'000'000'000;
    std::vector<std::int64_t> worth(sink + 1, kNone);
    std::vector<std::size_t> by(sink + 1, edges.size());
    worth[source] = 0;
    for (std::size_t round = 0; round <= sink; ++round) {
      for (std::size_t e = 0; e < edges.size(); ++e) {
        const Edge& edge = edges[e];
        if (edge.room == 0 || worth[edge.from] == kNone) continue;
        if (worth[edge.from] + edge.worth > worth[edge.to]) {
          worth[edge.to] = worth[edge.from] + edge.worth;
          by[edge.to] = e;
        }
      }
    }
    if (worth[sink] <= 0) return total;
    std::int64_t room = 1'000'000'000;
    for (std::size_t at = sink; at != source; at = edges[by[at]].from)
      room = std::min(room, edges[by[at]].room);
    for (std::size_t at = sink; at != source; at = edges[by[at]].from) {
      edges[by[at]].room -= room;
      edges[by[at] ^ 1].room += room;
    }
    total += room * worth[sink];
  }
}

Asking asking(std::int64_t pieces) {
  Asking a;
  a.missing = {pieces * 1000};
  return a;
}

Giving giving(std::int64_t pieces, std::string_view area = {},
              Leaning leaning = Leaning::balanced) {
  return {
      {pieces * 1000}, area.empty() ? Area{} : Areas::built_in().find(area).value(), {}, leaning};
}

}  // namespace

TEST_CASE("the transport plan is worth as much as any", "[matching]") {
  std::mt19937 random(7);
  const auto upto = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  for (int round = 0; round < 300; ++round) {
    std::vector<std::int64_t> have(static_cast<std::size_t>(1 + upto(6)));
    std::vector<std::int64_t> lack(static_cast<std::size_t>(1 + upto(6)));
    for (auto& amount : have) amount = upto(30);
    for (auto& amount : lack) amount = upto(30);
    std::vector<Way> ways;
    for (std::size_t i = 0; i < have.size(); ++i) {
      for (std::size_t j = 0; j < lack.size(); ++j) {
        if (upto(3) > 0) ways.push_back({i, j, upto(100) - 10});
      }
    }
    std::int64_t worth = 0;
    auto given = have, got = lack;
    for (const Flow& flow : transport(have, lack, ways)) {
      const auto way = std::find_if(ways.begin(), ways.end(), [&](const Way& w) {
        return w.supply == flow.supply && w.demand == flow.demand;
      });
      REQUIRE(way != ways.end());
      worth += flow.amount * way->worth;
      given[flow.supply] -= flow.amount;
      got[flow.demand] -= flow.amount;
    }
    CHECK(worth == best_worth(have, lack, ways));
    CHECK(*std::min_element(given.begin(), given.end()) >= 0);
    CHECK(*std::min_element(got.begin(), got.end()) >= 0);
  }
}

TEST_CASE("a plan never gives more than there is, nor more than is missing", "[matching]") {
  std::mt19937 random(11);
  const auto upto = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  for (int round = 0; round < 60; ++round) {
    std::vector<Giving> givings;
    std::vector<Asking> askings;
    const int many = round % 3 == 0 ? 900 : 12;  // beyond what is looked at in full, and below
    for (int n = upto(many); n >= 0; --n) {
      givings.push_back(giving(1 + upto(500), {}, static_cast<Leaning>(upto(2))));
    }
    for (int n = upto(many); n >= 0; --n) {
      askings.push_back(asking(1 + upto(500)));
      askings.back().urgent = upto(9) == 0;
    }
    const auto allowed = [](std::size_t i, std::size_t j) {
      return (i + j) % 5 != 0 ? std::optional<std::int64_t>(0) : std::nullopt;
    };
    std::vector<std::int64_t> given(givings.size()), got(askings.size());
    for (const Share& share : plan(givings, askings, allowed)) {
      CHECK(share.amount > Quantity{});
      CHECK(share.amount.thousandths % 1000 == 0);
      CHECK(allowed(share.giving, share.asking));
      given[share.giving] += share.amount.thousandths;
      got[share.asking] += share.amount.thousandths;
    }
    for (std::size_t i = 0; i < given.size(); ++i) CHECK(given[i] <= givings[i].amount.thousandths);
    for (std::size_t j = 0; j < got.size(); ++j) CHECK(got[j] <= askings[j].missing.thousandths);
  }
}

TEST_CASE("urgent needs go before near ones, near ones before far ones", "[matching]") {
  auto far = asking(100), near = asking(100), urgent = asking(100);
  far.area = Areas::built_in().find("合肥").value();
  near.area = Areas::built_in().find("孝感").value();
  urgent.area = far.area;
  urgent.urgent = true;
  const std::vector<Giving> givings{giving(100, "武汉")};
  auto shares = plan(givings, {far, near}, any);
  REQUIRE(shares.size() == 1);
  CHECK(shares.front().asking == 1);
  shares = plan(givings, {far, near, urgent}, any);
  REQUIRE(shares.size() == 1);
  CHECK(shares.front().asking == 2);
}

TEST_CASE("needs are met whole before others get a crumb", "[matching]") {
  const std::vector<Giving> givings{giving(100)};
  const auto shares = plan(givings, {asking(5000), asking(60), asking(40)}, any);
  std::map<std::size_t, std::int64_t> got;
  for (const Share& share : shares) got[share.asking] = share.amount.thousandths / 1000;
  CHECK(got == std::map<std::size_t, std::int64_t>{{1, 60}, {2, 40}});
}

TEST_CASE("a place that got nothing goes before one that did; one parcel before two",
          "[matching]") {
  auto served = asking(100), waits = asking(100);
  served.served = true;
  auto shares = plan({giving(100)}, {served, waits}, any);
  REQUIRE(shares.size() == 1);
  CHECK(shares.front().asking == 1);
  const auto with_others = [](std::size_t, std::size_t j) -> std::optional<std::int64_t> {
    return j == 0 ? -kSameParcel : 0;
  };
  shares = plan({giving(100)}, {served, waits}, with_others);
  REQUIRE(shares.size() == 1);
  CHECK(shares.front().asking == 0);
}

TEST_CASE("the leaning decides between few parcels and many places", "[matching]") {
  std::vector<Asking> askings{asking(600)};
  for (int n = 0; n < 12; ++n) askings.push_back(asking(50));
  CHECK(plan({giving(600, {}, Leaning::few_parcels)}, askings, any).size() == 1);
  CHECK(plan({giving(600, {}, Leaning::many_places)}, askings, any).size() > 6);
}

TEST_CASE("nothing to give or nothing missing is an empty plan", "[matching]") {
  CHECK(plan({}, {asking(5)}, any).empty());
  CHECK(plan({giving(5)}, {}, any).empty());
  CHECK(plan({giving(0)}, {asking(0)}, any).empty());
  CHECK(plan({giving(5)}, {asking(5)}, none).empty());
}
