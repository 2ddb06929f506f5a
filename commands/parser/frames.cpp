#include "commands/parser/frames.h"

#include "commands/parser/numeral.h"

namespace {

// No number that is looked for is longer; longer runs of digits are taken as they are.
constexpr std::size_t kLook = 40;

char32_t at_or_zero(std::u32string_view key, std::size_t at) {
  return at < key.size() ? key[at] : U'\0';
}

bool separator(char32_t c) { return c == U' ' || c == U'-'; }

/// Reads `groups` of digits that may be set apart by a blank or dash; the end, or 0.
template <std::size_t N>
std::size_t grouped(std::u32string_view key, std::size_t at, const std::size_t (&groups)[N]) {
  for (std::size_t g = 0; g < N; ++g) {
    if (g > 0 && separator(at_or_zero(key, at))) ++at;
    for (std::size_t i = 0; i < groups[g]; ++i, ++at) {
      if (!is_digit(at_or_zero(key, at))) return 0;
    }
  }
  return is_digit(at_or_zero(key, at)) ? 0 : at;
}

std::size_t mobile(std::u32string_view key, std::size_t at) {
  if (key[at] != U'1' || at_or_zero(key, at + 1) < U'3' || at_or_zero(key, at + 1) > U'9') return 0;
  if (const auto end = grouped(key, at, {3, 4, 4}); end != 0) return end;
  return grouped(key, at, {3, 3, 5});
}

std::size_t landline(std::u32string_view key, std::size_t at) {
  if (key[at] != U'0') return 0;
  for (const std::size_t area : {3U, 4U}) {
    for (const std::size_t rest : {8U, 7U}) {
      const std::size_t groups[] = {area, rest};
      if (const auto end = grouped(key, at, groups); end != 0) return end;
    }
  }
  return 0;
}

std::size_t identity(std::u32string_view key, std::size_t at) {
  std::size_t end = at;
  while (end < key.size() && end - at < 17 && is_digit(key[end])) ++end;
  if (end - at < 17) return 0;
  if (!is_digit(at_or_zero(key, end)) && at_or_zero(key, end) != U'x') return 0;
  ++end;
  return is_digit(at_or_zero(key, end)) ? 0 : end;
}

/// 138****0001, 14:29, 1:100, 2020-02-10, 18:00-22:00, 3-101, 1/3.
std::size_t joined_digits(std::u32string_view key, std::size_t at) {
  std::size_t end = at;
  bool joined = false;
  const std::size_t limit = at + kLook < key.size() ? at + kLook : key.size();
  while (end < limit) {
    const char32_t c = key[end];
    const char32_t next = at_or_zero(key, end + 1);
    if (is_digit(c)) {
      ++end;
    } else if (c == U'*' && next == U'*') {
      while (end < limit && key[end] == U'*') ++end;
      joined = true;
    } else if ((c == U':' || c == U'/') && is_digit(next)) {
      ++end;
      joined = true;
    } else if (c == U'-' && is_digit(next)) {
      ++end;
      joined = true;
    } else {
      break;
    }
  }
  return joined ? end : at;
}

constexpr std::u32string_view kFrameUnits[] = {
    U"年",   U"年代",   U"年级", U"月",     U"月份", U"日",     U"号",       U"号楼",     U"号线",
    U"点",   U"点半",   U"点钟", U"时",     U"小时", U"个小时", U"个多小时", U"个半小时", U"分钟",
    U"秒",   U"天",     U"周",   U"周年",   U"星期", U"个月",   U"个工作日", U"个星期",   U"岁",
    U"度",   U"℃",      U"°",    U"摄氏度", U"楼",   U"层",     U"栋",       U"幢",       U"单元",
    U"室",   U"届",     U"级",   U"倍",     U"折",   U"公里",   U"里路",     U"千米",     U"km",
    U"米",   U"cm",     U"mm",   U"厘米",   U"毫米", U"m",      U"%",        U"‰",        U"毛",
    U"角",   U"分钱",   U"遍",   U"次性",   U"代",   U"环路",   U"批",       U"位数",     U"位数字",
    U"针",   U"段",     U"码",   U"日游",   U"夜",   U"路",     U"甲",   U"等奖",   U"元一",     U"元每",     U"元/",
    U"块一", U"块钱一", U"块/",  U"g网",    U"世纪", U"后",     U"型",       U"样", U"种", U"类", U"项"};

}  // namespace

std::span<const std::u32string_view> frame_units() { return kFrameUnits; }

Frame read_frame(std::u32string_view key, const Marks& marks, std::size_t at) {
  std::size_t digits = at;
  while (digits < key.size() && is_digit(key[digits])) ++digits;
  // 500只: too short for a telephone, and nothing that joins it to more digits.
  constexpr std::u32string_view kJoins = U"*:/- ";
  if (digits - at < 10 && kJoins.find(at_or_zero(key, digits)) == kJoins.npos) return {at, false};
  for (const auto end : {identity(key, at), mobile(key, at), landline(key, at)}) {
    if (end != 0 && marks.unit(end) == 0) return {end, true};
  }
  if (const auto end = joined_digits(key, at); end != at) {
    const std::size_t pack = marks.unit(end);
    // 500-1000只 is a range, read by the numeral; 3-101 is a room.
    const Numeral numeral = read_numeral(key, at);
    if (numeral.end == end && numeral.max && (pack != 0 || numeral.magnitude)) return {at, false};
    if (numeral.end > end) return {at, false};
    return {end, false};
  }
  if (digits - at >= 12 && marks.unit(digits) == 0) return {digits, false};
  return {at, false};
}

std::size_t frame_unit(std::u32string_view key, const Marks& marks, std::size_t at) {
  std::size_t length = marks[at].frame_length;
  if (length != 0 && key[at] < 0x80 && at + length < key.size()) {
    const char32_t next = key[at + length];
    if ((next >= U'a' && next <= U'z') || (key[at] != U'%' && is_digit(next)))
      length = 0;  // 3M4565
  }
  if (length == 1 && key[at] == U'甲' && (at + 1 >= key.size() ||
      std::u32string_view(U"医等级综").find(key[at + 1]) == std::u32string_view::npos))
    length = 0;  // 二甲双胍
  // 5米线? 3分: only whole words count, and goods units that are longer win (天 but 天平).
  if (length != 0 && marks.unit(at) > length) length = 0;
  // 3块5, 8块8: a price. 块 is also a counting word.
  if (length == 0 && (at_or_zero(key, at) == U'块') && is_digit(at_or_zero(key, at + 1)))
    length = 2;
  return length;
}
