#include <functional>
#include <map>

#include <fmt/format.h>

#include "storage/figures.h"
#include "storage/ledger.h"
#include "storage/schema.h"
#include "storage/sqlite.h"

namespace {

constexpr std::int64_t kPage = 1000;

/// A projection as text rows by key, so that two databases can be compared table by table.
using Rows = std::map<std::string, std::string>;

Rows rows_of(Database& database, std::string_view sql, const std::string& group, int keys,
             int columns) {
  Rows rows;
  database.run(sql, {group}, [&](const Row& row) {
    std::string key;
    std::string values;
    bool zero = true;
    for (int i = 0; i < columns; ++i) {
      const std::string text = row.null(i) ? "-" : row.string(i);
      (i < keys ? key : values) += text + " ";
      if (i >= keys && text != "0") zero = false;
    }
    if (!zero) rows.emplace(std::move(key), std::move(values));
  });
  return rows;
}

struct Projection {
  std::string_view name, sql;
  int keys, columns;
};

constexpr std::array kProjections{
    Projection{"total",
               "SELECT item, unit, needed, outstanding, unknown, offered, in_transit, received,"
               " distributed, used, lost, stock FROM lines WHERE grp = $1",
               2, 12},
    Projection{"total of a place",
               "SELECT item, unit, place, needed, outstanding, unknown, offered, in_transit,"
               " received, distributed, used, lost, stock FROM places WHERE grp = $1",
               3, 13},
    Projection{"total of a day",
               "SELECT item, unit, place, day, needed, outstanding, unknown, offered, in_transit,"
               " received, distributed, used, lost, stock FROM daily WHERE grp = $1",
               4, 14},
    Projection{"metric", "SELECT name, unit, day, quantity FROM metrics WHERE grp = $1", 3, 4},
    Projection{"rule", "SELECT number, rule FROM rules WHERE grp = $1", 1, 2},
    Projection{"setting", "SELECT name, value FROM settings WHERE grp = $1", 1, 2},
    Projection{"role", "SELECT user_id, role FROM members WHERE grp = $1 AND role <> ''", 1, 2},
    Projection{"entry",
               "SELECT number, kind, item, unit, quantity, place, party, voided_by, open, calm,"
               " rest, done, fresh, closed, pair, pairable, value, approx FROM standing WHERE grp = $1",
               1, 18},
};

}  // namespace

std::vector<std::string> verify(Database& database,
                                const std::function<void(std::int64_t, std::int64_t)>& progress) {
  // An index that is not what its table says would answer questions otherwise than the tables do.
  std::vector<std::string> differences = damage(database);
  std::vector<std::string> groups;
  database.run("SELECT DISTINCT grp FROM entries ORDER BY grp", {},
               [&](const Row& row) { groups.push_back(row.string(0)); });
  const std::int64_t all = database.integer("SELECT count(*) FROM entries", {}).value_or(0);
  std::int64_t done = 0;
  for (const std::string& group : groups) {
    // A nameless database spills to a temporary file: a group may be larger than memory.
    const auto scratch = open_database("");
    migrate(*scratch);
    Transaction transaction(*scratch);
    Ledger ledger(*scratch);
    Ledger source(database);
    const std::int64_t last =
        database.integer("SELECT numbers FROM groups WHERE grp = $1", {group}).value_or(0);
    for (std::int64_t number = 1; number <= last; ++number) {
      const auto entry = source.said(group, number);
      if (!entry) {
        differences.push_back(fmt::format("{}: entry #{} is missing", group, number));
        continue;
      }
      const auto change = database.text("SELECT change FROM entries WHERE grp = $1 AND number = $2",
                                        {group, number});
      ledger.restore(*entry, change.value_or(""));
      if (++done % kPage == 0 && progress) progress(done, all);
    }
    ledger.fold_all(group);
    for (const Projection& p : kProjections) {
      const Rows kept = rows_of(database, p.sql, group, p.keys, p.columns);
      const Rows folded = rows_of(*scratch, p.sql, group, p.keys, p.columns);
      for (const auto& [key, values] : folded) {
        const auto at = kept.find(key);
        if (at == kept.end() || at->second != values) {
          differences.push_back(fmt::format("{}: {} {}is {}but the entries give {}", group, p.name,
                                            key, at == kept.end() ? "missing " : at->second,
                                            values));
        }
      }
      for (const auto& [key, values] : kept) {
        if (!folded.contains(key)) {
          differences.push_back(fmt::format("{}: {} {}is {}but the entries give nothing", group,
                                            p.name, key, values));
        }
      }
    }
  }
  return differences;
}
