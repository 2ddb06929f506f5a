#include "commands/brief_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "commands/wording.h"

namespace {

constexpr std::size_t kGapsShown = 8;
constexpr std::size_t kItemsShown = 8;
constexpr std::size_t kChangesShown = 3;

/// "口罩 500只，手套 20双"; "" where nothing is to be told.
template <typename Row, typename Figure>
std::string list(const std::vector<Row>& rows, Figure figure, std::size_t most = kItemsShown) {
  std::string text;
  std::size_t all = 0;
  for (const Row& row : rows) {
    const std::string words = figure(row);
    if (words.empty() || ++all > most) continue;
    text += (text.empty() ? "" : "，") + words;
  }
  if (all > most) text += fmt::format(" 等{}项", all);
  return text;
}

std::string flow(const TotalRow& t, Quantity quantity) {
  return quantity == Quantity{} ? "" : t.item + " " + rounded_amount(quantity, t.unit);
}

/// Numbers are of one group: over several they would say nothing.
std::string gap_line(const NeedRow& n, bool numbered) {
  std::string line = n.urgent ? "急 " : "· ";
  line += n.place.value_or("未写地点") + " " + n.item + " ";
  line += n.outstanding ? "还缺" + rounded_amount(*n.outstanding, n.unit) : "数量待核";
  if (n.in_transit > Quantity{}) line += "，在途" + rounded_amount(n.in_transit, n.unit);
  return numbered ? line + fmt::format(" #{}", n.id) : line;
}

void add_gaps(const Brief& b, std::vector<std::string>& lines) {
  if (b.gaps.empty()) {
    lines.emplace_back("缺口：无");
    return;
  }
  lines.push_back(fmt::format("缺口 {} 项：", b.gaps.size()));
  for (std::size_t i = 0; i < b.gaps.size() && i < kGapsShown; ++i) {
    lines.push_back(gap_line(b.gaps[i], b.group.has_value()));
  }
  if (b.gaps.size() > kGapsShown) {
    lines.push_back(fmt::format("…另有 {} 项，发 缺口 查看", b.gaps.size() - kGapsShown));
  }
}

std::string changes_words(const Brief& b) {
  return list(
      b.changes,
      [](const GapChange& change) {
        const bool more = change.more > Quantity{};
        return fmt::format("{}{} {}", change.item, more ? "多缺" : "少缺",
                           rounded_amount(more ? change.more : -change.more, change.unit));
      },
      kChangesShown);
}

}  // namespace

std::string brief_text(const Brief& b) {
  std::vector<std::string> lines{fmt::format("【日报】{} {}", b.title, days_words(b.days))};
  add_gaps(b, lines);
  const auto add = [&](std::string_view what, const std::string& words) {
    if (!words.empty()) lines.push_back(fmt::format("{}：{}", what, words));
  };
  add("比前一天", changes_words(b));
  const std::size_t head = lines.size();
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
  add("工作", list(b.metrics, [](const MetricRow& m) {
        return m.name + " " + rounded_amount(m.quantity, m.unit);
      }));
  if (!b.groups.empty()) {
    std::string words = fmt::format("{} 个群", b.groups.size());
    if (!b.organisations.empty()) words += fmt::format("，{} 家机构", b.organisations.size());
    if (b.between > 0) words += fmt::format("；群间往来 {} 笔只算一次", b.between);
    add("参与", words);
  }
  if (b.corrections > 0) lines.push_back(fmt::format("更正、撤销 {} 次", b.corrections));
  if (!b.approximate.empty()) lines.emplace_back("有约数，不完全统计");
  if (lines.size() == head && b.gaps.empty()) lines.emplace_back("没有登记");

  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + quoted(line);
  return text;
}
