#include "tests/model.h"

#include <algorithm>
#include <cstdlib>

namespace model {

namespace {

using namespace std::chrono_literals;

bool same_line(const Live& a, const Live& b) {
  return a.e.item == b.e.item && a.e.unit == b.e.unit;
}

bool of_goods(Kind kind) { return kind <= Kind::adjust; }

std::string donor_of(const Entry& offer) {
  return offer.counterpart.empty() ? offer.user_name : offer.counterpart;
}

/// Takes back, changes or sets apart an entry that was said before.
bool about_another(Kind kind) {
  return kind == Kind::voided || kind == Kind::correction || kind == Kind::another;
}

/// What a change leaves of an entry: its last values at its first position.
void apply(Entry& e, const Change& c) {
  if (c.quantity) e.quantity = c.quantity;
  if (c.unit) e.unit = *c.unit;
  if (c.item) e.item = *c.item;
  if (c.place) e.place = *c.place;
  if (c.place && e.kind == Kind::in_transit) e.word = "到";
  if (c.kind) e.kind = *c.kind;
  if (c.unknown) e.quantity.reset();
  if (c.counterpart) e.counterpart = *c.counterpart;
  if (c.word) e.word = *c.word;
  if (c.expected) e.expected = c.expected;
  if (c.urgent) e.urgent = *c.urgent;
  if (c.replaces) e.replaces = *c.replaces;
  if (c.own_only) e.own_only = *c.own_only;
}

/// 应到 500 实到 480: what did not come of what was due.
std::int64_t short_of(const Live& l) {
  return l.e.expected ? std::max<std::int64_t>(
                            0, l.e.expected->thousandths - l.e.quantity->thousandths)
                      : 0;
}

}  // namespace

bool Live::is_open() const { return closed == Closed::no && (!e.quantity || left() > 0); }

Model::Model(std::vector<Said> said) : said_(std::move(said)) { begin(); }

void Model::add(const Said& said) {
  said_.push_back(said);
  // What is said about an earlier entry changes everything after that one: all is laid anew.
  if (about_another(said.entry.kind)) return begin();
  if (stands(said)) lay_from(said.entry.number);
}

void Model::begin() {
  live_.clear();
  void_.clear();
  lines_.clear();
  moved_.clear();
  // A void that is void itself takes nothing back: look from the end.
  for (auto s = said_.rbegin(); s != said_.rend(); ++s) {
    if (s->entry.kind == Kind::voided && !is_void(s->entry.number)) void_[s->entry.ref] = true;
  }
  for (const Said& s : said_) stands(s);
  lay_from(0);
}

/// Takes an entry up among those that stand; false where there is nothing to lay.
bool Model::stands(const Said& s) {
  if (of_goods(s.entry.kind)) lines_[{s.entry.item, s.entry.unit}] = true;
  const Kind kind = s.entry.kind;
  if (is_void(s.entry.number) || kind == Kind::voided) return false;
  if (kind == Kind::correction || kind == Kind::another) {
    const auto target = live_.find(s.entry.ref);
    if (target == live_.end()) return false;  // about a void entry
    if (kind == Kind::another) target->second.alone = true;
    if (kind == Kind::correction) apply(target->second.e, s.change);
    return false;
  }
  live_[s.entry.number].e = s.entry;
  return true;
}

void Model::lay_from(std::int64_t first) {
  for (auto it = live_.lower_bound(first); it != live_.end(); ++it) {
    Live& l = it->second;
    // What refers to a void entry stands on its own; a changed item holds for what refers to it.
    const auto target = live_.find(l.e.ref);
    if (target == live_.end()) {
      l.e.ref = 0;
    } else {
      const Entry& of = target->second.e;
      l.e.item = of.item;
      l.e.unit = of.unit;
      // 发出 #n goes to the need's place, unless another was said.
      const bool follows = l.e.kind == Kind::in_transit && of.kind == Kind::need;
      if (follows && l.e.word != "到" && !of.place.empty()) l.e.place = of.place;
    }
    if (of_goods(l.e.kind)) lines_[{l.e.item, l.e.unit}] = true;
  }
  for (auto it = live_.lower_bound(first); it != live_.end(); ++it) {
    Live& l = it->second;
    now_ = &l;
    std::vector<std::pair<const Live*, Figures>> before;
    for (const auto& [number, n] : live_) {
      if (number > l.e.number) break;
      if (n.e.kind != Kind::need || n.e.item != l.e.item) continue;
      before.emplace_back(&n, number == l.e.number ? Figures{} : need_figures(n));
    }
    lay(l);
    for (const auto& [n, was] : before) {
      const Figures after = need_figures(*n);
      for (const Measure m : {needed, outstanding, unknown}) {
        add(m, *n, n->e.place, after[m] - was[m]);
      }
    }
  }
}

/// Moves a figure of `whose` line, on the day of the entry that is laid; never before the day of
/// what it changes.
void Model::add(Measure measure, const Live& whose, const std::string& place, std::int64_t delta) {
  if (delta == 0) return;
  moved_[{whose.e.item, whose.e.unit, place, std::max(whose.e.day, now_->e.day)}][measure] += delta;
}

void Model::add(Measure measure, const std::string& place, std::int64_t delta) {
  add(measure, *now_, place, delta);
}

void Model::lay(Live& l) {
  const Entry& e = l.e;
  const std::int64_t q = e.quantity ? e.quantity->thousandths : 0;
  l.at = e.place;
  switch (e.kind) {
    case Kind::need:
      need(l);
      break;
    case Kind::offer:
      l.rest = q;
      add(offered, "", q);
      break;
    case Kind::in_transit: {
      l.rest = q;
      add(in_transit, e.place, q);
      // A shipment takes its whole from stock when it leaves, unless it is inbound or what it
      // carries never was ours: an offer, or a named donor's.
      const auto target = live_.find(e.ref);
      const bool of_offer = target != live_.end() && target->second.e.kind == Kind::offer;
      if (of_offer) {
        consume(target->second, q);
      } else if (!e.counterpart.empty()) {
        consume_donor(l, q);
      } else if (!e.place.empty()) {
        add(stock, "", -q);
      }
      break;
    }
    case Kind::received:
      receipt(l);
      break;
    case Kind::distributed:
      distribution(l);
      break;
    case Kind::stock: {
      if (!e.place.empty()) break;  // a place's own count
      std::int64_t have = 0;
      for (const auto& [key, figures] : moved_) {
        if (std::get<0>(key) == e.item && std::get<1>(key) == e.unit) have += figures[stock];
      }
      add(stock, "", q - have);
      break;
    }
    case Kind::used:
      if (!e.place.empty()) break;
      add(used, "", q);
      add(stock, "", -q);
      break;
    case Kind::adjust:
      if (e.word == "退回") {
        // By a place (or by nobody named) it comes back to us; to a giver it leaves us.
        add(stock, "", !e.counterpart.empty() && e.place.empty() ? -q : q);
      } else if (!e.place.empty()) {
        break;
      } else if (e.word == "盘盈") {
        add(stock, "", q);
      } else {
        add(lost, "", q);
        add(stock, "", -q);
      }
      break;
    case Kind::done: {
      const auto target = live_.find(e.ref);
      if (target == live_.end()) break;
      Live& n = target->second;
      if (!n.is_open()) break;
      if (!n.e.quantity) {
        n.given += q;
        n.closed = Closed::done;
      } else if (!e.quantity) {
        n.given = n.e.quantity->thousandths;
        n.closed = Closed::done;
      } else {
        n.given += std::min(q, n.left());
      }
      break;
    }
    case Kind::urgent: {
      const auto target = live_.find(e.ref);
      if (target != live_.end()) target->second.urgent = true;
      break;
    }
    case Kind::none_left: {
      const auto target = live_.find(e.ref);
      if (target == live_.end() || target->second.e.kind != Kind::offer) break;
      consume(target->second, target->second.rest);
      break;
    }
    case Kind::enough:
      if (e.word == "只收" || e.word == "恢复") break;
      for (auto& [number, n] : live_) {
        if (number >= e.number || n.e.kind != Kind::need || !n.is_open()) continue;
        if (n.e.item != e.item || n.e.place != e.place) continue;
        if (e.place.empty() && e.own_only && n.e.user != e.user) continue;
        n.closed = Closed::enough;
      }
      break;
    default:
      break;
  }
}

void Model::need(Live& n) {
  n.urgent = n.e.urgent;
  if (!n.e.replaces) return;
  // 还缺 closes the open needs of the place for the item, whatever their unit, whoever said them;
  // without a place the sender's own ones of the pool, or all of the pool.
  for (auto& [number, old] : live_) {
    if (number >= n.e.number || old.e.kind != Kind::need || !old.is_open()) continue;
    if (old.e.item != n.e.item || old.e.place != n.e.place) continue;
    if (n.e.place.empty() && n.e.own_only && old.e.user != n.e.user) continue;
    old.closed = Closed::replaced;
  }
}

void Model::distribution(Live& d) {
  const std::int64_t q = d.e.quantity->thousandths;
  const std::string& place = d.e.place;
  const auto leaves = [&](std::int64_t amount) {
    // Goods of a named donor never were in stock.
    if (d.e.counterpart.empty()) {
      add(stock, "", -amount);
    } else {
      consume_donor(d, amount);
    }
  };
  std::int64_t rest = q;
  if (!place.empty()) {
    if (!d.e.unpaired && !d.alone) {
      if (Live* other = waiting(d, Kind::received)) {
        other->pair = d.e.number;
        d.pair = other->e.number;
        // A donor whom the receipt named was charged by the receipt.
        if (d.e.counterpart.empty() || other->e.counterpart.empty()) leaves(other->fresh);
        return;
      }
    }
    if (!d.alone) rest -= confirm_at(d, place, rest);
    if (!d.alone) shorten(d, place);
    d.waits = q;
  }
  d.fresh = rest;
  arrive(d, place, rest);
  leaves(rest);
}

void Model::receipt(Live& r) {
  const auto target = live_.find(r.e.ref);
  // 另一批 makes it a delivery of its own, whatever it confirmed.
  if (target != live_.end() && !r.alone) return receipt_of(r, target->second);
  if (!r.e.place.empty()) return receipt_at_place(r);

  const std::int64_t q = r.e.quantity->thousandths;
  // Inbound shipments first; where one was open nothing else is confirmed.
  bool inbound = false;
  std::int64_t rest = q;
  // What completes a sum confirms and pairs with nothing.
  const bool free = !r.alone && !r.e.supplement();
  if (free) {
    for (auto& [number, s] : live_) {
      if (number >= r.e.number || s.e.kind != Kind::in_transit || !same_line(s, r)) continue;
      if (!s.e.place.empty() || s.rest == 0) continue;
      inbound = true;
      rest -= confirm(r, s, rest);
    }
    shorten(r, "");
  }
  const std::int64_t due = q + short_of(r);
  if (!inbound && r.e.counterpart.empty() && !r.e.unpaired && free) {
    std::vector<Live*> shipments, told;
    for (auto& [number, l] : live_) {
      if (number >= r.e.number || !same_line(l, r) || l.e.place.empty()) continue;
      if (l.e.kind == Kind::in_transit && l.rest == due) shipments.push_back(&l);
      if (l.e.kind == Kind::distributed && l.waits == due && l.pair == 0 && l.e.user != r.e.user &&
          std::chrono::abs(l.e.time - r.e.time) <= 72h) {
        told.push_back(&l);
      }
    }
    if (shipments.size() == 1) {
      r.at = shipments[0]->e.place;
      r.waits = q;
      confirm(r, *shipments[0], q);
      shorten(r, *shipments[0], short_of(r));
      return;
    }
    if (told.size() == 1) {
      r.at = told[0]->e.place;
      r.pair = told[0]->e.number;
      told[0]->pair = r.e.number;
      never_came(*told[0], short_of(r));
      return;
    }
  }
  stock_in(rest);
  consume_donor(r, rest);
}

void Model::receipt_at_place(Live& r) {
  const std::int64_t q = r.e.quantity->thousandths;
  if (!r.e.unpaired && !r.alone) {
    if (Live* other = waiting(r, Kind::distributed)) {
      other->pair = r.e.number;
      r.pair = other->e.number;
      never_came(*other, short_of(r));
      return;
    }
  }
  std::int64_t rest = q;
  // What came from a named donor confirms no shipment of ours.
  if (!r.alone && r.e.counterpart.empty()) {
    rest -= confirm_at(r, r.e.place, rest);
    shorten(r, r.e.place);
  }
  r.waits = q;
  r.fresh = rest;
  arrive(r, r.e.place, rest);
  consume_donor(r, rest);
}

void Model::receipt_of(Live& r, Live& target) {
  std::int64_t rest = r.e.quantity->thousandths;
  switch (target.e.kind) {
    case Kind::in_transit: {
      r.at = target.e.place;
      const std::int64_t confirmed = confirm(r, target, rest);
      rest -= confirmed;
      shorten(r, target, short_of(r));
      if (r.at.empty()) {
        stock_in(rest);
      } else {
        // It stands as a receipt at the place; what exceeds the shipment pairs with nothing.
        r.waits = confirmed;
        arrive(r, r.at, rest);
      }
      break;
    }
    case Kind::offer:
      for (auto& [number, s] : live_) {
        if (number >= r.e.number || s.e.kind != Kind::in_transit) continue;
        if (s.e.ref == target.e.number) rest -= confirm(r, s, rest);
      }
      if (r.e.place.empty()) {
        stock_in(rest);
      } else {
        arrive(r, r.e.place, rest);
      }
      consume(target, rest);
      break;
    case Kind::need:
      r.at = target.e.place;
      arrive(r, r.at, rest, &target);
      break;
    case Kind::distributed:
      other_end(r, target);
      break;
    default:
      break;
  }
}

/// 收到 of a distribution: its other end, whatever the quantity; what is missing never arrived.
void Model::other_end(Live& r, Live& sent) {
  r.at = sent.e.place;
  if (sent.pair != 0) return;
  sent.pair = r.e.number;
  r.pair = sent.e.number;
  never_came(sent, sent.e.quantity->thousandths - r.e.quantity->thousandths);
}

/// Of what was told as handed over: out of `distributed`, and of the needs that it met.
void Model::never_came(Live& sent, std::int64_t missing) {
  if (missing <= 0) return;
  add(distributed, sent, sent.e.place, -missing);
  std::int64_t surplus = sent.e.quantity->thousandths;
  for (const auto& [number, amount] : sent.met) surplus -= amount;
  missing -= std::min(missing, surplus);
  for (auto m = sent.met.rbegin(); m != sent.met.rend(); ++m) {
    const std::int64_t back = std::min(missing, m->second);
    live_.at(m->first).given -= back;
    missing -= back;
  }
}

/// A short part of a shipment is on the road no more.
void Model::shorten(Live& by, Live& shipment, std::int64_t amount) {
  amount = std::min(amount, shipment.rest);
  if (amount == 0) return;
  shipment.rest -= amount;
  add(in_transit, shipment, shipment.e.place, -amount);
  by.confirmed = true;
}

/// What is short of what was due is taken from the place's open shipments, oldest first.
void Model::shorten(Live& by, const std::string& place) {
  std::int64_t left = short_of(by);
  for (auto& [number, s] : live_) {
    if (number >= by.e.number || s.e.kind != Kind::in_transit || !same_line(s, by)) continue;
    if (s.e.place != place) continue;
    const std::int64_t part = std::min(left, s.rest);
    shorten(by, s, part);
    left -= part;
  }
}

/// Confirms a shipment, which arrives where it was going; says how much of it.
std::int64_t Model::confirm(Live& by, Live& shipment, std::int64_t amount) {
  amount = std::min(amount, shipment.rest);
  if (amount == 0) return 0;
  shipment.rest -= amount;
  add(in_transit, shipment, shipment.e.place, -amount);
  by.confirmed = true;
  if (shipment.e.place.empty()) {
    stock_in(amount);
  } else {
    arrive(by, shipment.e.place, amount);
  }
  return amount;
}

/// Confirms a place's open shipments, oldest first; says how much in all.
std::int64_t Model::confirm_at(Live& by, const std::string& place, std::int64_t amount) {
  std::int64_t confirmed = 0;
  for (auto& [number, s] : live_) {
    if (number >= by.e.number || s.e.kind != Kind::in_transit || !same_line(s, by)) continue;
    if (s.e.place == place) confirmed += confirm(by, s, amount - confirmed);
  }
  return confirmed;
}

/// The open needs of a place in the order of fulfilment: urgent first, then oldest; those of
/// unknown quantity take what the others leave.
std::vector<Live*> Model::queue(const Live& by, const std::string& place) {
  std::vector<Live*> needs;
  for (auto& [number, n] : live_) {
    if (number >= by.e.number || n.e.kind != Kind::need || !n.is_open()) continue;
    if (same_line(n, by) && n.e.place == place) needs.push_back(&n);
  }
  std::stable_sort(needs.begin(), needs.end(), [](const Live* a, const Live* b) {
    return std::pair(!a->e.quantity, !a->urgent) < std::pair(!b->e.quantity, !b->urgent);
  });
  return needs;
}

/// Goods are in hand at a place (or with somebody of the pool); the surplus flows nowhere else.
void Model::arrive(Live& by, const std::string& place, std::int64_t amount, Live* first) {
  add(distributed, place, amount);
  std::vector<Live*> needs = queue(by, place);
  if (first != nullptr && first->is_open()) needs.insert(needs.begin(), first);
  for (Live* n : needs) {
    const std::int64_t part = n->e.quantity ? std::min(amount, n->left()) : amount;
    give(by, *n, part);
    amount -= part;
  }
}

void Model::give(Live& by, Live& need, std::int64_t amount) {
  if (amount == 0) return;
  need.given += amount;
  by.met.emplace_back(need.e.number, amount);
}

void Model::stock_in(std::int64_t amount) {
  add(received, "", amount);
  add(stock, "", amount);
}

/// The offers of the donor that an entry names, oldest first.
void Model::consume_donor(const Live& by, std::int64_t amount) {
  if (by.e.counterpart.empty()) return;
  for (auto& [number, o] : live_) {
    if (number >= by.e.number || o.e.kind != Kind::offer || !same_line(o, by)) continue;
    if (donor_of(o.e) != by.e.counterpart) continue;
    const std::int64_t part = std::min(amount, o.rest);
    consume(o, part);
    amount -= part;
  }
}

void Model::consume(Live& offer, std::int64_t amount) {
  amount = std::min(amount, offer.rest);
  offer.rest -= amount;
  add(offered, offer, "", -amount);
}

/// The oldest delivery told from the other side of which `by` is the other end: same goods, place
/// and quantity, another sender, within 72 hours.
Live* Model::waiting(const Live& by, Kind kind) {
  for (auto& [number, l] : live_) {
    if (number >= by.e.number || l.e.kind != kind || !same_line(l, by)) continue;
    if (l.pair != 0 || l.waits != by.e.quantity->thousandths + short_of(by) || l.at != by.e.place) continue;
    if (l.e.user == by.e.user || std::chrono::abs(l.e.time - by.e.time) > 72h) continue;
    return &l;
  }
  return nullptr;
}

/// What a need adds to the figures of its line.
Figures Model::need_figures(const Live& n) {
  Figures f{};
  if (n.e.kind != Kind::need) return f;
  const bool cut = n.closed == Closed::enough || n.closed == Closed::replaced;
  if (n.e.quantity && !cut) {
    f[needed] = n.e.quantity->thousandths;
    if (n.is_open()) f[outstanding] = n.left();
  } else if (n.is_open()) {
    f[unknown] = 1;
  } else {
    f[needed] = n.given;
  }
  return f;
}

std::map<Line, Figures> Model::totals(const Part& part) const {
  std::map<Line, Figures> sums;
  for (const auto& [line, listed] : lines_) sums[line] = {};
  for (const auto& [key, figures] : moved_) {
    const auto& [item, unit, place, day] = key;
    if (part.place && place != *part.place) continue;
    if (part.to && day > *part.to) continue;
    Figures& sum = sums[{item, unit}];
    for (int m = 0; m < kMeasures; ++m) {
      const bool flow = m == received || m == distributed || m == used || m == lost;
      if (flow && part.from && day < *part.from) continue;
      sum[static_cast<std::size_t>(m)] += figures[static_cast<std::size_t>(m)];
    }
  }
  return sums;
}

std::map<std::int64_t, NeedFigures> Model::needs() const {
  std::map<std::int64_t, NeedFigures> rows;
  // What is on the road to each place (or to the hub, for the pool), dealt out in the order of
  // fulfilment.
  std::map<std::tuple<std::string, std::string, std::string>, std::int64_t> road;
  for (const auto& [number, s] : live_) {
    if (s.e.kind == Kind::in_transit) road[{s.e.item, s.e.unit, s.e.place}] += s.rest;
  }
  std::vector<const Live*> order;
  for (const auto& [number, n] : live_) {
    if (n.e.kind == Kind::need) order.push_back(&n);
  }
  std::stable_sort(order.begin(), order.end(), [](const Live* a, const Live* b) {
    return std::pair(!a->e.quantity, !a->urgent) < std::pair(!b->e.quantity, !b->urgent);
  });
  for (const Live* n : order) {
    NeedFigures row{.item = n->e.item, .unit = n->e.unit, .place = n->e.place};
    if (n->e.quantity) row.quantity = n->e.quantity->thousandths;
    row.fulfilled = n->given;
    row.urgent = n->urgent;
    if (n->is_open()) {
      if (n->e.quantity) row.outstanding = n->left();
      row.status = n->given > 0 ? "partly" : "open";
      std::int64_t& left = road[{n->e.item, n->e.unit, n->e.place}];
      row.in_transit = n->e.quantity ? std::min(left, n->left()) : left;
      left -= row.in_transit;
    } else {
      row.outstanding = 0;
      row.status = n->closed == Closed::enough     ? "enough"
                   : n->closed == Closed::replaced ? "replaced"
                                                   : "met";
    }
    rows[n->e.number] = row;
  }
  return rows;
}

}  // namespace model
