#include "bot/schedule.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <set>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "storage/outbox.h"

using std::chrono::seconds;
using std::chrono::sys_seconds;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<Database> fresh() {
  auto database = open_database(":memory:");
  database->script(kOutboxSchema);
  return database;
}

MadeBrief made(Database&, const std::string& group, std::int64_t day) {
  return {fmt::format("日报 {} {}", group, print_day(day)), "{}"};
}

sys_seconds at(const Zone& zone, std::string_view day, int hour, int minute = 0) {
  return zone.instant(*parse_day(day), hour * 60 + minute);
}

std::vector<std::string> keys(Database& database) {
  std::vector<std::string> found;
  database.run("SELECT dedup FROM outbox ORDER BY id", {},
               [&](const Row& row) { found.push_back(row.string(0)); });
  return found;
}

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("schedule: a brief goes to post_to, else to the group's own platform") {
  GroupConfig group;
  CHECK(brief_targets("generic:g1", group).empty());
  CHECK(brief_targets("wecom:chat", group) == Keys{"wecom:chat"});
  group.post_to = {"hub", "wecom:other"};
  CHECK(brief_targets("generic:g1", group) == group.post_to);
  Config config;
  config.groups["generic:g1"].summary = {20 * 60};
  config.groups["wecom:chat"].summary = {20 * 60};
  config.groups["wecom:silent"].post_to = {"hub"};
  const auto found = schedules(config);
  REQUIRE(found.size() == 1);
  CHECK(found[0].group == "wecom:chat");
}

TEST_CASE("schedule: one brief for each group, day, hour and target, when it is due") {
  const auto database = fresh();
  const Zone zone("Asia/Shanghai");
  const std::vector<GroupSchedule> groups{{"generic:g1", {8 * 60, 20 * 60}, {"hub", "board"}}};
  const auto due = [&](sys_seconds now) {
    return enqueue_due(*database, groups, zone, now, made, 10);
  };
  CHECK(due(at(zone, "2020-02-10", 7, 59)) == 0);
  CHECK(due(at(zone, "2020-02-10", 8)) == 1);
  CHECK(due(at(zone, "2020-02-10", 8)) == 0);
  CHECK(due(at(zone, "2020-02-10", 19, 59)) == 0);
  CHECK(due(at(zone, "2020-02-10", 20)) == 1);
  CHECK(due(at(zone, "2020-02-10", 23, 59)) == 0);
  CHECK(due(at(zone, "2020-02-11", 0)) == 0);
  CHECK(keys(*database) ==
        Keys{"brief/generic:g1/2020-02-10/08:00/hub", "brief/generic:g1/2020-02-10/08:00/board",
             "brief/generic:g1/2020-02-10/20:00/hub", "brief/generic:g1/2020-02-10/20:00/board"});
  CHECK(database->text("SELECT body FROM outbox WHERE id = $1", {std::int64_t{3}}) ==
        "日报 generic:g1 2020-02-10");
}

TEST_CASE("schedule: a clock that jumps makes no second brief and loses none") {
  const auto database = fresh();
  const Zone zone("Asia/Shanghai");
  const std::vector<GroupSchedule> groups{{"generic:g1", {20 * 60}, {"hub"}}};
  const auto due = [&](sys_seconds now) {
    record_missed(*database, groups, zone, now);
    return enqueue_due(*database, groups, zone, now, made, 10);
  };
  CHECK(due(at(zone, "2020-02-09", 20)) == 1);
  CHECK(due(at(zone, "2020-02-10", 20, 10)) == 1);  // an hour too early
  CHECK(due(at(zone, "2020-02-10", 19, 15)) == 0);  // put right
  CHECK(due(at(zone, "2020-02-10", 20, 15)) == 0);
  CHECK(due(at(zone, "2020-02-09", 20, 15)) == 0);  // yesterday again
  CHECK(due(at(zone, "2020-02-12", 1)) == 0);       // far ahead: records that the 11th has none
  CHECK(due(at(zone, "2020-02-11", 20)) == 1);      // but it was not over
  CHECK(due(at(zone, "2020-02-12", 20)) == 1);
}

TEST_CASE("schedule: a brief that was due while the bot was down comes the same day and says so") {
  const auto database = fresh();
  const Zone zone("Asia/Shanghai");
  const std::vector<GroupSchedule> groups{{"generic:g1", {20 * 60}, {"hub"}}};
  CHECK(enqueue_due(*database, groups, zone, at(zone, "2020-02-10", 23), made, 10) == 1);
  CHECK(database->text("SELECT body FROM outbox WHERE id = $1", {std::int64_t{1}}) ==
        "（应于 20:00 发出，迟到补发）\n日报 generic:g1 2020-02-10");
}

TEST_CASE("schedule: a brief of a past day is never made, and the record says why") {
  const auto database = fresh();
  const Zone zone("Asia/Shanghai");
  const std::vector<GroupSchedule> groups{{"generic:g1", {20 * 60}, {"hub"}}};
  record_missed(*database, groups, zone, at(zone, "2020-02-10", 9));
  CHECK(keys(*database).empty());  // a new group missed nothing
  enqueue_due(*database, groups, zone, at(zone, "2020-02-10", 20), made, 10);
  record_missed(*database, groups, zone, at(zone, "2020-02-13", 9));
  record_missed(*database, groups, zone, at(zone, "2020-02-13", 9));
  CHECK(enqueue_due(*database, groups, zone, at(zone, "2020-02-13", 9), made, 10) == 0);
  CHECK(keys(*database) == Keys{"brief/generic:g1/2020-02-10/20:00/hub",
                                "missed/generic:g1/2020-02-11/20:00/hub",
                                "missed/generic:g1/2020-02-12/20:00/hub"});
  CHECK(database->text("SELECT state FROM outbox WHERE id = $1", {std::int64_t{2}}) == "expired");
  CHECK(database->text("SELECT last_error FROM outbox WHERE id = $1", {std::int64_t{2}}) ==
        "not posted: the bot did not run between 20:00 and the end of 2020-02-11");
}

TEST_CASE("schedule: the hour is that of the zone, summer time or not") {
  const Zone zone("America/Los_Angeles");
  const std::vector<GroupSchedule> groups{{"generic:g1", {2 * 60 + 30}, {"hub"}}};
  // 2020-03-08 has no 02:30, 2020-11-01 has its 01:30 twice.
  const auto database = fresh();
  const sys_seconds spring = zone.instant(*parse_day("2020-03-08"));
  std::size_t count = 0;
  for (int minute = 0; minute < 23 * 60; ++minute) {
    count += enqueue_due(*database, groups, zone, spring + std::chrono::minutes{minute}, made, 10);
  }
  CHECK(count == 1);
  const std::vector<GroupSchedule> twice{{"generic:g1", {90}, {"hub"}}};
  const sys_seconds autumn = zone.instant(*parse_day("2020-11-01"));
  count = 0;
  for (int minute = 0; minute < 25 * 60; ++minute) {
    count += enqueue_due(*database, twice, zone, autumn + std::chrono::minutes{minute}, made, 10);
  }
  CHECK(count == 1);
}

TEST_CASE("schedule: few briefs a transaction, and one that cannot be made holds up no other") {
  const auto database = fresh();
  const Zone zone("Asia/Shanghai");
  std::vector<GroupSchedule> groups;
  for (int i = 0; i < 10; ++i) groups.push_back({fmt::format("generic:g{}", i), {0}, {"hub"}});
  const auto faulty = [](Database& in, const std::string& group, std::int64_t day) {
    if (group == "generic:g3") throw std::overflow_error("quantity out of range");
    return made(in, group, day);
  };
  std::vector<std::size_t> counts;
  do {
    counts.push_back(enqueue_due(*database, groups, zone, at(zone, "2020-02-10", 1), faulty, 4));
  } while (counts.back() == 4);
  CHECK(counts == std::vector<std::size_t>{4, 4, 1});
}

namespace {

/// A month of a bot with bad luck: a process that dies anywhere, a clock that jumps, receivers that
/// fail, lose answers, or are away for hours. The receiver keeps what it got by key.
class Month {
 public:
  explicit Month(unsigned seed) : random_(seed) {
    path_ = std::filesystem::temp_directory_path() /
            fmt::format("jieli-month-{}-{}.db", getpid(), seed);
    remove();
    open();
    database_->script(kOutboxSchema);
    for (int i = 0; i < 100; ++i) {
      GroupSchedule group{fmt::format("generic:g{}", i), {20 * 60 + i % 3}, {"hub"}};
      if (i % 4 == 0) group.minutes.push_back(21 * 60);
      if (i % 5 == 0) group.targets.push_back(fmt::format("wecom:g{}", i));
      groups_.push_back(group);
    }
  }
  ~Month() {
    database_.reset();
    remove();
  }

  void live() {
    const sys_seconds start = zone_.instant(*parse_day("2020-02-01"));
    const sys_seconds end = start + 24h * 30;
    for (true_time_ = start; true_time_ < end; true_time_ += seconds{chance(1200) + 1}) {
      if (chance(40) == 0) jump();
      if (chance(60) == 0) true_time_ += std::chrono::minutes{chance(300)};  // down
      if (chance(30) == 0) open();
      hub_away_ = chance(50) == 0 ? true : (chance(8) == 0 ? false : hub_away_);
      minute();
    }
    offset_ = seconds{0};
    hub_away_ = false;
    luck_ = false;
    true_time_ += 2h;
    for (int i = 0; i < 5; ++i) {
      true_time_ += 5min;
      minute();
    }
  }

  std::map<std::string, int> received;  // by key: how often it arrived
  std::set<std::string> expected;
  int restarts = 0, jumps = 0, failures = 0, lost_answers = 0;

  std::int64_t count(std::string_view state) {
    return database_
        ->integer("SELECT COUNT(*) FROM outbox WHERE state = $1 AND dedup LIKE 'brief/%'", {state})
        .value_or(0);
  }

 private:
  struct Killed {};

  int chance(int of) { return std::uniform_int_distribution<int>(0, of - 1)(random_); }
  sys_seconds now() const { return true_time_ + offset_; }

  void open() {
    ++restarts;
    database_.reset();
    database_ = open_database(path_.string());
    database_->script("PRAGMA synchronous=OFF");  // the test kills no kernel
  }
  void remove() const {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path_.string() + end);
  }

  void jump() {
    ++jumps;
    const std::array<seconds, 6> offsets{0s, 0s, 0s, seconds{1h}, -seconds{1h}, -seconds{24h}};
    const seconds before = offset_;
    offset_ = offsets[static_cast<std::size_t>(chance(6))];
    if (offset_ >= before) return;
    Outbox(*database_).forget_waits();
  }

  /// The process may die at any such point; what is not committed is gone.
  void maybe_die() {
    if (luck_ && chance(150) == 0) throw Killed{};
  }

  void minute() {
    for (bool whole = false; !whole;) {
      try {
        enqueue();
        for (int round = 0; round < 200 && deliver(); ++round) true_time_ += 2s;
        whole = true;
      } catch (const Killed&) {
        open();
      }
    }
  }

  void enqueue() {
    std::size_t count = 0;
    do {
      Transaction transaction(*database_);
      record_missed_sometimes();
      const auto make = [&](Database& in, const std::string& group, std::int64_t day) {
        maybe_die();
        return made(in, group, day);
      };
      count = enqueue_due(*database_, groups_, zone_, now(), make, 4);
      maybe_die();
      transaction.commit();
    } while (count == 4);
    const auto day = print_day(zone_.day(now()));
    for (const auto& group : groups_) {
      for (const int due : group.minutes) {
        if (due > zone_.minute(now())) continue;
        for (const auto& target : group.targets) {
          expected.insert(fmt::format("brief/{}/{}/{:02}:{:02}/{}", group.group, day, due / 60,
                                      due % 60, target));
        }
      }
    }
  }

  void record_missed_sometimes() {
    if (chance(50) == 0) record_missed(*database_, groups_, zone_, now());
  }

  /// One round of claims, posts and marks. False where nothing is due.
  bool deliver() {
    std::vector<Claimed> rows;
    {
      Transaction transaction(*database_);
      rows = Outbox(*database_)
                 .claim({.rows = 8, .ailing = 4, .busy = {}, .posts_a_minute = {}}, now());
      transaction.commit();
    }
    for (const auto& row : rows) {
      maybe_die();
      const bool away = row.post.target == "hub" ? hub_away_ : false;
      const bool fails = away || (luck_ && chance(10) == 0);
      const bool answer_lost = !fails && luck_ && chance(30) == 0;
      if (!fails) ++received[row.post.key];
      maybe_die();
      Transaction transaction(*database_);
      Outbox outbox(*database_);
      if (fails || answer_lost) {
        ++(answer_lost ? lost_answers : failures);
        const auto wait = seconds{
            std::min<std::int64_t>(90, 1LL << std::min<std::int64_t>(row.target_failures, 10))};
        outbox.failed(row, "failed", !answer_lost, now() + wait, now() + wait, now());
      } else {
        outbox.sent(row, now());
      }
      transaction.commit();
    }
    return !rows.empty();
  }

  std::mt19937 random_;
  const Zone zone_{"Asia/Shanghai"};
  std::filesystem::path path_;
  std::unique_ptr<Database> database_;
  std::vector<GroupSchedule> groups_;
  sys_seconds true_time_;
  seconds offset_{0};
  bool hub_away_ = false;
  bool luck_ = true;
};

}  // namespace

TEST_CASE("schedule: a month of restarts, jumps of the clock and failures posts each brief once") {
  const auto seed = GENERATE(1u, 2u, 3u);
  CAPTURE(seed);
  Month month(seed);
  month.live();
  CHECK(month.restarts > 50);
  CHECK(month.jumps > 20);
  CHECK(month.failures > 100);
  CHECK(month.lost_answers > 10);
  CHECK(month.expected.size() > 3000);
  std::set<std::string> arrived;
  int repeats = 0;
  for (const auto& [key, count] : month.received) {
    arrived.insert(key);
    repeats += count - 1;
  }
  CHECK(arrived == month.expected);
  CHECK(month.count("sent") == static_cast<std::int64_t>(month.expected.size()));
  CHECK(month.count("waiting") == 0);
  CHECK(month.count("parked") == 0);
  CHECK(repeats <= month.lost_answers + month.restarts * 8);
}
