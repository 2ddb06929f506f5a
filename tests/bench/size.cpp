// What a message, a tally and a void cost in a small ledger and in a large one, below HTTP: one
// group, one item, so that everything stands on one line.
//
//   size [--entries 1000,1000000] [--folder /tmp]      the ledgers stay in the folder for reuse

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "commands/command.h"
#include "commands/parser/parser.h"
#include "storage/figures.h"
#include "storage/schema.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kBatch = 64;  // messages in one commit, as 64 connections make them
constexpr int kBuildBatch = 1000;
constexpr int kRounds = 15;
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

double median(std::vector<double> of) {
  std::nth_element(of.begin(), of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2), of.end());
  return of[of.size() / 2];
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

  std::int64_t pages() { return database_->integer("PRAGMA page_count", {}).value_or(0); }

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

void measure(const std::string& folder, std::int64_t size) {
  const std::string file = fmt::format("{}/jieli-{}.db", folder, size);
  Growing ledger(file);
  while (ledger.entries() < size) ledger.grow(kBuildBatch);
  std::vector<double> writes, tallies, voids;
  for (int i = 0; i < kRounds; ++i) {
    writes.push_back(ledger.microseconds_a_message());
    tallies.push_back(ledger.tally() * 1000);
  }
  const std::int64_t last = ledger.entries();
  for (int i = 0; i < 20; ++i) voids.push_back(ledger.void_entry(last - 999 + i * 45));
  fmt::print("{:>9} entries: a message {:.1f} us, a tally {:.1f} us, a void {:.2f} ms (worst {:.2f})\n",
             size, median(writes), median(tallies), median(voids),
             *std::max_element(voids.begin(), voids.end()));
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::int64_t> sizes{1000, 1000000};
  std::string folder = std::filesystem::temp_directory_path().string();
  CLI::App app("what a ledger of each size costs");
  app.add_option("--entries", sizes)->delimiter(',');
  app.add_option("--folder", folder);
  CLI11_PARSE(app, argc, argv);
  for (const std::int64_t size : sizes) measure(folder, size);
  return 0;
}
