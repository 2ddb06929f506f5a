#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "bot/json.h"
#include "commands/brief.h"
#include "commands/parser/private.h"
#include "commands/parser/text.h"
#include "storage/contacts.h"
#include "storage/figures.h"
#include "storage/forgetting.h"
#include "tests/room.h"

namespace {

using Random = std::mt19937;

std::string digits(Random& random, std::size_t count) {
  std::string text;
  while (text.size() < count) text += static_cast<char>('0' + random() % 10);
  return text;
}

std::string mobile(Random& random) {
  return "1" + std::string(1, static_cast<char>('3' + random() % 7)) + digits(random, 9);
}

std::string identity(Random& random) {
  constexpr std::array kAreas{"340104", "420902", "370102", "110108"};
  std::string text = kAreas[random() % kAreas.size()];
  text += std::to_string(1940 + random() % 70);
  text += "0" + std::to_string(1 + random() % 9) + std::to_string(10 + random() % 19);
  text += digits(random, 3);
  return text + (random() % 5 == 0 ? "X" : digits(random, 1));
}

std::string landline(Random& random) {
  constexpr std::array kAreas{"0551", "010", "0712", "021"};
  return std::string(kAreas[random() % kAreas.size()]) + "6" + digits(random, 7);
}

std::string grouped(const std::string& text, const std::vector<std::size_t>& sizes,
                    const std::string& sign) {
  std::string out;
  std::size_t at = 0;
  for (const std::size_t size : sizes) {
    out += (at == 0 ? "" : sign) + text.substr(at, size);
    at += size;
  }
  return out;
}

std::string each(const std::string& text, std::array<std::string_view, 10> words) {
  std::string out;
  for (const char c : text) {
    out += c >= '0' && c <= '9' ? std::string(words[static_cast<std::size_t>(c - '0')])
                                : std::string(1, c);
  }
  return out;
}

constexpr std::array<std::string_view, 10> kWide{"０", "１", "２", "３", "４",
                                                 "５", "６", "７", "８", "９"};
constexpr std::array<std::string_view, 10> kWords{"零", "一", "二", "三", "四",
                                                  "五", "六", "七", "八", "九"};
constexpr std::array<std::string_view, 10> kSpoken{"〇", "幺", "二", "三", "四",
                                                   "五", "六", "七", "八", "九"};

struct Spelled {
  std::string number;  ///< digits alone
  std::string text;    ///< as somebody writes it
};

Spelled spell_mobile(Random& random) {
  const std::string n = mobile(random);
  switch (random() % 14) {
    case 0:
      return {n, grouped(n, {3, 4, 4}, " ")};
    case 1:
      return {n, grouped(n, {3, 4, 4}, "-")};
    case 2:
      return {n, grouped(n, {3, 4, 4}, ".")};
    case 3:
      return {n, each(n, kWide)};
    case 4:
      return {n, each(n, kWords)};
    case 5:
      return {n, each(n, kSpoken)};
    case 6:
      return {n, "+86 " + n};
    case 7:
      return {n, "+86-" + grouped(n, {3, 4, 4}, "-")};
    case 8:
      return {n, "0086" + n};
    case 9:
      return {n, grouped(n, {3, 3, 5}, " ")};
    case 10:
      return {n, each(grouped(n, {3, 4, 4}, "－"), kWide)};
    case 11:
      return {n, each(grouped(n, {3, 4, 4}, " "), kWords)};
    case 12:
      return {n, "(+86)" + n};
    default:
      return {n, n};
  }
}

Spelled spell_identity(Random& random) {
  const std::string n = identity(random);
  switch (random() % 6) {
    case 0:
      return {n, grouped(n, {6, 8, 4}, " ")};
    case 1:
      return {n, grouped(n, {6, 4, 4, 4}, "-")};
    case 2:
      return {n, each(n, kWide)};
    case 3:
      return {n, each(n, kWords)};
    default:
      return {n, n};
  }
}

Spelled spell_landline(Random& random) {
  const std::string n = landline(random);
  const std::size_t area = n.size() - 8;
  switch (random() % 4) {
    case 0:
      return {n, "(" + n.substr(0, area) + ")" + n.substr(area)};
    case 1:
      return {n, n.substr(0, area) + "-" + n.substr(area)};
    case 2:
      return {n, each(n.substr(0, area) + "-" + n.substr(area), kWide)};
    default:
      return {n, n.substr(0, area) + " " + n.substr(area, 4) + " " + n.substr(area + 4)};
  }
}

Spelled spell(Random& random) {
  const auto which = random() % 10;
  if (which < 6) return spell_mobile(random);
  return which < 8 ? spell_identity(random) : spell_landline(random);
}

struct Said {
  Spelled number;
  std::string text;
  int quantity = 0;
};

Said message(Random& random) {
  Said said{spell(random), "", static_cast<int>(1 + random() % 9000)};
  const std::string q = std::to_string(said.quantity);
  const std::string& n = said.number.text;
  switch (random() % 8) {
    case 0:
      said.text = "急需 口罩 " + q + "只 到 三院 张医生 " + n;
      break;
    case 1:
      said.text = "需要 口罩 " + q + "只 到 三院，联系人：李主任，电话：" + n;
      break;
    case 2:
      said.text = "需要 口罩" + q + "只\n收货地址：三院\n联系电话 " + n + "张医生";
      break;
    case 3:
      said.text = "王老板(" + n + ")捐赠口罩" + q + "只";
      break;
    case 4:
      said.text = n + " 老赵 可捐口罩 " + q + " 只";
      break;
    case 5:
      said.text = "发出 口罩 " + q + "只 到 四院 司机电话" + n;
      break;
    case 6:
      said.text = "收到 口罩 " + q + "只 ，送货人" + n + "。";
      break;
    default:
      said.text = "发放 口罩 " + q + "只 到 五院 联系 " + n + " 谢谢";
  }
  return said;
}

/// Digits only, whatever they are written in and whatever stands between them.
std::string bare(std::string_view text) {
  std::string out;
  for (const char32_t c : fold(text).key) {
    constexpr std::u32string_view kChinese = U"零一二三四五六七八九";
    if (c >= U'0' && c <= U'9') out += static_cast<char>(c);
    if (const auto at = kChinese.find(c); at != kChinese.npos) {
      out += static_cast<char>('0' + at);
    }
    if (c == U'〇') out += '0';
    if (c == U'幺') out += '1';
    if (c == U'x') out += 'X';
  }
  return out;
}

/// Every text that the database holds, but for the contacts.
std::vector<std::string> stored(Database& database) {
  std::vector<std::string> found;
  const auto each_column = [&](std::string_view sql, int columns) {
    database.run(sql, {}, [&](const Row& row) {
      for (int i = 0; i < columns; ++i) found.push_back(row.string(i));
    });
  };
  each_column("SELECT text, reply, user_name FROM messages", 3);
  each_column("SELECT item, unit, said, place, counterpart, word, change, user_name FROM entries",
              8);
  each_column("SELECT item, unit, place, party, counterpart, word FROM standing", 6);
  each_column("SELECT item, unit FROM lines", 2);
  each_column("SELECT item, unit, place FROM daily", 3);
  each_column("SELECT place FROM members", 1);
  each_column("SELECT body FROM outbox", 1);
  return found;
}

}  // namespace

TEST_CASE("a thousand messages with numbers of persons show none of them", "[privacy]") {
  Random random(20200210);
  ChatRoom room;
  std::vector<std::string> numbers;
  std::size_t recorded = 0;
  for (int i = 0; i < 1000; ++i) {
    const Said said = message(random);
    const std::string group = "g" + std::to_string(i % 25);
    const Reply reply = room.say(group, "u" + std::to_string(i % 90), said.text);
    INFO(said.text << "\n" << reply.text);
    CHECK(bare(reply.text).find(said.number.number) == std::string::npos);
    numbers.push_back(said.number.number);
    if (reply.entries.empty()) continue;
    ++recorded;
    const auto rows =
        entries(*room.db, "generic:" + group, std::nullopt, reply.entries.front() - 1, 1);
    REQUIRE(rows.size() == 1);
    CHECK(rows.front().quantity == Quantity::whole(said.quantity));
    CHECK(rows.front().unit == "只");
  }
  CHECK(recorded > 900);

  std::vector<std::string> texts = stored(*room.db);
  for (int g = 0; g < 25; ++g) {
    const std::string group = "generic:g" + std::to_string(g);
    texts.push_back(dump(to_json(brief(*room.db, group, {}, room.policy))));
    for (const auto& row : entries(*room.db, group, std::nullopt, 0, 1000)) {
      texts.push_back(row.text);
      texts.push_back(row.said + row.place.value_or("") + row.counterpart.value_or(""));
    }
  }
  std::size_t leaks = 0;
  for (const std::string& text : texts) {
    const std::string all = bare(text);
    if (all.size() < 10) continue;
    for (const std::string& number : numbers) {
      if (all.find(number) == std::string::npos) continue;
      if (++leaks < 5) UNSCOPED_INFO(text);
    }
  }
  CHECK(leaks == 0);
}

TEST_CASE("no quantity is taken for a number of a person", "[privacy]") {
  Random random(7);
  for (int i = 0; i < 1000; ++i) {
    const std::string a = std::to_string(1 + random() % 999'999'999);
    const std::string b = std::to_string(100 + random() % 90000);
    const std::array forms{
        "发放 口罩 " + a + "只 到 三院",
        "口罩" + a + "只、手套" + b + "双",
        "口罩 " + b + " 手套 " + b + " 护目镜 " + b,
        "2020-02-10 口罩 " + b + " " + b + " " + b,
        "消杀 " + a + "平方米 受益" + b + "人次",
        "三院 口罩 1" + b + " 2" + b + "  3" + b + "只",
        "运单号 SF" + a + " 口罩" + b + "只",
        "发放 口罩 " + each(b, kWords) + "只",
        "口罩 " + b + "-" + b + "只",
        "药品 " + a + ".5元",
    };
    const std::string& text = forms[static_cast<std::size_t>(i) % forms.size()];
    INFO(text);
    CHECK(masked(text) == text);
  }
}

TEST_CASE("contacts are apart, for coordinators in direct messages, and can be removed",
          "[privacy]") {
  ChatRoom room;
  room.policy.coordinators = {"generic:陈姐"};
  const std::string number = "13812345678";
  room.say("g1", "陈姐", "收到 口罩 5只");
  room.say("g1", "李四", "急需 N95口罩 20只 到 三院 张医生 138 1234 5678");
  const auto direct = [&](const std::string& user, const std::string& text) {
    Message m = room.message("direct-" + user, user, text);
    m.direct = true;
    return m;
  };
  CHECK(room.say("g1", "陈姐", "联系人 #2").text.find(number) == std::string::npos);
  CHECK(room.say(direct("李四", "联系人 #2")).text.find(number) == std::string::npos);
  CHECK(room.say("g1", "陈姐", "#2").text.find(number) == std::string::npos);
  const Message asks = direct("陈姐", "联系人 #2");
  CHECK(room.say(asks).text.find(number) != std::string::npos);
  CHECK(room.say(asks).text.find(number) != std::string::npos);
  CHECK(room.say(direct("陈姐", "#2")).text.find(number) != std::string::npos);
  for (const std::string& text : stored(*room.db)) {
    CHECK(bare(text).find(number) == std::string::npos);
  }

  CHECK(room.say("g1", "王五", "清除联系人 #2").entries.empty());
  CHECK(room.say("g1", "陈姐", "清除联系人 #2").entries == std::vector<std::int64_t>{3});
  CHECK(room.say("g1", "陈姐", "清除联系人 #2").entries.empty());
  CHECK(room.say(asks).text.find(number) == std::string::npos);
  CHECK(verify(*room.db, nullptr).empty());

  room.say("g1", "李四", "急需 手套 20双 到 三院 张医生 13812345678");
  CHECK(Contacts(*room.db).remove_before(room.now - std::chrono::hours(1)) == 0);
  CHECK(Contacts(*room.db).remove_before(room.now + std::chrono::hours(1)) == 1);
}

TEST_CASE("a person's name and words go and the figures stay", "[privacy]") {
  ChatRoom room;
  const Message first = room.message("g1", "李四", "需要 口罩 500只 到 三院");
  room.say(first);
  room.say("g1", "王五", "发放 口罩 200只 到 三院");
  room.say("g2", "李四", "收到 手套 7双");
  const auto before = totals(*room.db, {.group = "generic:g1"});
  const Reply reply = room.say("g1", "李四", "删除我的信息");
  CHECK(reply.entries == std::vector<std::int64_t>{3});
  for (const std::string& text : stored(*room.db)) {
    CHECK(text.find("李四") == std::string::npos);
  }
  CHECK(entries(*room.db, "generic:g1", std::nullopt, 0, 1).front().text.empty());
  CHECK_FALSE(entries(*room.db, "generic:g1", std::nullopt, 1, 1).front().text.empty());
  const auto after = totals(*room.db, {.group = "generic:g1"});
  CHECK(after.front().outstanding == before.front().outstanding);
  CHECK(after.front().distributed == before.front().distributed);
  CHECK(verify(*room.db, nullptr).empty());
  CHECK(room.say(first).duplicate);
  // Figures can be corrected afterwards as before.
  CHECK_FALSE(room.say("g1", "李四", "更正 #1 450").entries.empty());

  const auto idle = room.now + std::chrono::hours(1);
  CHECK(forget_idle_groups(*room.db, room.now - std::chrono::hours(1)) == 0);
  CHECK(forget_idle_groups(*room.db, idle) >= 1);
  for (const std::string& text : stored(*room.db)) {
    CHECK(text.find("王五") == std::string::npos);
  }
  CHECK(verify(*room.db, nullptr).empty());
}
