#include "storage/quantity.h"

#include <limits>

#include <catch2/catch.hpp>

TEST_CASE("a quantity reads and prints exactly", "[quantity]") {
  const auto [text, thousandths] = GENERATE(table<std::string, std::int64_t>({
      {"0", 0},
      {"500", 500'000},
      {"2.5", 2'500},
      {"0.125", 125},
      {"-3.001", -3'001},
      {"9223372036854775.807", std::numeric_limits<std::int64_t>::max()},
  }));
  CAPTURE(text);
  const auto read = parse_quantity(text);
  REQUIRE(read.has_value());
  CHECK(read->thousandths == thousandths);
  CHECK(to_string(*read) == text);
}

TEST_CASE("what is not exact to the thousandth is no quantity", "[quantity]") {
  const auto text = GENERATE(as<std::string>{}, "", "-", ".", "1.", ".5", "1.2345", "1e3", "1,000",
                             " 1", "1 ", "0x10", "9223372036854775.808", "99999999999999999999");
  CAPTURE(text);
  CHECK_FALSE(parse_quantity(text).has_value());
}

TEST_CASE("arithmetic that leaves the range throws and never wraps", "[quantity]") {
  const Quantity most{std::numeric_limits<std::int64_t>::max()};
  CHECK_THROWS_AS(most + Quantity{1}, std::overflow_error);
  CHECK_THROWS_AS(-most - Quantity{2}, std::overflow_error);
  CHECK_THROWS_AS(most.times(2), std::overflow_error);
  CHECK_FALSE(multiply(most, Quantity::whole(2)).has_value());
  CHECK_FALSE(scale(most, 1000, 1).has_value());
}

TEST_CASE("conversion is exact or refused", "[quantity]") {
  CHECK(scale(Quantity::whole(3), 1, 2) == Quantity{1500});
  CHECK(scale(Quantity::whole(1), 1, 3) == std::nullopt);
  CHECK(multiply(Quantity{2500}, Quantity{400}) == Quantity::whole(1));
  CHECK(multiply(Quantity{1}, Quantity{1}) == std::nullopt);
}
