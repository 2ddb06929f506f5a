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

MadeBrief made(Database&, const std::string& group, const Days& days) {
  const std::string from = days.from == days.to ? "" : print_day(*days.from) + " ";
  return {fmt::format("日报 {} {}{}", group, from, print_day(*days.to)), "{}"};
}

ScheduleOf among(const std::vector<GroupSchedule>& groups) {
  return [&groups](Database&, const std::string& group) {
    for (const GroupSchedule& schedule : groups) {
      if (schedule.group == group) return schedule;
    }
    return GroupSchedule{group, {}, {}};
  };
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

namespace {

/// A schedule, and the times at which it is looked at: as the poster does, all of the day is looked
/// at again at start and when the clock goes back.
class Watch {
 public:
  explicit Watch(std::vector<GroupSchedule> groups, const std::string& name = "Asia/Shanghai")
      : zone(name), groups_(std::move(groups)) {}

  /// Briefs that are made at this time.
  std::int64_t look(sys_seconds now) {
    if (!seen_ || now < *seen_) settle_hours(*database, groups_, zone, now);
    seen_ = now;
    const auto before = briefs();
    while (enqueue_due(*database, among(groups_), zone, now, made, 2) == 2) {
    }
    return briefs() - before;
  }
  std::int64_t look(std::string_view day, int hour, int minute = 0) {
    return look(at(zone, day, hour, minute));
  }
  void restart() { seen_.reset(); }

  const std::unique_ptr<Database> database = fresh();
  const Zone zone;

 private:
  std::int64_t briefs() {
    return database->integer("SELECT count(*) FROM outbox WHERE dedup LIKE 'brief%'", {}).value();
  }

  const std::vector<GroupSchedule> groups_;
  std::optional<sys_seconds> seen_;
};

}  // namespace

TEST_CASE("schedule: one brief for each group, day, hour and target, when it is due") {
  Watch watch({{"generic:g1", {8 * 60, 20 * 60}, {"hub", "board"}}});
  CHECK(watch.look("2020-02-10", 7, 59) == 0);
  CHECK(watch.look("2020-02-10", 8) == 2);
  CHECK(watch.look("2020-02-10", 8) == 0);
  CHECK(watch.look("2020-02-10", 19, 59) == 0);
  CHECK(watch.look("2020-02-10", 20) == 2);
  CHECK(watch.look("2020-02-10", 23, 59) == 0);
  CHECK(watch.look("2020-02-11", 0) == 0);
  CHECK(keys(*watch.database) ==
        Keys{"brief/generic:g1/2020-02-10/08:00/hub", "brief/generic:g1/2020-02-10/08:00/board",
             "brief/generic:g1/2020-02-10/20:00/hub", "brief/generic:g1/2020-02-10/20:00/board"});
  CHECK(watch.database->text("SELECT body FROM outbox WHERE id = $1", {std::int64_t{3}}) ==
        "日报 generic:g1 2020-02-10");
}

TEST_CASE("schedule: a clock that jumps makes no second brief and loses none") {
  Watch watch({{"generic:g1", {20 * 60}, {"hub"}}});
  CHECK(watch.look("2020-02-09", 20) == 1);
  CHECK(watch.look("2020-02-10", 20, 10) == 1);  // an hour too early
  CHECK(watch.look("2020-02-10", 19, 15) == 0);  // put right
  CHECK(watch.look("2020-02-10", 20, 15) == 0);
  CHECK(watch.look("2020-02-09", 20, 15) == 0);  // yesterday again
  CHECK(watch.look("2020-02-12", 1) == 0);       // far ahead: records that the 11th has none
  CHECK(watch.look("2020-02-11", 20) == 1);      // but it was not over
  CHECK(watch.look("2020-02-12", 20) == 1);
}

TEST_CASE("schedule: a brief that was due while the bot was down comes the same day and says so") {
  Watch watch({{"generic:g1", {20 * 60}, {"hub"}}});
  CHECK(watch.look("2020-02-10", 23) == 1);
  watch.restart();
  CHECK(watch.look("2020-02-10", 23, 5) == 0);
  CHECK(watch.database->text("SELECT body FROM outbox WHERE id = $1", {std::int64_t{1}}) ==
        "（应于 20:00 发出，迟到补发）\n日报 generic:g1 2020-02-10");
}

TEST_CASE("schedule: a brief of a past day is never made, the record says why, the group is told") {
  Watch watch({{"wecom:g1", {20 * 60}, {"hub"}}});
  CHECK(watch.look("2020-02-10", 9) == 0);
  CHECK(keys(*watch.database).empty());  // a new group missed nothing
  watch.look("2020-02-10", 20);
  watch.restart();
  CHECK(watch.look("2020-02-13", 9) == 0);
  watch.restart();
  CHECK(watch.look("2020-02-13", 9) == 0);
  CHECK(keys(*watch.database) == Keys{"brief/wecom:g1/2020-02-10/20:00/hub",
                                      "missed/wecom:g1/2020-02-11/20:00/hub",
                                      "missed/wecom:g1/2020-02-12/20:00/hub",
                                      "offer/wecom:g1/2020-02-12/20:00/wecom:g1"});
  Database& db = *watch.database;
  CHECK(db.text("SELECT state FROM outbox WHERE id = $1", {std::int64_t{2}}) == "expired");
  CHECK(db.text("SELECT last_error FROM outbox WHERE id = $1", {std::int64_t{2}}) ==
        "not posted: the bot did not run between 20:00 and the end of 2020-02-11");
  CHECK(db.text("SELECT body FROM outbox WHERE id = $1", {std::int64_t{4}}) ==
        "2月11日、2月12日 20:00 的日报没有发出（机器人当时没有运行）。协调员要看请发：\n日报 2月12日");
}

TEST_CASE("schedule: a 周报 comes on its day, over seven days") {
  // 2020-02-09 was a Sunday.
  Watch watch({{"generic:g1", {}, {"hub"}, {6 * 1440 + 20 * 60}}});
  CHECK(watch.look("2020-02-08", 21) == 0);
  CHECK(watch.look("2020-02-09", 19, 59) == 0);
  CHECK(watch.look("2020-02-09", 20) == 1);
  CHECK(watch.look("2020-02-15", 20) == 0);
  CHECK(watch.look("2020-02-16", 20) == 1);
  CHECK(keys(*watch.database) == Keys{"brief/week/generic:g1/2020-02-09/20:00/hub",
                                      "brief/week/generic:g1/2020-02-16/20:00/hub"});
  CHECK(watch.database->text("SELECT body FROM outbox WHERE id = $1", {std::int64_t{1}}) ==
        "日报 generic:g1 2020-02-03 2020-02-09");
}

TEST_CASE("schedule: the hour is that of the zone, summer time or not") {
  // 2020-03-08 has no 02:30, 2020-11-01 has its 01:30 twice.
  Watch spring({{"generic:g1", {2 * 60 + 30}, {"hub"}}}, "America/Los_Angeles");
  std::int64_t count = 0;
  const sys_seconds march = spring.zone.instant(*parse_day("2020-03-08"));
  for (int minute = 0; minute < 23 * 60; ++minute) {
    count += spring.look(march + std::chrono::minutes{minute});
  }
  CHECK(count == 1);
  Watch autumn({{"generic:g1", {90}, {"hub"}}}, "America/Los_Angeles");
  const sys_seconds november = autumn.zone.instant(*parse_day("2020-11-01"));
  count = 0;
  for (int minute = 0; minute < 25 * 60; ++minute) {
    count += autumn.look(november + std::chrono::minutes{minute});
  }
  CHECK(count == 1);
}

TEST_CASE("schedule: few briefs a transaction, and one that cannot be made holds up no other") {
  const auto database = fresh();
  const Zone zone("Asia/Shanghai");
  std::vector<GroupSchedule> groups;
  for (int i = 0; i < 10; ++i) groups.push_back({fmt::format("generic:g{}", i), {0}, {"hub"}});
  const auto faulty = [](Database& in, const std::string& group, const Days& days) {
    if (group == "generic:g3") throw std::overflow_error("quantity out of range");
    return made(in, group, days);
  };
  const sys_seconds now = at(zone, "2020-02-10", 1);
  settle_hours(*database, groups, zone, now);
  std::vector<std::size_t> counts;
  do {
    counts.push_back(enqueue_due(*database, among(groups), zone, now, faulty, 4));
  } while (counts.back() == 4);
  CHECK(counts == std::vector<std::size_t>{4, 4, 2});
  CHECK(keys(*database).size() == 9);
  CHECK(enqueue_due(*database, among(groups), zone, now, made, 4) == 0);
  CHECK(enqueue_due(*database, among(groups), zone, now + 1min, made, 4) == 1);
  CHECK(keys(*database).back() == "brief/generic:g3/2020-02-10/00:00/hub");
}

namespace {

/// A month of a bot with bad luck: a process that dies anywhere, a clock that jumps, receivers that
/// fail, lose answers, or are away for hours. The receiver keeps what it got by key.
class Month {
 public:
  Month(unsigned seed, int groups) : random_(seed) {
    path_ = std::filesystem::temp_directory_path() /
            fmt::format("jieli-month-{}-{}.db", getpid(), seed);
    remove();
    open();
    database_->script(kOutboxSchema);
    for (int i = 0; i < groups; ++i) {
      // A hundred groups post to one hub, more of them each to a place of their own.
      const std::string target = i < 100 ? "hub" : fmt::format("wecom:chat{}", i);
      GroupSchedule group{fmt::format("generic:g{}", i), {20 * 60 + i % 3}, {target}};
      if (i % 4 == 0) group.minutes.push_back(21 * 60);
      if (i % 5 == 0) group.targets.push_back(fmt::format("wecom:g{}", i));
      groups_.push_back(group);
    }
    for (const GroupSchedule& group : groups_) by_name_[group.group] = &group;
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
  static constexpr std::size_t kAtOnce = 8;

  int chance(int of) { return std::uniform_int_distribution<int>(0, of - 1)(random_); }
  sys_seconds now() const { return true_time_ + offset_; }

  void open() {
    ++restarts;
    database_.reset();
    database_ = open_database(path_.string());
    database_->script("PRAGMA synchronous=OFF");  // the test kills no kernel
    settled_ = false;
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
    settled_ = false;
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
      if (!settled_) settle_hours(*database_, groups_, zone_, now());
      const auto make = [&](Database& in, const std::string& group, const Days& days) {
        maybe_die();
        return made(in, group, days);
      };
      const ScheduleOf of = [this](Database&, const std::string& group) {
        return *by_name_.at(group);
      };
      count = enqueue_due(*database_, of, zone_, now(), make, kAtOnce);
      maybe_die();
      transaction.commit();
      settled_ = true;
    } while (count == kAtOnce);
    expect();
  }

  /// What was due since this day was looked at last.
  void expect() {
    const int minute = zone_.minute(now());
    int& looked = looked_.try_emplace(zone_.day(now()), -1).first->second;
    if (minute <= looked) return;
    const int since = std::exchange(looked, minute);
    const auto day = print_day(zone_.day(now()));
    for (const auto& group : groups_) {
      for (const int due : group.minutes) {
        if (due > minute || due <= since) continue;
        for (const auto& target : group.targets) {
          expected.insert(fmt::format("brief/{}/{}/{:02}:{:02}/{}", group.group, day, due / 60,
                                      due % 60, target));
        }
      }
    }
  }

  /// One round of claims, posts and marks. False where nothing is due.
  bool deliver() {
    std::vector<Claimed> rows;
    {
      Transaction transaction(*database_);
      rows = Outbox(*database_)
                 .claim({.rows = 16, .ailing = 8, .busy = {}, .posts_a_minute = {}}, now());
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
  std::map<std::string, const GroupSchedule*> by_name_;
  std::map<std::int64_t, int> looked_;  // by day: the last minute
  bool settled_ = false;
  sys_seconds true_time_;
  seconds offset_{0};
  bool hub_away_ = false;
  bool luck_ = true;
};

}  // namespace

TEST_CASE("schedule: a month of restarts, jumps of the clock and failures posts each brief once") {
  // JIELI_MONTH_GROUPS=1000 for more.
  const char* const more = std::getenv("JIELI_MONTH_GROUPS");
  const auto seed = GENERATE(1u, 2u, 3u);
  const int groups = seed < 3 ? 100 : more == nullptr ? 300 : std::atoi(more);
  CAPTURE(seed, groups);
  Month month(seed, groups);
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
  CHECK(repeats <= month.lost_answers + month.restarts * 16);
}
