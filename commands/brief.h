#pragma once

#include <string>
#include <vector>

#include "commands/command.h"
#include "storage/figures.h"

/// The figures of one group (or of all) over some days, and their text for a phone.
struct Brief {
  std::optional<std::string> group;
  Days days;
  std::vector<NeedRow> gaps;  ///< open needs, urgent first, then oldest
  std::vector<TotalRow> totals;
  std::vector<MetricRow> metrics;
  std::int64_t corrections = 0;
  std::string text;
};

/// Reads the figures and writes the text: gaps first, then the days' deliveries, receipts, stock
/// and work done; at most a phone's screen.
Brief brief(Database& database, const std::optional<std::string>& group, const Days& days,
            const Policy& policy);

/// "2月10日", "2月8日-3月1日", "截至3月1日", "全部".
std::string days_words(const Days& days);
