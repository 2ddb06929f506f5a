#include "commands/goods.h"

#include <catch2/catch.hpp>

namespace {

struct Case {
  std::string item, quantity, unit, per, inner, of, second, second_unit, becomes, line;
};

}  // namespace

TEST_CASE("what was said comes to the item's line as the contract says", "[goods]") {
  const auto c = GENERATE(values<Case>({
      {"口罩", "500", "只", "", "", "", "", "", "500", "只"},
      {"口罩", "500", "个", "", "", "", "", "", "500", "只"},
      {"口罩", "500", "", "", "", "", "", "", "500", "只"},
      {"口罩", "3", "箱", "", "", "", "", "", "3", "箱"},
      {"口罩", "3", "箱", "2000", "只", "箱", "", "", "6000", "只"},
      {"口罩", "3", "箱", "2000", "个", "箱", "", "", "6000", "只"},
      {"口罩", "20", "箱", "", "", "", "4000", "个", "4000", "只"},
      {"口罩", "4000", "个", "", "", "", "20", "箱", "4000", "只"},
      {"口罩", "2", "打", "", "", "", "", "", "24", "只"},
      {"手套", "10", "副", "", "", "", "", "", "10", "双"},
      {"消毒液", "2", "吨", "", "", "", "", "", "2000", "公斤"},
      {"消毒液", "3", "斤", "", "", "", "", "", "1.5", "公斤"},
      {"消毒液", "500", "毫升", "", "", "", "", "", "0.5", "升"},
      {"84消毒液", "150", "箱", "12", "瓶", "箱", "", "", "1800", "瓶"},
      {"84消毒液", "20", "瓶", "500", "ml", "瓶", "", "", "20", "瓶"},
      {"84消毒液", "20", "瓶", "24", "瓶", "箱", "", "", "20", "瓶"},
      {"大米", "20", "袋", "25", "kg", "袋", "", "", "500", "公斤"},
      {"大米", "300", "斤", "", "", "", "", "", "150", "公斤"},
      {"暖水袋", "20", "个", "", "", "", "", "", "20", "个"},
      {"暖水袋", "20", "", "", "", "", "", "", "20", ""},
      {"药品", "701000", "元", "", "", "", "", "", "701000", "元"},
  }));
  const Catalogue& catalogue = Catalogue::built_in();
  Statement s;
  s.quantity = parse_quantity(c.quantity);
  s.unit = c.unit;
  if (!c.per.empty()) s.pack = Pack{*parse_quantity(c.per), c.inner, c.of};
  if (!c.second.empty()) s.alt = Measure{*parse_quantity(c.second), c.second_unit};
  CAPTURE(c.item, c.quantity, c.unit, c.per, c.inner);
  const auto line = on_line(catalogue, catalogue.find(c.item), s);
  REQUIRE(line.has_value());
  CHECK(to_string(line->quantity) == c.becomes);
  CHECK(line->unit == c.line);
}

TEST_CASE("what does not convert exactly is refused", "[goods]") {
  const Catalogue& catalogue = Catalogue::built_in();
  Statement s;
  s.quantity = Quantity{500};
  s.unit = "克";
  CHECK_FALSE(on_line(catalogue, catalogue.find("大米"), s).has_value());
}
