// What the world does to the running program's files: full, locked, gone, read-only.

#include <algorithm>
#include <atomic>
#include <fstream>
#include <functional>
#include <memory>
#include <thread>

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sqlite3.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/program.h"

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

Answer report(const Serving& bot, const std::string& id) {
  return post_message(bot.port(), message_json(id, "发放 口罩 5 只", "g1", "u" + id));
}

Answer ready(const Serving& bot) { return request(bot.port(), "GET", "/readyz", {}); }

/// The numbers of the group's entries, as the API lists them.
std::size_t entries(const Serving& bot) {
  const auto json = nlohmann::json::parse(get(bot.port(), "/api/entries?group=g1").body);
  return json.at("entries").size();
}

/// Whether it holds within ten seconds.
bool soon(const std::function<bool()>& holds) {
  for (const auto until = Clock::now() + 10s; Clock::now() < until;) {
    if (holds()) return true;
    std::this_thread::sleep_for(20ms);
  }
  return false;
}

/// While `cause` lasts messages are refused, /readyz says one of `says`, and nothing is
/// recorded; once `mend` took it away, the same message is recorded once, without a restart.
void refuses_and_recovers(const Serving& bot, const std::function<void()>& cause,
                          const std::function<void()>& mend, const std::vector<std::string>& says) {
  REQUIRE(report(bot, "before").status == 200);
  cause();
  for (int i = 0; i < 3; ++i) {
    const Answer refused = report(bot, "during");
    CHECK(refused.status == 503);
    CHECK(refused.headers.contains("retry-after"));
  }
  CHECK(request(bot.port(), "GET", "/healthz", {}).status == 200);
  CHECK(soon([&] { return ready(bot).status == 503; }));
  const Answer why = ready(bot);
  CHECK(why.status == 503);
  INFO(why.body);
  CHECK(std::any_of(says.begin(), says.end(), [&](const std::string& words) {
    return why.body.find(words) != std::string::npos;
  }));
  mend();
  CHECK(soon([&] { return report(bot, "during").status == 200; }));
  CHECK(soon([&] { return ready(bot).status == 200; }));
  CHECK(report(bot, "after").status == 200);
  CHECK(entries(bot) == 3);
  CHECK_THAT(bot.log(),
             Catch::Contains("cannot be written") && Catch::Contains("can be written again"));
}

void verify_clean(const std::string& database) {
  const Finished verified = jieli({"verify", "--database", database});
  INFO(verified.out << verified.err);
  CHECK(verified.code == 0);
}

void limit_files(const Serving& bot, rlim_t bytes) {
  const rlimit limit{bytes, RLIM_INFINITY};
  REQUIRE(::prlimit(bot.pid(), RLIMIT_FSIZE, &limit, nullptr) == 0);
}

/// Takes all room of a disk, and what becomes free too, until the object goes.
class Filler {
 public:
  explicit Filler(std::string path) : path_(std::move(path)), thread_([this] { fill(); }) {}
  Filler(const Filler&) = delete;
  Filler& operator=(const Filler&) = delete;
  ~Filler() {
    full_ = true;
    thread_.join();
    std::filesystem::remove(path_);
  }

 private:
  void fill() {
    while (!full_) {
      std::ofstream(path_, std::ios::binary | std::ios::app) << std::string(4096, 'x');
    }
  }

  const std::string path_;
  std::atomic<bool> full_ = false;
  std::thread thread_;
};

/// Another process's lock on the database, as the sqlite3 shell or a backup holds it.
class Lock {
 public:
  explicit Lock(const std::string& database) {
    REQUIRE(sqlite3_open(database.c_str(), &handle_) == SQLITE_OK);
    REQUIRE(sqlite3_exec(handle_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() { sqlite3_close(handle_); }

 private:
  sqlite3* handle_ = nullptr;
};

}  // namespace

TEST_CASE("files that may not grow refuse messages until they may", "[outage]") {
  const TemporaryFolder folder;
  const Serving bot(folder.file("jieli.db"));
  REQUIRE(bot.port() > 0);
  refuses_and_recovers(
      bot, [&] { limit_files(bot, 16 * 1024); }, [&] { limit_files(bot, RLIM_INFINITY); },
      {"File too large"});
  verify_clean(folder.file("jieli.db"));
}

TEST_CASE("a full disk refuses messages until there is room", "[outage]") {
  const TemporaryFolder folder;
  const std::string disk = folder.file("disk");
  std::filesystem::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=4m") != 0) {
    WARN("not run: only root may mount a small disk");
    return;
  }
  const struct Unmount {
    std::string path;
    ~Unmount() { ::umount2(path.c_str(), MNT_DETACH); }
  } unmount{disk};
  const Serving bot(disk + "/jieli.db");
  REQUIRE(bot.port() > 0);
  std::unique_ptr<Filler> filler;
  const auto fill = [&] {
    filler = std::make_unique<Filler>(disk + "/filler");
    CHECK(soon([&] { return std::filesystem::space(disk).free == 0; }));
  };
  refuses_and_recovers(bot, fill, [&] { filler.reset(); }, {"is full", "No space left"});
  verify_clean(disk + "/jieli.db");
}

TEST_CASE("a folder that is gone refuses messages until it is back", "[outage]") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.file("data"));
  const Serving bot(folder.file("data/jieli.db"));
  REQUIRE(bot.port() > 0);
  const auto move = [&](const std::string& from, const std::string& to) {
    std::filesystem::rename(folder.file(from), folder.file(to));
  };
  refuses_and_recovers(
      bot,
      [&] {
        move("data", "away");
        std::filesystem::create_directory(folder.file("data"));
      },
      [&] {
        std::filesystem::remove_all(folder.file("data"));
        move("away", "data");
      },
      {"is gone"});
  verify_clean(folder.file("data/jieli.db"));
}

TEST_CASE("a file that came back read-only refuses messages until it may be written", "[outage]") {
  const TemporaryFolder folder;
  const std::string database = folder.file("jieli.db");
  const Serving bot(database, {}, User::not_root);
  REQUIRE(bot.port() > 0);
  const auto moded = [&](mode_t mode) { REQUIRE(::chmod(database.c_str(), mode) == 0); };
  refuses_and_recovers(
      bot,
      [&] {
        std::filesystem::rename(database, folder.file("away"));
        REQUIRE(report(bot, "during").status == 503);
        std::filesystem::rename(folder.file("away"), database);
        moded(0400);
      },
      [&] { moded(0600); }, {"is read-only"});
  verify_clean(database);
}

TEST_CASE("a lock of another process is waited for, then refused", "[outage]") {
  const TemporaryFolder folder;
  const std::string database = folder.file("jieli.db");
  const Serving bot(database);
  REQUIRE(report(bot, "before").status == 200);

  const auto answered = [&](std::chrono::seconds held, int status) {
    const auto began = Clock::now();
    std::thread holder([&, lock = std::make_unique<Lock>(database)]() mutable {
      std::this_thread::sleep_for(held);
      lock.reset();
    });
    std::vector<std::thread> senders;
    std::atomic<int> as_expected = 0;
    for (int i = 0; i < 20; ++i) {
      senders.emplace_back([&, i] {
        const Answer answer = report(bot, fmt::format("{}-{}", held.count(), i));
        if (answer.status == status && Clock::now() - began < 10s) ++as_expected;
      });
    }
    // Meanwhile nobody else waits: the page and questions are answered.
    for (int i = 0; i < 20; ++i) {
      const auto asked = Clock::now();
      CHECK(get(bot.port(), "/api/totals?group=g1").status == 200);
      CHECK(request(bot.port(), "GET", "/healthz", {}).status == 200);
      CHECK(Clock::now() - asked < 1s);
    }
    for (auto& sender : senders) sender.join();
    CHECK(as_expected == 20);
    holder.join();
  };
  answered(4s, 200);
  CHECK(entries(bot) == 21);
  answered(11s, 503);
  CHECK(soon([&] { return report(bot, "after").status == 200; }));
  CHECK(soon([&] { return ready(bot).status == 200; }));
  CHECK(entries(bot) == 22);
  verify_clean(database);
}
