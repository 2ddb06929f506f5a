#include "storage/totals.h"

#include <algorithm>

#define JIELI_SUMS                                                              \
  "needed, outstanding, unknown, offered, in_transit, received, distributed, used, lost, stock"
#define JIELI_ADD_SUMS(table)                                                            \
  "needed = " table ".needed + excluded.needed, outstanding = " table                    \
  ".outstanding + excluded.outstanding, unknown = " table                                \
  ".unknown + excluded.unknown, offered = " table                                        \
  ".offered + excluded.offered, in_transit = " table                                     \
  ".in_transit + excluded.in_transit, received = " table                                 \
  ".received + excluded.received, distributed = " table                                  \
  ".distributed + excluded.distributed, used = " table                                   \
  ".used + excluded.used, lost = " table ".lost + excluded.lost, stock = " table         \
  ".stock + excluded.stock"

namespace {

using Sums = std::array<std::int64_t, kSums>;

void add(std::int64_t& to, std::int64_t delta) {
  to = (Quantity{to} + Quantity{delta}).thousandths;
}

void add(Sums& to, const Sums& delta, std::int64_t sign) {
  for (std::size_t i = 0; i < kSums; ++i) add(to[i], sign * delta[i]);
}

bool nothing(const Sums& sums) {
  return std::all_of(sums.begin(), sums.end(), [](std::int64_t sum) { return sum == 0; });
}

}  // namespace

void Totals::move(const Standing& entry, const Effects& effects, std::int64_t sign) {
  // A line is listed once an entry was ever recorded for it, zeros included.
  if (sign > 0 && entry.kind <= Kind::adjust) {
    Line& line = lines_[{entry.group, entry.item, entry.unit}];
    if (line.first == 0) line.first = entry.number;
  }
  for (const auto& t : effects.totals) {
    // The parts of a kit are items of their own.
    const std::string& item = t.item.empty() ? entry.item : t.item;
    Line& line = lines_[{entry.group, item, t.unit}];
    if (!t.item.empty() && sign > 0 && line.first == 0) line.first = entry.number;
    add(line.sums, t.delta, sign);
    add(daily_[{entry.group, item, t.unit, t.place, t.day}], t.delta, sign);
    if (!t.place.empty()) add(places_[{entry.group, item, t.unit, t.place}], t.delta, sign);
  }
  for (const auto& m : effects.metrics) {
    add(work_[{entry.group, m.name, m.unit, m.day}], sign * m.delta);
  }
}

Quantity Totals::stock(const Standing& entry) const {
  Quantity stock{db_.integer("SELECT stock FROM lines WHERE grp = $1 AND item = $2 AND unit = $3",
                             {entry.group, entry.item, entry.unit})
                     .value_or(0)};
  const auto moved = lines_.find({entry.group, entry.item, entry.unit});
  if (moved == lines_.end()) return stock;
  return stock + Quantity{moved->second.sums[static_cast<std::size_t>(Sum::stock)]};
}

void Totals::write() {
  write_daily();
  write_places();
  write_lines();
  for (const auto& [key, delta] : work_) {
    if (delta == 0) continue;
    const auto& [group, name, unit, day] = key;
    db_.run(
        "INSERT INTO metrics (grp, name, unit, day, quantity) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (grp, name, unit, day) DO UPDATE SET"
        " quantity = metrics.quantity + excluded.quantity",
        {group, name, unit, day, delta});
  }
  work_.clear();
}

void Totals::write_daily() {
  for (const auto& [key, d] : daily_) {
    if (nothing(d)) continue;
    const auto& [group, item, unit, place, day] = key;
    db_.run("INSERT INTO daily (grp, item, unit, place, day, " JIELI_SUMS
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
            " ON CONFLICT (grp, item, unit, place, day) DO UPDATE SET " JIELI_ADD_SUMS("daily"),
            {group, item, unit, place, day, d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7], d[8],
             d[9]});
  }
  daily_.clear();
}

void Totals::write_places() {
  for (const auto& [key, d] : places_) {
    if (nothing(d)) continue;
    const auto& [group, item, unit, place] = key;
    db_.run("INSERT INTO places (grp, item, unit, place, " JIELI_SUMS
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
            " ON CONFLICT (grp, item, unit, place) DO UPDATE SET " JIELI_ADD_SUMS("places"),
            {group, item, unit, place, d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7], d[8], d[9]});
  }
  places_.clear();
}

void Totals::write_lines() {
  for (const auto& [key, line] : lines_) {
    const Sums& d = line.sums;
    if (line.first == 0 && nothing(d)) continue;
    const auto& [group, item, unit] = key;
    db_.run("INSERT INTO lines (grp, item, unit, first, " JIELI_SUMS
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
            " ON CONFLICT (grp, item, unit) DO UPDATE SET " JIELI_ADD_SUMS("lines"),
            {group, item, unit, line.first, d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7], d[8],
             d[9]});
  }
  lines_.clear();
}
