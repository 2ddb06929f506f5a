#include <random>

#include <catch2/catch.hpp>

#include "bot/platform.h"
#include "tests/authentic.h"

namespace {

/// One to four changes: a bit, a byte, a piece cut out, doubled or moved, the end cut off.
std::string mutated(std::string body, std::mt19937& random) {
  const auto below = [&](std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most - 1)(random);
  };
  for (std::size_t changes = below(4) + 1; changes > 0 && !body.empty(); --changes) {
    const std::size_t at = below(body.size());
    const std::size_t length = below(std::min<std::size_t>(body.size() - at, 16)) + 1;
    switch (below(6)) {
      case 0:
        body[at] = static_cast<char>(body[at] ^ (1 << below(8)));
        break;
      case 1:
        body[at] = static_cast<char>(below(256));
        break;
      case 2:
        body.erase(at, length);
        break;
      case 3:
        body.insert(at, body.substr(at, length));
        break;
      case 4:
        body.insert(below(body.size()), body.substr(at, length));
        break;
      default:
        body.resize(at);
    }
  }
  return body;
}

}  // namespace

TEST_CASE("ten thousand broken bodies of each platform are read or refused", "[platforms]") {
  for (const Authentic& one : authentic()) {
    INFO(one.platform << ": " << one.example);
    const auto platform = platform_kind(one.platform)->make(one.config, "");
    std::mt19937 random(20200210);
    int survived = 0;
    for (int i = 0; i < 10'000; ++i) {
      if (survives(one, *platform, mutated(std::string(one.example), random))) ++survived;
    }
    CHECK(survived == 10'000);
  }
}
