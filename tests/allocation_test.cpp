// The scanning pass (folding and tokens) allocates nothing once its lists have grown: counted by
// a global operator new, in a program of its own.

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <new>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "commands/parser/text.h"
#include "commands/parser/tokens.h"

namespace {

long allocations = 0;

std::vector<std::string> messages(int count, char** files) {
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i) {
    std::ifstream in(files[i]);
    for (std::string line; std::getline(in, line);) {
      texts.push_back(nlohmann::json::parse(line)["text"]);
    }
  }
  return texts;
}

}  // namespace

// Not inlined, or the compiler takes new and free for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

int main(int argc, char** argv) {
  const auto texts = messages(argc - 1, argv + 1);
  const Catalogue& catalogue = Catalogue::built_in();
  Text text;
  Tokens tokens;
  long counted[2] = {};
  std::size_t found = 0;
  for (long& round : counted) {
    const long before = allocations;
    for (const std::string& said : texts) {
      fold(said, text);
      scan(text, catalogue, tokens);
      found += tokens.list.size();
    }
    round = allocations - before;
  }
  std::printf("%zu messages, %zu tokens, allocations: %ld at first, then %ld\n", texts.size(),
              found / 2, counted[0], counted[1]);
  return !texts.empty() && counted[0] > 0 && counted[1] == 0 ? 0 : 1;
}
