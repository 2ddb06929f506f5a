// Single bytes of the database file turn over: whatever the bot then says, it is not a wrong total.

#include <cstdlib>
#include <random>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "tests/program.h"

namespace {

int flips() {
  const char* const given = std::getenv("JIELI_FLIPS");
  return given == nullptr ? 60 : std::atoi(given);
}

std::string figures(const std::string& database) {
  const Finished run = jieli({"summary", "--group", "g1", "--format", "json", "--from",
                              "2020-02-01", "--to", "2020-03-01", "--database", database});
  return run.code == 0 ? run.out : "";
}

}  // namespace

TEST_CASE("a byte that turned over is refused or named, never a crash or a wrong total",
          "[corrupt]") {
  const TemporaryFolder folder;
  const std::string database = folder.file("jieli.db");
  std::string messages;
  for (int i = 0; i < 60; ++i) {
    messages += fmt::format(
        R"({{"message_id":"m{}","group":"g1","user":"u{}","text":"{} 口罩 {} 只 到 {}号院","time":"2020-02-{:02}T10:00:00+08:00"}})"
        "\n",
        i, i % 7, i % 3 == 0 ? "需要" : "发放", 10 + i, i % 5, 1 + i % 20);
  }
  write_file(folder.file("messages.jsonl"), messages);
  REQUIRE(jieli({"replay", folder.file("messages.jsonl"), "--database", database}).code == 0);
  const std::string sound = read_whole(database), right = figures(database);
  REQUIRE(!right.empty());
  std::mt19937 random(20200210);
  int refused = 0, harmless = 0;
  for (int i = 0; i < flips(); ++i) {
    std::string bytes = sound;
    const std::size_t at = random() % bytes.size();
    bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1u << random() % 8));
    const std::string copy = folder.file("copy.db");
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(copy + suffix);
    write_file(copy, bytes);
    INFO("byte " << at << " of " << bytes.size());
    const Finished verified = jieli({"verify", "--database", copy});
    INFO(verified.out << verified.err);
    REQUIRE((verified.code == 0 || verified.code == 1));
    if (verified.code == 1) {
      CHECK(!(verified.out + verified.err).empty());
      ++refused;
      continue;
    }
    REQUIRE(figures(copy) == right);
    ++harmless;
  }
  WARN(fmt::format("{} bytes turned over: {} refused or named, {} touched no figure",
                   refused + harmless, refused, harmless));
  CHECK(refused > 0);
}
