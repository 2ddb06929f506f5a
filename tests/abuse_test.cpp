// Clients that mean harm, or more than the bot can take, against the real program.

#include <chrono>
#include <memory>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>
#include <sys/resource.h>

#include "tests/program.h"

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// Sanitizers keep what was freed, and take their time.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr std::size_t kMayGrow = 1u << 30;
constexpr auto kAtOnce = 5s;
#else
constexpr std::size_t kMayGrow = 10u << 20;
constexpr auto kAtOnce = 1s;
#endif
const std::string kPost =
    "POST /webhook/generic HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer token\r\n"
    "Content-Type: application/json\r\n";

std::string times(std::string_view piece, std::size_t many) {
  std::string text;
  text.reserve(piece.size() * many);
  for (std::size_t i = 0; i < many; ++i) text += piece;
  return text;
}

struct Abuse {
  std::string what, head, piece;
  int pieces, status;
};

std::vector<Abuse> abuses() {
  const std::string many = times("a", 16 * 1024);
  return {
      {"chunks without end", kPost + "Transfer-Encoding: chunked\r\n\r\n",
       "4000\r\n" + many + "\r\n", 64, 413},
      {"tiny chunks without end", kPost + "Transfer-Encoding: chunked\r\n\r\n",
       times("1\r\na\r\n", 4096), 64, 413},
      {"a chunk's length without end", kPost + "Transfer-Encoding: chunked\r\n\r\n",
       times("0", 16 * 1024), 64, 400},
      {"a header line without end", kPost + "X: ", many, 64, 431},
      {"a request line without end", "GET /", many, 64, 431},
      {"100,000 headers", kPost, times("X: y\r\n", 2500), 40, 431},
      {"a compressed bomb", kPost + "Content-Encoding: gzip\r\nContent-Length: 60000\r\n\r\n", many,
       3, 415},
      {"a length of 100 GB", kPost + "Content-Length: 100000000000\r\n\r\n", many, 64, 413},
  };
}

Answer report(const Serving& bot, int i) {
  return post_message(bot.port(), message_json(fmt::format("m{}", i), "发放 口罩 5 只", "g1",
                                               fmt::format("u{}", i)));
}

}  // namespace

TEST_CASE("bombs and lines without end are refused in bounded memory", "[abuse]") {
  const TemporaryFolder folder;
  const Serving bot(folder.file("jieli.db"));
  for (int i = 0; i < 100; ++i) REQUIRE(report(bot, i).status == 200);
  const std::size_t before = bot.memory();
  REQUIRE(before > 0);
  for (const Abuse& abuse : abuses()) {
    INFO(abuse.what);
    for (int client = 0; client < 20; ++client) {
      Connection connection(bot.port());
      connection.send(abuse.head);
      for (int i = 0; i < abuse.pieces && connection.send(abuse.piece); ++i) {
      }
      const int status = connection.read().status;
      // Who goes on talking after the refusal may lose it with the connection.
      REQUIRE((status == abuse.status || (status == 0 && connection.closed())));
    }
    CHECK(bot.memory() < before + kMayGrow);
  }
  CHECK(report(bot, 1000).status == 200);
}

TEST_CASE("slow bodies end at their deadline and keep nobody waiting", "[abuse]") {
  const TemporaryFolder folder;
  const Serving bot(folder.file("jieli.db"));
  for (int i = 0; i < 100; ++i) REQUIRE(report(bot, i).status == 200);
  const std::size_t before = bot.memory();
  std::vector<std::unique_ptr<Connection>> slow;
  const auto began = Clock::now();
  for (int i = 0; i < 200; ++i) {
    slow.push_back(std::make_unique<Connection>(bot.port()));
    slow.back()->send(kPost + "Content-Length: 60000\r\n\r\n" + times("a", 20'000));
  }
  const auto asked = Clock::now();
  CHECK(report(bot, 1000).status == 200);
  CHECK(Clock::now() - asked < kAtOnce);
  CHECK(bot.memory() < before + kMayGrow);
  for (const auto& connection : slow) {
    const int status = connection->read().status;
    REQUIRE((status == 408 || status == 0));
    REQUIRE(connection->closed());
  }
  CHECK(Clock::now() - began < 15s);
  CHECK(bot.memory() < before + kMayGrow);
}

TEST_CASE("more than the queue holds is refused at once, and nothing of it is kept", "[abuse]") {
  constexpr std::size_t kClients = 4800;  // the queue and one batch hold 4352
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  REQUIRE(files.rlim_cur > kClients + 100);
  const TemporaryFolder folder;
  const std::string database = folder.file("jieli.db");
  const Serving bot(database);
  REQUIRE(report(bot, 0).status == 200);
  sqlite3* other = nullptr;
  REQUIRE(sqlite3_open(database.c_str(), &other) == SQLITE_OK);
  REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);

  std::vector<std::unique_ptr<Connection>> clients;
  for (std::size_t i = 1; i <= kClients; ++i) {
    clients.push_back(std::make_unique<Connection>(bot.port()));
    const std::string body =
        message_json(fmt::format("m{}", i), "发放 口罩 5 只", "g1", fmt::format("u{}", i));
    REQUIRE(clients.back()->send(kPost + fmt::format("Content-Length: {}\r\n\r\n", body.size()) +
                                 body));
  }
  // The last comer hears at once, while those before it still wait for the lock.
  const auto asked = Clock::now();
  const Answer refused = report(bot, 100'000);
  CHECK(refused.status == 503);
  CHECK(refused.headers.contains("retry-after"));
  CHECK(Clock::now() - asked < kAtOnce);
  sqlite3_close(other);

  std::size_t recorded = 1, refusals = 0;
  for (const auto& client : clients) {
    const int status = client->read().status;
    recorded += status == 200 ? 1 : 0;
    refusals += status == 503 ? 1 : 0;
  }
  CHECK(recorded + refusals == kClients + 1);
  CHECK(refusals > 0);
  const auto totals = nlohmann::json::parse(get(bot.port(), "/api/totals?group=g1").body);
  CHECK(totals["totals"][0]["distributed"] == 5 * recorded);
}
