#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "commands/command.h"
#include "commands/message.h"
#include "commands/parser/parser.h"
#include "storage/database.h"

/// More messages wait than the queue holds: nothing was recorded, the sender may try again.
struct QueueFull : StorageError {
  QueueFull() : StorageError(StorageFault::busy, "too many messages wait") {}
};

/// The straight line of a message: read in the caller's thread, recorded on the one thread that
/// writes, answered after the commit on a third. Whatever waits is committed together (at most
/// kBatch), and a message that fails, fails alone.
///
/// Where the database fails, every message of the batch gets the StorageError and nothing of them
/// is kept; the connection is closed and opened again with the next work, after a short wait that
/// doubles up to a second. Any thread may call any member.
class Engine {
 public:
  using Clock = std::function<std::chrono::sys_seconds()>;
  /// Opens a connection. `again` says that there was one before: a file that is gone must then not
  /// be made anew, or the ledger would silently begin at nothing.
  using Open = std::function<std::unique_ptr<Database>(Access, bool again)>;

  /// Throws StorageError where the file under the writing connection is gone or another one stands
  /// in its place: SQLite would go on writing into nothing. May be empty.
  using Check = std::function<void()>;

  static constexpr std::size_t kQueue = 4096;
  static constexpr std::size_t kBatch = 256;
  static constexpr std::size_t kReaders = 4;

  /// Opens the writing connection; throws StorageError where that fails. `policy` is copied; what
  /// it points to must outlive the engine.
  Engine(Open open, Check check, Policy policy, Clock clock, std::size_t queue = kQueue);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  ~Engine();

  /// What became of a message: its reply, durable; or a StorageError (nothing was recorded), or
  /// what its handling threw.
  struct Outcome {
    std::optional<Reply> reply;
    std::exception_ptr error;
  };
  /// Hears of the outcome once, on a thread of the engine, which it must not keep waiting.
  using Done = std::function<void(const Message&, Outcome)>;

  /// Writes what goes with a message and its reply, in the message's own transaction.
  using Beside = std::function<void(Database&, const Message&, const Reply&)>;

  /// Records one message without waiting for the commit. Throws QueueFull or StorageError where it
  /// cannot be taken at all; `done` is not called then.
  void handle(Message message, Done done, Beside beside = {});
  /// The same, and waits for the reply.
  Reply handle(Message message);
  /// The same for several, in their order, sharing commits. One outcome each.
  std::vector<std::future<Reply>> submit(const std::vector<Message>& messages);
  /// Runs `work` on the writing thread in a transaction of its own; returns once it is durable.
  void write(const std::function<void(Database&)>& work);
  /// The same, some time soon: whoever calls does not wait, and does not hear of a failure.
  void write_soon(std::function<void(Database&)> work);
  /// Runs `work` on a connection that sees one state of the ledger and cannot write.
  void with_reader(const std::function<void(Database&)>& work);

  /// Why the ledger cannot be written now; empty where it can. A recent commit counts as proof, so
  /// asking often costs nothing; answers within two seconds.
  std::optional<std::string> trouble();

  /// Refuses what still waits and ends the writing thread.
  void stop();

  struct Figures {
    std::uint64_t messages = 0, duplicates = 0, failed = 0, refused = 0, commits = 0;
    std::size_t waiting = 0;
    std::array<std::uint64_t, 9> batches = {};  ///< of at most 1, 2, 4 … 256 messages
    std::uint64_t commit_microseconds = 0;      ///< all batches together
  };
  Figures figures() const;

 private:
  struct Job {
    Message message;
    Reading reading;
    std::function<void(Database&)> work;  // instead of a message
    bool bare = false;                    // work opens its own transaction
    Done done;
    Beside beside;
    Outcome outcome;
  };

  void enqueue(Job job);
  std::future<Reply> enqueue_work(std::function<void(Database&)> work, bool bare);
  void run();
  void tell();
  void settle(std::vector<Job> jobs);
  std::vector<Job> next();
  void commit(std::vector<Job>& jobs);
  void commit_messages(std::vector<Job>& jobs);
  bool commit_together(Database& database, std::vector<Job>& jobs, std::chrono::sys_seconds now,
                       bool apart);
  void commit_work(Job& job);
  void fail(std::vector<Job>& jobs, const std::exception_ptr& why);
  Database& writer();
  std::unique_ptr<Database> take_reader(bool sound);
  void lose_writer(const StorageError& why);
  void note_commit(std::size_t messages, std::chrono::steady_clock::duration took);

  const Open open_;
  const Check check_;
  const Policy policy_;
  const Clock clock_;
  const std::size_t queue_limit_;

  // The writing thread's own.
  std::unique_ptr<Database> writer_;
  std::string lost_because_;
  StorageFault lost_fault_ = StorageFault::away;
  std::chrono::steady_clock::time_point retry_at_;
  std::chrono::milliseconds wait_{0};

  mutable std::mutex mutex_;  // of what follows
  std::condition_variable work_there_;
  std::deque<Job> queue_;
  bool stopping_ = false;
  Figures figures_;
  std::chrono::steady_clock::time_point committed_at_;

  // Outcomes are told by a thread of their own: the next batch does not wait until all have heard.
  std::mutex settled_mutex_;
  std::condition_variable settled_there_;
  std::vector<Job> settled_;
  bool all_settled_ = false;

  std::mutex readers_mutex_;
  std::condition_variable reader_free_;
  std::vector<std::unique_ptr<Database>> readers_;
  std::size_t readers_out_ = 0;

  std::thread thread_, teller_;
};
