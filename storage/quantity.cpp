#include "storage/quantity.h"

#include <charconv>
#include <limits>

#include <fmt/format.h>

namespace {

// 128 bits hold any product of two 64-bit factors; -Wpedantic compilers want the keyword.
__extension__ using Wide = __int128;

std::optional<Quantity> narrow(Wide value) {
  if (value > std::numeric_limits<std::int64_t>::max() ||
      value < std::numeric_limits<std::int64_t>::min()) {
    return std::nullopt;
  }
  return Quantity{static_cast<std::int64_t>(value)};
}

}  // namespace

std::optional<Quantity> multiply(Quantity a, Quantity b) {
  const Wide product = static_cast<Wide>(a.thousandths) * b.thousandths;
  if (product % 1000 != 0) return std::nullopt;
  return narrow(product / 1000);
}

std::optional<Quantity> scale(Quantity a, std::int64_t num, std::int64_t den) {
  const Wide product = static_cast<Wide>(a.thousandths) * num;
  if (product % den != 0) return std::nullopt;
  return narrow(product / den);
}

std::optional<Quantity> parse_quantity(std::string_view digits) {
  const bool negative = digits.starts_with('-');
  if (negative) digits.remove_prefix(1);
  const auto point = digits.find('.');
  const auto whole = digits.substr(0, point);
  const auto fraction =
      point == std::string_view::npos ? std::string_view{} : digits.substr(point + 1);
  if (whole.empty() || fraction.size() > 3) return std::nullopt;
  if (point != std::string_view::npos && fraction.empty()) return std::nullopt;

  std::string joined(whole);
  joined.append(fraction).append(3 - fraction.size(), '0');
  std::int64_t value = 0;
  for (const char c : joined) {
    if (c < '0' || c > '9') return std::nullopt;
    if (__builtin_mul_overflow(value, std::int64_t{10}, &value) ||
        __builtin_add_overflow(value, std::int64_t{c - '0'}, &value)) {
      return std::nullopt;
    }
  }
  return Quantity{negative ? -value : value};
}

std::string to_string(Quantity quantity) {
  const std::int64_t whole = quantity.thousandths / 1000;
  const std::int64_t rest = quantity.thousandths % 1000;
  if (rest == 0) return fmt::format("{}", whole);
  std::string text = fmt::format("{}{}.{:03}", quantity.thousandths < 0 ? "-" : "",
                                 whole < 0 ? -whole : whole, rest < 0 ? -rest : rest);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}
