#include "bot/matchmaker.h"

#include <algorithm>

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bot/log.h"
#include "commands/hub.h"
#include "commands/matching/follow.h"
#include "commands/matching/propose.h"
#include "commands/matching/view.h"
#include "storage/groups.h"
#include "storage/outbox.h"

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr auto kGather = 150ms;  // what comes together is fitted together
constexpr auto kTick = 20s;
constexpr auto kPlanPause = 20s;  // between two plans of everything, or
constexpr int kPlanShare = 20;    // so many times as long as one took
constexpr auto kFollowPause = 60s;
constexpr auto kSayPause = 10min;  // between two lines in one group
constexpr std::size_t kLinesSaid = 3;
constexpr std::size_t kWrittenAtOnce = 200;
constexpr int kNice = 10;

/// Where a match is said: in the coordinators' groups, else where it is needed.
std::vector<std::string> audience(Database& database, const Match& m) {
  std::vector<std::string> groups;
  for (const auto& [group, on] : Groups(database).with_setting(std::string(kSeesAllSetting))) {
    groups.push_back(group);
  }
  if (groups.empty()) groups.push_back(m.need_group);
  return groups;
}

}  // namespace

Matchmaker::Matchmaker(Engine& engine, const Policy& policy, Engine::Clock clock,
                       std::function<void()> said)
    : engine_(engine), policy_(policy), clock_(std::move(clock)), said_(std::move(said)) {
  thread_ = std::thread([this] { run(); });
}

void Matchmaker::notify() {
  const std::lock_guard lock(mutex_);
  notified_ = true;
  wake_.notify_one();
}

void Matchmaker::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Matchmaker::run() {
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice);
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, changed_ ? kPlanPause : kTick, [&] { return notified_ || stopping_; });
      if (!stopping_ && notified_) {
        notified_ = false;
        wake_.wait_for(lock, kGather, [&] { return stopping_; });
      }
      if (stopping_) return;
    }
    try {
      step();
      complaint_.clear();
    } catch (const std::exception& failed) {
      // Proposals can be made at any later time: what was not seen is planned with all else.
      if (complaint_ != failed.what())
        log_warning(fmt::format("matching waits: {}", failed.what()));
      complaint_ = failed.what();
      changed_ = true;
    }
  }
}

void Matchmaker::step() {
  const News fresh = news();
  for (const auto& [item, points] : fresh.arrived) fit(item, points);
  changed_ = changed_ || fresh.other;
  const auto now = SteadyClock::now();
  if (changed_ && now >= plan_after_) {
    plan_all();
    changed_ = false;
    const auto done = SteadyClock::now();
    plan_after_ = done + std::max<SteadyClock::duration>(kPlanPause, kPlanShare * (done - now));
  }
  if (now < follow_after_) return;
  follow_after_ = now + kFollowPause;
  engine_.write([&](Database& database) { follow_up_matches(database, policy_, clock_()); });
  said_();
}

/// What was recorded since the last look: needs, offers and goods that came, and whether anything
/// else was.
Matchmaker::News Matchmaker::news() {
  News fresh;
  engine_.with_reader([&](Database& database) {
    std::map<std::string, std::int64_t> last;
    database.run("SELECT grp, numbers FROM groups", {},
                 [&](const Row& row) { last[row.string(0)] = row.integer(1); });
    if (!seen_) {
      fresh.other = true;
      seen_ = std::move(last);
      return;
    }
    for (const auto& [group, number] : last) {
      const std::int64_t before = (*seen_)[group];
      if (number <= before) continue;
      database.run(
          "SELECT number, kind, item, place, calm, replaces FROM standing WHERE grp = $1 AND "
          "number > $2"
          " AND voided_by = 0",
          {group, before}, [&](const Row& row) {
            const std::string_view kind = row.text(1);
            const bool here = row.text(3).empty();
            // What is urgent, or takes the place of others, may change what was planned before.
            if (row.integer(4) == 0 || row.integer(5) != 0) fresh.other = true;
            if (kind == "need" || kind == "offer" || (kind == "in_transit" && here)) {
              fresh.arrived[row.string(2)].push_back({group, row.integer(0)});
            } else if (kind == "received" && here) {
              fresh.arrived[row.string(2)].push_back({group, 0});
            } else {
              fresh.other = true;
            }
          });
    }
    seen_ = std::move(last);
  });
  return fresh;
}

void Matchmaker::fit(const std::string& item, const std::vector<Point>& points) {
  std::vector<Match> fitted;
  engine_.with_reader(
      [&](Database& database) { fitted = fit_in(database, policy_, clock_(), item, points); });
  if (fitted.empty()) return;
  engine_.write([&](Database& database) { fitted = add_proposals(database, fitted); });
  say(fitted);
}

/// One line for each arrival that closes a need whole, rarely.
void Matchmaker::say(const std::vector<Match>& fitted) {
  const auto now = SteadyClock::now();
  bool any = false;
  engine_.write([&](Database& database) {
    std::map<std::string, std::pair<std::size_t, std::string>> lines;
    std::int64_t first = 0;
    for (const Match& m : fitted) {
      if (room_for(database, m).missing > m.quantity) continue;
      if (first == 0) first = m.id;
      for (const std::string& group : audience(database, m)) {
        if (now - said_at_[group] < kSayPause && said_at_[group] != SteadyClock::time_point{})
          continue;
        auto& [count, text] = lines[group];
        if (++count > kLinesSaid) continue;
        text += fmt::format("{}. {}\n", m.id, line_of(view_of(database, policy_, m)));
      }
    }
    for (auto& [group, of] : lines) {
      const std::string key = fmt::format("proposed {} {}", group, first);
      Outbox(database).enqueue(
          {.key = key,
           .group = group,
           .target = group,
           .text = "可以匹配：\n" + of.second + fmt::format("协调员定下请发：确认 匹配 {}", first),
           .figures = "",
           .cause = key,
           .not_before = {}},
          clock_());
      said_at_[group] = now;
      any = true;
    }
  });
  if (any) said_();
}

void Matchmaker::plan_all() {
  std::vector<BoardLine> board;
  engine_.with_reader(
      [&](Database& database) { board = read_board(database, policy_, clock_(), std::nullopt); });
  const std::vector<Match> plan = plan_board(board);
  std::vector<ProposalChange> changes;
  engine_.with_reader([&](Database& database) {
    changes = proposal_changes(database, plan, std::nullopt, clock_());
  });
  // In small pieces, so that messages come between.
  for (std::size_t from = 0; from < changes.size(); from += kWrittenAtOnce) {
    const std::size_t to = std::min(changes.size(), from + kWrittenAtOnce);
    engine_.write([&](Database& database) {
      write_proposals(database, std::span(changes).subspan(from, to - from));
    });
  }
}
