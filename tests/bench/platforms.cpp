// What a webhook of each platform costs beside the generic one: the same messages, each in the form
// of its platform, over the same server and ledger, in turns.
//
//   platforms [--seconds 3] [--rounds 3] [--connections 64]

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tests/bench/client.h"
#include "tests/bench/running.h"
#include "tests/wire.h"

namespace {

/// The tables that the speeches want.
void write_config(const std::string& file) {
  std::ofstream out(file);
  out << "messages_a_minute = 0\n";
  for (const Speech& speech : speeches()) {
    if (speech.platform == "generic") continue;
    out << fmt::format("[platforms.{}]\n", speech.platform);
    for (const auto& [key, value] : speech.config) out << fmt::format("{} = \"{}\"\n", key, value);
  }
}

/// Ids are numbers, and the clock is now: signatures want both.
std::string callback(const Speech& speech, std::size_t n) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const Wire wire =
      speech.write({.id = fmt::to_string(now / std::chrono::nanoseconds(1) / 100 * 100 +
                                         static_cast<std::int64_t>(n % 100)),
                    .user = fmt::format("u{}", n % 20000),
                    .text = fmt::format("发放 口罩 {} 只 到 {}号卡点", n % 90 + 1, n % 50),
                    .event = Event::message,
                    .at = now / std::chrono::seconds(1)});
  std::string request = fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\n", wire.path);
  for (const std::string& header : wire.headers) request += header + "\r\n";
  return request + fmt::format("Content-Length: {}\r\n\r\n{}", wire.body.size(), wire.body);
}

}  // namespace

int main(int argc, char** argv) {
  LoadOptions options;
  options.seconds = 3;
  int rounds = 3;
  CLI::App app("what each platform's webhook costs");
  app.add_option("--seconds", options.seconds);
  app.add_option("--rounds", rounds);
  app.add_option("--connections", options.connections);
  CLI11_PARSE(app, argc, argv);
  try {
    const Folder folder(".");
    write_config(folder.file("jieli.toml"));
    Running server({JIELI_PROGRAM, "serve", "--listen", "{}", "--config", folder.file("jieli.toml"),
                    "--database", folder.file("jieli.db")},
                   "");
    options.port = server.port();
    std::map<std::string, std::vector<double>> milliseconds, cpu;
    for (int round = 0; round < rounds; ++round) {
      for (const Speech& speech : speeches()) {
        options.request = [&speech](std::size_t n) { return callback(speech, n); };
        const double before = server.cpu_seconds();
        const LoadResult result = load(options);
        cpu[speech.platform].push_back((server.cpu_seconds() - before) * 1e6 /
                                       static_cast<double>(result.milliseconds.size()));
        if (result.refused > 0) fmt::print("{}: {} refused\n", speech.platform, result.refused);
        milliseconds[speech.platform].push_back(1000 / result.rate());
      }
    }
    const double generic = median(milliseconds["generic"]);
    for (const auto& [platform, each] : milliseconds) {
      const double computed = median(cpu[platform]);
      fmt::print("{:12} {:8.0f} /s  {:+.0f} %  {:6.1f} us of CPU  {:+.0f} %\n", platform,
                 1000 / median(each), (median(each) / generic - 1) * 100, computed,
                 (computed / median(cpu["generic"]) - 1) * 100);
    }
    return 0;
  } catch (const std::exception& failed) {
    fmt::print(stderr, "platforms: {}\n", failed.what());
    return 1;
  }
}
