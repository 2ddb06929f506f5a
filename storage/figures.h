#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/entry.h"
#include "storage/quantity.h"

/// A range of days, both ends included, as days since 1970-01-01 in the group's zone. An empty end
/// is open.
struct Days {
  std::optional<std::int64_t> from;
  std::optional<std::int64_t> to;

  /// The ends as bounds of a comparison.
  std::int64_t first() const { return from.value_or(-1'000'000); }
  std::int64_t last() const { return to.value_or(1'000'000); }
};

/// The totals of one line (group, item, unit). Flows (received, distributed, used, lost) are of the
/// days asked for; needed, outstanding, unknown, offered, in_transit and stock are as of the end of
/// the last day.
struct TotalRow {
  std::optional<std::string> group;  ///< empty where several groups were added up
  std::string item, unit;
  Quantity needed, outstanding;
  std::int64_t unknown = 0;  ///< open needs without a number
  Quantity offered, in_transit, received, distributed, used, lost, stock;
};

struct TotalsQuery {
  std::optional<std::string> group;
  std::optional<std::string> item;   ///< canonical name
  std::optional<std::string> place;  ///< as the ledger writes it
  Days days;
};

/// Asked for by item, `distributed` holds what was handed out inside the groups' own kits too.
/// Lines in the order in which they were first recorded; by item and unit where groups are added
/// up.
std::vector<TotalRow> totals(Database& database, const TotalsQuery& query);

/// The totals of one line as they stand, of one place where named; zeros where nothing was
/// recorded. The cost does not grow with the ledger.
TotalRow line_total(Database& database, const std::string& group, const std::string& item,
                    const std::string& unit, const std::optional<std::string>& place);

/// The sum that was told of one kind of entry in the days asked for, at a place where one is named:
/// what was handed over, received, used or lost; what was asked for; for other kinds, what the
/// standing entries say.
Quantity told(Database& database, const std::string& group, Kind kind, const std::string& item,
              const std::string& unit, const std::string& place, const Days& days);

/// The entry that made a line; empty where there is none.
std::optional<std::int64_t> first_on_line(Database& database, const std::string& group,
                                          const std::string& item, const std::string& unit);

/// The newest count that found nothing left of a line at the hub.
std::optional<std::int64_t> counted_none(Database& database, const std::string& group,
                                         const std::string& item, const std::string& unit);

/// The newest entries that stand, in order: of an item, of a user, where they are named.
std::vector<std::int64_t> newest_entries(Database& database, const std::string& group,
                                         const std::optional<std::string>& item,
                                         const std::optional<std::string>& user,
                                         std::int64_t limit);

/// Groups in which anything was ever recorded, in order.
std::vector<std::string> recording_groups(Database& database);

struct NeedRow {
  std::string group;
  std::int64_t id = 0;
  std::string item, unit;
  std::optional<std::string> place;
  std::string from;                  ///< of transport: where it starts; "" where not said
  std::optional<Quantity> quantity;  ///< empty: unknown
  Quantity fulfilled, promised, in_transit;
  std::optional<Quantity> outstanding;  ///< empty: open and unknown; 0 when closed
  bool urgent = false, verified = false, doubtful = false;
  std::string status;  ///< open partly met enough withdrawn replaced stale
  std::chrono::sys_seconds time;
};

enum class NeedStatus { open, closed, all };

/// By number within each group; `open` is open, partly and stale. Voided needs are not there.
std::vector<NeedRow> needs(Database& database, const std::optional<std::string>& group,
                           const std::optional<std::string>& item, NeedStatus status);

struct EntryRow {
  std::int64_t id = 0;
  std::string kind;
  std::optional<std::string> item;
  std::optional<Quantity> quantity;
  std::string unit;
  std::string said;  ///< item, figure and unit in the speaker's words
  std::optional<std::string> place, counterpart;
  bool approx = false;
  std::optional<Quantity> value;  ///< worth in 元
  std::chrono::sys_seconds time;
  std::string user;  ///< the platform's user id
  std::string text;  ///< the message, numbers of persons masked
  std::optional<std::int64_t> ref;
  std::optional<std::int64_t> voided_by;
};

/// Ids of all groups, in order.
std::vector<std::string> group_ids(Database& database);

/// Entries with a number above `after`, at most `limit`, in order.
std::vector<EntryRow> entries(Database& database, const std::string& group,
                              const std::optional<std::string>& item, std::int64_t after,
                              std::int64_t limit);

struct MetricRow {
  std::string name;
  Quantity quantity;
  std::string unit;
};

/// Work done in the days asked for, added up by name and unit.
std::vector<MetricRow> metrics(Database& database, const std::optional<std::string>& group,
                               const Days& days);

/// Corrections and voids said in the days asked for.
std::int64_t corrections(Database& database, const std::optional<std::string>& group,
                         const Days& days);

/// Recomputes everything from the entries in a scratch database and compares. One sentence for each
/// difference; none where the totals equal the ledger. `progress` is told done and all.
std::vector<std::string> verify(Database& database,
                                const std::function<void(std::int64_t, std::int64_t)>& progress);
