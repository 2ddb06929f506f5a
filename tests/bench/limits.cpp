// How fast, how large, how patient: measures each limit that README.md promises, beside its bar.
// Servers run as child processes on loopback; what is compared runs in turns (A B A B).
//
//   limits [throughput] [slow_disk] [query] [idle] [overload] [start] [size]
//
// All of them where none is named.

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "storage/database.h"
#include "tests/bench/client.h"
#include "tests/bench/running.h"
#include "tests/bench/size.h"

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

struct Options {
  std::vector<std::string> sections;
  int rounds = 5;
  double seconds = 3;
  std::int64_t entries = 1'000'000;
  std::string folder = std::filesystem::temp_directory_path().string();
};

void row(const std::string& what, const std::string& bar, const std::string& measured) {
  fmt::print("| {} | {} | {} |\n", what, bar, measured);
  std::fflush(stdout);
}

double largest(const std::vector<double>& of) { return *std::max_element(of.begin(), of.end()); }

std::string yes(bool holds) { return holds ? "yes" : "NO"; }

struct Turns {
  std::vector<double> other, ours, ratio, p99, pss, stop;
  std::size_t answers = 0, refused = 0;
  bool sound = true;
};

/// The bare path and the bot by turns, each on a new file. `fewer` is the part of the other's
/// connections that are served at a time anyway.
Turns by_turns(const Options& options, bool alone, const std::string& preload) {
  Turns turns;
  for (int round = 0; round < options.rounds; ++round) {
    const Folder folder(options.folder);
    LoadOptions wish{.seconds = options.seconds};
    {
      const Running bare = serve_bare(folder.file("bare.db"), alone, preload);
      wish.port = bare.port();
      turns.other.push_back(load(wish).rate());
    }
    Running jieli = serve_jieli(folder.file("jieli.db"), preload);
    wish.port = jieli.port();
    const LoadResult result = load(wish);
    turns.pss.push_back(jieli.pss_mib());
    turns.stop.push_back(jieli.stop());
    turns.ours.push_back(result.rate());
    turns.p99.push_back(result.at(0.99));
    turns.ratio.push_back(turns.ours.back() / turns.other.back());
    turns.answers += result.milliseconds.size();
    turns.refused += result.refused;
    turns.sound = turns.sound && verified(folder.file("jieli.db"));
  }
  return turns;
}

void throughput(const Options& options) {
  const Turns turns = by_turns(options, false, "");
  row("durable messages a second, 64 connections", "10,000",
      fmt::format("{:.0f} (bare path {:.0f})", median(turns.ours), median(turns.other)));
  row("the same as a part of the bare path", "0.6", fmt::format("{:.2f}", median(turns.ratio)));
  row("99 of 100 answered within", "15 ms", fmt::format("{:.1f} ms", median(turns.p99)));
  row("memory (PSS) under that load", "48 MiB", fmt::format("{:.1f} MiB", largest(turns.pss)));
  row("stop under that load", "1 s", fmt::format("{:.0f} ms", largest(turns.stop)));
  row("`verify` clean after each, all answered", "yes",
      fmt::format("{}, {} of {}", yes(turns.sound), turns.answers, turns.answers + turns.refused));
}

void slow_disk(const Options& options) {
  const Turns turns = by_turns(options, true, SLOW_DISK_LIBRARY);
  row("5 ms more for each sync: times one transaction a message", "20",
      fmt::format("{:.1f} ({:.0f} /s against {:.0f})", median(turns.ratio), median(turns.ours),
                  median(turns.other)));
  row("the same: 99 of 100 answered within", "3 syncs + 5 ms",
      fmt::format("{:.1f} ms", median(turns.p99)));
}

void query(const Options& options) {
  std::vector<double> p99;
  for (int round = 0; round < options.rounds; ++round) {
    const Folder folder(options.folder);
    const Running jieli = serve_jieli(folder.file("jieli.db"));
    std::thread writes(
        [&] { load({.port = jieli.port(), .seconds = options.seconds + 1}); });
    std::this_thread::sleep_for(500ms);
    const LoadResult result = load({.port = jieli.port(),
                                    .connections = 1,
                                    .seconds = options.seconds,
                                    .get = "/api/totals?group=load1"});
    writes.join();
    p99.push_back(result.at(0.99));
  }
  row("a query's 99 of 100 while writes run flat out", "5 ms",
      fmt::format("{:.1f} ms", median(p99)));
}

/// Clients that hold a connection each and say nothing, or half a request.
class Holders {
 public:
  Holders(int port, std::size_t silent, std::size_t halfway) {
    const std::string whole = get_request("token", "/healthz");
    for (std::size_t i = 0; i < silent + halfway; ++i) {
      sockets_.push_back(connect_to(port));
      if (i >= silent) say(sockets_.back(), whole.substr(0, whole.size() / 2));
    }
  }
  Holders(const Holders&) = delete;
  Holders& operator=(const Holders&) = delete;
  ~Holders() {
    for (const int socket : sockets_) ::close(socket);
  }
  /// One byte more from each.
  void drip() {
    for (const int socket : sockets_) say(socket, "x");
  }

 private:
  static void say(int socket, const std::string& bytes) {
    std::ignore = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  std::vector<int> sockets_;
};

/// What a fresh client waits for its message to be recorded, time after time.
std::vector<double> fresh_clients(int port, int count, const std::function<void()>& between) {
  std::vector<double> waited;
  for (int i = 0; i < count; ++i) {
    waited.push_back(ask_once(
        port, message_request("token", fmt::format("fresh-{}", i), "fresh", fmt::format("u{}", i),
                              fmt::format("发放 口罩 {} 只", i + 1))));
    between();
    std::this_thread::sleep_for(20ms);
  }
  return waited;
}

void idle(const Options& options) {
  const Folder folder(options.folder);
  const Running jieli = serve_jieli(folder.file("jieli.db"));
  {
    const Holders holders(jieli.port(), 500, 500);
    const auto waited = fresh_clients(jieli.port(), 50, [] {});
    row("1,000 idle and half-sent connections: a fresh message is answered within", "5 ms",
        fmt::format("{:.1f} ms (worst {:.1f})", median(waited), largest(waited)));
    row("threads meanwhile, all", "32 for HTTP", fmt::format("{}", jieli.threads()));
  }
  Holders drippers(jieli.port(), 0, 100);
  const auto waited = fresh_clients(jieli.port(), 100, [&] { drippers.drip(); });
  row("100 clients that send a byte now and then: longest wait of others", "1 s",
      fmt::format("{:.1f} ms", largest(waited)));
}

/// More clients than the queue holds messages, while another process keeps the ledger locked.
void overload(const Options& options) {
  const Folder folder(options.folder);
  const Running jieli = serve_jieli(folder.file("jieli.db"));
  const auto other = open_database(folder.file("jieli.db"));
  other->begin();
  LoadResult result;
  std::thread clients([&] {
    result = load({.port = jieli.port(), .connections = 6000, .seconds = 3});
  });
  std::this_thread::sleep_for(2s);
  const double memory = jieli.pss_mib();
  other->rollback();
  clients.join();
  row("memory (PSS) while 6,000 clients send and nothing can be written", "48 MiB",
      fmt::format("{:.1f} MiB", memory));
  row("the same: told 503 at once, and answered afterwards", "both",
      fmt::format("{} and {}", result.refused, result.milliseconds.size()));
}

void start(const Options& options) {
  std::vector<double> starts, stops, memory;
  for (int round = 0; round < options.rounds; ++round) {
    const Folder folder(options.folder);
    Running jieli = serve_jieli(folder.file("jieli.db"));
    starts.push_back(jieli.started_in_ms());
    fresh_clients(jieli.port(), 20, [] {});
    memory.push_back(jieli.pss_mib());
    stops.push_back(jieli.stop());
  }
  row("start to the first /healthz", "50 ms", fmt::format("{:.0f} ms", median(starts)));
  row("memory (PSS) idle", "16 MiB", fmt::format("{:.1f} MiB", largest(memory)));
  row("stop", "1 s", fmt::format("{:.0f} ms", largest(stops)));
}

void size(const Options& options) {
  const Folder folder(options.folder);
  const std::string large = folder.file("large.db");
  const SizeCosts few = costs_of_size(folder.file("small.db"), 1000);
  const SizeCosts many = costs_of_size(large, options.entries);
  const auto against = [](double with_many, double with_few, const char* unit) {
    return fmt::format("{:.2f} ({:.1f} against {:.1f} {})", with_many / with_few, with_many,
                       with_few, unit);
  };
  const std::string n = fmt::format("{}", options.entries);
  row("a message with " + n + " entries against 1000", "2",
      against(many.message_us, few.message_us, "us"));
  row("a group's tally, the same", "2", against(many.tally_us, few.tally_us, "us"));
  row("to void one of the last 1,000 of a line of " + n, "20 ms",
      fmt::format("{:.1f} ms (worst {:.1f})", many.void_ms, many.worst_void_ms));
  std::vector<double> starts;
  for (int round = 0; round < options.rounds; ++round) {
    starts.push_back(serve_jieli(large).started_in_ms());
  }
  row("start to the first /healthz with " + n + " entries", "200 ms",
      fmt::format("{:.0f} ms", median(starts)));
}

const std::vector<std::pair<std::string, void (*)(const Options&)>> kSections{
    {"throughput", throughput}, {"slow_disk", slow_disk}, {"query", query},
    {"idle", idle},             {"overload", overload},   {"start", start},
    {"size", size}};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("measures what README.md promises");
  app.add_option("sections", options.sections, "throughput slow_disk query idle overload start size");
  app.add_option("--rounds", options.rounds);
  app.add_option("--seconds", options.seconds, "of load in each turn");
  app.add_option("--entries", options.entries, "in the large ledger");
  app.add_option("--folder", options.folder, "where the databases are made");
  CLI11_PARSE(app, argc, argv);
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  try {
    fmt::print("| what | bar | measured |\n|---|---|---|\n");
    for (const auto& [name, measure] : kSections) {
      const auto& chosen = options.sections;
      if (chosen.empty() || std::find(chosen.begin(), chosen.end(), name) != chosen.end()) {
        measure(options);
      }
    }
  } catch (const std::exception& failed) {
    fmt::print(stderr, "limits: {}\n", failed.what());
    return 1;
  }
  return 0;
}
