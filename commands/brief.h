#pragma once

#include <set>
#include <string>
#include <vector>

#include "commands/command.h"
#include "commands/scope.h"
#include "storage/figures.h"
#include "storage/reported.h"

/// How much of an item is missing, against the evening before the brief's days.
struct GapChange {
  std::string item, unit;
  Quantity more;  ///< below 0: less
};

/// The figures of some groups over some days, from which every brief is made: text, picture, sheet.
struct Brief {
  std::string title;                 ///< of the group, organisation or area
  std::optional<std::string> group;  ///< empty where it is over several
  Days days;
  std::vector<NeedRow> gaps;  ///< open needs, urgent first, then oldest
  std::vector<TotalRow> totals;
  std::vector<MetricRow> metrics;
  std::vector<Worth> worth;         ///< of goods with a number, what they were said to be worth
  std::set<SumKey> approximate;     ///< sums that are not exact
  std::vector<std::string> groups;  ///< that reported, where the brief is over several
  std::vector<std::string> organisations;  ///< of these, by name
  std::vector<GapChange> changes;          ///< of a brief of one day
  std::size_t between = 0;                 ///< told in two of the groups, counted once
  std::int64_t corrections = 0;
  std::string text;  ///< for a phone
};

/// Reads the figures, from kept totals alone, and writes the text.
Brief brief(Database& database, const Scope& scope, const Days& days, const Policy& policy);
/// The same of one group, or of all.
Brief brief(Database& database, const std::optional<std::string>& group, const Days& days,
            const Policy& policy);

/// "2月10日", "2月8日-3月1日", "截至3月1日", "全部".
std::string days_words(const Days& days);
