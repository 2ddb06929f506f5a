#include "storage/reported.h"

#include <algorithm>

namespace {

/// What is received at a place was handed over to it.
Kind counted_as(std::string_view kind, std::string_view party) {
  const Kind said = kind_from(kind).value();
  return said == Kind::received && !party.empty() ? Kind::distributed : said;
}

}  // namespace

std::set<SumKey> approximate_sums(Database& database, const std::optional<std::string>& group,
                                  const Days& days) {
  std::set<SumKey> sums;
  const auto each = [&](const Row& row) {
    sums.emplace(counted_as(row.text(0), row.text(3)), row.string(1), row.string(2));
  };
  if (group) {
    database.run(
        "SELECT DISTINCT kind, item, unit, party FROM standing WHERE grp = $1 AND day >= $2"
        " AND day <= $3 AND approx = 1 AND voided_by = 0",
        {*group, days.first(), days.last()}, each);
  } else {
    database.run(
        "SELECT DISTINCT s.kind, s.item, s.unit, s.party FROM groups g CROSS JOIN standing s"
        " WHERE s.grp = g.grp AND s.day >= $1 AND s.day <= $2 AND s.approx = 1 AND s.voided_by = 0",
        {days.first(), days.last()}, each);
  }
  return sums;
}

std::vector<Worth> worth(Database& database, const std::optional<std::string>& group,
                         const Days& days) {
  std::vector<Worth> found;
  const auto each = [&](const Row& row) {
    const Kind kind = counted_as(row.text(0), row.text(3));
    const auto same = std::find_if(found.begin(), found.end(), [&](const Worth& w) {
      return w.kind == kind && w.item == row.text(1) && w.unit == row.text(2);
    });
    if (same != found.end()) {
      same->value += Quantity{row.integer(4)};
    } else {
      found.push_back({kind, row.string(1), row.string(2), Quantity{row.integer(4)}});
    }
  };
  if (group) {
    database.run(
        "SELECT kind, item, unit, party, sum(value) FROM standing WHERE grp = $1 AND day >= $2"
        " AND day <= $3 AND value IS NOT NULL AND voided_by = 0"
        " GROUP BY kind, item, unit, party ORDER BY kind, item, unit, party",
        {*group, days.first(), days.last()}, each);
  } else {
    database.run(
        "SELECT s.kind, s.item, s.unit, s.party, sum(s.value) FROM groups g CROSS JOIN standing s"
        " WHERE s.grp = g.grp AND s.day >= $1 AND s.day <= $2 AND s.value IS NOT NULL"
        " AND s.voided_by = 0 GROUP BY s.kind, s.item, s.unit, s.party"
        " ORDER BY s.kind, s.item, s.unit, s.party",
        {days.first(), days.last()}, each);
  }
  return found;
}

std::vector<std::string> groups_that_reported(Database& database, const Days& days) {
  std::vector<std::string> groups;
  database.run(
      "SELECT g.grp FROM groups g WHERE EXISTS (SELECT 1 FROM daily d WHERE d.grp = g.grp"
      " AND d.day >= $1 AND d.day <= $2) OR EXISTS (SELECT 1 FROM metrics m WHERE m.grp = g.grp"
      " AND m.day >= $1 AND m.day <= $2) ORDER BY g.grp",
      {days.first(), days.last()}, [&](const Row& row) { groups.push_back(row.string(0)); });
  return groups;
}
