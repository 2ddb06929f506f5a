#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

/// Threads that run tasks. A few stay; more are added while all of them wait (for a commit, say),
/// so that as many messages as wait can share one commit, and leave again when there is nothing
/// to do. Any thread may call any member.
class Workers {
 public:
  using Task = std::function<void()>;

  Workers(std::size_t least, std::size_t most) : least_(least), most_(most) {}
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers() { stop(); }

  /// Queues a task. After stop() it is dropped.
  void run(Task task);
  /// Finishes what is queued and ends every thread.
  void stop();

 private:
  void add_thread();
  void work();
  bool wait_for_task(std::unique_lock<std::mutex>& lock);

  const std::size_t least_, most_;
  std::mutex mutex_;
  std::condition_variable tasks_there_, all_gone_;
  std::deque<Task> tasks_;
  std::size_t threads_ = 0, idle_ = 0;
  bool stopping_ = false;
};
