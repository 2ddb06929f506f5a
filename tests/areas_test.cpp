#include "commands/areas.h"

#include <catch2/catch.hpp>

namespace {

std::string path(std::string_view said, std::string_view around = {}) {
  const Areas& areas = Areas::built_in();
  const auto found = areas.find(said, around.empty() ? Area{} : areas.find(around).value());
  if (!found) return "";
  return std::string(found->province) + "/" + std::string(found->city) + "/" +
         std::string(found->county);
}

Nearness near(std::string_view one, std::string_view other) {
  return nearness(Areas::built_in().find(one).value(), Areas::built_in().find(other).value());
}

}  // namespace

TEST_CASE("an area is found by its full name, its short form and its path", "[areas]") {
  CHECK(path("安徽省") == "安徽省//");
  CHECK(path("合肥") == "安徽省/合肥市/");
  CHECK(path("安徽/合肥") == "安徽省/合肥市/");
  CHECK(path("安徽省合肥市蜀山区") == "安徽省/合肥市/蜀山区");
  CHECK(path("仙桃") == "湖北省/仙桃市/");
  CHECK(path("北京") == "北京市//");
  CHECK(path("上海浦东新区") == "上海市/上海市/浦东新区");
  CHECK(path("内蒙古") == "内蒙古自治区//");
  CHECK(path("火星").empty());
  CHECK(path("").empty());
}

TEST_CASE("a place lies in the area that its name begins with", "[areas]") {
  CHECK(path("孝感市第一人民医院") == "湖北省/孝感市/");
  CHECK(path("武昌医院") == "湖北省/武汉市/武昌区");
  CHECK(path("三中卡点").empty());
}

TEST_CASE("a name that several areas bear is looked for around the speaker", "[areas]") {
  CHECK(path("鼓楼区").empty());
  CHECK(path("鼓楼区", "福州") == "福建省/福州市/鼓楼区");
  CHECK(path("南京鼓楼区") == "江苏省/南京市/鼓楼区");
  CHECK(path("鼓楼区", "合肥").empty());
}

TEST_CASE("areas are as near as the smallest area that holds both", "[areas]") {
  CHECK(near("武昌", "武昌区") == Nearness::county);
  CHECK(near("武昌", "武汉江汉区") == Nearness::city);
  CHECK(near("武昌", "孝感") == Nearness::province);
  CHECK(near("武昌", "合肥") == Nearness::apart);
  CHECK(nearness({}, {}) == Nearness::apart);
}
