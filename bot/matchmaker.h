#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "bot/engine.h"
#include "commands/matching/board.h"

/// Keeps the proposals up to date, from construction until stop(): what arrives is fitted into the
/// standing plan at once, and all is planned again a while after something else changed. Reads and
/// plans on a thread of its own with a low priority; only short pieces of writing go to the writer.
/// Says a line where an arrival closes a need whole, and does what time alone brings about
/// (follow_up_matches).
class Matchmaker {
 public:
  /// `said` hears that something was put into the outbox.
  Matchmaker(Engine& engine, const Policy& policy, Engine::Clock clock, std::function<void()> said);
  Matchmaker(const Matchmaker&) = delete;
  Matchmaker& operator=(const Matchmaker&) = delete;
  ~Matchmaker() { stop(); }

  /// Something was recorded. Never blocks for long.
  void notify();
  void stop();

 private:
  struct News {
    std::map<std::string, std::vector<Point>> arrived;  ///< by item
    bool other = false;                                 ///< something else changed
  };

  void run();
  void step();
  News news();
  void fit(const std::string& item, const std::vector<Point>& points);
  void plan_all();
  void say(const std::vector<Match>& fitted);

  Engine& engine_;
  const Policy& policy_;
  const Engine::Clock clock_;
  const std::function<void()> said_;

  // Of the thread itself.
  std::optional<std::map<std::string, std::int64_t>> seen_;  ///< the last number of each group
  bool changed_ = true;                                      ///< since all was planned
  std::chrono::steady_clock::time_point plan_after_{}, follow_after_{};
  std::map<std::string, std::chrono::steady_clock::time_point> said_at_;  ///< by group
  std::string complaint_;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool notified_ = false, stopping_ = false;
  std::thread thread_;
};
