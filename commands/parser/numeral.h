#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "storage/quantity.h"

/// A number as written: digits, characters, or both (2万5000, 一万二, 1.2w, 十几, 500-1000).
struct Numeral {
  std::size_t end = 0;            ///< where it ends; equal to its start where there is none
  std::optional<Quantity> value;  ///< empty where it is not a whole number of thousandths
  std::optional<Quantity> max;    ///< upper end of a range
  bool approx = false;            ///< 余 多 几 来 + or a range
  bool digits = false;            ///< holds an Arabic digit
  bool magnitude = false;         ///< holds 十 百 千 万: may stand without a counting word
  bool indefinite = false;        ///< 几十, 数百: a size, but no figure
};

/// Reads the number that starts at `at` of folded lower-case text. Looks no further than the number
/// itself and a few characters, so that a scan over a text stays linear.
Numeral read_numeral(std::u32string_view key, std::size_t at);

/// With these begins a number, or what holds one (每箱20瓶, *12盒, 半箱).
inline constexpr std::u32string_view kNumberStarts =
    U"0123456789零〇一壹二贰两俩三叁仨四肆五伍六陆七柒八捌九玖廿卅十拾百佰千仟几数半每*x-上万";

constexpr bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
/// 一 二 两 廿 贰 … (0 to 9); -1 where `c` is none.
int character_digit(char32_t c);
