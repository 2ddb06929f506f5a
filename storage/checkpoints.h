#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

/// Moves what SQLite's log holds into the database file, on a thread and a connection of its own:
/// left to the writer, every tenth message or so would wait for it. The thread starts with the
/// first call of due(). What fails is left to the writer, which comes to it once the log is long.
class Checkpoints {
 public:
  explicit Checkpoints(std::string path) : path_(std::move(path)) {}
  Checkpoints(const Checkpoints&) = delete;
  Checkpoints& operator=(const Checkpoints&) = delete;
  ~Checkpoints();

  /// Asks for one, soon.
  void due();
  /// Whether all that was asked for is done, or cannot be done here.
  bool idle();

 private:
  void run();

  const std::string path_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t asked_ = 0, done_ = 0;
  bool ending_ = false, away_ = false;
  std::thread thread_;
};
