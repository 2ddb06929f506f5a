// What `jieli parse` says of a message, for the sentences of tests/aloud: a line "> text", then the
// lines that come back. JIELI_CHAT_UPDATE=1 writes what came into the files, for review with git
// diff. Every sentence was made up for the test.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>

#include "bot/read_aloud.h"

namespace {

std::string aloud(const std::string& text) {
  std::istringstream in(text);
  std::ostringstream out;
  read_aloud(Catalogue::built_in(), in, out);
  std::string said = out.str();
  while (said.ends_with('\n')) said.pop_back();
  return said + "\n";
}

/// The file as it would be if every answer were what comes back now.
std::string as_read(std::istream& file) {
  std::string now;
  bool answer = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("> ")) {
      now += line + "\n" + aloud(line.substr(2));
      answer = true;
    } else if (line.empty() || line.starts_with("#")) {
      now += line + "\n";
      answer = false;
    } else if (!answer) {
      now += line + "\n";
    }
  }
  return now;
}

}  // namespace

TEST_CASE("messages are read as their files say", "[parser]") {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(JIELI_TESTS "/aloud")) {
    CAPTURE(entry.path().filename().string());
    std::ifstream file(entry.path());
    std::stringstream wanted;
    wanted << file.rdbuf();
    const std::string now = as_read(wanted);
    if (std::getenv("JIELI_CHAT_UPDATE") != nullptr) std::ofstream(entry.path()) << now;
    std::istringstream left(wanted.str());
    std::istringstream right(now);
    std::string text;
    for (std::string a, b; std::getline(right, b);) {
      std::getline(left, a);
      if (b.starts_with("> ")) text = b;
      CAPTURE(text);
      CHECK(b == a);
    }
    ++files;
  }
  CHECK(files > 0);
}
