// What holds for the reading of generated messages.

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <opencc/SimpleConverter.hpp>
#include <rapidcheck.h>

#include "commands/goods.h"
#include "commands/parser/parser.h"
#include "commands/parser/text.h"
#include "commands/report.h"

namespace {

const Catalogue& catalogue() { return Catalogue::built_in(); }

Reading understood(const std::string& text) { return read(text, catalogue(), 18'312); }

rc::Gen<std::string> places() {
  return rc::gen::map(
      rc::gen::pair(rc::gen::elementOf(std::vector<std::string>{"", "东湖", "孝感", "城关", "红旗",
                                                                "新民", "李家", "桥头"}),
                    rc::gen::elementOf(std::vector<std::string>{"三院", "人民医院", "社区", "街道",
                                                                "卡点", "福利院", "镇"})),
      [](const std::pair<std::string, std::string>& parts) {
        const bool whole = !parts.first.empty() || parts.second == "三院";
        return (whole ? parts.first : "清河") + parts.second;
      });
}

/// A whole number, or one with decimals where the unit can be divided.
rc::Gen<Quantity> quantities(bool divisible) {
  return rc::gen::map(
      rc::gen::pair(rc::gen::inRange<std::int64_t>(1, 200'000), rc::gen::inRange(0, 4)),
      [=](const std::pair<std::int64_t, int>& drawn) {
        const auto [n, kind] = drawn;
        if (divisible && kind == 0) return Quantity{n * 100};
        return Quantity::whole(kind == 1 ? n : n % 900 + 1);
      });
}

Entry entry() {
  Entry e;
  e.number = *rc::gen::inRange(1, 999);
  e.kind = *rc::gen::element(Kind::need, Kind::offer, Kind::in_transit, Kind::received,
                             Kind::distributed, Kind::stock, Kind::used, Kind::adjust);
  if (e.kind == Kind::adjust)
    e.word = *rc::gen::elementOf(std::vector<std::string>{"损耗", "过期", "破损", "短少"});
  const auto& item = *rc::gen::elementOf(catalogue().items());
  e.item = item.name;
  e.unit = line_unit(catalogue(), &item, item.unit);
  e.quantity = *quantities(e.unit == "公斤" || e.unit == "升");
  e.approx = *rc::gen::arbitrary<bool>();
  e.urgent = e.kind == Kind::need && *rc::gen::arbitrary<bool>();
  const bool moves = e.kind == Kind::need || e.kind == Kind::in_transit ||
                     e.kind == Kind::received || e.kind == Kind::distributed;
  if (moves && *rc::gen::arbitrary<bool>()) e.place = *places();
  return e;
}

Kind kind_said(const Statement& s) {
  return s.action == Action::other ? Kind::voided : kind_of(s.action);
}

/// What it comes to in the ledger, for comparing.
std::string meaning(const Statement& s) {
  const auto* item = catalogue().find(s.canonical.empty() ? s.item : s.canonical);
  const auto line = s.quantity ? on_line(catalogue(), item, s) : std::nullopt;
  return std::string(word(kind_said(s))) + "|" + (item ? item->name : s.item) + "|" +
         (line ? to_string(line->quantity) + line->unit : "") + "|" + s.place + "|" +
         (s.approx ? "about" : "") + (s.urgent ? "urgent" : "");
}

std::vector<std::string> meanings(const Reading& reading) {
  std::vector<std::string> all;
  for (const Statement& s : reading.statements) all.push_back(meaning(s));
  return all;
}

std::string meaning(const Entry& e) {
  return std::string(word(e.kind)) + "|" + e.item + "|" + to_string(*e.quantity) + e.unit + "|" +
         e.place + "|" + (e.approx ? "about" : "") + (e.urgent ? "urgent" : "");
}

/// The bot's own line for an entry, without its number.
std::string said(const Entry& e) {
  const std::string line = named(e);
  return line.substr(line.find(' ') + 1);
}

constexpr const char* kChatter[] = {
    "大家辛苦了",
    "收到，谢谢",
    "明天下午3点开会",
    "会议号 123 456 789",
    "路上注意安全",
    "今天气温5度，多穿衣服",
    "我在3号楼下等你",
    "电话13800000001",
    "[图片]",
    "口罩现在多少钱一只？",
    "药店酒精涨到15元一瓶了",
    "84消毒液按1:100兑水",
    "听说每人限购5只口罩",
    "转发：出门一定要戴口罩",
    "哈哈哈好的",
    "2月10日的通知看了吗",
    "车牌京A12345的司机在吗",
    "@王五 在不在",
    "👍👍👍",
    "确诊3例，大家别出门",
    "谁会修电脑",
    "快递单号 773012345678901",
    "孩子的网课几点开始",
    "收到",
};

std::string full_width(const std::string& text) {
  std::string out;
  for (const char32_t c : fold(text).shown) {
    const bool wide = (c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z') ||
                      (c >= U'a' && c <= U'z') || c == U'(' || c == U')' || c == U':';
    append_utf8(out, wide ? c + 0xFEE0 : c);
  }
  return out;
}

}  // namespace

TEST_CASE("the bot's own line for an entry is read as that entry", "[reading]") {
  CHECK(rc::check([] {
    const Entry e = entry();
    const std::string text = said(e);
    RC_LOG() << text << "\n";
    const auto found = meanings(understood(text));
    RC_ASSERT(found == std::vector<std::string>{meaning(e)});
  }));
}

TEST_CASE("lines of chatter add no record", "[reading]") {
  CHECK(rc::check([] {
    std::string plain, mixed;
    for (int lines = *rc::gen::inRange(0, 4); lines > 0; --lines) {
      const std::string line = said(entry()) + "\n";
      plain += line;
      mixed += line;
      for (int more = *rc::gen::inRange(0, 3); more > 0; --more) {
        mixed += std::string(*rc::gen::elementOf(
                     std::vector<std::string>(std::begin(kChatter), std::end(kChatter)))) +
                 "\n";
      }
    }
    RC_LOG() << mixed;
    auto expected = meanings(understood(plain));
    for (const std::string& found : meanings(understood(mixed))) {
      const auto at = std::find(expected.begin(), expected.end(), found);
      RC_ASSERT(at != expected.end());
      expected.erase(at);
    }
  }));
}

TEST_CASE("neither blanks nor width nor script change what is understood", "[reading]") {
  static const opencc::SimpleConverter traditional("s2t.json");
  CHECK(rc::check([] {
    const std::string plain = said(entry());
    const auto expected = meanings(understood(plain));
    std::string text = plain;
    if (*rc::gen::arbitrary<bool>()) {
      const std::string blank =
          *rc::gen::elementOf(std::vector<std::string>{"  ", "\t", "　", "\u00A0", " \u200B"});
      for (auto at = text.find(' '); at != text.npos; at = text.find(' ', at + blank.size())) {
        text.replace(at, 1, blank);
      }
    }
    if (*rc::gen::arbitrary<bool>()) text = full_width(text);
    if (*rc::gen::arbitrary<bool>()) text = traditional.Convert(text);
    RC_LOG() << plain << "\n" << text << "\n";
    RC_ASSERT(meanings(understood(text)) == expected);
  }));
}
