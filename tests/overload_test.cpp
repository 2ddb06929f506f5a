// What happens beyond what one user may send, and beyond what the bot can take.

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bot/engine.h"
#include "bot/server.h"
#include "storage/schema.h"
#include "tests/program.h"

namespace {

using namespace std::chrono_literals;

Policy policy(int messages_a_minute) {
  Policy p;
  p.catalogue = &Catalogue::built_in();
  p.messages_a_minute = messages_a_minute;
  p.group_name = [](const std::string& group) { return group; };
  p.day = [](const std::string&, std::chrono::sys_seconds time) {
    return std::int64_t{std::chrono::floor<std::chrono::days>(time).time_since_epoch().count()};
  };
  return p;
}

std::chrono::sys_seconds noon() {
  return std::chrono::sys_days(std::chrono::year(2020) / 2 / 10) + 12h;
}

Message message(const std::string& id, const std::string& user) {
  Message m;
  m.platform = "generic";
  m.id = id;
  m.group = "generic:g1";
  m.user = user;
  m.text = fmt::format("发放 口罩 {} 只", id);
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

}  // namespace

TEST_CASE("beyond the limit a user gets one polite answer, then silence until the next minute",
          "[overload]") {
  const TemporaryFolder folder;
  std::atomic<std::chrono::sys_seconds> now = noon();
  Engine engine(opener(folder.file("jieli.db")), {}, policy(3), [&] { return now.load(); });
  for (const char* id : {"1", "2", "3"}) {
    CHECK(engine.handle(message(id, "generic:u1")).entries.size() == 1);
  }
  const Reply polite = engine.handle(message("4", "generic:u1"));
  CHECK(polite.too_many);
  CHECK(polite.entries.empty());
  CHECK(polite.text.find("太快") != std::string::npos);
  for (const char* id : {"5", "6"}) {
    const Reply silent = engine.handle(message(id, "generic:u1"));
    CHECK(silent.too_many);
    CHECK(silent.text.empty());
  }
  // What was recorded is answered as before, and others are not concerned.
  CHECK(engine.handle(message("2", "generic:u1")).duplicate);
  CHECK(engine.handle(message("7", "generic:u2")).entries.size() == 1);
  now = noon() + 1min;
  CHECK(engine.handle(message("4", "generic:u1")).entries.size() == 1);
  engine.with_reader(
      [](Database& db) { CHECK(db.integer("SELECT count(*) FROM entries", {}) == 5); });
}

TEST_CASE("the webhook takes 60 messages a minute of one user, then says so once, then 429",
          "[overload]") {
  const TemporaryFolder folder;
  const Serving bot(folder.file("jieli.db"));
  // The minute may turn once while they are sent; then the count starts again.
  int recorded = 0, polite = 0, refused = 0;
  for (int i = 0; i < 130; ++i) {
    const Answer answer = post_message(
        bot.port(), message_json(fmt::format("r{}", i), fmt::format("发放 口罩 {} 只", i + 1)));
    const auto json = nlohmann::json::parse(answer.body);
    if (answer.status == 429) {
      ++refused;
      CHECK(answer.headers.at("retry-after") == "60");
      CHECK(json["error"]["code"] == "too_many_requests");
      continue;
    }
    REQUIRE(answer.status == 200);
    ++(json["entries"].empty() ? polite : recorded);
  }
  CHECK((recorded == 60 || recorded == 120));
  CHECK(polite >= 1);
  CHECK(polite <= 2);
  CHECK(recorded + polite + refused == 130);
}

TEST_CASE("where the queue is full the webhook says 503 at once", "[overload]") {
  constexpr std::size_t kQueue = 8;
  constexpr int kSenders = 40;
  const TemporaryFolder folder;
  Engine engine(opener(folder.file("jieli.db")), {}, policy(0), noon, kQueue);
  Server server;
  server.route_late("POST", "/say", [&](const HttpRequest& request, const Server::Answer& answer) {
    engine.handle(message(request.body, "generic:u1"),
                  [answer](const Message&, const Engine::Outcome& outcome) {
                    answer([&]() -> HttpResponse {
                      if (outcome.error) std::rethrow_exception(outcome.error);
                      return {.body = "{}"};
                    });
                  });
  });
  const int port = server.start("127.0.0.1:0");
  std::promise<void> entered, open;
  std::thread gate([&] {
    engine.write([&](Database&) {
      entered.set_value();
      open.get_future().wait();
    });
  });
  entered.get_future().wait();

  std::vector<std::unique_ptr<Connection>> senders;
  const auto began = std::chrono::steady_clock::now();
  for (int i = 1; i <= kSenders; ++i) {
    senders.push_back(std::make_unique<Connection>(port));
    const std::string body = std::to_string(i);
    senders.back()->send(
        fmt::format("POST /say HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{}",
                    body.size(), body));
    while (engine.figures().waiting + engine.figures().refused < static_cast<std::size_t>(i)) {
      std::this_thread::yield();
    }
  }
  // The first fill the queue; all others hear at once, while nothing can be written.
  for (std::size_t i = kQueue; i < senders.size(); ++i) {
    const Answer answer = senders[i]->read();
    CHECK(answer.status == 503);
    CHECK(answer.headers.at("retry-after") == "1");
  }
  CHECK(std::chrono::steady_clock::now() - began < 5s);
  open.set_value();
  gate.join();
  for (std::size_t i = 0; i < kQueue; ++i) CHECK(senders[i]->read().status == 200);
  server.stop();
  engine.with_reader(
      [](Database& db) { CHECK(db.integer("SELECT count(*) FROM entries", {}) == 8); });
}
