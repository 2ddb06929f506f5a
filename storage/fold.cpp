#include "storage/fold.h"

#include <algorithm>

namespace {

/// 应到 500 实到 480: what did not come of what was due.
Quantity short_of(const Standing& e) {
  return e.expected ? std::max(Quantity{}, *e.expected - *e.quantity) : Quantity{};
}

}  // namespace

Outcome Fold::lay(Standing& e) {
  effects_ = {};
  outcome_ = {};
  outcome_.number = e.number;
  e.party = e.kind == Kind::offer ? (e.counterpart.empty() ? e.user_name : e.counterpart) : e.place;
  e.calm = !e.urgent;
  if (e.voided_by == 0) {
    switch (e.kind) {
      case Kind::need:
        need(e);
        break;
      case Kind::offer:
        total(e, "", Sum::offered, *e.quantity);
        break;
      case Kind::in_transit:
        shipment(e);
        break;
      case Kind::received:
      case Kind::distributed: {
        auto target = e.ref == 0 || e.alone ? std::nullopt : standings_.find(e.group, e.ref);
        if (target) {
          reference(e, std::move(*target));
        } else if (e.kind == Kind::distributed || !e.place.empty()) {
          delivery(e);
        } else {
          receipt(e);
        }
        break;
      }
      case Kind::stock:
        count(e);
        break;
      case Kind::used:
        if (e.place.empty()) {
          total(e, "", Sum::used, *e.quantity);
          stock_out(e, *e.quantity);
        }
        break;
      case Kind::adjust:
        adjustment(e);
        break;
      case Kind::activity:
        if (e.quantity)
          effects_.metrics.push_back({e.item, e.unit, e.day, e.quantity->thousandths});
        break;
      case Kind::done:
        done(e);
        break;
      case Kind::urgent: {
        auto target = standings_.find(e.group, e.ref);
        if (target && target->calm) set(*target, Field::calm, -1);
        break;
      }
      case Kind::enough:
        // 只收 and 恢复 say what a place takes; they close nothing.
        if (e.word != "只收" && e.word != "恢复") close_needs(e, Closed::enough);
        break;
      case Kind::none_left:
        gone(e);
        break;
      case Kind::missing:
      case Kind::blocked:
      case Kind::verified:
      case Kind::doubtful:
      case Kind::match:
        break;
      // These say how another entry counts; Ledger reads them when it lays that one.
      case Kind::another:
      case Kind::correction:
      case Kind::voided:
      case Kind::admin:
        break;
    }
  }
  totals_.move(e, effects_, 1);
  if (!together_) totals_.write();
  e.effects = effects_.encode();
  standings_.insert(e);
  outcome_.place = e.party;
  outcome_.item = e.item;
  outcome_.unit = e.unit;
  outcome_.quantity = e.quantity;
  outcome_.at = e.place;
  return outcome_;
}

void Fold::lift(const Standing& entry) {
  const Effects effects = Effects::decode(entry.effects);
  totals_.move(entry, effects, -1);
  if (!together_) totals_.write();
  for (auto it = effects.entries.rbegin(); it != effects.entries.rend(); ++it) {
    auto target = standings_.find(entry.group, it->number);
    if (!target) throw std::logic_error("an effect on an entry that is not there");
    standings_.change(*target, it->field, -it->delta);
  }
  standings_.remove(entry.group, entry.number);
}

void Fold::need(Standing& e) {
  if (e.replaces) close_needs(e, Closed::replaced);
  if (e.unknown()) {
    effects_.total(e.unit, e.place, e.day, Sum::unknown, 1);
    return;
  }
  total(e, e.place, Sum::needed, *e.quantity);
  total(e, e.place, Sum::outstanding, *e.quantity);
}

void Fold::shipment(Standing& e) {
  const Quantity amount = *e.quantity;
  total(e, e.place, Sum::in_transit, amount);
  auto target = e.ref == 0 ? std::nullopt : standings_.find(e.group, e.ref);
  if (target && target->kind == Kind::match) return;  // it left another group's goods
  if (target && target->kind == Kind::offer) {
    consume(e, *target, amount);
  } else if (!e.counterpart.empty()) {
    consume_offers(e, amount);
  } else if (!e.place.empty()) {
    stock_out(e, amount);
  }
}

// A delivery to a place, told by whoever handed it over or by whoever got it; or to the pool.
void Fold::delivery(Standing& e) {
  const Quantity amount = *e.quantity;
  if (e.place.empty()) {
    arrive(e, "", amount);
  } else {
    if (!e.unpaired && !e.alone && pair_at_place(e)) return;
    const bool from_elsewhere = e.kind == Kind::received && !e.counterpart.empty();
    Quantity confirmed;
    if (!e.alone && !from_elsewhere) {
      confirmed = confirm_open(e, e.place, amount);
      shorten(e, e.place, short_of(e));
    }
    arrive(e, e.place, amount);
    e.fresh = amount - confirmed;
    e.pairable = amount;
  }
  const Quantity fresh = e.place.empty() ? amount : e.fresh;
  if (!e.counterpart.empty()) {
    consume_offers(e, fresh);
  } else if (e.kind == Kind::distributed) {
    stock_out(e, fresh);
  }
}

// Goods that a receipt had told of leave where the handing-over says that they came from: the order
// of telling does not matter. A donor named by the receipt was charged by it.
void Fold::leave(Standing& e, const Standing& receipt) {
  if (e.counterpart.empty()) {
    stock_out(e, receipt.fresh);
  } else if (receipt.counterpart.empty()) {
    consume_offers(e, receipt.fresh);
  }
}

bool Fold::pair_at_place(Standing& e) {
  const Kind other = e.kind == Kind::distributed ? Kind::received : Kind::distributed;
  const Quantity due = *e.quantity + short_of(e);
  auto found = standings_.pairable_at(e, other, due, due, true);
  if (!found) return false;
  Standing& told = *found;
  if (e.kind == Kind::distributed) leave(e, told);
  join(e, told);
  if (short_of(e) > Quantity{}) take_back(e, told, short_of(e));
  return true;
}

void Fold::join(Standing& e, Standing& told) {
  set(told, Field::pair, e.number - told.pair);
  set(told, Field::pairable, -told.pairable.thousandths);
  e.pair = told.number;
  outcome_.pair = told.number;
}

// A receipt by the hub itself, or by somebody who names no place.
void Fold::receipt(Standing& e) {
  const Quantity amount = *e.quantity;
  Quantity inbound;
  bool was_inbound = false;
  if (!e.alone && !e.supplement) {
    was_inbound = !standings_.open(e, Kind::in_transit, "", 1).empty();
    inbound = confirm_open(e, "", amount);
    shorten(e, "", short_of(e));
    if (!was_inbound && e.counterpart.empty() && !e.unpaired && pair_anywhere(e)) return;
  }
  stock_in(e, amount);
  if (!e.counterpart.empty()) consume_offers(e, amount - inbound);
}

bool Fold::pair_anywhere(Standing& e) {
  const Quantity amount = *e.quantity;
  const Quantity due = amount + short_of(e);
  if (auto sent = standings_.only_outbound(e, due)) {
    const std::string place = sent->party;
    confirm(e, *sent, amount);
    shorten(e, *sent, short_of(e));
    arrive(e, place, amount);
    e.party = place;
    e.pairable = amount;
    return true;
  }
  auto told = standings_.only_pairable(e, Kind::distributed, due);
  if (!told) return false;
  join(e, *told);
  e.party = told->party;
  if (short_of(e) > Quantity{}) take_back(e, *told, short_of(e));
  return true;
}

// 收到 #n, 送达 #n: acts on that entry alone.
void Fold::reference(Standing& e, Standing target) {
  const Quantity amount = *e.quantity;
  switch (target.kind) {
    case Kind::in_transit: {
      const Quantity confirmed = confirm(e, target, std::min(amount, target.rest()));
      e.party = target.party;
      if (e.party.empty()) {
        stock_in(e, amount);
      } else {
        arrive(e, e.party, amount);
        // What came through the shipment may be told again from the other end; what exceeds it
        // pairs with nothing.
        e.pairable = confirmed;
        e.fresh = confirmed == Quantity{} ? amount : Quantity{};
      }
      shorten(e, target, short_of(e));
      return;
    }
    case Kind::offer:
      receipt_of_offer(e, std::move(target));
      return;
    case Kind::need:
      e.party = target.party;
      arrive(e, e.party, amount, &target);
      e.fresh = amount;
      if (e.kind == Kind::distributed) stock_out(e, amount);
      return;
    case Kind::distributed:
    case Kind::received:
      other_end(e, std::move(target));
      return;
    default:
      if (e.kind == Kind::distributed || !e.place.empty()) return delivery(e);
      return receipt(e);
  }
}

void Fold::receipt_of_offer(Standing& e, Standing offer) {
  Quantity left = *e.quantity;
  for (Standing& sent : standings_.referring(e.group, offer.number)) {
    if (sent.kind != Kind::in_transit || !sent.open() || left == Quantity{}) continue;
    const Quantity part = confirm(e, sent, std::min(left, sent.rest()));
    if (sent.party.empty()) {
      stock_in(e, part);
    } else {
      arrive(e, sent.party, part);
    }
    left -= part;
  }
  if (left == Quantity{}) return;
  consume(e, offer, left);
  if (e.place.empty()) {
    stock_in(e, left);
  } else {
    arrive(e, e.place, left);
  }
}

void Fold::other_end(Standing& e, Standing sent) {
  if (sent.pair != 0) return;
  e.party = sent.party;
  if (e.kind == Kind::distributed && sent.kind == Kind::received) leave(e, sent);
  join(e, sent);
  if (*e.quantity < *sent.quantity) take_back(e, sent, *sent.quantity - *e.quantity);
}

void Fold::count(Standing& e) {
  if (!e.place.empty()) return;
  outcome_.found = *e.quantity - totals_.stock(e);
  total(e, "", Sum::stock, outcome_.found);
}

void Fold::adjustment(Standing& e) {
  const Quantity amount = *e.quantity;
  if (e.word == "退回") {
    // By a place it comes back to us; to a giver it leaves us.
    const bool leaves = e.place.empty() && !e.counterpart.empty();
    if (leaves) return stock_out(e, amount);
    total(e, "", Sum::stock, amount);
    return;
  }
  if (!e.place.empty()) return;
  if (e.word == "盘盈") {
    total(e, "", Sum::stock, amount);
    return;
  }
  total(e, "", Sum::lost, amount);
  stock_out(e, amount);
}

void Fold::done(Standing& e) {
  auto target = standings_.find(e.group, e.ref);
  if (!target || !target->open() || target->kind != Kind::need) return;
  if (target->unknown()) {
    if (e.quantity) meet(e, *target, *e.quantity);
    close(e, *target, Closed::done);
    return;
  }
  meet(e, *target, e.quantity ? std::min(*e.quantity, target->rest()) : target->rest());
  // 完成 without a figure is the whole of it, whatever turns out of earlier deliveries.
  if (!e.quantity) close(e, *target, Closed::done);
}

/// 无货: what is left of an offer will not come.
void Fold::gone(const Standing& e) {
  auto target = standings_.find(e.group, e.ref);
  if (target && target->kind == Kind::offer && target->open()) {
    close(e, *target, Closed::withdrawn);
  }
}

void Fold::close_needs(const Standing& e, Closed why) {
  for (Standing& open : standings_.open_needs(e.group, e.item, e.place)) {
    // Only without a place does it matter whose needs they are.
    const bool others = e.own_only && e.place.empty() && open.user != e.user;
    if (open.number >= e.number || others) continue;
    outcome_.replaced.push_back(open.number);
    close(e, open, why);
  }
}
