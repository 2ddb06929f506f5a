// Build-time tool: prints OpenCC's traditional-to-simplified mapping of single characters as a flat
// table, so that the running program needs neither the library nor its data files.

#include <cstdio>
#include <string>

#include <opencc/SimpleConverter.hpp>

namespace {

constexpr unsigned kFirst = 0x3400;
constexpr unsigned kLast = 0x9FFF;

std::string encode(unsigned c) {
  return {static_cast<char>(0xE0 | (c >> 12)), static_cast<char>(0x80 | ((c >> 6) & 0x3F)),
          static_cast<char>(0x80 | (c & 0x3F))};
}

/// The code point of a text of exactly one three-byte character, else 0.
unsigned decode(const std::string& s) {
  if (s.size() != 3 || (static_cast<unsigned char>(s[0]) & 0xF0) != 0xE0) return 0;
  return ((static_cast<unsigned>(s[0]) & 0x0F) << 12) |
         ((static_cast<unsigned>(s[1]) & 0x3F) << 6) | (static_cast<unsigned>(s[2]) & 0x3F);
}

}  // namespace

int main() {
  const opencc::SimpleConverter converter("t2s.json");
  std::printf("#include \"commands/parser/script_table.h\"\n\n");
  std::printf("const char16_t kScriptTable[kScriptLast - kScriptFirst + 1] = {");
  for (unsigned c = kFirst; c <= kLast; ++c) {
    const unsigned to = decode(converter.Convert(encode(c)));
    std::printf("%s0x%X,", (c - kFirst) % 16 == 0 ? "\n" : "", to == 0 ? c : to);
  }
  std::printf("\n};\n");
}
