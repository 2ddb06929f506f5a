// The database fails at every call of a conversation, and the disk under it at every write, sync
// and truncation, one after the other; and the power fails at every sync.

#include <algorithm>
#include <chrono>
#include <random>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "commands/command.h"
#include "commands/parser/parser.h"
#include "storage/figures.h"
#include "storage/schema.h"
#include "tests/failing_database.h"
#include "tests/memory_disk.h"

namespace {

const std::vector<std::pair<std::string, std::string>> kConversation{
    {"李四", "急需 口罩 500 只、手套 20 双 到 三院"},
    {"张三", "收到 口罩 1000 只"},
    {"张三", "发出 口罩 400 只 到 三院"},
    {"王五", "收到 #4 300"},
    {"张三", "更正 #3 900"},
    {"李四", "完成 #2 5"},
    {"张三", "撤销 #4"},
    {"张三", "志愿者20人次"},
};

Policy policy() {
  Policy p;
  p.catalogue = &Catalogue::built_in();
  p.day = [](const std::string&, std::chrono::sys_seconds time) {
    return std::int64_t{std::chrono::floor<std::chrono::days>(time).time_since_epoch().count()};
  };
  p.group_name = [](const std::string& group) { return group; };
  return p;
}

Message message(std::size_t at, const std::string& user, const std::string& text) {
  Message m;
  m.platform = "generic";
  m.id = "m" + std::to_string(at);
  m.group = "generic:g1";
  m.user = "generic:" + user;
  m.user_name = user;
  m.text = text;
  m.time = std::chrono::sys_days(std::chrono::year(2020) / 2 / 10) + std::chrono::minutes(5 * at);
  return m;
}

Reply say(Database& database, const Message& m) {
  static const Policy kPolicy = policy();
  const Reading reading = read(m.text, *kPolicy.catalogue);
  Transaction transaction(database);
  Reply reply = answer(database, m, reading, kPolicy, m.time);
  transaction.commit();
  return reply;
}

/// The conversation's message at a place.
Reply say(Database& database, std::size_t at) {
  return say(database, message(at, kConversation[at].first, kConversation[at].second));
}

/// Everything that the ledger holds, as text.
std::string state(Database& database) {
  std::string text;
  for (const char* sql :
       {"SELECT group_concat(item || unit || needed || '/' || outstanding || '/' ||"
        " in_transit || '/' || received || '/' || distributed || '/' || stock)"
        " FROM lines",
        "SELECT group_concat(number || kind || message) FROM entries",
        "SELECT group_concat(id || reply) FROM messages",
        "SELECT group_concat(name || quantity) FROM metrics"}) {
    database.run(sql, {}, [&](const Row& row) { text += row.string(0) + "\n"; });
  }
  return text;
}

/// What the conversation comes to, message by message, where nothing fails.
std::vector<std::string> sound_states() {
  std::vector<std::string> states;
  const auto db = open_database(":memory:");
  migrate(*db);
  states.push_back(state(*db));
  for (std::size_t at = 0; at < kConversation.size(); ++at) {
    say(*db, at);
    states.push_back(state(*db));
  }
  return states;
}

std::unique_ptr<Database> open_file() {
  auto db = open_database("jieli.db");
  db->run("PRAGMA wal_autocheckpoint=20");  // so that checkpoints fail too
  migrate(*db);
  return db;
}

struct DiskFault {
  MemoryDisk::Operation operation;
  int code;
};

}  // namespace

TEST_CASE("a failing call leaves the ledger as before, and the message again succeeds", "[fault]") {
  const std::vector<std::string> states = sound_states();
  std::int64_t calls = 0;
  for (std::size_t at = 0; at < kConversation.size(); ++at) {
    FailingDatabase db(open_database(":memory:"));
    migrate(db);
    for (std::size_t before = 0; before < at; ++before) say(db, before);
    for (std::int64_t n = 0;; ++n) {
      INFO("message " << at << ", call " << n);
      db.fail_after(n);
      bool refused = false;
      try {
        say(db, at);
      } catch (const StorageError&) {
        refused = true;
      }
      db.fail_after(-1);
      if (!refused) break;
      ++calls;
      REQUIRE(state(db) == states[at]);
    }
    CHECK(state(db) == states[at + 1]);
    CHECK(verify(db, nullptr).empty());
  }
  CHECK(calls > 100);
}

TEST_CASE("a failing disk leaves the ledger as before or after, and the message again succeeds",
          "[fault]") {
  const std::vector<std::string> states = sound_states();
  using Operation = MemoryDisk::Operation;
  const auto fault = GENERATE(DiskFault{Operation::write, SQLITE_FULL},
                              DiskFault{Operation::write, SQLITE_IOERR_WRITE},
                              DiskFault{Operation::sync, SQLITE_IOERR_FSYNC},
                              DiskFault{Operation::truncate, SQLITE_IOERR_TRUNCATE});
  int refusals = 0;
  for (std::size_t at = 0; at < kConversation.size(); ++at) {
    for (std::int64_t n = 0;; ++n) {
      INFO("message " << at << ", operation " << n);
      MemoryDisk disk;
      auto db = open_file();
      for (std::size_t before = 0; before < at; ++before) say(*db, before);
      disk.fail(fault.operation, n, fault.code);
      bool refused = false;
      try {
        say(*db, at);
      } catch (const StorageError& error) {
        refused = true;
        CHECK((error.fault == StorageFault::full) == (fault.code == SQLITE_FULL));
      }
      const bool reached = disk.mend();
      if (refused) {
        // The bot closes a connection that failed, and opens it again.
        ++refusals;
        REQUIRE(state(*db) == states[at]);
        db.reset();
        db = open_file();
        const std::string found = state(*db);
        REQUIRE((found == states[at] || found == states[at + 1]));
        REQUIRE(say(*db, at).duplicate == (found == states[at + 1]));
      }
      REQUIRE(state(*db) == states[at + 1]);
      REQUIRE(verify(*db, nullptr).empty());
      if (!reached) break;
    }
  }
  // A log that cannot be cut to size is no reason to refuse.
  CHECK((refusals > 0) == (fault.operation != Operation::truncate));
}

TEST_CASE("a power cut at any sync loses nothing acknowledged", "[fault]") {
  constexpr std::size_t kMessages = 200;
  MemoryDisk disk;
  disk.record();
  std::vector<std::string> states;
  std::vector<std::size_t> acknowledged;  // steps on the disk by then
  {
    const auto db = open_file();
    states.push_back(state(*db));
    for (std::size_t i = 0; i < kMessages; ++i) {
      const std::string text =
          i % 10 == 9 ? "撤销" : fmt::format("发放 口罩 {} 只 到 {}号卡点", i + 1, i % 3);
      say(*db, message(i, "李四", text));
      acknowledged.push_back(disk.steps().size());
      states.push_back(state(*db));
    }
  }
  const std::vector<MemoryDisk::Step> steps = disk.steps();
  std::mt19937_64 random(20200210);
  int cuts = 0;
  const auto cut = [&](std::size_t at, std::mt19937_64* kept) {
    INFO("cut after " << at << " of " << steps.size() << " steps");
    disk.replay(std::span(steps).first(at));
    disk.power_on(kept);
    const auto db = open_file();
    const std::size_t told = static_cast<std::size_t>(
        std::upper_bound(acknowledged.begin(), acknowledged.end(), at) - acknowledged.begin());
    const auto there =
        static_cast<std::size_t>(db->integer("SELECT count(*) FROM messages", {}).value());
    REQUIRE((there == told || there == told + 1));
    REQUIRE(state(*db) == states[there]);
    REQUIRE(verify(*db, nullptr).empty());
    ++cuts;
  };
  for (std::size_t at = acknowledged.front(); at < steps.size(); ++at) {
    if (steps[at].operation != MemoryDisk::Operation::sync) continue;
    cut(at, nullptr);  // nothing of what was not synced is there
    cut(at, &random);  // some of it is
    cut(at + 1, nullptr);
  }
  CHECK(cuts > static_cast<int>(kMessages));
}
