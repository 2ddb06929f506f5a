// kill -9 under load, again and again.

#include <algorithm>
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
constexpr int kKillsEach = 50;  // of one database

int kills() {
  const char* const given = std::getenv("JIELI_KILLS");
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

/// What some kills came to.
struct Survived {
  std::size_t acknowledged = 0, entries = 0;
  std::chrono::milliseconds slowest{0};  ///< start
};

/// Kills the bot so often on one database, and holds that against what its senders know.
Survived kill(int kills, std::mt19937& random) {
  const TemporaryFolder folder;
  const std::string database = folder.file("jieli.db");
  Senders senders;
  Survived result;
  for (int round = 0; round < kills; ++round) {
    const auto began = std::chrono::steady_clock::now();
    Serving bot(database);
    REQUIRE(bot.port() > 0);
    result.slowest = std::max(result.slowest, std::chrono::duration_cast<std::chrono::milliseconds>(
                                                  std::chrono::steady_clock::now() - began));
    std::vector<std::thread> clients;
    for (int c = 0; c < kClients; ++c) {
      clients.emplace_back([&, c, seed = random()] {
        senders.run(bot.port(), round, c, static_cast<unsigned>(seed));
      });
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 200'000));
    bot.signal(SIGKILL);
    bot.wait();
    for (auto& client : clients) client.join();
  }

  std::map<std::string, int> entries;
  const auto db = open_database(database);
  db->run("SELECT message FROM entries", {}, [&](const Row& row) { ++entries[row.string(0)]; });
  for (const auto& [id, said] : senders.acknowledged) {
    INFO(id);
    REQUIRE(entries[id] == 1);
    REQUIRE(said != "two answers");
  }
  for (const auto& [id, count] : entries) REQUIRE(count <= 1);
  const auto verified = jieli({"verify", "--database", database});
  INFO(verified.out + verified.err);
  REQUIRE(verified.code == 0);
  result.acknowledged = senders.acknowledged.size();
  result.entries = entries.size();
  return result;
}

}  // namespace

TEST_CASE("kill -9 under load loses nothing acknowledged and counts nothing twice", "[crash]") {
  std::mt19937 random(20200210);
  Survived all;
  int done = 0;
  while (done < kills()) {
    const int some = std::min(kKillsEach, kills() - done);
    const Survived now = kill(some, random);
    done += some;
    all.acknowledged += now.acknowledged;
    all.entries += now.entries;
    all.slowest = std::max(all.slowest, now.slowest);
  }
  CHECK(all.acknowledged > static_cast<std::size_t>(done));
  WARN(fmt::format("{} kills: {} messages acknowledged, {} entries, ready again within {} ms", done,
                   all.acknowledged, all.entries, all.slowest.count()));
}
