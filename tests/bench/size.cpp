#include "tests/bench/size.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <vector>

#include <fmt/format.h>

#include "commands/command.h"
#include "commands/parser/parser.h"
#include "storage/figures.h"
#include "storage/schema.h"
#include "tests/bench/client.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kBatch = 64;  // messages in one commit, as 64 connections make them
constexpr int kBuildBatch = 1000;
constexpr int kRounds = 15;
constexpr int kVoids = 20;
constexpr int kVoidEach = 45;  // of the last 1,000 entries
const std::string kGroup = "generic:g1";

Policy policy() {
  Policy p;
  p.catalogue = &Catalogue::built_in();
  p.messages_a_minute = 0;
  p.day = [](const std::string&, std::chrono::sys_seconds time) {
    return std::int64_t{std::chrono::floor<std::chrono::days>(time).time_since_epoch().count()};
  };
  p.group_name = [](const std::string& group) { return group; };
  return p;
}

double milliseconds(const std::function<void()>& work) {
  const auto began = Clock::now();
  work();
  return std::chrono::duration<double, std::milli>(Clock::now() - began).count();
}

/// A ledger that grows by messages a minute apart, from many senders and for fifty places.
class Growing {
 public:
  explicit Growing(const std::string& file) : database_(open_database(file)) {
    migrate(*database_);
    said_ = entries();
  }

  std::int64_t entries() {
    return database_->integer("SELECT numbers FROM groups WHERE grp = $1", {kGroup}).value_or(0);
  }

  /// Says `count` messages in one transaction.
  void grow(int count) {
    std::vector<std::pair<Message, Reading>> said;
    for (int i = 0; i < count; ++i) said.push_back(next());
    commit(said);
  }

  /// The same, timed without the reading: what the writing thread does for one message.
  double microseconds_a_message() {
    std::vector<std::pair<Message, Reading>> said;
    for (int i = 0; i < kBatch; ++i) said.push_back(next());
    return milliseconds([&] { commit(said); }) * 1000 / kBatch;
  }

  double tally() {
    return milliseconds([&] { totals(*database_, {.group = kGroup, .item = {}, .place = {}}); });
  }

  double void_entry(std::int64_t number) {
    return milliseconds([&] { say(fmt::format("撤销 #{}", number), sender_of(number)); });
  }

 private:
  std::pair<Message, Reading> message(const std::string& text, const std::string& user) {
    Message m;
    m.platform = "generic";
    m.id = fmt::format("m{}", ++said_);
    m.group = kGroup;
    m.user = user;
    m.text = text;
    m.time = std::chrono::sys_days(std::chrono::year(2020) / 2 / 1) + std::chrono::minutes(said_);
    return {m, read(text, *policy_.catalogue)};
  }

  std::pair<Message, Reading> next() {
    const std::int64_t n = said_;
    const std::int64_t place = n * 7 % 50, figure = n % 90 + 1;
    const char* const form = n % 4 == 0   ? "需要 口罩 {} 只 到 {}号卡点"
                             : n % 4 == 1 ? "收到 口罩 {} 只"
                                          : "发放 口罩 {} 只 到 {}号卡点";
    return message(fmt::format(fmt::runtime(form), figure, place), sender_of(n + 1));
  }

  static std::string sender_of(std::int64_t number) {
    return fmt::format("generic:u{}", number % 997);
  }

  void say(const std::string& text, const std::string& user) { commit({message(text, user)}); }

  void commit(const std::vector<std::pair<Message, Reading>>& said) {
    Transaction transaction(*database_);
    for (const auto& [m, reading] : said) answer(*database_, m, reading, policy_, m.time);
    transaction.commit();
  }

  const Policy policy_ = policy();
  std::unique_ptr<Database> database_;
  std::int64_t said_ = 0;
};

}  // namespace

SizeCosts costs_of_size(const std::string& file, std::int64_t entries) {
  Growing ledger(file);
  while (ledger.entries() < entries) ledger.grow(kBuildBatch);
  std::vector<double> messages, tallies, voids;
  for (int i = 0; i < kRounds; ++i) {
    messages.push_back(ledger.microseconds_a_message());
    tallies.push_back(ledger.tally() * 1000);
  }
  const std::int64_t last = ledger.entries();
  for (int i = 0; i < kVoids; ++i) {
    voids.push_back(ledger.void_entry(last - kVoids * kVoidEach + i * kVoidEach));
  }
  return {median(messages), median(tallies), median(voids),
          *std::max_element(voids.begin(), voids.end())};
}
