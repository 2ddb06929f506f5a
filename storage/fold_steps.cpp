// The single steps of the fold: each moves one thing and notes it in the entry's effects.

#include <algorithm>
#include <chrono>

#include "storage/fold.h"

namespace {

constexpr int kAtATime = 4;
constexpr std::chrono::minutes kClocksApart{10};

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
  if (shipment.time > e.time + kClocksApart) outcome_.sent_later.push_back(shipment.number);
  return amount;
}

// What did not come of a place's open shipments, the oldest first.
void Fold::shorten(const Standing& e, const std::string& place, Quantity amount) {
  Quantity left = amount;
  while (left > Quantity{}) {
    auto open = standings_.open(e, Kind::in_transit, place, kAtATime);
    if (open.empty()) return;
    for (Standing& sent : open) {
      const Quantity part = std::min(left, sent.rest());
      shorten(e, sent, part);
      left -= part;
    }
  }
}

// A short part is on the road no more, and is not among the losses.
void Fold::shorten(const Standing& e, Standing& shipment, Quantity amount) {
  const Quantity part = std::min(amount, shipment.rest());
  if (part == Quantity{}) return;
  set(shipment, Field::done, part.thousandths);
  effects_.total(shipment.unit, shipment.party, std::max(e.day, shipment.day), Sum::in_transit,
                 (-part).thousandths);
  outcome_.missing += part;
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
  if (target.kind == Kind::offer) {
    effects_.total(target.unit, "", day, Sum::offered, (-rest).thousandths);
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
  standings_.change(target, field, delta);
  effects_.entries.push_back({target.number, field, delta});
}

// Goods leave our stock. A kit leaves as it lies there, and what is not there is made of its parts.
void Fold::stock_out(const Standing& e, Quantity amount) {
  const auto* parts = rules_ == nullptr ? nullptr : rules_->kit(e.item);
  if (parts == nullptr) return total(e, "", Sum::stock, -amount);
  const Quantity assembled =
      std::clamp(totals_.stock(e), Quantity{}, std::max(amount, Quantity{}));
  total(e, "", Sum::stock, -assembled);
  for (const Rule::Part& part : *parts) {
    Goods goods{.item = part.item, .unit = part.unit, .quantity = part.per};
    rules_->settle(goods);
    const auto taken = multiply(amount - assembled, *goods.quantity);
    if (!taken || *taken == Quantity{}) continue;
    effects_.total_of(goods.item, goods.unit, "", e.day, Sum::stock, -taken->thousandths);
  }
}
