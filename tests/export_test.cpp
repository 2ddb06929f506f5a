// What leaves the ledger as files: read again by other programs, and looked at for what it must not
// hold.

#include "bot/export.h"

#include <array>
#include <cstdio>
#include <map>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "bot/canvas.h"
#include "tests/program.h"

namespace {

using nlohmann::json;

std::string output_of(const std::string& command) {
  std::string text;
  FILE* const pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 4096> piece{};
  while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), pipe))
    text.append(piece.data(), got);
  CHECK(::pclose(pipe) == 0);
  return text;
}

/// A ledger with the demo and a group whose people write what spreadsheets would run.
class Stocked {
 public:
  Stocked() {
    const std::string demo = std::string(JIELI_TESTS) + "/../config/demo/";
    REQUIRE(run({"replay", demo + "anhui.jsonl", demo + "shandong.jsonl"}).code == 0);
    REQUIRE(run({"chat", "--group", "odd"},
                "发放 口罩 5只 到 @三院\n捐赠 =1+1 7箱\n收到 口罩 "
                "12.5公斤，\"急用\"\n电话13800138000 需要 口罩 8只\n")
                .code == 0);
  }
  Finished run(std::vector<std::string> arguments, const std::string& input = "") const {
    arguments.insert(arguments.end(), {"--database", folder_.file("jieli.db")});
    return jieli(arguments, input);
  }
  std::string exported(const std::string& format, const std::string& group = "") const {
    const std::string file = folder_.file("out." + format);
    std::vector<std::string> arguments{"export", "--format", format, "--out", file};
    if (!group.empty()) arguments.insert(arguments.end(), {"--group", group});
    REQUIRE(run(arguments).code == 0);
    return file;
  }
  std::string file(const std::string& name) const { return folder_.file(name); }

 private:
  TemporaryFolder folder_;
};

int png_number(const std::string& png, std::size_t at) {
  int value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value * 256 + static_cast<unsigned char>(png[at + i]);
  return value;
}

}  // namespace

TEST_CASE("a workbook read by another program has the totals of the ledger", "[export]") {
  const Stocked ledger;
  const auto seen = json::parse(output_of("/usr/bin/python3 '" + std::string(JIELI_TESTS) +
                                          "/workbook_sums.py' '" + ledger.exported("xlsx") + "'"));
  CHECK(seen["formulas"].empty());

  const auto all = json::parse(read_whole(ledger.exported("json")));
  CHECK(seen["rows"]["汇总"] == all["totals"].size());
  CHECK(seen["rows"]["明细"] == all["entries"].size());
  CHECK(seen["rows"]["工作"] == all["metrics"].size());
  std::map<std::string, std::map<std::string, double>> sums;
  for (const auto& line : all["totals"]) {
    auto& sum = sums[line["unit"]];
    sum["发放"] += line["distributed"].get<double>();
    sum["收到"] += line["received"].get<double>();
    sum["还缺"] += line["outstanding"].get<double>();
    sum["库存"] += line["stock"].get<double>();
  }
  REQUIRE(sums.size() > 3);
  for (const auto& [unit, figures] : sums) {
    for (const auto& [name, sum] : figures) {
      INFO(unit << " " << name);
      CHECK(seen["sums"][unit][name].get<double>() == Approx(sum));
    }
  }
}

TEST_CASE("a CSV file opens in Excel and runs nothing", "[export]") {
  const Stocked ledger;
  const std::string csv = read_whole(ledger.exported("csv", "odd"));
  CHECK(csv.starts_with("\xEF\xBB\xBF群,编号,"));
  CHECK(csv.find("\"\"急用\"\"") != std::string::npos);
  CHECK(csv.find("13800138000") == std::string::npos);
  CHECK(csv.find("demo-anhui") == std::string::npos);
  CHECK(csv_cell("=1+1") == "'=1+1");
  CHECK(csv_cell("＠三院") == "'＠三院");
  CHECK(csv_cell("-5\"") == "\"'-5\"\"\"");
  CHECK(csv_cell("a\nb") == "\"a\nb\"");
  CHECK(csv_cell("口罩") == "口罩");
}

TEST_CASE("an export of some days holds their entries alone", "[export]") {
  const Stocked ledger;
  const std::string file = ledger.file("days.json");
  REQUIRE(ledger
              .run({"export", "--format", "json", "--out", file, "--group", "demo-anhui", "--date",
                    "2020-02-20"})
              .code == 0);
  const auto entries = json::parse(read_whole(file))["entries"];
  REQUIRE(!entries.empty());
  for (const auto& entry : entries) {
    const std::string time = entry["time"];
    CHECK(time >= "2020-02-19T16:00:00Z");
    CHECK(time < "2020-02-20T16:00:00Z");
  }
}

TEST_CASE("a file that cannot be written leaves none behind", "[export]") {
  const Stocked ledger;
  for (const std::string format : {"csv", "json", "xlsx"}) {
    const auto ended =
        ledger.run({"export", "--format", format, "--out", "/nowhere/out." + format});
    CHECK(ended.code == 1);
    CHECK(ended.err.find("/nowhere/out.") != std::string::npos);
  }
  CHECK(ledger.run({"summary", "--format", "xlsx"}).code == 1);
}

TEST_CASE("a picture is as wide as a phone shows and small enough to post", "[picture]") {
  const Stocked ledger;
  std::string wide;
  for (int i = 0; i < 60; ++i) {
    const std::string n = std::to_string(i);
    wide += "急需 第" + n + "种食品 " + n + "1箱 到 湖北省孝感市孝南区第" + n +
            "社区卫生服务中心发热门诊\n";
    wide += "发放 第" + n + "种食品 " + n + "2箱\n收到 第" + n + "种食品 " + n + "3箱\n";
  }
  REQUIRE(ledger.run({"chat", "--group", "wide"}, wide).code == 0);
  for (const std::vector<std::string>& scope :
       std::vector<std::vector<std::string>>{{"--group", "demo-anhui", "--date", "2020-02-20"},
                                             {"--group", "wide"},
                                             {"--group", "nobody"}}) {
    std::vector<std::string> arguments{"summary", "--format", "png", "--out", ledger.file("a.png")};
    arguments.insert(arguments.end(), scope.begin(), scope.end());
    REQUIRE(ledger.run(arguments).code == 0);
    const std::string png = read_whole(ledger.file("a.png"));
    CHECK(png.starts_with("\x89PNG"));
    CHECK(png_number(png, 16) == 1080);
    CHECK(png_number(png, 20) > 300);
    CHECK(png.size() < 500'000);
  }
}

TEST_CASE("the fonts of the system have the characters of a brief", "[picture]") {
  const auto canvas = Canvas::make(600);
  canvas->text(0, 0, 600, "口罩 500只 · 孝感市第一人民医院（急）：2.5吨，KN95 鑫喆", {});
  CHECK(canvas->unknown_glyphs() == 0);
}
