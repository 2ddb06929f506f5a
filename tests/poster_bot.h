#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "bot/platforms.h"
#include "bot/poster.h"
#include "tests/receiver.h"

/// A database file, a clock that runs a hundred times as fast as the wall's, and a poster between
/// them that can be killed and started again.
class Bot {
 public:
  Bot() {
    static std::atomic<int> number{0};
    path_ = std::filesystem::temp_directory_path() /
            fmt::format("jieli-poster-{}-{}.db", getpid(), ++number);
    remove();
    database_ = open_database(path_.string());
    database_->script(kOutboxSchema);
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(
        "", std::make_shared<spdlog::sinks::ostream_sink_mt>(log)));
  }
  ~Bot() {
    poster.reset();
    database_.reset();
    remove();
    spdlog::set_default_logger(
        std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::null_sink_mt>()));
  }

  void start() {
    PosterWorld world;
    world.write = [this](const auto& work) { write(work); };
    world.now = [this] { return now(); };
    world.random = [] { return 0.0; };
    world.make_brief = [](Database&, const std::string& group, const Days& days) {
      return MadeBrief{fmt::format("日报 {} {}", group, print_day(*days.to)), R"({"gaps":[]})"};
    };
    world.tick = std::chrono::milliseconds{5};
    world.workers = workers;
    if (platforms != nullptr) {
      world.post_to_platform = [this](HttpCaller& caller, const Claimed& row, auto at) {
        return platforms->speak(caller, row, at);
      };
      world.posts_a_minute = [this](const std::string& target) {
        return platforms->posts_a_minute(target);
      };
    }
    poster = std::make_unique<Poster>(config, std::move(world));
  }
  void restart() {
    poster.reset();
    start();
  }

  void write(const std::function<void(Database&)>& work) {
    const std::lock_guard lock(mutex_);
    if (broken) throw StorageError(StorageFault::full, "no space left");
    Transaction transaction(*database_);
    work(*database_);
    transaction.commit();
  }

  void enqueue(const std::string& key, const std::string& group, const std::string& target,
               const std::string& text = "text") {
    write([&](Database& database) {
      Post post;
      post.key = key;
      post.group = group;
      post.target = target;
      post.text = text;
      post.cause = "test";
      Outbox(database).enqueue(post, now());
    });
    if (poster) poster->notify();
  }

  OutboxState state() {
    OutboxState found;
    const std::lock_guard lock(mutex_);
    Transaction transaction(*database_);
    found = Outbox(*database_).state();
    return found;
  }
  std::string error_of(std::string_view key) {
    const std::lock_guard lock(mutex_);
    return database_->text("SELECT last_error FROM outbox WHERE dedup = $1", {key}).value_or("");
  }

  std::chrono::sys_seconds now() const {
    return origin +
           std::chrono::duration_cast<std::chrono::seconds>(
               (std::chrono::steady_clock::now() - started_) * 100) +
           std::chrono::seconds{offset.load()};
  }

  Config config;
  const Platforms* platforms = nullptr;
  std::size_t workers = 4;
  std::unique_ptr<Poster> poster;
  std::atomic<bool> broken{false};
  std::atomic<std::int64_t> offset{0};  // seconds
  /// 2020-02-10 10:00 in Shanghai.
  std::chrono::sys_seconds origin{std::chrono::seconds{1581300000}};
  std::ostringstream log;

 private:
  void remove() const {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path_.string() + end);
  }

  std::filesystem::path path_;
  std::unique_ptr<Database> database_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

/// Waits for what other threads bring about; the deadline is for what never comes.
inline bool becomes(const std::function<bool()>& condition,
                    std::chrono::milliseconds within = std::chrono::seconds{20}) {
  const auto deadline = std::chrono::steady_clock::now() + within;
  while (std::chrono::steady_clock::now() < deadline) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return condition();
}

/// What arrived, as a receiver that honours keys counts it.
struct Inbox {
  std::mutex mutex;
  std::vector<std::string> accepted;  // keys in order, each once
  std::vector<Received> all;

  bool accept(const Received& request) {
    const std::lock_guard lock(mutex);
    const std::string key = request.headers.at("idempotency-key");
    if (std::find(accepted.begin(), accepted.end(), key) != accepted.end()) return false;
    accepted.push_back(key);
    return true;
  }
};

inline Outgoing webhook(const std::string& url) { return {"webhook", url, ""}; }
inline Outgoing robot(const std::string& url) { return {"wecom-robot", url, ""}; }
