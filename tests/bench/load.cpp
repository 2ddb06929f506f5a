// Load on a server at loopback, for looking at it with a profiler.
//
//   load PORT TOKEN [--connections 64] [--seconds 5] [--users 20000] [--groups 10] [--prefix P]
//   load PORT TOKEN --get PATH [--connections 1] …      the same with GET requests

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tests/bench/client.h"

int main(int argc, char** argv) {
  LoadOptions options;
  CLI::App app("load on a server at loopback");
  app.add_option("port", options.port)->required();
  app.add_option("token", options.token)->required();
  app.add_option("--connections", options.connections);
  app.add_option("--seconds", options.seconds);
  app.add_option("--users", options.users);
  app.add_option("--groups", options.groups);
  app.add_option("--prefix", options.prefix);
  app.add_option("--get", options.get);
  CLI11_PARSE(app, argc, argv);
  try {
    const LoadResult result = load(options);
    fmt::print("{:.0f} /s  p50 {:.2f} ms  p99 {:.2f} ms  max {:.2f} ms  answers {}  not 200: {}\n",
               result.rate(), result.at(0.5), result.at(0.99), result.at(1),
               result.milliseconds.size(), result.refused);
    return result.milliseconds.empty() ? 1 : 0;
  } catch (const std::exception& failed) {
    fmt::print(stderr, "load: {}\n", failed.what());
    return 1;
  }
}
