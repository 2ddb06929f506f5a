#include "bot/engine.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "bot/log.h"

namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr auto kLongestWait = 1000ms;
constexpr auto kProofAge = 1s;
constexpr auto kProbeTime = 2s;

/// Faults of the connection, not of one message.
bool ends_batch(StorageFault fault) { return fault != StorageFault::wrong; }

/// For a sender who waits.
Engine::Done keep_in(const std::shared_ptr<std::promise<Reply>>& promise) {
  return [promise](const Message&, Engine::Outcome outcome) {
    if (outcome.error) return promise->set_exception(outcome.error);
    promise->set_value(std::move(*outcome.reply));
  };
}

}  // namespace

Engine::Engine(Open open, Check check, Policy policy, Clock clock, std::size_t queue)
    : open_(std::move(open)),
      check_(std::move(check)),
      policy_(std::move(policy)),
      clock_(std::move(clock)),
      queue_limit_(queue),
      writer_(open_(Access::write, false)) {
  thread_ = std::thread([this] { run(); });
  teller_ = std::thread([this] { tell(); });
}

Engine::~Engine() { stop(); }

void Engine::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    work_there_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  {
    const std::lock_guard lock(settled_mutex_);
    all_settled_ = true;
    settled_there_.notify_all();
  }
  if (teller_.joinable()) teller_.join();
}

void Engine::enqueue(Job job) {
  const std::lock_guard lock(mutex_);
  if (stopping_) throw StorageError(StorageFault::away, "the bot is stopping");
  if (queue_.size() >= queue_limit_) {
    ++figures_.refused;
    throw QueueFull();
  }
  queue_.push_back(std::move(job));
  if (queue_.size() == 1) work_there_.notify_one();
}

void Engine::handle(Message message, Done done, Beside beside) {
  Job job;
  unwrap(message);
  job.beside = std::move(beside);
  const std::int64_t today = policy_.day(message.group, message.time);
  job.reading = read(message.text, *policy_.catalogue, today);
  job.message = std::move(message);
  job.done = std::move(done);
  enqueue(std::move(job));
}

Reply Engine::handle(Message message) { return submit({std::move(message)}).front().get(); }

std::vector<std::future<Reply>> Engine::submit(const std::vector<Message>& messages) {
  std::vector<std::future<Reply>> replies;
  replies.reserve(messages.size());
  for (const Message& message : messages) {
    const auto promise = std::make_shared<std::promise<Reply>>();
    replies.push_back(promise->get_future());
    try {
      handle(message, keep_in(promise));
    } catch (const StorageError&) {
      promise->set_exception(std::current_exception());
    }
  }
  return replies;
}

std::future<Reply> Engine::enqueue_work(std::function<void(Database&)> work, bool bare) {
  const auto promise = std::make_shared<std::promise<Reply>>();
  Job job;
  job.work = std::move(work);
  job.bare = bare;
  job.done = keep_in(promise);
  enqueue(std::move(job));
  return promise->get_future();
}

void Engine::write(const std::function<void(Database&)>& work) { enqueue_work(work, false).get(); }

void Engine::write_soon(std::function<void(Database&)> work) {
  try {
    enqueue_work(std::move(work), false);
  } catch (const StorageError& failed) {
    log_error(fmt::format("something that was to be written is lost: {}", failed.what()));
  }
}

void Engine::run() {
  for (;;) {
    std::vector<Job> jobs = next();
    if (jobs.empty()) break;
    commit(jobs);
    settle(std::move(jobs));
  }
  std::vector<Job> rest;
  {
    const std::lock_guard lock(mutex_);
    std::move(queue_.begin(), queue_.end(), std::back_inserter(rest));
    queue_.clear();
  }
  fail(rest, std::make_exception_ptr(StorageError(StorageFault::away, "the bot is stopping")));
  settle(std::move(rest));
  writer_.reset();
}

void Engine::settle(std::vector<Job> jobs) {
  const std::lock_guard lock(settled_mutex_);
  if (settled_.empty()) {
    settled_ = std::move(jobs);
  } else {
    std::move(jobs.begin(), jobs.end(), std::back_inserter(settled_));
  }
  settled_there_.notify_one();
}

/// Tells each sender what became of its message.
void Engine::tell() {
  for (;;) {
    std::vector<Job> jobs;
    {
      std::unique_lock lock(settled_mutex_);
      settled_there_.wait(lock, [this] { return all_settled_ || !settled_.empty(); });
      if (settled_.empty()) return;
      jobs.swap(settled_);
    }
    for (Job& job : jobs) job.done(job.message, std::move(job.outcome));
  }
}

/// Waits for work and takes all that one transaction may hold; nothing when stopping.
std::vector<Engine::Job> Engine::next() {
  std::unique_lock lock(mutex_);
  work_there_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
  std::vector<Job> jobs;
  if (stopping_) return jobs;
  while (!queue_.empty() && jobs.size() < kBatch) {
    const bool work = queue_.front().work != nullptr;
    if (work && !jobs.empty()) break;
    jobs.push_back(std::move(queue_.front()));
    queue_.pop_front();
    if (work) break;
  }
  return jobs;
}

void Engine::commit(std::vector<Job>& jobs) {
  try {
    if (jobs.front().work) {
      commit_work(jobs.front());
    } else {
      commit_messages(jobs);
    }
  } catch (const StorageError& failed) {
    if (writer_ != nullptr) lose_writer(failed);
    fail(jobs, std::current_exception());
  } catch (const std::exception& failed) {
    log_error(fmt::format("a batch failed: {}", failed.what()));
    fail(jobs, std::current_exception());
  }
}

/// One transaction for all. Nobody hears of success before the commit.
void Engine::commit_messages(std::vector<Job>& jobs) {
  const auto began = SteadyClock::now();
  const std::chrono::sys_seconds now = clock_();
  Database& database = writer();
  // A message that fails is rare, and a savepoint for each copies every page that it touches: only
  // where one failed is the batch done again with them.
  if (!commit_together(database, jobs, now, false)) commit_together(database, jobs, now, true);

  note_commit(jobs.size(), SteadyClock::now() - began);
  std::uint64_t duplicates = 0, failed = 0;
  for (const Job& job : jobs) {
    if (job.outcome.error) ++failed;
    if (job.outcome.reply && job.outcome.reply->duplicate) ++duplicates;
  }
  const std::lock_guard lock(mutex_);
  figures_.messages += jobs.size() - failed;
  figures_.duplicates += duplicates;
  figures_.failed += failed;
}

/// With `apart` a message that fails, fails alone; without, nothing is kept and this is false.
bool Engine::commit_together(Database& database, std::vector<Job>& jobs,
                             std::chrono::sys_seconds now, bool apart) {
  Transaction transaction(database);
  for (Job& job : jobs) {
    std::optional<Savepoint> part;
    if (apart) part.emplace(database);
    try {
      job.outcome = {answer(database, job.message, job.reading, policy_, now), nullptr};
      if (job.beside) job.beside(database, job.message, *job.outcome.reply);
      if (part) part->keep();
    } catch (const std::exception& failed) {
      const auto* const storage = dynamic_cast<const StorageError*>(&failed);
      if (storage != nullptr && ends_batch(storage->fault)) throw;
      if (!apart) return false;
      log_error(fmt::format("a message could not be recorded: {}", failed.what()));
      job.outcome = {std::nullopt, std::make_exception_ptr(std::runtime_error(failed.what()))};
    }
  }
  transaction.commit();
  return true;
}

void Engine::commit_work(Job& job) {
  const auto began = SteadyClock::now();
  Database& database = writer();
  try {
    if (job.bare) {
      job.work(database);
    } else {
      Transaction transaction(database);
      job.work(database);
      transaction.commit();
      note_commit(0, SteadyClock::now() - began);
    }
    job.outcome.reply.emplace();
  } catch (const StorageError& failed) {
    if (ends_batch(failed.fault)) throw;
    job.outcome.error = std::current_exception();
  } catch (const std::exception&) {
    job.outcome.error = std::current_exception();
  }
}

void Engine::fail(std::vector<Job>& jobs, const std::exception_ptr& why) {
  {
    const std::lock_guard lock(mutex_);
    figures_.failed += jobs.size();
  }
  for (Job& job : jobs) job.outcome = {std::nullopt, why};
}

/// The writing connection, opened again where it was lost and the wait is over.
Database& Engine::writer() {
  if (writer_ != nullptr) {
    if (check_) check_();
    return *writer_;
  }
  const auto now = SteadyClock::now();
  if (now < retry_at_) throw StorageError(lost_fault_, lost_because_);
  try {
    writer_ = open_(Access::write, true);
    wait_ = 0ms;
    log_info("the ledger can be written again");
  } catch (const StorageError& failed) {
    lose_writer(failed);
    throw;
  }
  return *writer_;
}

void Engine::lose_writer(const StorageError& why) {
  // Another process held the lock for longer than the connection waits: the connection is sound.
  if (why.fault == StorageFault::busy && writer_ != nullptr) return;
  if (why.what() != lost_because_ || writer_ != nullptr) {
    log_error(fmt::format("the ledger cannot be written: {}", why.what()));
  }
  writer_.reset();
  lost_because_ = why.what();
  lost_fault_ = why.fault;
  wait_ = std::clamp(wait_ * 2, 50ms, std::chrono::milliseconds(kLongestWait));
  retry_at_ = SteadyClock::now() + wait_;
}

void Engine::note_commit(std::size_t messages, SteadyClock::duration took) {
  const std::lock_guard lock(mutex_);
  // What the bot writes by itself may fit where a message does not.
  if (messages != 0) committed_at_ = SteadyClock::now();
  ++figures_.commits;
  figures_.commit_microseconds += static_cast<std::uint64_t>(took / 1us);
  if (messages == 0) return;
  const auto slot = static_cast<std::size_t>(std::bit_width(messages - 1));
  ++figures_.batches[std::min(slot, figures_.batches.size() - 1)];
}

std::optional<std::string> Engine::trouble() {
  {
    const std::lock_guard lock(mutex_);
    if (SteadyClock::now() - committed_at_ < kProofAge) return std::nullopt;
  }
  const auto probe = [](Database& database) {
    if (const auto why = database.trouble()) throw StorageError(StorageFault::away, *why);
  };
  try {
    std::future<Reply> outcome = enqueue_work(probe, true);
    if (outcome.wait_for(kProbeTime) != std::future_status::ready) {
      return "the writer has been busy for two seconds";
    }
    outcome.get();
    const std::lock_guard lock(mutex_);
    committed_at_ = SteadyClock::now();
    return std::nullopt;
  } catch (const StorageError& failed) {
    return failed.what();
  }
}

std::unique_ptr<Database> Engine::take_reader(bool sound) {
  std::unique_lock lock(readers_mutex_);
  reader_free_.wait(lock, [this] { return readers_out_ < kReaders; });
  ++readers_out_;
  if (!sound) readers_.clear();
  if (readers_.empty()) return nullptr;
  std::unique_ptr<Database> reader = std::move(readers_.back());
  readers_.pop_back();
  return reader;
}

void Engine::with_reader(const std::function<void(Database&)>& work) {
  bool sound = true;
  try {
    if (check_) check_();
  } catch (const StorageError&) {
    sound = false;  // the pooled connections may stand on a file that is gone
  }
  std::unique_ptr<Database> reader = take_reader(sound);
  struct GiveBack {
    Engine& engine;
    ~GiveBack() {
      const std::lock_guard lock(engine.readers_mutex_);
      --engine.readers_out_;
      engine.reader_free_.notify_one();
    }
  } const give_back{*this};
  if (reader == nullptr) reader = open_(Access::read, true);
  // A deferred transaction: one state for all that `work` reads. Where it throws, the connection
  // is dropped, so that the next reader starts afresh.
  reader->run("BEGIN");
  work(*reader);
  reader->run("COMMIT");
  const std::lock_guard lock(readers_mutex_);
  if (sound) readers_.push_back(std::move(reader));
}

Engine::Figures Engine::figures() const {
  const std::lock_guard lock(mutex_);
  Figures result = figures_;
  result.waiting = queue_.size();
  return result;
}
