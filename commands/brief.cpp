#include "commands/brief.h"

#include <algorithm>

#include <fmt/format.h>

#include "commands/wording.h"

namespace {

constexpr std::size_t kGapsShown = 8;
constexpr std::size_t kItemsShown = 8;

/// "口罩 500只，手套 20双"; "" where nothing is to be told.
template <typename Row, typename Figure>
std::string list(const std::vector<Row>& rows, Figure figure) {
  std::string text;
  std::size_t shown = 0;
  std::size_t all = 0;
  for (const Row& row : rows) {
    const std::string words = figure(row);
    if (words.empty() || ++all > kItemsShown) continue;
    text += (shown++ == 0 ? "" : "，") + words;
  }
  if (all > kItemsShown) text += fmt::format(" 等{}项", all);
  return text;
}

std::string flow(const TotalRow& t, Quantity quantity) {
  return quantity == Quantity{} ? "" : t.item + " " + amount(quantity, t.unit);
}

std::string text_of(const Brief& b, const std::string& name) {
  std::vector<std::string> lines{fmt::format("【日报】{} {}", name, days_words(b.days))};
  if (b.gaps.empty()) {
    lines.emplace_back("缺口：无");
  } else {
    lines.push_back(fmt::format("缺口 {} 项：", b.gaps.size()));
    for (std::size_t i = 0; i < b.gaps.size() && i < kGapsShown; ++i) {
      const NeedRow& n = b.gaps[i];
      std::string line = n.urgent ? "急 " : "· ";
      line += n.place.value_or("未写地点") + " " + n.item + " ";
      line += n.outstanding ? "还缺" + amount(*n.outstanding, n.unit) : "数量待核";
      if (n.in_transit > Quantity{}) line += "，在途" + amount(n.in_transit, n.unit);
      lines.push_back(line + fmt::format(" #{}", n.id));
    }
    if (b.gaps.size() > kGapsShown) {
      lines.push_back(fmt::format("…另有 {} 项，发 缺口 查看", b.gaps.size() - kGapsShown));
    }
  }
  const auto add = [&](std::string_view what, const std::string& words) {
    if (!words.empty()) lines.push_back(fmt::format("{}：{}", what, words));
  };
  add("发放", list(b.totals, [](const TotalRow& t) { return flow(t, t.distributed); }));
  add("收到", list(b.totals, [](const TotalRow& t) { return flow(t, t.received); }));
  add("消耗", list(b.totals, [](const TotalRow& t) { return flow(t, t.used); }));
  add("损耗", list(b.totals, [](const TotalRow& t) { return flow(t, t.lost); }));
  add("在途", list(b.totals, [](const TotalRow& t) { return flow(t, t.in_transit); }));
  add("待捐", list(b.totals, [](const TotalRow& t) { return flow(t, t.offered); }));
  add("库存",
      list(b.totals, [](const TotalRow& t) { return flow(t, std::max(t.stock, Quantity{})); }));
  add("未登记入库",
      list(b.totals, [](const TotalRow& t) { return flow(t, std::max(-t.stock, Quantity{})); }));
  add("工作", list(b.metrics,
                   [](const MetricRow& m) { return m.name + " " + amount(m.quantity, m.unit); }));
  if (b.corrections > 0) lines.push_back(fmt::format("更正、撤销 {} 次", b.corrections));
  const bool nothing = lines.size() == 2 && b.gaps.empty();
  if (nothing) lines.emplace_back("今天没有登记");

  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + quoted(line);
  return text;
}

}  // namespace

std::string days_words(const Days& days) {
  if (!days.from && !days.to) return "全部";
  if (days.from == days.to) return date_words(*days.from);
  if (!days.from) return "截至" + date_words(*days.to);
  if (!days.to) return date_words(*days.from) + "起";
  return date_words(*days.from) + "-" + date_words(*days.to);
}

Brief brief(Database& database, const std::optional<std::string>& group, const Days& days,
            const Policy& policy) {
  Brief b;
  b.group = group;
  b.days = days;
  b.gaps = needs(database, group, std::nullopt, NeedStatus::open);
  if (days.to) {
    std::erase_if(
        b.gaps, [&](const NeedRow& need) { return policy.day(need.group, need.time) > *days.to; });
  }
  std::stable_sort(b.gaps.begin(), b.gaps.end(), [](const NeedRow& one, const NeedRow& other) {
    return one.urgent > other.urgent;
  });
  b.totals = totals(database, {.group = group, .item = {}, .place = {}, .days = days});
  b.metrics = metrics(database, group, days);
  b.corrections = corrections(database, group, days);
  b.text = text_of(b, group ? policy.group_name(*group) : "全部群");
  return b;
}
