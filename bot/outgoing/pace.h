#pragma once

#include <chrono>
#include <deque>
#include <mutex>
#include <optional>

/// Keeps a whole account under its limit, over all groups: at most `posts` in any minute and `gap`
/// between two.
class Pace {
 public:
  Pace(std::size_t posts, std::chrono::seconds gap) : posts_(posts), gap_(gap) {}

  /// Empty where one may be posted now, which counts as done; else how long to wait. What lies
  /// ahead of `now` was written before the clock went back.
  std::optional<std::chrono::seconds> wait(std::chrono::sys_seconds now) {
    const std::lock_guard lock(mutex_);
    while (!posted_.empty() && (now - posted_.front() >= kMinute || posted_.back() > now)) {
      posted_.pop_front();
    }
    auto free = now;
    if (!posted_.empty()) free = std::max(free, posted_.back() + gap_ + kRounding);
    if (posted_.size() >= posts_) free = std::max(free, posted_.front() + kMinute);
    if (free > now) return free - now;
    posted_.push_back(now);
    return std::nullopt;
  }

 private:
  // Whole seconds: only one more of them apart are surely as far apart as they must be.
  static constexpr std::chrono::seconds kRounding{1};
  static constexpr std::chrono::seconds kMinute{61};
  const std::size_t posts_;
  const std::chrono::seconds gap_;
  std::mutex mutex_;
  std::deque<std::chrono::sys_seconds> posted_;
};
