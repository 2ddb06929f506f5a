#include "commands/stated_sum.h"

#include <algorithm>

#include <fmt/format.h>

#include "commands/parser/text.h"
#include "commands/target.h"
#include "commands/wording.h"

namespace {

constexpr std::size_t kLeastParts = 2;

bool same_goods(const Statement& sum, const Statement& part) {
  return part.action == sum.action && part.item == sum.item && part.quantity.has_value() &&
         part.word == sum.word && (part.unit == sum.unit || sum.unit.empty()) &&
         !part.place.empty() && !part.cumulative && part.receivers == 0;
}

/// Words for a sum, or a colon that opens the list of its parts, between two points of the message.
bool told_between(const Text& text, std::size_t from, std::size_t to, bool colon) {
  std::u32string between;
  for (std::size_t i = 0; i < text.key.size(); ++i) {
    if (text.origin[i] >= from && text.origin[i] < to) between += text.key[i];
  }
  for (const std::u32string_view word : {U"合计", U"总计", U"总共", U"一共", U"共计"}) {
    if (between.find(word) != between.npos) return true;
  }
  return between.ends_with(U'共') || (colon && between.find(U':') != between.npos);
}

}  // namespace

std::vector<StatedSum> stated_sums(const std::string& message, std::span<const Statement> said) {
  std::vector<StatedSum> sums;
  if (said.size() <= kLeastParts) return sums;
  const Text text = fold(message);
  for (std::size_t i = 0; i < said.size(); ++i) {
    const Statement& sum = said[i];
    const bool goods = sum.action <= Action::used && sum.quantity && !sum.listed &&
                       !sum.cumulative && sum.receivers == 0 && !sum.item.empty();
    if (!goods) continue;
    std::size_t end = i + 1;
    Quantity after;
    for (; end < said.size() && same_goods(sum, said[end]); ++end) after += *said[end].quantity;
    std::size_t first = i;
    Quantity before;
    for (; first > 0 && same_goods(sum, said[first - 1]); --first) {
      before += *said[first - 1].quantity;
    }
    if (sum.place.empty() && end - i > kLeastParts) {
      const std::size_t from = i == 0 ? 0 : said[i - 1].span.to;
      const bool told = told_between(text, from, sum.span.from, false) ||
                        told_between(text, sum.span.from, sum.quantity_span.from, false) ||
                        told_between(text, sum.quantity_span.to, said[i + 1].span.from, true);
      if (told || after == *sum.quantity) sums.push_back({i, after});
    } else if (i - first >= kLeastParts && end == i + 1 &&
               told_between(text, said[i - 1].span.to, sum.quantity_span.from, false)) {
      sums.push_back({i, before});
    }
  }
  return sums;
}

void say_where_unequal(Context& ctx, std::span<const Statement> said,
                       const std::vector<StatedSum>& sums) {
  for (const StatedSum& sum : sums) {
    const Statement& s = said[sum.at];
    if (sum.parts == *s.quantity) continue;
    Statement parts = s;
    parts.quantity = sum.parts;
    ctx.say(quoted(fmt::format("{} 合计写的是 {}，各处加起来是 {}，请核对（按各处登记）", s.item,
                               said_amount(s), said_amount(parts))));
  }
}
