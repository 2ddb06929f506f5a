#include "bot/workers.h"

#include <chrono>
#include <system_error>
#include <thread>

namespace {
constexpr std::chrono::seconds kIdle{2};
}

void Workers::run(Task task) {
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  tasks_.push_back(std::move(task));
  if (tasks_.size() > idle_ && threads_ < most_) {
    add_thread();
  }
  tasks_there_.notify_one();
}

void Workers::add_thread() {
  try {
    // Detached: stop() waits for the count, and a worker touches nothing after it counted down.
    std::thread([this] { work(); }).detach();
    ++threads_;
  } catch (const std::system_error&) {
    if (threads_ == 0) throw;  // else the others will come to it
  }
}

void Workers::stop() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  tasks_there_.notify_all();
  all_gone_.wait(lock, [this] { return threads_ == 0; });
}

/// False where this thread is to end.
bool Workers::wait_for_task(std::unique_lock<std::mutex>& lock) {
  const auto ready = [this] { return !tasks_.empty() || stopping_; };
  while (!ready()) {
    ++idle_;
    const bool woken = tasks_there_.wait_for(lock, kIdle, ready);
    --idle_;
    if (!woken && threads_ > least_) return false;
  }
  return !tasks_.empty();
}

void Workers::work() {
  std::unique_lock lock(mutex_);
  while (wait_for_task(lock)) {
    const Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
  --threads_;
  if (threads_ == 0) all_gone_.notify_all();
}
