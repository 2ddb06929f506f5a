// The single steps of the fold: each moves one thing and notes it in the entry's effects.

#include <algorithm>
#include <map>

#include "storage/fold.h"

#define JIELI_SUMS \
  "needed, outstanding, unknown, offered, in_transit, received, distributed, used, lost, stock"
#define JIELI_ADD_SUMS(table)                                                                 \
  "needed = " table ".needed + excluded.needed, outstanding = " table                         \
  ".outstanding + excluded.outstanding, unknown = " table                                     \
  ".unknown + excluded.unknown, offered = " table                                             \
  ".offered + excluded.offered, in_transit = " table                                          \
  ".in_transit + excluded.in_transit, received = " table                                      \
  ".received + excluded.received, distributed = " table                                       \
  ".distributed + excluded.distributed, used = " table ".used + excluded.used, lost = " table \
  ".lost + excluded.lost, stock = " table ".stock + excluded.stock"

namespace {

constexpr int kAtATime = 4;

void add(std::array<std::int64_t, kSums>& to, const std::array<std::int64_t, kSums>& sums) {
  for (std::size_t i = 0; i < kSums; ++i) to[i] += sums[i];
}

}  // namespace

Quantity Fold::confirm_open(const Standing& e, const std::string& place, Quantity amount) {
  Quantity left = amount;
  while (left > Quantity{}) {
    auto open = standings_.open(e, Kind::in_transit, place, kAtATime);
    if (open.empty()) break;
    for (Standing& sent : open) {
      if (left == Quantity{}) break;
      left -= confirm(e, sent, std::min(left, sent.rest()));
    }
  }
  return amount - left;
}

Quantity Fold::confirm(const Standing& e, Standing& shipment, Quantity amount) {
  if (amount == Quantity{}) return amount;
  set(shipment, Field::done, amount.thousandths);
  effects_.total(shipment.unit, shipment.party, std::max(e.day, shipment.day), Sum::in_transit,
                 (-amount).thousandths);
  outcome_.confirmed.emplace_back(shipment.number, amount);
  return amount;
}

void Fold::stock_in(const Standing& e, Quantity amount) {
  total(e, "", Sum::received, amount);
  total(e, "", Sum::stock, amount);
}

void Fold::arrive(Standing& e, const std::string& place, Quantity amount, Standing* first) {
  total(e, place, Sum::distributed, amount);
  Quantity left = amount;
  if (first != nullptr && first->open() && !first->unknown()) {
    left -= meet(e, *first, std::min(left, first->rest()));
  } else if (first != nullptr && first->open()) {
    left -= meet(e, *first, left);
  }
  fulfil(e, place, left);
}

// Known needs first, urgent before calm, oldest first; one of unknown quantity takes what is left.
void Fold::fulfil(const Standing& e, const std::string& place, Quantity amount) {
  Quantity left = amount;
  while (left > Quantity{}) {
    auto open = standings_.open(e, Kind::need, place, kAtATime);
    if (open.empty()) break;
    for (Standing& need : open) {
      if (left == Quantity{}) return;
      left -= meet(e, need, std::min(left, need.rest()));
    }
  }
  if (left == Quantity{}) return;
  if (auto unknown = standings_.open_unknown(e, place)) meet(e, *unknown, left);
}

Quantity Fold::meet(const Standing& e, Standing& need, Quantity amount) {
  if (amount == Quantity{}) return amount;
  set(need, Field::done, amount.thousandths);
  if (!need.unknown()) {
    effects_.total(need.unit, need.party, std::max(e.day, need.day), Sum::outstanding,
                   (-amount).thousandths);
  }
  outcome_.fulfilled.emplace_back(need.number, amount);
  return amount;
}

// What was told as handed over did not all arrive: the needs that it had met open again, the last
// met first; what went beyond them goes first of all.
void Fold::take_back(const Standing& e, const Standing& sent, Quantity missing) {
  outcome_.missing = missing;
  effects_.total(sent.unit, sent.party, std::max(e.day, sent.day), Sum::distributed,
                 (-missing).thousandths);
  const Effects did = Effects::decode(sent.effects);
  Quantity met;
  std::vector<std::pair<Standing, Quantity>> needs;
  for (const auto& effect : did.entries) {
    if (effect.field != Field::done || effect.delta <= 0) continue;
    auto target = standings_.find(e.group, effect.number);
    if (!target || target->kind != Kind::need) continue;
    met += Quantity{effect.delta};
    needs.emplace_back(std::move(*target), Quantity{effect.delta});
  }
  Quantity left = missing - std::min(missing, *sent.quantity - met);
  for (auto it = needs.rbegin(); it != needs.rend() && left > Quantity{}; ++it) {
    Standing& need = it->first;
    const Quantity part = std::min({left, it->second, need.done});
    left -= part;
    const Quantity before = need.rest();
    set(need, Field::done, (-part).thousandths);
    const std::int64_t day = std::max(e.day, need.day);
    if (need.closed == Closed::done && !need.unknown()) continue;  // met, and asks what it asked
    if (need.closed != Closed::no) {
      effects_.total(need.unit, need.party, day, Sum::needed, (-part).thousandths);
    } else {
      effects_.total(need.unit, need.party, day, Sum::outstanding,
                     (need.rest() - before).thousandths);
    }
  }
}

void Fold::consume_offers(const Standing& e, Quantity amount) {
  Quantity left = amount;
  while (left > Quantity{}) {
    auto open = standings_.open(e, Kind::offer, e.counterpart, kAtATime);
    if (open.empty()) break;
    for (Standing& offer : open) {
      if (left == Quantity{}) break;
      left -= consume(e, offer, left);
    }
  }
}

Quantity Fold::consume(const Standing& e, Standing& offer, Quantity amount) {
  const Quantity part = std::min(amount, offer.rest());
  if (part == Quantity{}) return part;
  set(offer, Field::done, part.thousandths);
  effects_.total(offer.unit, "", std::max(e.day, offer.day), Sum::offered, (-part).thousandths);
  outcome_.consumed.emplace_back(offer.number, part);
  return part;
}

// Closing keeps what had been given in `needed` and drops the rest from what is outstanding.
void Fold::close(const Standing& e, Standing& target, Closed why) {
  const std::int64_t day = std::max(e.day, target.day);
  const Quantity rest = target.rest();
  if (target.kind == Kind::in_transit) {
    effects_.total(target.unit, target.party, day, Sum::in_transit, (-rest).thousandths);
  } else if (target.unknown()) {
    effects_.total(target.unit, target.party, day, Sum::unknown, -1);
    effects_.total(target.unit, target.party, day, Sum::needed, target.done.thousandths);
  } else {
    effects_.total(target.unit, target.party, day, Sum::outstanding, (-rest).thousandths);
    if (why != Closed::done) {
      effects_.total(target.unit, target.party, day, Sum::needed, (-rest).thousandths);
    }
  }
  set(target, Field::closed, static_cast<std::int64_t>(why));
}

void Fold::total(const Standing& e, const std::string& place, Sum measure, Quantity delta) {
  effects_.total(e.unit, place, e.day, measure, delta.thousandths);
}

void Fold::set(Standing& target, Field field, std::int64_t delta) {
  if (delta == 0) return;
  change(target, field, delta);
  effects_.entries.push_back({target.number, field, delta});
  standings_.update(target);
}

Quantity Fold::stock_of(const Standing& line) {
  return {db_.integer("SELECT stock FROM lines WHERE grp = $1 AND item = $2 AND unit = $3",
                      {line.group, line.item, line.unit})
              .value_or(0)};
}

void Fold::write(const Standing& line, const Effects& effects, std::int64_t sign) {
  using Sums = std::array<std::int64_t, kSums>;
  std::map<std::string, Sums> by_unit;
  std::map<std::pair<std::string, std::string>, Sums> by_place;
  // A line is listed once an entry was ever recorded for it, zeros included.
  if (line.kind <= Kind::adjust) by_unit[line.unit] = {};
  for (const auto& t : effects.totals) {
    Sums d{};
    for (std::size_t i = 0; i < kSums; ++i) d[i] = sign * t.delta[i];
    db_.run("INSERT INTO daily (grp, item, unit, place, day, " JIELI_SUMS
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
            " ON CONFLICT (grp, item, unit, place, day) DO UPDATE SET " JIELI_ADD_SUMS("daily"),
            {line.group, line.item, t.unit, t.place, t.day, d[0], d[1], d[2], d[3], d[4], d[5],
             d[6], d[7], d[8], d[9]});
    add(by_unit[t.unit], d);
    if (!t.place.empty()) add(by_place[{t.unit, t.place}], d);
  }
  for (const auto& [at, d] : by_place) {
    db_.run("INSERT INTO places (grp, item, unit, place, " JIELI_SUMS
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
            " ON CONFLICT (grp, item, unit, place) DO UPDATE SET " JIELI_ADD_SUMS("places"),
            {line.group, line.item, at.first, at.second, d[0], d[1], d[2], d[3], d[4], d[5], d[6],
             d[7], d[8], d[9]});
  }
  for (const auto& [unit, d] : by_unit) {
    db_.run("INSERT INTO lines (grp, item, unit, first, " JIELI_SUMS
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
            " ON CONFLICT (grp, item, unit) DO UPDATE SET " JIELI_ADD_SUMS("lines"),
            {line.group, line.item, unit, line.number, d[0], d[1], d[2], d[3], d[4], d[5], d[6],
             d[7], d[8], d[9]});
  }
  for (const auto& m : effects.metrics) {
    db_.run(
        "INSERT INTO metrics (grp, name, unit, day, quantity) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT (grp, name, unit, day) DO UPDATE SET"
        " quantity = metrics.quantity + excluded.quantity",
        {line.group, m.name, m.unit, m.day, sign * m.delta});
  }
}
