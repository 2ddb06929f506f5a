// kill -9 under load, again and again on one database.

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <signal.h>

#include "storage/database.h"
#include "tests/program.h"

namespace {

constexpr int kClients = 8;

int rounds() {
  const char* const given = std::getenv("JIELI_CRASH_ROUNDS");
  return given == nullptr ? 50 : std::atoi(given);
}

/// What the senders know: the answer to each message that was acknowledged.
struct Senders {
  std::mutex mutex;
  std::map<std::string, std::string> acknowledged;
  std::vector<std::pair<std::string, std::string>> sent;  // id and JSON, in order

  /// Sends new messages, and now and then one that was sent before, until the connection ends.
  void run(int port, int round, int client, unsigned seed) {
    std::mt19937 random(seed);
    Connection connection(port);
    for (int i = 0;; ++i) {
      std::string id = fmt::format("r{}-c{}-{}", round, client, i);
      std::string body =
          message_json(id, fmt::format("发放 口罩 {} 只 到 {}号卡点", i % 90 + 1, i % 5),
                       fmt::format("g{}", client % 3), fmt::format("u{}", id));
      {
        const std::lock_guard lock(mutex);
        if (random() % 4 == 0 && !sent.empty()) {
          std::tie(id, body) = sent[random() % sent.size()];
        } else {
          sent.emplace_back(id, body);
        }
      }
      const std::string head = fmt::format(
          "POST /webhook/generic HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer token\r\n"
          "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
          body.size());
      if (!connection.send(head + body)) return;
      const Answer answer = connection.read();
      if (answer.status != 200) return;
      const auto json = nlohmann::json::parse(answer.body);
      const std::string said = json["reply"].dump() + json["entries"].dump();
      const std::lock_guard lock(mutex);
      const auto [known, first] = acknowledged.emplace(id, said);
      if (!first && known->second != said) known->second = "two answers";
    }
  }
};

}  // namespace

TEST_CASE("kill -9 under load loses nothing acknowledged and counts nothing twice", "[crash]") {
  const TemporaryFolder folder;
  const std::string database = folder.file("jieli.db");
  Senders senders;
  std::mt19937 random(20200210);
  for (int round = 0; round < rounds(); ++round) {
    Serving bot(database);
    REQUIRE(bot.port() > 0);
    std::vector<std::thread> clients;
    for (int c = 0; c < kClients; ++c) {
      clients.emplace_back([&, c, seed = random()] {
        senders.run(bot.port(), round, c, static_cast<unsigned>(seed));
      });
    }
    std::this_thread::sleep_for(std::chrono::microseconds(20'000 + random() % 200'000));
    bot.signal(SIGKILL);
    bot.wait();
    for (auto& client : clients) client.join();
  }

  std::map<std::string, int> entries;
  const auto db = open_database(database);
  db->run("SELECT message FROM entries", {}, [&](const Row& row) { ++entries[row.string(0)]; });
  CHECK(senders.acknowledged.size() > static_cast<std::size_t>(rounds()));
  for (const auto& [id, said] : senders.acknowledged) {
    INFO(id);
    REQUIRE(entries[id] == 1);
    REQUIRE(said != "two answers");
  }
  for (const auto& [id, count] : entries) REQUIRE(count <= 1);
  WARN(fmt::format("{} rounds, {} messages acknowledged, {} entries", rounds(),
                   senders.acknowledged.size(), entries.size()));
  const auto verified = jieli({"verify", "--database", database});
  INFO(verified.out + verified.err);
  CHECK(verified.code == 0);
}
