#include "commands/brief.h"

#include <algorithm>
#include <map>

#include "commands/brief_text.h"
#include "commands/hub.h"
#include "commands/wording.h"
#include "storage/links.h"

namespace {

/// One group, or all together: as storage adds them up.
std::vector<std::optional<std::string>> parts_of(const Scope& scope) {
  if (scope.group) return {scope.group};
  if (scope.all()) return {std::nullopt};
  return {scope.groups.begin(), scope.groups.end()};
}

std::vector<TotalRow> totals_of(Database& database, const Scope& scope, const Days& days,
                                std::size_t& between) {
  TotalsQuery query{.group = scope.group, .item = {}, .place = {}, .days = days};
  if (scope.groups.empty()) {
    std::vector<TotalRow> nothing;
    if (scope.all()) between = count_once(database, {}, query, nothing);
    return totals(database, query);
  }
  RollUp sums = roll_up(database, scope.groups, query);
  between = sums.pairs;
  return std::move(sums.rows);
}

std::vector<NeedRow> gaps_of(Database& database, const Scope& scope, const Days& days,
                             const Policy& policy) {
  std::vector<NeedRow> gaps;
  for (const auto& part : parts_of(scope)) {
    for (NeedRow& need : needs(database, part, std::nullopt, NeedStatus::open)) {
      if (days.to && policy.day(need.group, need.time) > *days.to) continue;
      gaps.push_back(std::move(need));
    }
  }
  std::stable_sort(gaps.begin(), gaps.end(), [](const NeedRow& one, const NeedRow& other) {
    return one.urgent > other.urgent;
  });
  return gaps;
}

std::vector<MetricRow> metrics_of(Database& database, const Scope& scope, const Days& days) {
  if (scope.groups.empty()) return metrics(database, scope.group, days);
  std::map<std::pair<std::string, std::string>, Quantity> sums;
  for (const std::string& group : scope.groups) {
    for (const MetricRow& row : metrics(database, group, days)) {
      sums[{row.name, row.unit}] += row.quantity;
    }
  }
  std::vector<MetricRow> rows;
  for (const auto& [of, quantity] : sums) rows.push_back({of.first, quantity, of.second});
  return rows;
}

std::vector<Worth> worth_of(Database& database, const Scope& scope, const Days& days) {
  if (scope.groups.empty()) return worth(database, scope.group, days);
  std::map<SumKey, Quantity> sums;
  for (const std::string& group : scope.groups) {
    for (const Worth& w : worth(database, group, days)) sums[{w.kind, w.item, w.unit}] += w.value;
  }
  std::vector<Worth> rows;
  for (const auto& [of, value] : sums) {
    rows.push_back({std::get<0>(of), std::get<1>(of), std::get<2>(of), value});
  }
  return rows;
}

/// Which groups reported, and whose they are.
void note_taking_part(Database& database, const Scope& scope, const Policy& policy, Brief& b) {
  if (scope.group) return;
  b.groups = groups_that_reported(database, b.days);
  if (!scope.all()) {
    std::set<std::string> among(scope.groups.begin(), scope.groups.end());
    std::erase_if(b.groups, [&](const std::string& group) { return !among.contains(group); });
  }
  const auto known = organisations(database, policy);
  std::set<std::string> names;
  for (const std::string& group : b.groups) {
    const auto at = known.find(group);
    if (at != known.end()) names.insert(at->second);
  }
  b.organisations.assign(names.begin(), names.end());
}

/// Against the evening before, where the brief is of one day.
void note_changes(Database& database, const Scope& scope, Brief& b) {
  if (!b.days.from || b.days.from != b.days.to) return;
  std::size_t ignored = 0;
  std::map<std::pair<std::string, std::string>, Quantity> before;
  for (const TotalRow& row : totals_of(database, scope, {{}, *b.days.from - 1}, ignored)) {
    before[{row.item, row.unit}] = row.outstanding;
  }
  for (const TotalRow& row : b.totals) {
    const Quantity more = row.outstanding - before[{row.item, row.unit}];
    if (more != Quantity{}) b.changes.push_back({row.item, row.unit, more});
  }
}

}  // namespace

std::string days_words(const Days& days) {
  if (!days.from && !days.to) return "全部";
  if (days.from == days.to) return date_words(*days.from);
  if (!days.from) return "截至" + date_words(*days.to);
  if (!days.to) return date_words(*days.from) + "起";
  return date_words(*days.from) + "-" + date_words(*days.to);
}

Brief brief(Database& database, const Scope& scope, const Days& days, const Policy& policy) {
  Brief b;
  b.title = scope.title;
  b.group = scope.group;
  b.days = days;
  b.gaps = gaps_of(database, scope, days, policy);
  b.totals = totals_of(database, scope, days, b.between);
  b.metrics = metrics_of(database, scope, days);
  b.worth = worth_of(database, scope, days);
  for (const auto& part : parts_of(scope)) {
    b.approximate.merge(approximate_sums(database, part, days));
    b.corrections += corrections(database, part, days);
  }
  note_taking_part(database, scope, policy, b);
  note_changes(database, scope, b);
  b.text = brief_text(b);
  return b;
}

Brief brief(Database& database, const std::optional<std::string>& group, const Days& days,
            const Policy& policy) {
  return brief(database, group ? scope_of_group(database, policy, *group) : scope_of_all(), days,
               policy);
}
