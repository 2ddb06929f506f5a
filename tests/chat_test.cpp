#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <catch2/catch.hpp>

#include "tests/conversation.h"

TEST_CASE("every conversation is answered as written", "[chat]") {
  // JIELI_CHAT_UPDATE=1 writes the replies into the files, for review with git diff.
  const bool update = std::getenv("JIELI_CHAT_UPDATE") != nullptr;
  std::vector<std::filesystem::path> scripts;
  for (const auto& file : std::filesystem::directory_iterator(JIELI_TESTS "/chat")) {
    if (file.path().extension() == ".chat") scripts.push_back(file.path());
  }
  std::sort(scripts.begin(), scripts.end());
  REQUIRE(!scripts.empty());
  for (const auto& script : scripts) {
    DYNAMIC_SECTION(script.stem().string()) {
      for (const auto& problem : play(script, update)) FAIL_CHECK(problem);
    }
  }
}
