// Ten thousand groups whose briefs are due in the same minute: how long until all are queued, and
// what webhooks feel of it. due [--groups N] [--connections N] [--folder DIR]

#include <chrono>
#include <cstdio>
#include <fstream>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bot/calendar.h"
#include "storage/database.h"
#include "tests/bench/client.h"
#include "tests/bench/running.h"

namespace {

using namespace std::chrono_literals;
using std::chrono::system_clock;

constexpr int kReported = 20;  // messages of each group, so that a brief has something to tell

/// Each group posts to a place of its own; nobody is there, as when a platform is away.
void write_config(const std::string& file, int groups, int minute) {
  std::ofstream out(file);
  for (int i = 0; i < groups; ++i) {
    out << fmt::format("[outgoing.o{}]\nkind = \"webhook\"\nurl = \"http://127.0.0.1:9/{}\"\n", i,
                       i);
  }
  for (int i = 0; i < groups; ++i) {
    out << fmt::format(
        "[groups.\"generic:due{}\"]\nsummary = [\"{:02}:{:02}\"]\npost_to = [\"o{}\"]\n", i,
        minute / 60, minute % 60, i);
  }
}

std::int64_t queued(const std::string& file) {
  const auto database = open_database(file, Access::read);
  return database->integer("SELECT count(*) FROM outbox WHERE cause = 'brief'", {}).value_or(0);
}

}  // namespace

int main(int count, char** words) {
  int groups = 10'000;
  std::size_t connections = 4;
  std::string at = std::filesystem::temp_directory_path();
  CLI::App app("briefs due in the same minute");
  app.add_option("--groups", groups);
  app.add_option("--connections", connections);
  app.add_option("--folder", at);
  CLI11_PARSE(app, count, words);
  const Folder folder(at);
  const std::string config = folder.file("jieli.toml"), database = folder.file("jieli.db");
  {
    const Running jieli({JIELI_PROGRAM, "serve", "--database", database, "--listen", "{}"}, "");
    load({.port = jieli.port(),
          .connections = 64,
          .seconds = static_cast<double>(groups) * kReported / 10'000,
          .groups = static_cast<std::size_t>(groups),
          .prefix = "due"});
  }
  const Zone zone("Asia/Shanghai");
  const auto start = std::chrono::floor<std::chrono::minutes>(system_clock::now()) + 2min;
  const auto due = std::chrono::sys_seconds(start);
  write_config(config, groups, zone.minute(due));
  const Running jieli(
      {JIELI_PROGRAM, "serve", "--config", config, "--database", database, "--listen", "{}"}, "");
  const auto measure = [&](double seconds) {
    return load({.port = jieli.port(),
                 .connections = connections,
                 .seconds = seconds,
                 .groups = 100,
                 .prefix = "webhook"});
  };
  std::this_thread::sleep_until(start - 25s);
  const LoadResult before = measure(20);
  std::this_thread::sleep_until(start);
  double all = 0;
  std::thread watch([&] {
    while (all == 0 && system_clock::now() < start + 60s) {
      if (queued(database) >= groups) {
        all = std::chrono::duration<double>(system_clock::now() - start).count();
      }
      std::this_thread::sleep_for(20ms);
    }
  });
  const LoadResult during = measure(5);
  const LoadResult after = measure(15);
  watch.join();
  std::printf("%d briefs queued after                %6.2f s\n", groups, all);
  std::printf("webhooks before: %6.0f /s, p99       %6.2f ms\n", before.rate(), before.at(0.99));
  std::printf("in the first 5 s: %6.0f /s, p99      %6.2f ms\n", during.rate(), during.at(0.99));
  std::printf("in the next 15 s: %6.0f /s, p99      %6.2f ms\n", after.rate(), after.at(0.99));
  return 0;
}
