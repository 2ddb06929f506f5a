// The command line, against the real program.

#include "tests/program.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/database.h"
#include "storage/schema.h"

namespace {

using nlohmann::json;

std::string line(const std::string& id, const std::string& text) {
  json message = json::parse(message_json(id, text));
  message["time"] = "2020-02-10T09:30:00+08:00";
  return message.dump() + "\n";
}

}  // namespace

TEST_CASE("chat answers what is typed, a line ending in a backslash goes on", "[program]") {
  const TemporaryFolder folder;
  const auto run = jieli({"chat", "--database", folder.file("jieli.db")},
                         "今日发放：\\\n口罩 500只\\\n手套 20双\n大家好\n汇总\n");
  CHECK(run.code == 0);
  CHECK(run.err.empty());
  CHECK_THAT(run.out,
             Catch::Contains("#1 发放 口罩 500只") && Catch::Contains("#2 发放 手套 20双"));
  CHECK_THAT(run.out, Catch::Contains("口罩：发放 500只"));
}

TEST_CASE("chat is a volunteer unless told otherwise", "[program]") {
  const TemporaryFolder folder;
  const std::string db = folder.file("jieli.db");
  jieli({"chat", "--database", db, "--user", "u1"}, "需要 口罩 500 只\n");
  CHECK_THAT(jieli({"chat", "--database", db, "--user", "u2"}, "撤销 #1\n").out,
             Catch::Contains("协调员"));
  CHECK_THAT(
      jieli({"chat", "--database", db, "--user", "u2", "--role", "coordinator"}, "撤销 #1\n").out,
      Catch::Contains("已撤销 #1"));
}

TEST_CASE("parse reads lines and the corpus form", "[program]") {
  const auto run = jieli({"parse", "--jsonl"}, R"({"id":"a","text":"发放 口罩 500 只"})"
                                               "\n");
  CHECK(run.code == 0);
  const json read = json::parse(run.out);
  CHECK(read["id"] == "a");
  CHECK(read["intent"] == "distributed");
  CHECK(read["records"][0]["quantity"] == 500);
  CHECK(jieli({"parse"}, "发放 口罩 500 只\n").code == 0);
}

TEST_CASE("replay twice changes nothing; a bad line is named and the rest is done", "[program]") {
  const TemporaryFolder folder;
  const std::string db = folder.file("jieli.db");
  write_file(folder.file("a.jsonl"),
             line("1", "发放 口罩 500 只") + line("2", "大家好") + line("3", "收到 手套 20 双"));
  CHECK(jieli({"replay", "--database", db, folder.file("a.jsonl")}).code == 0);
  const std::string before =
      jieli({"summary", "--database", db, "--group", "g1", "--format", "json"}).out;
  CHECK(json::parse(before)["totals"].size() == 2);
  CHECK(jieli({"replay", "--database", db, folder.file("a.jsonl")}).code == 0);
  CHECK(jieli({"summary", "--database", db, "--group", "g1", "--format", "json"}).out == before);

  write_file(folder.file("b.jsonl"),
             line("4", "发放 口罩 1 只") + "{oops\n" + line("5", "发放 口罩 2 只"));
  const auto bad = jieli({"replay", "--database", db, folder.file("b.jsonl")});
  CHECK(bad.code == 1);
  CHECK_THAT(bad.err, Catch::Contains("b.jsonl:2"));
  const auto after = jieli({"summary", "--database", db, "--group", "g1", "--date", "2020-02-10"});
  CHECK_THAT(after.out, Catch::Contains("口罩 503只"));
  CHECK(jieli({"verify", "--database", db}).code == 0);
}

TEST_CASE("verify names a total that was tampered with", "[program]") {
  const TemporaryFolder folder;
  const std::string db = folder.file("jieli.db");
  jieli({"chat", "--database", db}, "发放 口罩 500 只\n");
  open_database(db)->run("UPDATE lines SET distributed = 1");
  const auto run = jieli({"verify", "--database", db});
  CHECK(run.code == 1);
  CHECK_THAT(run.out + run.err, Catch::Contains("口罩"));
}

TEST_CASE("check-config names each problem with its line", "[program]") {
  const TemporaryFolder folder;
  write_file(
      folder.file("a.toml"),
      "listen = \"127.0.0.1:8080\"\nlisen = 3\n\n[groups.\"generic:g1\"]\nsummary = [\"25:00\"]\n");
  const auto run = jieli({"check-config", folder.file("a.toml")});
  CHECK(run.code == 1);
  CHECK_THAT(run.out + run.err, Catch::Contains("a.toml:2") && Catch::Contains("lisen") &&
                                    Catch::Contains("a.toml:5"));
  CHECK(jieli({"check-config", JIELI_TESTS "/../config/jieli.toml"}).code == 0);
  CHECK(jieli({"serve", "--config", folder.file("a.toml")}).code == 1);
}

TEST_CASE("usage errors end with 2, what fails with 1", "[program]") {
  const TemporaryFolder folder;
  CHECK(jieli({}).code == 2);
  CHECK(jieli({"dance"}).code == 2);
  CHECK(jieli({"summary", "--format", "poem"}).code == 2);
  CHECK(jieli({"--help"}).code == 0);
  CHECK(jieli({"verify", "--database", folder.file("none.db")}).code == 1);
  CHECK(jieli({"replay", "--database", folder.file("a.db"), folder.file("none.jsonl")}).code == 1);
  CHECK(jieli({"chat", "--config", folder.file("none.toml")}).code == 1);
}

TEST_CASE("serve refuses what it cannot work with, and says what", "[program]") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& database, const std::vector<std::string>& more,
                           const std::string& says) {
    std::vector<std::string> arguments{"serve", "--database", database, "--listen", "127.0.0.1:0"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto run = jieli(arguments);
    INFO(run.err);
    CHECK(run.code == 1);
    CHECK_THAT(run.err, Catch::Contains(says));
  };
  write_file(folder.file("text.db"), std::string(8192, 'x'));
  refused(folder.file("text.db"), {}, "text.db");
  refused(folder.path().string(), {}, folder.path().filename().string());
  {
    const auto db = open_database(folder.file("newer.db"));
    migrate(*db);
    db->run("UPDATE schema_version SET version = 999");
  }
  refused(folder.file("newer.db"), {}, "999");
  Serving bot(folder.file("jieli.db"));
  REQUIRE(bot.port() > 0);
  refused(folder.file("jieli.db"), {}, "another jieli already serves " + folder.file("jieli.db"));
  const auto taken = jieli({"serve", "--database", folder.file("other.db"), "--listen",
                            fmt::format("127.0.0.1:{}", bot.port())});
  CHECK(taken.code == 1);
  CHECK_THAT(taken.err, Catch::Contains(std::to_string(bot.port())));
  refused("/proc/jieli/jieli.db", {}, "/proc/jieli");
  if (::geteuid() != 0) {  // root may write anything
    std::filesystem::create_directory(folder.file("shut"));
    ::chmod(folder.file("shut").c_str(), 0500);
    refused(folder.file("shut/jieli.db"), {}, "shut");
  }
}

TEST_CASE("the token is made once, kept in a file of its own, and never logged", "[program]") {
  const TemporaryFolder folder;
  const std::string db = folder.file("jieli.db");
  ::unsetenv("JIELI_TOKEN");
  const auto run_once = [&] {
    // Without a terminal, only the path is told.
    int port = 0;
    {
      Serving bot(db);
      port = bot.port();
      bot.signal(SIGTERM);
      CHECK(bot.wait() == 0);
    }
    return port;
  };
  run_once();  // with JIELI_TOKEN set by Serving: no file is made
  CHECK_FALSE(std::filesystem::exists(db + ".token"));
  ::unsetenv("JIELI_TOKEN");
  // A port in use ends it after the secrets are settled.
  const auto made = jieli({"serve", "--database", db, "--listen", "256.0.0.1:1"});
  CHECK(made.code == 1);
  struct stat info {};
  REQUIRE(::stat((db + ".token").c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  const std::string token = read_whole(db + ".token");
  CHECK(token.size() >= 32);
  CHECK(made.err.find(token.substr(0, 32)) == std::string::npos);
}

TEST_CASE("backup while serving is a whole ledger", "[program]") {
  const TemporaryFolder folder;
  Serving bot(folder.file("jieli.db"));
  for (int i = 1; i <= 50; ++i) {
    REQUIRE(post_message(bot.port(),
                         message_json(fmt::format("m{}", i), fmt::format("发放 口罩 {} 只", i)))
                .status == 200);
  }
  CHECK(jieli({"backup", "--database", folder.file("jieli.db"), folder.file("copy.db")}).code == 0);
  CHECK(jieli({"verify", "--database", folder.file("copy.db")}).code == 0);
  const auto summary =
      jieli({"summary", "--database", folder.file("copy.db"), "--group", "g1", "--format", "json"});
  CHECK(json::parse(summary.out)["totals"][0]["distributed"] == 1275);
}

TEST_CASE("SIGTERM under load keeps what was acknowledged and ends within a second", "[program]") {
  const TemporaryFolder folder;
  Serving bot(folder.file("jieli.db"));
  std::mutex mutex;
  std::set<std::string> acknowledged;
  std::atomic<bool> stop = false;
  std::vector<std::thread> clients;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&, c] {
      Connection connection(bot.port());
      for (int i = 0; !stop; ++i) {
        const std::string id = fmt::format("c{}-{}", c, i);
        const std::string body = message_json(id, fmt::format("发放 口罩 {} 只", i + 1), "g1",
                                              fmt::format("u{}-{}", c, i / 50));
        if (!connection.send(fmt::format(
                "POST /webhook/generic HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                "token\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                body.size(), body)))
          return;
        const Answer answer = connection.read();
        if (answer.status == 0) return;
        if (answer.status != 200) continue;
        const std::lock_guard lock(mutex);
        acknowledged.insert(id);
      }
    });
  }
  while (true) {
    const std::lock_guard lock(mutex);
    if (acknowledged.size() > 500) break;
  }
  const auto began = std::chrono::steady_clock::now();
  bot.signal(SIGTERM);
  CHECK(bot.wait() == 0);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::milliseconds(1500));
  stop = true;
  for (auto& client : clients) client.join();
  std::set<std::string> kept;
  open_database(folder.file("jieli.db"))
      ->run("SELECT message FROM entries", {}, [&](const Row& row) { kept.insert(row.string(0)); });
  for (const auto& id : acknowledged) {
    INFO(id);
    CHECK(kept.contains(id));
  }
  CHECK(jieli({"verify", "--database", folder.file("jieli.db")}).code == 0);
}
