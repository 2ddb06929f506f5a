#include "bot/engine.h"

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "storage/schema.h"
#include "tests/failing_database.h"
#include "tests/program.h"

namespace {

using namespace std::chrono_literals;

Policy policy() {
  Policy p;
  p.catalogue = &Catalogue::built_in();
  p.group_name = [](const std::string& group) { return group; };
  p.day = [](const std::string&, std::chrono::sys_seconds time) {
    return std::int64_t{std::chrono::floor<std::chrono::days>(time).time_since_epoch().count()};
  };
  return p;
}

std::chrono::sys_seconds noon() {
  return std::chrono::sys_days(std::chrono::year(2020) / 2 / 10) + 12h;
}

Message message(const std::string& id, const std::string& text) {
  Message m;
  m.platform = "generic";
  m.id = id;
  m.group = "generic:g1";
  m.user = "generic:" + id;
  m.text = text;
  m.time = noon();
  return m;
}

Engine::Open opener(const std::string& file) {
  return [file](Access access, bool) {
    auto db = open_database(file, access);
    if (access == Access::write) migrate(*db);
    return db;
  };
}

/// Keeps the writing thread until released, so that what comes meanwhile shares one commit.
class Gate {
 public:
  explicit Gate(Engine& engine)
      : thread_([this, &engine] {
          engine.write([this](Database&) {
            entered_.set_value();
            open_.get_future().wait();
          });
        }) {
    entered_.get_future().wait();
  }
  ~Gate() { release(); }
  void release() {
    if (!thread_.joinable()) return;
    open_.set_value();
    thread_.join();
  }

 private:
  std::promise<void> entered_, open_;
  std::thread thread_;
};

}  // namespace

TEST_CASE("what waits together is committed together, and a bad message fails alone", "[engine]") {
  const TemporaryFolder folder;
  Policy strict = policy();
  std::atomic<int> asked = 0;
  // The day is asked for once while the message is read, and once while it is recorded.
  strict.day = [&asked](const std::string&, std::chrono::sys_seconds time) -> std::int64_t {
    if (time > noon() && ++asked > 1) throw std::runtime_error("no such day");
    return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
  };
  Engine engine(opener(folder.file("jieli.db")), {}, strict, noon);
  std::vector<Message> messages;
  for (int i = 1; i <= 20; ++i) {
    messages.push_back(message(fmt::format("m{}", i), fmt::format("发放 口罩 {} 只", i)));
  }
  messages[6].time += 1s;
  const auto commits = engine.figures().commits;
  std::vector<std::future<Reply>> replies;
  {
    Gate gate(engine);
    replies = engine.submit(messages);
  }
  int failed = 0;
  for (std::size_t i = 0; i < replies.size(); ++i) {
    if (i == 6) {
      CHECK_THROWS_AS(replies[i].get(), std::runtime_error);
      ++failed;
    } else {
      CHECK(replies[i].get().entries.size() == 1);
    }
  }
  CHECK(failed == 1);
  CHECK(engine.figures().commits - commits == 2);  // the gate's and the batch's
  engine.with_reader([](Database& db) {
    CHECK(db.integer("SELECT count(*) FROM entries", {}) == 19);
    CHECK(db.integer("SELECT distributed FROM lines", {}) == (210 - 7) * 1000);
  });
}

TEST_CASE("a failed commit refuses the whole batch and keeps nothing of it", "[engine]") {
  const TemporaryFolder folder;
  std::atomic<FailingDatabase*> writer = nullptr;
  const auto open = [&](Access access, bool) -> std::unique_ptr<Database> {
    auto db = open_database(folder.file("jieli.db"), access);
    if (access == Access::read) return db;
    migrate(*db);
    auto failing = std::make_unique<FailingDatabase>(std::move(db));
    writer = failing.get();
    return failing;
  };
  Engine engine(open, {}, policy(), noon);
  CHECK(engine.handle(message("a", "发放 口罩 1 只")).entries.size() == 1);
  std::vector<Message> messages{message("b", "发放 口罩 2 只"), message("c", "发放 口罩 3 只")};
  std::vector<std::future<Reply>> replies;
  {
    Gate gate(engine);
    replies = engine.submit(messages);
    writer.load()->fail_after(20);  // somewhere in the batch
  }
  for (auto& reply : replies) CHECK_THROWS_AS(reply.get(), StorageError);
  // The connection is opened again after a moment; the same messages then count once.
  for (const Message& m : messages) {
    for (int tries = 0; tries < 200; ++tries) {
      try {
        const Reply reply = engine.handle(m);
        CHECK(reply.entries.size() == 1);
        break;
      } catch (const StorageError&) {
        std::this_thread::sleep_for(10ms);
      }
    }
  }
  engine.with_reader([](Database& db) {
    CHECK(db.integer("SELECT distributed FROM lines", {}) == 6000);
    CHECK(db.integer("SELECT count(*) FROM entries", {}) == 3);
  });
}

TEST_CASE("a full queue refuses at once", "[engine]") {
  const TemporaryFolder folder;
  Engine engine(opener(folder.file("jieli.db")), {}, policy(), noon, 4);
  Gate gate(engine);
  std::vector<Message> messages;
  for (int i = 0; i < 6; ++i) messages.push_back(message(fmt::format("m{}", i), "发放 口罩 1 只"));
  auto replies = engine.submit(messages);
  CHECK_THROWS_AS(replies[4].get(), QueueFull);
  CHECK_THROWS_AS(replies[5].get(), QueueFull);
  gate.release();
  CHECK_NOTHROW(replies[0].get());
  CHECK_NOTHROW(replies[3].get());
}

TEST_CASE("a reader never waits for the writer", "[engine]") {
  const TemporaryFolder folder;
  Engine engine(opener(folder.file("jieli.db")), {}, policy(), noon);
  engine.handle(message("a", "发放 口罩 1 只"));
  Gate gate(engine);
  engine.with_reader(
      [](Database& db) { CHECK(db.integer("SELECT count(*) FROM entries", {}) == 1); });
}

TEST_CASE("stopping refuses what waits", "[engine]") {
  const TemporaryFolder folder;
  Engine engine(opener(folder.file("jieli.db")), {}, policy(), noon);
  engine.stop();
  CHECK_THROWS_AS(engine.handle(message("a", "发放 口罩 1 只")), StorageError);
}
