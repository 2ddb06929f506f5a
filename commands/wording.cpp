#include "commands/wording.h"

#include <chrono>

#include <fmt/format.h>

#include "commands/parser/private.h"

std::string amount(Quantity quantity, std::string_view unit) {
  if (unit == "公斤") {
    const auto tonnes = scale(quantity, 1, 1000);
    const bool large = quantity.thousandths >= 1'000'000 || quantity.thousandths <= -1'000'000;
    if (large && tonnes && tonnes->thousandths % 10 == 0) return to_string(*tonnes) + "吨";
  }
  return to_string(quantity) + std::string(unit);
}

namespace {

/// Of a figure in a unit of `thousandths` thousandths of the small one: with two places.
std::string in_large(Quantity quantity, std::int64_t thousandths) {
  const std::int64_t hundredth = thousandths / 100;
  const std::int64_t half = quantity.thousandths < 0 ? -hundredth / 2 : hundredth / 2;
  return to_string(Quantity{(quantity.thousandths + half) / hundredth * 10});
}

}  // namespace

std::string rounded_amount(Quantity quantity, std::string_view unit) {
  constexpr std::int64_t kTonne = 1'000'000;             // 公斤
  constexpr std::int64_t kTenThousand = 10'000'000;      // 万
  constexpr std::int64_t kHundredMillion = 100'000'000'000;  // 亿
  const std::int64_t size = quantity.thousandths < 0 ? -quantity.thousandths : quantity.thousandths;
  if (unit == "公斤" && size >= kTonne && size < kTonne * 10'000) {
    return in_large(quantity, kTonne) + "吨";
  }
  if (unit == "公斤" && size >= kTonne) return in_large(quantity, kTonne * 10'000) + "万吨";
  if (size >= kHundredMillion) return in_large(quantity, kHundredMillion) + "亿" + std::string(unit);
  if (size >= kTenThousand) return in_large(quantity, kTenThousand) + "万" + std::string(unit);
  return to_string(quantity) + std::string(unit);
}

std::string_view verb(Kind kind) {
  switch (kind) {
    case Kind::need:
      return "需要";
    case Kind::offer:
      return "捐赠";
    case Kind::in_transit:
      return "发出";
    case Kind::received:
      return "收到";
    case Kind::distributed:
      return "发放";
    case Kind::stock:
      return "盘点";
    case Kind::used:
      return "消耗";
    case Kind::adjust:
      return "调整";
    case Kind::activity:
      return "工作";
    case Kind::done:
      return "完成";
    case Kind::urgent:
      return "加急";
    case Kind::another:
      return "另一批";
    case Kind::enough:
      return "够了";
    case Kind::missing:
      return "没收到";
    case Kind::none_left:
      return "无货";
    case Kind::blocked:
      return "受阻";
    case Kind::verified:
      return "核实";
    case Kind::doubtful:
      return "存疑";
    case Kind::match:
      return "匹配";
    case Kind::correction:
      return "更正";
    case Kind::voided:
      return "撤销";
    case Kind::admin:
      return "设置";
  }
  return "";
}

std::string date_words(std::int64_t day, bool year) {
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days(static_cast<int>(day)))};
  const auto month = static_cast<unsigned>(date.month());
  const auto at = static_cast<unsigned>(date.day());
  if (year) return fmt::format("{}年{}月{}日", static_cast<int>(date.year()), month, at);
  return fmt::format("{}月{}日", month, at);
}

std::string quoted(std::string_view said) {
  std::string out;
  for (const char c : said) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) {
      out += c == '@' ? '_' : c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  return masked(out);
}
