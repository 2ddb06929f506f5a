#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

/// An exact amount of something, in thousandths of its unit (1.5 吨 is 1500).
///
/// Range: about ±9.2e15 units. Arithmetic that leaves the range throws std::overflow_error;
/// it never wraps, because a wrapped total looks like a real one.
struct Quantity {
  std::int64_t thousandths = 0;

  static constexpr Quantity whole(std::int64_t units) { return Quantity{1000}.times(units); }

  /// This amount `factor` times; throws std::overflow_error outside the range.
  constexpr Quantity times(std::int64_t factor) const {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(thousandths, factor, &product)) {
      throw std::overflow_error("quantity out of range");
    }
    return {product};
  }

  friend constexpr Quantity operator+(Quantity a, Quantity b) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a.thousandths, b.thousandths, &sum)) {
      throw std::overflow_error("quantity out of range");
    }
    return {sum};
  }
  friend constexpr Quantity operator-(Quantity a, Quantity b) {
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(a.thousandths, b.thousandths, &difference)) {
      throw std::overflow_error("quantity out of range");
    }
    return {difference};
  }
  constexpr Quantity operator-() const { return Quantity{} - *this; }
  constexpr Quantity& operator+=(Quantity other) { return *this = *this + other; }
  constexpr Quantity& operator-=(Quantity other) { return *this = *this - other; }
  friend constexpr auto operator<=>(Quantity, Quantity) = default;
};

/// a·b, both in thousandths. Empty where the product is not a whole number of thousandths or
/// leaves the range: a quantity is exact or it is refused.
std::optional<Quantity> multiply(Quantity a, Quantity b);

/// a·num/den under the same rule (斤 to 公斤 is 1/2). den > 0.
std::optional<Quantity> scale(Quantity a, std::int64_t num, std::int64_t den);

/// Reads plain decimal digits, at most three after the point ("12", "0.5", "-3.125"). Anything
/// else, more decimals included, is empty.
std::optional<Quantity> parse_quantity(std::string_view digits);

/// Shortest plain decimal: "500", "2.5", "-0.125".
std::string to_string(Quantity quantity);
