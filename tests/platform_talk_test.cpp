#include <algorithm>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "storage/outbox.h"
#include "tests/platform_server.h"
#include "tests/wire.h"

namespace {

constexpr std::int64_t kStart = 1581298200;  // 2020-02-10 09:30 in Shanghai

/// What a script says; empty where it needs more than messages in their order.
std::vector<Said> lines_of(const std::filesystem::path& script) {
  std::vector<Said> said;
  std::ifstream in(script);
  std::string line;
  int number = 0;
  while (std::getline(in, line)) {
    if (line.empty() || line[0] == '#' || line[0] == '<' || line[0] == '=') continue;
    const std::size_t end = line.find("> ");
    if (end == std::string::npos || line.find("> (") != std::string::npos ||
        line.find("@") != std::string::npos) {
      return {};
    }
    Said one;
    one.user = line.substr(0, end);
    one.text = line.substr(end + 2);
    for (std::size_t at = one.text.find("\\n"); at != std::string::npos;
         at = one.text.find("\\n")) {
      one.text.replace(at, 2, "\n");
    }
    one.id = fmt::to_string(kStart + 100 + number * 10);
    one.at = kStart + number * 10;
    ++number;
    said.push_back(std::move(one));
  }
  return said;
}

/// The ledger as people would read it: who is not compared, platforms have their own ids.
std::string ledger_after(const Speech& speech, const std::vector<Said>& script) {
  PlatformServer server(speech.platform, speech.config);
  server.reply.reset();
  for (const Said& said : script) {
    const Wire wire = speech.write(said);
    const Answer answer = server.send("POST", wire.path, wire.headers, wire.body, said.at);
    if (answer.status / 100 != 2) return fmt::format("{}: {}", answer.status, answer.body);
  }
  std::string ledger;
  server.engine().with_reader([&](Database& database) {
    database.run(
        "SELECT number, kind, item, unit, COALESCE(quantity, -1), place FROM entries"
        " ORDER BY number",
        {}, [&](const Row& row) {
          ledger += fmt::format("#{} {} {} {} {} {}\n", row.integer(0), row.string(1),
                                row.string(2), row.string(3), row.integer(4), row.string(5));
        });
  });
  return ledger;
}

}  // namespace

TEST_CASE("the same script gives the same ledger on every platform", "[platforms]") {
  const Speech plain = speeches().front();
  int scripts = 0;
  for (const auto& file : std::filesystem::directory_iterator(JIELI_TESTS "/chat")) {
    if (file.path().extension() != ".chat") continue;
    const std::vector<Said> script = lines_of(file.path());
    if (script.empty()) continue;
    const std::string wanted = ledger_after(plain, script);
    if (wanted.empty()) continue;
    const bool one_speaker = std::all_of(script.begin(), script.end(), [&](const Said& said) {
      return said.user == script.front().user;
    });
    ++scripts;
    for (const Speech& speech : speeches()) {
      if (!speech.groups && !one_speaker) continue;
      INFO(file.path().filename().string() << " on " << speech.platform);
      CHECK(ledger_after(speech, script) == wanted);
    }
    if (scripts == 6) break;  // each is played on every platform
  }
  CHECK(scripts == 6);
}

TEST_CASE("edits and recalls reach the ledger from every platform that tells them", "[platforms]") {
  const std::vector<Said> edited = {
      {"1581298300", "u1", "发放 口罩 500 只 到 三院", Event::message, kStart},
      {"1581298300", "u1", "发放 口罩 450 只 到 三院", Event::edit, kStart + 10}};
  const std::vector<Said> recalled = {edited[0],
                                      {"1581298300", "u1", "", Event::recall, kStart + 10}};
  const Speech plain = speeches().front();
  for (const Speech& speech : speeches()) {
    INFO(speech.platform);
    if (speech.edits) CHECK(ledger_after(speech, edited) == ledger_after(plain, edited));
    if (speech.recalls) CHECK(ledger_after(speech, recalled) == ledger_after(plain, recalled));
  }
  CHECK(ledger_after(plain, recalled).find("void") != std::string::npos);
}

TEST_CASE("a reply that the answer cannot carry is in the outbox once", "[platforms]") {
  for (const Speech& speech : speeches()) {
    if (speech.platform != "feishu" && speech.platform != "slack") continue;
    INFO(speech.platform);
    PlatformServer server(speech.platform, speech.config);
    server.reply.reset();
    const Said said{"1581298300", "u1", "发放 口罩 500 只 到 三院", Event::message, kStart};
    for (int i = 0; i < 3; ++i) {
      const Wire wire = speech.write(said);
      CHECK(server.send("POST", wire.path, wire.headers, wire.body, said.at).status == 200);
    }
    std::vector<std::string> posts;
    server.engine().with_reader([&](Database& database) {
      database.run("SELECT target, body FROM outbox", {},
                   [&](const Row& row) { posts.push_back(row.string(0) + " " + row.string(1)); });
    });
    REQUIRE(posts.size() == 1);
    CHECK(posts[0].find("#1 发放 口罩 500只") != std::string::npos);
  }
}

TEST_CASE("a reply that comes too late for the answer is in the outbox", "[platforms]") {
  for (const Speech& speech : speeches()) {
    if (speech.platform == "generic") continue;
    INFO(speech.platform);
    PlatformServer server(speech.platform, speech.config);
    server.reply.reset();
    server.patience = std::chrono::milliseconds(30);
    std::promise<void> held;
    std::promise<void> open;
    std::thread busy([&] {
      server.engine().write([&](Database&) {
        held.set_value();
        open.get_future().wait();
      });
    });
    held.get_future().wait();
    const Wire wire =
        speech.write({"1581298300", "u1", "发放 口罩 500 只 到 三院", Event::message, kStart});
    const Answer answer = server.send("POST", wire.path, wire.headers, wire.body, kStart);
    CHECK(answer.status / 100 == 2);
    CHECK(answer.body.find("发放") == std::string::npos);
    open.set_value();
    busy.join();
    server.engine().write([](Database&) {});  // behind the message
    std::string posts;
    server.engine().with_reader([&](Database& database) {
      database.run("SELECT target, body FROM outbox", {},
                   [&](const Row& row) { posts += row.string(0) + " " + row.string(1); });
    });
    CHECK(posts.find(speech.platform + ":") == 0);
    CHECK(posts.find("#1 发放 口罩 500只") != std::string::npos);
    CHECK(server.entries() == 1);
  }
}

TEST_CASE("what an answer does not hold of a reply is posted behind it, once", "[platforms]") {
  std::string report;
  for (int i = 1; i <= 90; ++i)
    report += fmt::format("需要 口罩 {} 只 到 第{}号临时安置点\n", i, i);
  for (const Speech& speech : speeches()) {
    INFO(speech.platform);
    PlatformServer server(speech.platform, speech.config);
    server.reply.reset();
    const auto platform = platform_kind(speech.platform)->make(speech.config, "token");
    const Said said{"1581298300", "u1", report, Event::message, kStart};
    const Wire wire = speech.write(said);
    const Answer first = server.send("POST", wire.path, wire.headers, wire.body, kStart);
    const Answer again = server.send("POST", wire.path, wire.headers, wire.body, kStart);
    CHECK(first.status == 200);
    CHECK(server.entries() == 90);
    std::vector<std::string> posts;
    server.engine().with_reader([&](Database& database) {
      database.run("SELECT body FROM outbox", {},
                   [&](const Row& row) { posts.push_back(row.string(0)); });
    });
    const bool elsewhere = speech.platform == "feishu" || speech.platform == "slack";
    const auto limits = platform->limits();
    const auto parts = split(server.said(), limits.most, limits.unit);
    REQUIRE(parts.size() >= 1);
    const bool cut = !platform->answers_any_length() && parts.size() > 1;
    REQUIRE(posts.size() == (elsewhere || cut ? 1 : 0));
    if (!cut) continue;
    const std::string whole = elsewhere ? posts[0] : parts[0] + "\n" + posts[0];
    CHECK(whole == server.said());
  }
}
