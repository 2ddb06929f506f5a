#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "bot/calendar.h"
#include "bot/config.h"
#include "bot/outgoing/kind.h"
#include "bot/schedule.h"
#include "storage/database.h"
#include "storage/outbox.h"

/// What the poster takes from its surroundings, so that tests can bring their own.
struct PosterWorld {
  /// Runs the work in one transaction and returns when that is durable; throws StorageError where
  /// it was not committed. Called by the poster's own thread only.
  std::function<void(const std::function<void(Database&)>&)> write;
  /// The wall clock, asked by several threads. It may jump; waiting never depends on it.
  std::function<std::chrono::sys_seconds()> now;
  /// A number from 0 up to 1, for the jitter of the back-off.
  std::function<double()> random;
  MakeBrief make_brief;
  /// The groups with briefs, and one of them; empty: as in the config. They run inside the
  /// transaction, so that hours set by chat can be added.
  std::function<std::vector<GroupSchedule>(Database&)> schedules;
  ScheduleOf schedule_of;
  /// Puts reminders that are due into the outbox, every few minutes; may be empty.
  std::function<void(Database&, std::chrono::sys_seconds)> remind;
  /// What else is to be done once a day, in a transaction; may be empty.
  std::function<void(Database&, std::chrono::sys_seconds)> daily;
  /// Posts to "platform:group". Runs on a worker thread, through the caller given, so that it can
  /// be broken off. Empty: such rows are parked.
  std::function<Delivery(HttpCaller&, const Claimed&, std::chrono::sys_seconds)> post_to_platform;
  /// Makes a row's attachment and posts it; likewise. Empty: such rows are parked.
  std::function<Delivery(HttpCaller&, const Claimed&, std::chrono::sys_seconds)> post_file;
  /// How often "platform:group" takes a post, 0 without limit. Empty: without limit.
  std::function<std::int64_t(const std::string& target)> posts_a_minute;
  std::chrono::milliseconds tick{1000};  ///< the longest sleep between two looks at the clock
  std::size_t workers = 4;  ///< posts under way at once; one is kept for healthy targets
};

/// Puts due briefs into the outbox and delivers what is there, from construction until stop().
///
/// One thread does all that touches the database, in short transactions; worker threads do nothing
/// but post, so no answer to a webhook waits for a receiver. What was said is known to the database
/// only: a poster that was killed goes on where it was.
class Poster {
 public:
  /// Throws std::invalid_argument where the config's time zone is unknown.
  Poster(const Config& config, PosterWorld world);
  Poster(const Poster&) = delete;
  Poster& operator=(const Poster&) = delete;
  /// Stops.
  ~Poster();

  /// Something was enqueued: look now rather than at the next tick. Never blocks for long.
  void notify();
  /// Breaks off what is under way and returns when all threads have ended; within a second where
  /// `write` answers. Rows broken off are there for the next run. May be called more than once.
  void stop();

 private:
  struct Done {
    Claimed row;
    Delivery delivery;
  };
  struct Worker {
    HttpCaller caller;
    std::thread thread;
  };

  void run();
  void step();
  void work(HttpCaller& caller);
  Delivery post(HttpCaller& caller, const Claimed& row) const;
  void look_at_clock(std::chrono::sys_seconds now);
  void enqueue_briefs(std::chrono::sys_seconds now);
  void begin_day(std::chrono::sys_seconds now);
  void settle_and_claim(std::chrono::sys_seconds now);
  void settle(Outbox& outbox, const Done& done, std::chrono::sys_seconds now);
  void tell(const Done& done) const;
  std::chrono::seconds back_off(std::int64_t failures) const;
  std::int64_t posts_a_minute(const std::string& target) const;
  GroupSchedule schedule(Database& database, const std::string& group) const;
  bool stopping();

  const Config config_;
  const PosterWorld world_;
  const Zone zone_;

  // Of the poster's own thread.
  std::optional<std::int64_t> checked_minute_, checked_day_;
  bool hours_settled_ = false;
  std::vector<Done> unsettled_;  // told by workers, not yet in the database
  std::set<std::string> busy_;   // targets with a post under way
  std::size_t ailing_busy_ = 0;  // of these, targets whose last try failed
  std::optional<std::chrono::sys_seconds> seen_wall_;
  bool waits_void_ = false;
  std::chrono::steady_clock::time_point complained_;

  std::mutex mutex_;
  std::condition_variable wake_poster_, wake_worker_;
  std::deque<Claimed> to_post_;  // guarded by mutex_, as are the four below
  std::vector<Done> done_;
  bool notified_ = false;
  bool stopping_ = false;
  bool workers_ended_ = false;

  std::vector<std::unique_ptr<Worker>> workers_;
  std::thread thread_;
};
