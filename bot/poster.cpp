#include "bot/poster.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

constexpr std::chrono::hours kGiveUp{24};
/// A clock that is set forward must not end a row that was hardly tried.
constexpr std::int64_t kLeastTries = 3;
constexpr seconds kMostRetryAfter{3600};
// A webhook waits for no more than these.
constexpr std::size_t kBriefsAtOnce = 8;
constexpr std::size_t kChangesAtOnce = 100;
constexpr std::int64_t kRemindEvery = 5;  // minutes
constexpr std::chrono::hours kKept{24 * 90};
constexpr seconds kComplainEvery{60};
constexpr seconds kClockTolerance{5};

/// Ids come from platforms; a line of the log stays one line.
std::string one_line(std::string_view text) {
  std::string safe(text.substr(0, 200));
  std::replace_if(
      safe.begin(), safe.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, '?');
  return safe;
}

}  // namespace

Poster::Poster(const Config& config, PosterWorld world)
    : config_(config), world_(std::move(world)), zone_(config.timezone) {
  for (std::size_t i = 0; i < std::max<std::size_t>(world_.workers, 1); ++i) {
    workers_.push_back(std::make_unique<Worker>());
  }
  for (auto& worker : workers_) {
    worker->thread = std::thread([this, &worker = *worker] { work(worker.caller); });
  }
  thread_ = std::thread([this] { run(); });
}

Poster::~Poster() { stop(); }

void Poster::notify() {
  {
    const std::lock_guard lock(mutex_);
    notified_ = true;
  }
  wake_poster_.notify_one();
}

void Poster::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_worker_.notify_all();
  for (auto& worker : workers_) worker->caller.cancel();
  for (auto& worker : workers_) {
    if (worker->thread.joinable()) worker->thread.join();
  }
  {
    const std::lock_guard lock(mutex_);
    workers_ended_ = true;
  }
  wake_poster_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Poster::work(HttpCaller& caller) {
  for (;;) {
    Claimed row;
    {
      std::unique_lock lock(mutex_);
      wake_worker_.wait(lock, [&] { return stopping_ || !to_post_.empty(); });
      if (to_post_.empty()) return;
      row = std::move(to_post_.front());
      to_post_.pop_front();
    }
    Delivery delivery = post(caller, row);
    {
      const std::lock_guard lock(mutex_);
      done_.push_back({std::move(row), std::move(delivery)});
      notified_ = true;
    }
    wake_poster_.notify_one();
  }
}

Delivery Poster::post(HttpCaller& caller, const Claimed& row) const {
  Delivery delivery;
  try {
    if (!row.post.attachment.empty() && world_.post_file) {
      return world_.post_file(caller, row, world_.now());
    }
    const auto outgoing = config_.outgoing.find(row.post.target);
    if (outgoing != config_.outgoing.end()) {
      return deliver(caller, outgoing->second, row, world_.now());
    }
    if (row.post.target.find(':') != std::string::npos && world_.post_to_platform) {
      return world_.post_to_platform(caller, row, world_.now());
    }
    delivery.outcome = Delivery::Outcome::park;
    delivery.why = "the config has no such place to post to";
  } catch (const std::exception& failed) {
    delivery.outcome = Delivery::Outcome::retry;
    delivery.why = fmt::format("defect: {}", failed.what());
    delivery.most_tries = 5;
  }
  return delivery;
}

void Poster::run() {
  for (bool ended = false; !ended;) {
    step();
    std::unique_lock lock(mutex_);
    wake_poster_.wait_for(lock, world_.tick, [&] { return notified_ || workers_ended_; });
    notified_ = false;
    ended = workers_ended_;
  }
  step();  // what the workers told last, and what none of them took
}

void Poster::step() {
  {
    const std::lock_guard lock(mutex_);
    std::move(done_.begin(), done_.end(), std::back_inserter(unsettled_));
    done_.clear();
    if (workers_ended_) {
      Delivery untried;
      untried.outcome = Delivery::Outcome::cancelled;
      for (Claimed& row : to_post_) unsettled_.push_back({std::move(row), untried});
      to_post_.clear();
    }
  }
  for (auto& worker : workers_) worker->caller.cancel_overdue();
  const sys_seconds now = world_.now();
  try {
    look_at_clock(now);
    enqueue_briefs(now);
    settle_and_claim(now);
  } catch (const std::exception& failed) {
    // Nothing is lost: results stay in unsettled_, all else in the database; next tick again.
    const auto steady = std::chrono::steady_clock::now();
    if (steady - complained_ > kComplainEvery) {
      complained_ = steady;
      spdlog::warn("posting waits for the database: {}", one_line(failed.what()));
    }
  }
}

void Poster::look_at_clock(sys_seconds now) {
  if (seen_wall_ && now < *seen_wall_ - kClockTolerance) {
    spdlog::warn("the clock went back by {} s", (*seen_wall_ - now).count());
    waits_void_ = true;
    hours_settled_ = false;
  }
  seen_wall_ = now;
  if (!waits_void_) return;
  world_.write([](Database& database) { Outbox(database).forget_waits(); });
  waits_void_ = false;
}

void Poster::begin_day(sys_seconds now) {
  world_.write([&](Database& database) {
    Outbox outbox(database);
    if (!checked_day_) {
      const auto count = outbox.expire(now - kGiveUp, "waited for more than 24 hours");
      if (count > 0) spdlog::warn("{} posts expired while the bot was down", count);
    }
    outbox.prune(now - kKept);
    if (world_.daily) world_.daily(database, now);
  });
}

void Poster::enqueue_briefs(sys_seconds now) {
  if (stopping()) return;
  const std::int64_t day = zone_.day(now);
  if (checked_day_ != day) {
    begin_day(now);
    checked_day_ = day;
  }
  if (!hours_settled_) {
    world_.write([&](Database& database) {
      const auto all = world_.schedules ? world_.schedules(database) : schedules(config_);
      settle_hours(database, all, zone_, now);
    });
    hours_settled_ = true;
    checked_minute_.reset();
  }
  // Summaries are due by the minute; a minute that was looked at is done, whatever the clock does.
  const std::int64_t minute = day * 1440 + zone_.minute(now);
  if (checked_minute_ == minute) return;
  const ScheduleOf of = [this](Database& database, const std::string& group) {
    return schedule(database, group);
  };
  std::size_t seen = 0;
  do {
    world_.write([&](Database& database) {
      settle_changed_hours(database, of, zone_, now, kChangesAtOnce);
      seen = enqueue_due(database, of, zone_, now, world_.make_brief, kBriefsAtOnce);
    });
  } while (seen == kBriefsAtOnce && !stopping());
  if (world_.remind && minute % kRemindEvery == 0) {
    world_.write([&](Database& database) { world_.remind(database, now); });
  }
  checked_minute_ = minute;
}

void Poster::settle_and_claim(sys_seconds now) {
  std::vector<Claimed> taken;
  const std::size_t idle = workers_.size() - std::min(workers_.size(), busy_.size());
  if (unsettled_.empty() && (idle == 0 || stopping())) return;
  // Settled targets are free again, but only once that is durable.
  std::set<std::string> busy = busy_;
  std::size_t ailing = ailing_busy_;
  for (const Done& done : unsettled_) {
    busy.erase(done.row.post.target);
    if (done.row.target_failures > 0) --ailing;
  }
  world_.write([&](Database& database) {
    taken.clear();
    Outbox outbox(database);
    for (const Done& done : unsettled_) settle(outbox, done, now);
    if (stopping()) return;
    // One worker is kept from targets that fail, so that hanging ones cannot hold up all others.
    const std::size_t for_ailing = std::max<std::size_t>(workers_.size() - 1, 1);
    taken = outbox.claim(
        {.rows = workers_.size() - std::min(workers_.size(), busy.size()),
         .ailing = for_ailing - std::min(for_ailing, ailing),
         .busy = [&](const std::string& target) { return busy.contains(target); },
         .posts_a_minute = [&](const std::string& target) { return posts_a_minute(target); }},
        now);
  });
  for (const Done& done : unsettled_) tell(done);
  unsettled_.clear();
  busy_ = std::move(busy);
  ailing_busy_ = ailing;
  if (taken.empty()) return;
  {
    const std::lock_guard lock(mutex_);
    for (Claimed& row : taken) {
      busy_.insert(row.post.target);
      if (row.target_failures > 0) ++ailing_busy_;
      to_post_.push_back(std::move(row));
    }
  }
  wake_worker_.notify_all();
}

void Poster::settle(Outbox& outbox, const Done& done, sys_seconds now) {
  const Claimed& row = done.row;
  const Delivery& delivery = done.delivery;
  switch (delivery.outcome) {
    case Delivery::Outcome::sent:
      if (delivery.last) {
        outbox.sent(row, now);
      } else {
        outbox.sent_part(row, now);
      }
      return;
    case Delivery::Outcome::hold:
      outbox.held(row, delivery.why, now + std::clamp(delivery.after, seconds{1}, kMostRetryAfter),
                  delivery.asked, now);
      return;
    case Delivery::Outcome::park:
      outbox.park(row, delivery.why, now);
      return;
    case Delivery::Outcome::cancelled:
      outbox.released(row, delivery.answered);
      return;
    case Delivery::Outcome::retry:
      break;
  }
  const std::int64_t tries = row.attempts + 1;
  // Refusals alone: a receiver that was away for hours has not refused.
  Claimed counted = row;
  if (delivery.most_tries > 0 && ++counted.refusals >= delivery.most_tries) {
    outbox.park(row, fmt::format("{}; given up after {} tries", delivery.why, tries), now);
    return;
  }
  if (now - row.created >= kGiveUp && tries >= kLeastTries) {
    outbox.park(row, fmt::format("{}; given up after 24 hours", delivery.why), now);
    return;
  }
  const seconds asked = std::min(delivery.after, kMostRetryAfter);
  outbox.failed(counted, delivery.why, delivery.answered, now + std::max(asked, back_off(tries)),
                now + std::max(asked, back_off(row.target_failures + 1)), now);
}

void Poster::tell(const Done& done) const {
  const auto& key = done.row.post.key;
  switch (done.delivery.outcome) {
    case Delivery::Outcome::sent:
      if (done.delivery.last) spdlog::info("posted {}", one_line(key));
      return;
    case Delivery::Outcome::park:
      spdlog::error("cannot post {}: {}", one_line(key), one_line(done.delivery.why));
      return;
    case Delivery::Outcome::cancelled:
      return;
    case Delivery::Outcome::retry:
    case Delivery::Outcome::hold:
      break;
  }
  // Each failing target is told of once, not at every try of a long night.
  if (done.row.target_failures > 0) return;
  spdlog::warn("posting {} will be tried again: {}", one_line(key), one_line(done.delivery.why));
}

seconds Poster::back_off(std::int64_t failures) const {
  // 1 s doubling to 60 s, then as much again at random: many bots do not come back in step.
  const std::int64_t base = failures >= 7 ? 60 : std::min<std::int64_t>(60, 1LL << (failures - 1));
  const double jitter = std::clamp(world_.random(), 0.0, 1.0) * static_cast<double>(base);
  return seconds{base + static_cast<std::int64_t>(jitter)};
}

std::int64_t Poster::posts_a_minute(const std::string& target) const {
  const auto outgoing = config_.outgoing.find(target);
  if (outgoing == config_.outgoing.end()) {
    return world_.posts_a_minute ? world_.posts_a_minute(target) : 0;
  }
  const OutgoingKind* kind = outgoing_kind(outgoing->second.kind);
  return kind == nullptr ? 0 : kind->posts_a_minute;
}

GroupSchedule Poster::schedule(Database& database, const std::string& group) const {
  if (world_.schedule_of) return world_.schedule_of(database, group);
  const auto at = config_.groups.find(group);
  if (at == config_.groups.end()) return {group, {}, {}};
  return {group, at->second.summary, brief_targets(group, at->second)};
}

bool Poster::stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}
