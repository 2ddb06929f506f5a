// What other programs keep of a chat goes the same way as messages that come in.

#include <fstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "bot/chat_log.h"
#include "tests/program.h"

namespace {

using nlohmann::json;

const Zone kZone("Asia/Shanghai");

std::vector<Message> messages(const std::string& text,
                              void (*read)(std::istream&, const LogOrigin&, const TakeMessage&)) {
  std::vector<Message> found;
  std::istringstream in(text);
  read(in, {"generic:g1", &kZone, std::chrono::sys_seconds(std::chrono::seconds(1'581'300'000))},
       [&](int, Message message) { found.push_back(std::move(message)); });
  return found;
}

std::string put(const TemporaryFolder& folder, const std::string& name, const std::string& text) {
  std::ofstream(folder.file(name)) << text;
  return folder.file(name);
}

const std::string kCopied =
    "张三 2020年2月10日 09:30\n一医院需要口罩 500只\n急等\n\n"
    "李四(仓库) 2020-02-10 9:31:05\n收到 口罩 300只\n\n"
    "2020/2/10 下午3:05 王五\n发放 口罩 200只 到 一医院\n"
    "张三 2020年2月10日 16:00\n我们2020年2月10日 15:30 收到的\n\n"
    "李四(仓库) 2020-02-10 9:31:05\n收到 口罩 300只\n";

}  // namespace

TEST_CASE("copied chat is read with its senders and times", "[replay]") {
  const auto found = messages(kCopied, read_copied_chat);
  REQUIRE(found.size() == 5);
  CHECK(found[0].user == "generic:张三");
  CHECK(found[0].text == "一医院需要口罩 500只\n急等");
  CHECK(found[0].time == kZone.instant(*parse_day("2020-02-10"), 9 * 60 + 30));
  CHECK(found[0].name_only);
  CHECK(found[1].user_name == "李四(仓库)");
  CHECK(found[1].time ==
        kZone.instant(*parse_day("2020-02-10"), 9 * 60 + 31) + std::chrono::seconds(5));
  CHECK(found[2].time == kZone.instant(*parse_day("2020-02-10"), 15 * 60 + 5));
  CHECK(found[2].text == "发放 口罩 200只 到 一医院");
  CHECK(found[3].text == "我们2020年2月10日 15:30 收到的");
  CHECK(found[1].id != found[4].id);  // said twice
  const auto again = messages(kCopied, read_copied_chat);
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(again[i].id == found[i].id);
}

TEST_CASE("a table of needs is read as somebody would say it", "[replay]") {
  const std::string table =
      "\xEF\xBB\xBF序号,医院,物资名称,需求数量,单位,是否紧急,联系人,联系电话,发布时间\r\n"
      "1,一医院,\"N95口罩\",\"1,200\",只,是,王医生,13800138000,2020年2月9日\r\n"
      "2,\"二医院\n分院\",防护服,30,套,否,,,2020-02-10 08:15\r\n"
      "3,三医院,,5,个,,,,\r\n"
      "4,四医院,护目镜,,,,,,\r\n";
  CHECK(is_needs_table("序号,医院,物资名称,需求数量"));
  CHECK_FALSE(is_needs_table("张三 2020年2月10日 09:30"));
  const auto found = messages(table, read_needs_table);
  REQUIRE(found.size() == 3);
  CHECK(found[0].text == "急需 N95口罩 1,200只 到 一医院\n联系人 王医生 13800138000");
  CHECK(found[0].time == kZone.instant(*parse_day("2020-02-09")));
  CHECK(found[1].text == "需要 防护服 30套 到 二医院 分院");
  CHECK(found[1].time == kZone.instant(*parse_day("2020-02-10"), 8 * 60 + 15));
  CHECK(found[2].text == "需要 护目镜 到 四医院");
}

TEST_CASE("a hub joins with its chat and its table, twice the same", "[replay]") {
  const TemporaryFolder folder;
  const std::string chat = put(folder, "chat.txt", kCopied);
  const std::string table =
      put(folder, "needs.csv", "物资;数量;单位;地点\n酒精;20;瓶;二医院\n护目镜;40;副;二医院\n");
  const std::vector<std::string> database{"--database", folder.file("jieli.db")};
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), database.begin(), database.end());
    return jieli(arguments, "");
  };
  CHECK(run({"replay", chat}).code == 1);  // of which group?
  for (int round = 0; round < 2; ++round) {
    CHECK(run({"replay", "--group", "hub", chat, table}).code == 0);
    const auto figures = json::parse(run({"summary", "--group", "hub", "--format", "json"}).out);
    std::map<std::string, json> totals;
    for (const auto& line : figures["totals"]) totals[line["item"]] = line;
    CHECK(totals["口罩"]["needed"] == 500);
    CHECK(totals["口罩"]["received"] == 300);  // the very same within two minutes
    CHECK(totals["口罩"]["distributed"] == 200);
    CHECK(totals["酒精"]["needed"] == 20);
    CHECK(figures["gaps"].size() == 3);
  }
  CHECK(run({"replay", "--group", "hub", put(folder, "odd.txt", "什么也没有\n")}).code == 1);
  CHECK(run({"verify"}).code == 0);
}
