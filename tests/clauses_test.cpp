// What one clause hands on to the next, and which of two figures counts what. Every sentence here
// was made up for the test.

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "commands/parser/parser.h"

namespace {

/// Each statement in a few words: received 口罩 480只 of 500 -> 三院.
std::string told(std::string_view text) {
  std::string all;
  for (const Statement& s : read(text, Catalogue::built_in(), 18312).statements) {
    if (!all.empty()) all += "; ";
    all += s.word.empty() ? "-" : s.word;
    all += " " + (s.canonical.empty() ? s.item : s.canonical);
    if (s.quantity) all += " " + to_string(*s.quantity) + s.unit;
    if (s.alt) all += "(" + to_string(s.alt->quantity) + s.alt->unit + ")";
    if (s.pack) all += "(" + to_string(s.pack->per) + s.pack->unit + "/" + s.pack->of + ")";
    if (s.expected) all += " of " + to_string(*s.expected);
    if (s.receivers > 0) all += " for " + std::to_string(s.receivers);
    if (!s.place.empty()) all += " -> " + s.place;
  }
  return all;
}

}  // namespace

TEST_CASE("a figure with a noun of its own is never a second measure", "[parser]") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"收到口罩100只和5箱酒精", "收到 口罩 100只; 收到 酒精 5箱"},
      {"收到口罩100只 5箱酒精", "收到 口罩 100只; 收到 酒精 5箱"},
      {"收到口罩100只+5箱酒精", "收到 口罩 100只; 收到 酒精 5箱"},
      {"收到口罩100只加5箱酒精", "收到 口罩 100只; 收到 酒精 5箱"},
      {"收到口罩100只另外5箱酒精", "收到 口罩 100只; 收到 酒精 5箱"},
      {"收到口罩100只，还有5箱酒精", "收到 口罩 100只; 收到 酒精 5箱"},
      {"收到口罩100只以及20套防护服", "收到 口罩 100只; 收到 防护服 20套"},
      {"收到口罩2箱和100只手套", "收到 口罩 2箱; 收到 手套 100只"},
      {"收到口罩2箱100只手套", "收到 口罩 2箱; 收到 手套 100只"},
      {"收到口罩100只和5箱蓝月亮", "收到 口罩 100只; 收到 蓝月亮 5箱"},
      {"发放口罩100只和5箱酒精给三院", "发放 口罩 100只 -> 三院; 发放 酒精 5箱 -> 三院"},
      {"收到口罩100只+5箱酒精+20套防护服", "收到 口罩 100只; 收到 酒精 5箱; 收到 防护服 20套"},
      {"收到口罩100只和5箱酒精 护目镜30副", "收到 口罩 100只; 收到 酒精 5箱; 收到 护目镜 30副"},
      {"收到手套100双和口罩50只 5箱酒精", "收到 手套 100双; 收到 口罩 50只; 收到 酒精 5箱"},
      {"收到口罩3箱零20只", "收到 口罩 3箱; 收到 口罩 20只"},
      {"收到口罩3箱和20只", "收到 口罩 3箱; 收到 口罩 20只"},
      // Without one it still is.
      {"收到口罩2箱4000只", "收到 口罩 2箱(4000只)"},
      {"收到口罩2箱 4000只", "收到 口罩 2箱(4000只)"},
      {"收到口罩 2箱 4000只 手套100双", "收到 口罩 2箱(4000只); 收到 手套 100双"},
      {"收到口罩2箱（4000只）、5瓶酒精", "收到 口罩 2箱(4000只); 收到 酒精 5瓶"},
  }));
  CHECK(told(text) == expected);
}
