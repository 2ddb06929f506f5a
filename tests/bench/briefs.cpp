// How long a brief takes over a large ledger: one group with everything on fifty places, and many
// groups together. briefs [--entries N] [--file FILE]

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "commands/brief.h"
#include "commands/bulletin.h"
#include "commands/parser/parser.h"
#include "storage/schema.h"
#include "tests/bench/client.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kCommit = 1000;
constexpr int kRounds = 11;
constexpr int kGroups = 200;
constexpr int kDays = 60;
const std::vector<std::string> kItems{"口罩",   "手套", "酒精", "护目镜", "隔离衣",
                                      "消毒液", "大米", "牛奶", "体温计", "矿泉水"};

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

/// Half of the entries in one group, half in two hundred; sixty days.
void fill(Database& database, const Policy& policy, std::int64_t entries) {
  const auto start = std::chrono::sys_days(std::chrono::year(2020) / 2 / 1);
  for (std::int64_t n = 0; n < entries;) {
    Transaction transaction(database);
    for (int i = 0; i < kCommit && n < entries; ++i, ++n) {
      Message m;
      m.platform = "generic";
      m.id = fmt::format("m{}", n);
      m.group = n % 2 == 0 ? "generic:large" : fmt::format("generic:g{}", n / 2 % kGroups);
      m.user = fmt::format("generic:u{}", n % 997);
      m.time = start + std::chrono::seconds(n * kDays * 86'400 / entries);
      const std::string& item = kItems[static_cast<std::size_t>(n / 7) % kItems.size()];
      const char* const form = n % 8 == 0   ? "需要 {} {} 到 {}号卡点"
                               : n % 8 == 1 ? "志愿者{1}人次"
                               : n % 8 < 4  ? "收到 {} 约{}"
                                            : "发放 {} {} 到 {}号卡点";
      m.text = fmt::format(fmt::runtime(form), item, n % 90 + 1, n * 7 % 50);
      answer(database, m, read(m.text, *policy.catalogue), policy, m.time);
    }
    transaction.commit();
    if (n % 50'000 == 0) std::fprintf(stderr, "\r%ld entries", static_cast<long>(n));
  }
  std::fprintf(stderr, "\r");
}

void measure(const char* what, const std::function<std::size_t()>& work) {
  std::vector<double> times;
  std::size_t bytes = 0;
  for (int i = 0; i < kRounds; ++i) {
    const auto began = Clock::now();
    bytes = work();
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - began).count());
  }
  std::printf("%-48s %8.2f ms  (%zu bytes)\n", what, median(times), bytes);
}

}  // namespace

int main(int count, char** words) {
  std::int64_t entries = 1'000'000;
  std::string file = std::filesystem::temp_directory_path() / "jieli-briefs.db";
  CLI::App app("briefs over a large ledger");
  app.add_option("--entries", entries);
  app.add_option("--file", file, "kept where it is there already");
  CLI11_PARSE(app, count, words);
  const Policy p = policy();
  const bool made = !std::filesystem::exists(file);
  const auto database = open_database(file);
  migrate(*database);
  if (made) fill(*database, p, entries);
  const std::int64_t first =
      std::chrono::sys_days(std::chrono::year(2020) / 2 / 1).time_since_epoch().count();
  const std::optional<std::string> large("generic:large");
  const auto text = [&](const std::optional<std::string>& group, Days days) {
    return [&, group, days] { return brief(*database, group, days, p).text.size(); };
  };
  const auto formal = [&](const std::optional<std::string>& group, Days days) {
    return [&, group, days] {
      return bulletin(brief(*database, group, days, p), *p.catalogue).size();
    };
  };
  const Days last{first + kDays - 1, first + kDays - 1};
  measure("日报 of a group with half of the entries", text(large, last));
  measure("日报 of the first day of that group", text(large, {first, first}));
  measure("日报 of all groups", text({}, last));
  measure("简报 of a month of that group", formal(large, {first + 10, first + 40}));
  measure("简报 of all groups, everything", formal({}, {}));
  measure("简报 of all groups, a month", formal({}, {first + 10, first + 40}));
  measure("日报 of a small group", text("generic:g1", last));
}
