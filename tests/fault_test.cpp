// The database fails at every call of a conversation, one after the other.

#include <chrono>

#include <catch2/catch.hpp>

#include "commands/command.h"
#include "commands/parser/parser.h"
#include "storage/figures.h"
#include "storage/schema.h"
#include "tests/failing_database.h"

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

Message message(std::size_t at) {
  Message m;
  m.platform = "generic";
  m.id = "m" + std::to_string(at);
  m.group = "generic:g1";
  m.user = "generic:" + kConversation[at].first;
  m.user_name = kConversation[at].first;
  m.text = kConversation[at].second;
  m.time = std::chrono::sys_days(std::chrono::year(2020) / 2 / 10) + std::chrono::minutes(5 * at);
  return m;
}

Reply say(Database& database, std::size_t at) {
  static const Policy kPolicy = policy();
  const Message m = message(at);
  const Reading reading = read(m.text, *kPolicy.catalogue);
  Transaction transaction(database);
  Reply reply = answer(database, m, reading, kPolicy, m.time);
  transaction.commit();
  return reply;
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

}  // namespace

TEST_CASE("a failing call leaves the ledger as before, and the message again succeeds", "[fault]") {
  // What the conversation comes to, message by message, where nothing fails.
  std::vector<std::string> states;
  {
    const auto db = open_database(":memory:");
    migrate(*db);
    states.push_back(state(*db));
    for (std::size_t at = 0; at < kConversation.size(); ++at) {
      say(*db, at);
      states.push_back(state(*db));
    }
  }
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
