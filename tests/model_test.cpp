#include "tests/model.h"

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "storage/figures.h"
#include "storage/ledger.h"
#include "storage/schema.h"
#include "tests/model_compare.h"

namespace {

using model::Model;
using model::Said;
using namespace std::chrono_literals;

const std::string kGroup = "generic:g1";
constexpr std::chrono::sys_seconds kStart{1581300000s};

std::int64_t day_of(std::chrono::sys_seconds time) {
  return std::chrono::floor<std::chrono::days>(time + 8h).time_since_epoch().count();
}

/// What one seed makes: any operation that the ledger's callers let through.
class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}

  Said next(const std::vector<Said>& before) {
    const Model now(before);
    now_ += pick<std::chrono::seconds>({10s, 10s, 40min, 5h, 20h, 72h});
    Said s;
    Entry& e = s.entry;
    e.group = kGroup;
    e.number = static_cast<std::int64_t>(before.size()) + 1;
    e.message = fmt::format("m{}", e.number);
    e.user_name = pick<std::string>({"张三", "李四", "王五"});
    e.user = "generic:" + e.user_name;
    e.time = chance(5) ? now_ - 100h : now_;
    e.day = day_of(e.time);
    do {
      make(s, now, before);
    } while (e.number == 0);
    return s;
  }

 private:
  template <typename T>
  T pick(std::vector<T> choices) {
    return choices[random_() % choices.size()];
  }
  bool chance(int percent) { return static_cast<int>(random_() % 100) < percent; }
  Quantity amount() {
    return Quantity::whole(pick<int>({20, 50, 50, 100, 100, 110, 150, 200, 300}));
  }
  std::string place() { return pick<std::string>({"三院", "三院", "一医院", "四院", ""}); }
  std::string donor() { return chance(25) ? pick<std::string>({"红会", "李四"}) : ""; }

  void goods(Entry& e) {
    std::tie(e.item, e.unit) = pick<std::pair<std::string, std::string>>(
        {{"口罩", "只"}, {"口罩", "只"}, {"口罩", "只"}, {"口罩", "箱"}, {"酒精", "瓶"}});
    e.quantity = amount();
  }

  /// An entry of one of the kinds that stands now, chosen for `e` to act on; number 0: there is
  /// none.
  std::optional<model::Live> target(Entry& e, const Model& now, const std::vector<Kind>& kinds) {
    std::vector<const model::Live*> found;
    for (const auto& [number, l] : now.live()) {
      if (std::find(kinds.begin(), kinds.end(), l.e.kind) != kinds.end()) found.push_back(&l);
    }
    if (found.empty()) return std::nullopt;
    const model::Live& l = *pick(found);
    e.ref = l.e.number;
    e.item = l.e.item;
    e.unit = l.e.unit;
    e.place = l.e.place;
    return l;
  }

  void make(Said& s, const Model& now, const std::vector<Said>& before) {
    Entry& e = s.entry;
    const std::int64_t number = static_cast<std::int64_t>(before.size()) + 1;
    const Entry blank = e;
    e.number = number;
    if (act(s, now, before)) return;
    s = Said{blank, {}};
    s.entry.number = 0;
  }

  bool act(Said& s, const Model& now, const std::vector<Said>& before) {
    Entry& e = s.entry;
    const auto roll = random_() % 100;
    if (roll < 16) {
      e.kind = Kind::need;
      goods(e);
      e.place = place();
      e.urgent = chance(20);
      e.replaces = chance(20);
      e.own_only = e.replaces && e.place.empty() && chance(60);
      if (chance(15)) e.quantity.reset();
      return true;
    }
    if (roll < 22) {
      e.kind = Kind::offer;
      goods(e);
      e.counterpart = donor();
      return true;
    }
    if (roll < 32) {
      e.kind = Kind::in_transit;
      if (chance(30)) {
        const auto t = target(e, now, {Kind::offer, Kind::need});
        if (!t) return false;
        if (t->e.kind == Kind::offer || chance(20)) {
          e.place = place();
          e.word = "到";
        }
        if (t->e.kind == Kind::need && e.place.empty()) return false;
        e.quantity = amount();
        return true;
      }
      goods(e);
      e.place = place();
      e.counterpart = donor();
      return true;
    }
    if (roll < 49) {
      e.kind = Kind::received;
      if (chance(45)) {
        const auto t = target(
            e, now,
            {Kind::in_transit, Kind::in_transit, Kind::offer, Kind::need, Kind::distributed});
        if (!t || (t->e.kind == Kind::need && e.place.empty())) return false;
        e.quantity = chance(30) && t->e.quantity ? t->e.quantity : amount();
        if (t->e.kind == Kind::in_transit && chance(20)) e.expected = *e.quantity + amount();
        return true;
      }
      goods(e);
      e.place = place();
      e.counterpart = donor();
      e.unpaired = chance(10);
      if (chance(15)) e.expected = *e.quantity + amount();
      return true;
    }
    if (roll < 63) {
      e.kind = Kind::distributed;
      goods(e);
      if (chance(10)) {
        e.kind = pick<Kind>({Kind::distributed, Kind::received});
        e.covers_to = e.day;
        return true;
      }
      e.place = place();
      e.counterpart = donor();
      e.unpaired = chance(10);
      return true;
    }
    if (roll < 70) {
      e.kind = pick<Kind>({Kind::stock, Kind::used, Kind::adjust});
      goods(e);
      if (chance(25)) e.place = place();
      if (e.kind == Kind::adjust) {
        e.word = pick<std::string>({"损耗", "盘盈", "退回", "盘亏"});
        if (e.word == "退回" && e.place.empty()) e.counterpart = donor();
      }
      return true;
    }
    if (roll < 76) {
      e.kind = pick<Kind>({Kind::done, Kind::done, Kind::urgent});
      const auto t = target(e, now, {Kind::need});
      if (!t || !t->is_open()) return false;
      if (e.kind == Kind::done && chance(60)) e.quantity = amount();
      return true;
    }
    if (roll < 79) {
      e.kind = Kind::enough;
      e.item = pick<std::string>({"口罩", "口罩", "酒精"});
      e.place = place();
      e.own_only = e.place.empty() && chance(60);
      e.word = pick<std::string>({"够了", "够了", "暂停", "恢复"});
      if (!chance(15)) return true;
      e.kind = Kind::none_left;
      return target(e, now, {Kind::offer}).has_value();
    }
    if (roll < 82) {
      e.kind = Kind::another;
      const auto t = target(e, now, {Kind::received, Kind::distributed});
      return t && (t->confirmed || (t->pair != 0 && t->pair < t->e.number));
    }
    if (roll < 91) {
      e.kind = Kind::correction;
      const auto t = target(e, now,
                            {Kind::need, Kind::offer, Kind::in_transit, Kind::received,
                             Kind::distributed, Kind::stock, Kind::used, Kind::adjust});
      if (!t) return false;
      if (chance(50)) {
        s.change.quantity = amount();
      } else if (chance(20)) {
        s.change.counterpart = donor();
        if (t->e.kind == Kind::need) s.change.urgent = chance(50);
      } else if (chance(60)) {
        if (t->e.ref != 0 && t->e.kind == Kind::received) return false;
        s.change.place = place();
      } else {
        if (t->e.ref != 0) return false;
        s.change.item = pick<std::string>({"口罩", "酒精"});
      }
      return true;
    }
    e.kind = Kind::voided;
    if (before.empty()) return false;
    const Said& target = pick(before);
    if (now.is_void(target.entry.number)) return false;
    if (target.entry.kind == Kind::voided && chance(70)) return false;
    e.ref = target.entry.number;
    e.item = target.entry.item;
    e.unit = target.entry.unit;
    e.place = target.entry.place;
    return true;
  }

  std::mt19937_64 random_;
  std::chrono::sys_seconds now_ = kStart;
};

/// Lays the operations one by one; where the ledger first differs from the model, the operations up
/// to there and the differences.
struct Result {
  std::size_t laid = 0;
  std::string difference;
};

Result run(const std::vector<Said>& said) {
  const auto db = open_database(":memory:");
  migrate(*db);
  Ledger ledger(*db);
  std::vector<Said> before;
  Result result;
  for (const Said& s : said) {
    before.push_back(s);
    ++result.laid;
    try {
      Transaction transaction(*db);
      ledger.append(s.entry, s.change);
      transaction.commit();
    } catch (const std::exception& error) {
      result.difference = fmt::format("\n  throws {}", error.what());
      return result;
    }
    const Model plain(before);
    result.difference =
        model::compare_totals(*db, kGroup, plain, {}) + model::compare_needs(*db, kGroup, plain);
    if (!result.difference.empty()) return result;
  }
  const Model plain(before);
  for (const std::string place : {"三院", "四院"}) {
    // What is kept by place: needs, deliveries and what is on the road.
    result.difference += model::compare_totals(*db, kGroup, plain, {.place = place});
  }
  const std::int64_t first = day_of(kStart);
  for (const std::int64_t to : {first + 1, first + 3, first + 10}) {
    result.difference += model::compare_totals(*db, kGroup, plain, {.from = to - 1, .to = to});
  }
  for (const std::string& line : verify(*db, nullptr)) result.difference += "\n  verify: " + line;
  return result;
}

/// The operations without the one at `index` and what acts on it, with their new numbers.
std::vector<Said> without(const std::vector<Said>& said, std::size_t index) {
  std::map<std::int64_t, std::int64_t> renamed;
  std::vector<Said> left;
  for (std::size_t i = 0; i < said.size(); ++i) {
    Said s = said[i];
    const bool orphan = s.entry.ref != 0 && !renamed.contains(s.entry.ref);
    if (i == index || orphan) continue;
    renamed[s.entry.number] = static_cast<std::int64_t>(left.size()) + 1;
    s.entry.number = renamed[s.entry.number];
    if (s.entry.ref != 0) s.entry.ref = renamed[s.entry.ref];
    left.push_back(s);
  }
  return left;
}

/// The shortest conversation that still differs, as text.
std::string shrink(std::vector<Said> said, Result result) {
  said.resize(result.laid);
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (std::size_t i = said.size(); i-- > 0 && !smaller;) {
      std::vector<Said> fewer = without(said, i);
      Result again = run(fewer);
      if (again.difference.empty()) continue;
      fewer.resize(again.laid);
      said = std::move(fewer);
      result = again;
      smaller = true;
    }
  }
  std::string text;
  for (const Said& s : said) text += "\n" + model::words(s);
  return text + result.difference;
}

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace

TEST_CASE("the ledger equals a plain model whatever is said", "[model]") {
  const std::uint64_t first = setting("JIELI_MODEL_FIRST", 1);
  const std::uint64_t seeds = setting("JIELI_MODEL_SEEDS", 300);
  const std::uint64_t operations = setting("JIELI_MODEL_OPERATIONS", 60);
  const std::uint64_t enough = setting("JIELI_MODEL_FAILURES", 3);
  std::uint64_t failures = 0;
  for (std::uint64_t seed = first; seed < first + seeds && failures < enough; ++seed) {
    Maker maker(seed);
    std::vector<Said> said;
    while (said.size() < operations) said.push_back(maker.next(said));
    const Result result = run(said);
    if (result.difference.empty()) continue;
    ++failures;
    FAIL_CHECK("seed " << seed << ":" << shrink(said, result));
  }
  CHECK(failures == 0);
}
