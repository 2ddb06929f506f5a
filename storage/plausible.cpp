#include "storage/plausible.h"

namespace {

constexpr Quantity kPlausibleBelow = Quantity::whole(1000);
constexpr int kTimesUsual = 10;
constexpr std::int64_t kUsualAfter = 10;

}  // namespace

bool far_beyond(Database& database, const Entry& e, std::int64_t without) {
  if (!e.quantity || *e.quantity < kPlausibleBelow || e.ref != 0) return false;
  // What is below a hundred makes nothing plausible that has to be looked at here: an index holds
  // the others alone.
  const auto largest = database.integer(
      "SELECT max(quantity) FROM standing WHERE grp = $1 AND item = $2 AND unit = $3 AND kind = $4"
      " AND voided_by = 0 AND ref IS NULL AND quantity >= 100000 AND number <> $5",
      {e.group, e.item, e.unit, word(e.kind), without});
  if (largest && *e.quantity < Quantity{*largest}.times(kTimesUsual)) return false;
  const auto many = database.integer(
      "SELECT count(*) FROM (SELECT 1 FROM standing WHERE grp = $1 AND item = $2 AND unit = $3"
      " AND kind = $4 AND voided_by = 0 AND ref IS NULL AND number <> $5 AND quantity IS NOT NULL"
      " LIMIT $6) AS some",
      {e.group, e.item, e.unit, word(e.kind), without, kUsualAfter});
  return many == kUsualAfter;
}

std::optional<std::int64_t> covered_by(Database& database, const Entry& e) {
  if (!e.quantity || e.ref != 0) return std::nullopt;
  return database.integer(
      "SELECT number FROM entries e WHERE grp = $1 AND covers_to IS NOT NULL"
      " AND EXISTS (SELECT 1 FROM standing s WHERE s.grp = e.grp AND s.number = e.number"
      " AND s.voided_by = 0 AND s.item = $2 AND s.unit = $3 AND s.kind = $4)"
      " AND (covers_from IS NULL OR covers_from <= $5)"
      " AND (covers_to >= $5 OR (day = $5 AND said_at >= $6)) ORDER BY number DESC LIMIT 1",
      {e.group, e.item, e.unit, word(e.kind), e.day,
       std::int64_t{e.time.time_since_epoch().count()}});
}
