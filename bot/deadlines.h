#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

/// Calls functions after a time, one after the other, on a thread of its own. What has not been
/// called when it ends is not called.
class Deadlines {
 public:
  Deadlines() : thread_([this] { run(); }) {}
  Deadlines(const Deadlines&) = delete;
  Deadlines& operator=(const Deadlines&) = delete;
  ~Deadlines() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }

  void after(std::chrono::milliseconds time, std::function<void()> call) {
    const std::lock_guard lock(mutex_);
    const auto at = Clock::now() + time;
    const bool first = calls_.empty() || at < calls_.begin()->first;
    calls_.emplace(at, std::move(call));
    if (first) wake_.notify_one();
  }

 private:
  using Clock = std::chrono::steady_clock;

  void run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      if (calls_.empty()) {
        wake_.wait(lock);
      } else if (const auto at = calls_.begin()->first; Clock::now() < at) {
        wake_.wait_until(lock, at);
      } else {
        const auto call = std::move(calls_.begin()->second);
        calls_.erase(calls_.begin());
        lock.unlock();
        call();
        lock.lock();
      }
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::multimap<Clock::time_point, std::function<void()>> calls_;
  bool stopping_ = false;
  std::thread thread_;
};
