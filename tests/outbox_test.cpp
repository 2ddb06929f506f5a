#include "storage/outbox.h"

#include <chrono>
#include <map>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using std::chrono::seconds;
using std::chrono::sys_seconds;
using namespace std::chrono_literals;

namespace {

const sys_seconds kNow{seconds{1581336000}};

std::unique_ptr<Database> fresh() {
  auto database = open_database(":memory:");
  database->script(kOutboxSchema);
  return database;
}

Post post(const std::string& key, const std::string& group = "generic:g1",
          const std::string& target = "hub") {
  Post made;
  made.key = key;
  made.group = group;
  made.target = target;
  made.text = "text of " + key;
  made.cause = "test";
  return made;
}

std::vector<std::string> keys(const std::vector<Claimed>& rows) {
  std::vector<std::string> found;
  for (const auto& row : rows) found.push_back(row.post.key);
  return found;
}

ClaimLimits many() {
  ClaimLimits limits;
  limits.rows = 100;
  limits.ailing = 100;
  return limits;
}

std::string state_of(Database& database, std::string_view key) {
  return database.text("SELECT state FROM outbox WHERE dedup = $1", {key}).value_or("none");
}

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("outbox: one key is written once, and not at all where its cause is rolled back") {
  const auto database = fresh();
  Outbox outbox(*database);
  {
    const Transaction cause(*database);
    CHECK(outbox.enqueue(post("a"), kNow));
  }
  CHECK(!outbox.knows("a"));
  CHECK(outbox.enqueue(post("a"), kNow));
  CHECK(!outbox.enqueue(post("a"), kNow + 1h));
  CHECK(outbox.knows("a"));
  CHECK(outbox.state().waiting == 1);
  CHECK(outbox.state().oldest_waiting == kNow);
}

TEST_CASE("outbox: a claim hands out what was enqueued, one row of each target at a time") {
  const auto database = fresh();
  Outbox outbox(*database);
  auto first = post("a");
  first.figures = "{}";
  outbox.enqueue(first, kNow);
  outbox.enqueue(post("b", "generic:g2"), kNow);
  outbox.enqueue(post("c", "generic:g1", "other"), kNow);
  const auto rows = outbox.claim(many(), kNow);
  REQUIRE(keys(rows) == Keys{"a", "c"});
  CHECK(rows[0].post.group == "generic:g1");
  CHECK(rows[0].post.text == "text of a");
  CHECK(rows[0].post.figures == "{}");
  CHECK(rows[0].created == kNow);
  CHECK(!rows[0].repeat);
  CHECK(outbox.claim(many(), kNow).empty());
  outbox.sent(rows[0], kNow);
  CHECK(keys(outbox.claim(many(), kNow)) == Keys{"b"});
  CHECK(state_of(*database, "a") == "sent");
}

TEST_CASE("outbox: a later row of a group waits for the earlier one, other groups do not") {
  const auto database = fresh();
  Outbox outbox(*database);
  outbox.enqueue(post("a1"), kNow);
  outbox.enqueue(post("a2"), kNow);
  outbox.enqueue(post("b1", "generic:g2"), kNow);
  const auto first = outbox.claim(many(), kNow);
  REQUIRE(keys(first) == Keys{"a1"});
  outbox.failed(first[0], "HTTP 503", true, kNow + 100s, kNow + 2s, kNow);
  CHECK(outbox.claim(many(), kNow + 1s).empty());
  const auto second = outbox.claim(many(), kNow + 2s);
  REQUIRE(keys(second) == Keys{"b1"});
  CHECK(second[0].target_failures == 1);
  outbox.sent(second[0], kNow + 2s);
  CHECK(outbox.claim(many(), kNow + 99s).empty());
  const auto third = outbox.claim(many(), kNow + 100s);
  REQUIRE(keys(third) == Keys{"a1"});
  CHECK(third[0].attempts == 1);
  CHECK(third[0].target_failures == 0);
  CHECK(!third[0].repeat);
  outbox.park(third[0], "HTTP 404", kNow + 100s);
  CHECK(keys(outbox.claim(many(), kNow + 100s)) == Keys{"a2"});
  CHECK(database->text("SELECT last_error FROM outbox WHERE dedup = $1", {"a1"}) == "HTTP 404");
}

TEST_CASE("outbox: healthy targets come first, and some room is kept from failing ones") {
  const auto database = fresh();
  Outbox outbox(*database);
  for (int i = 0; i < 3; ++i) {
    outbox.enqueue(post(fmt::format("bad{}", i), "generic:g", fmt::format("bad{}", i)), kNow);
  }
  for (const auto& row : outbox.claim(many(), kNow)) {
    outbox.failed(row, "no connection", true, kNow + 1s, kNow + 1s, kNow);
  }
  outbox.enqueue(post("good", "generic:g", "good"), kNow);
  ClaimLimits limits;
  limits.rows = 4;
  limits.ailing = 2;
  CHECK(keys(outbox.claim(limits, kNow + 1s)) == Keys{"good", "bad0", "bad1"});
}

TEST_CASE("outbox: the rows of a sender that died come back with the same key, as repeats") {
  const auto database = fresh();
  Outbox outbox(*database);
  outbox.enqueue(post("a"), kNow);
  const auto dead = outbox.claim(many(), kNow);
  REQUIRE(dead.size() == 1);
  CHECK(outbox.claim(many(), kNow + kOutboxLease - 1s).empty());
  const auto again = outbox.claim(many(), kNow + kOutboxLease);
  REQUIRE(keys(again) == Keys{"a"});
  CHECK(again[0].repeat);
  // The dead one was only slow: its word does not end the claim of the other.
  outbox.failed(dead[0], "late", false, kNow + 1h, kNow + 1h, kNow + kOutboxLease);
  CHECK(outbox.claim(many(), kNow + kOutboxLease).empty());
  outbox.sent(again[0], kNow + kOutboxLease);
  CHECK(state_of(*database, "a") == "sent");
}

TEST_CASE("outbox: what was broken off is there at once") {
  const auto database = fresh();
  Outbox outbox(*database);
  outbox.enqueue(post("a"), kNow);
  outbox.released(outbox.claim(many(), kNow).at(0), true);
  const auto again = outbox.claim(many(), kNow);
  REQUIRE(keys(again) == Keys{"a"});
  CHECK(!again[0].repeat);
  outbox.released(again[0], false);
  CHECK(outbox.claim(many(), kNow).at(0).repeat);
}

TEST_CASE("outbox: in any minute a target gets no more posts than it takes, parts counted") {
  const auto database = fresh();
  Outbox outbox(*database);
  for (int i = 0; i < 60; ++i) {
    outbox.enqueue(post(fmt::format("k{}", i), fmt::format("generic:g{}", i % 7)), kNow);
  }
  outbox.enqueue(post("free", "generic:g1", "free"), kNow);
  auto limits = many();
  limits.posts_a_minute = [](const std::string& target) { return target == "hub" ? 20 : 0; };
  std::vector<std::int64_t> posts;
  std::int64_t parts = 0, free_posts = 0;
  for (std::int64_t second = 0; second < 600 && outbox.state().waiting > 0; ++second) {
    for (int round = 0; round < 5; ++round) {
      for (const auto& row : outbox.claim(limits, kNow + seconds{second})) {
        if (row.post.target == "free") ++free_posts;
        if (row.post.target == "hub") posts.push_back(second);
        // Every third has two parts, every fifth fails once.
        if (row.id % 3 == 0 && row.parts_sent == 0) {
          ++parts;
          outbox.sent_part(row, kNow + seconds{second});
        } else if (row.id % 5 == 0 && row.attempts == 0) {
          outbox.failed(row, "errcode -1", true, kNow + seconds{second + 1},
                        kNow + seconds{second + 1}, kNow + seconds{second});
        } else {
          outbox.sent(row, kNow + seconds{second});
        }
      }
    }
  }
  CHECK(outbox.state().waiting == 0);
  CHECK(free_posts == 1);
  CHECK(parts == 20);
  CHECK(posts.size() >= 92);
  for (std::size_t i = 20; i < posts.size(); ++i) CHECK(posts[i] - posts[i - 20] > 60);
  CHECK(posts.back() < 5 * 61);  // and not much fewer
}

TEST_CASE("outbox: a part that failed is sent again alone") {
  const auto database = fresh();
  Outbox outbox(*database);
  outbox.enqueue(post("a"), kNow);
  outbox.sent_part(outbox.claim(many(), kNow).at(0), kNow);
  const auto second = outbox.claim(many(), kNow).at(0);
  CHECK(second.parts_sent == 1);
  outbox.failed(second, "HTTP 500", true, kNow, kNow, kNow);
  CHECK(outbox.claim(many(), kNow).at(0).parts_sent == 1);
}

TEST_CASE("outbox: a clock that was put back delays nothing") {
  const auto database = fresh();
  Outbox outbox(*database);
  outbox.enqueue(post("a"), kNow);
  outbox.failed(outbox.claim(many(), kNow).at(0), "HTTP 503", true, kNow + 60s, kNow + 60s, kNow);
  SECTION("by a day, unseen") { CHECK(outbox.claim(many(), kNow - 24h).size() == 1); }
  SECTION("by half an hour, seen") {
    CHECK(outbox.claim(many(), kNow - 30min).empty());
    outbox.forget_waits();
    CHECK(outbox.claim(many(), kNow - 30min).size() == 1);
  }
  SECTION("under a claim") {
    REQUIRE(outbox.claim(many(), kNow + 60s).size() == 1);
    CHECK(outbox.claim(many(), kNow - 24h).size() == 1);
  }
}

TEST_CASE("outbox: a row is not sent before its time") {
  const auto database = fresh();
  Outbox outbox(*database);
  auto later = post("later");
  later.not_before = kNow + 48h;
  outbox.enqueue(later, kNow);
  CHECK(outbox.claim(many(), kNow + 47h).empty());
  CHECK(outbox.expire(kNow + 1h, "old") == 0);
  CHECK(outbox.claim(many(), kNow + 48h).size() == 1);
}

TEST_CASE("outbox: what waited too long expires, with the reason") {
  const auto database = fresh();
  Outbox outbox(*database);
  outbox.enqueue(post("old"), kNow);
  outbox.enqueue(post("new"), kNow + 25h);
  CHECK(outbox.expire(kNow + 1h, "too old") == 1);
  CHECK(state_of(*database, "old") == "expired");
  CHECK(keys(outbox.claim(many(), kNow + 25h)) == Keys{"new"});
  CHECK(outbox.record_expired(post("never"), "the bot was down", kNow));
  CHECK(!outbox.record_expired(post("never"), "the bot was down", kNow));
  CHECK(outbox.state().expired == 2);
}

TEST_CASE("outbox: pruning keeps what waits and the newest rows, whatever the clock says") {
  const auto database = fresh();
  const Transaction all(*database);
  Outbox outbox(*database);
  outbox.enqueue(post("waits", "generic:g1", "elsewhere"), kNow);
  for (int i = 0; i < 10010; ++i) outbox.record_expired(post(fmt::format("k{}", i)), "x", kNow);
  outbox.prune(kNow);
  CHECK(outbox.state().expired == 10010);
  outbox.prune(kNow + 24h * 365);
  CHECK(outbox.state().expired == 10000);
  CHECK(!outbox.knows("k9"));
  CHECK(outbox.knows("k10"));
  CHECK(outbox.knows("waits"));
}

TEST_CASE("outbox: a claim stays quick when thousands of rows wait") {
  const auto database = fresh();
  const Transaction all(*database);
  Outbox outbox(*database);
  for (int i = 0; i < 10000; ++i) {
    outbox.enqueue(post(fmt::format("k{}", i), fmt::format("generic:g{}", i % 500),
                        fmt::format("t{}", i % 50)),
                   kNow);
  }
  const auto start = std::chrono::steady_clock::now();
  std::size_t taken = 0;
  for (int i = 0; i < 20; ++i) {
    for (const auto& row : outbox.claim(many(), kNow)) {
      ++taken;
      outbox.sent(row, kNow);
    }
  }
  const auto spent = std::chrono::steady_clock::now() - start;
  CHECK(taken == 1000);
  CHECK(spent < 2s);
}
