#include "storage/ledger.h"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include "storage/messages.h"

#define JIELI_ENTRY_COLUMNS                                                                   \
  "grp, number, message, kind, user_id, user_name, said_at, day, item, unit, quantity, said," \
  " place, counterpart, word, expected, value, ref, approx, urgent, replaces, own_only,"      \
  " unpaired, change, other_unit, other, covers_from, covers_to, answered"

namespace {

Value maybe(const std::optional<Quantity>& quantity) {
  return quantity ? Value{quantity->thousandths} : Value{nullptr};
}

std::optional<Quantity> quantity_at(const Row& row, int column) {
  const auto value = row.maybe_integer(column);
  return value ? std::optional(Quantity{*value}) : std::nullopt;
}

Value maybe(const std::optional<std::int64_t>& day) {
  return day ? Value{*day} : Value{nullptr};
}

std::int64_t flag(bool value) { return value ? 1 : 0; }

Entry read_entry(const Row& row) {
  Entry e;
  e.group = row.string(0);
  e.number = row.integer(1);
  e.message = row.string(2);
  e.kind = kind_from(row.text(3)).value();
  e.user = row.string(4);
  e.user_name = row.string(5);
  e.time = std::chrono::sys_seconds(std::chrono::seconds(row.integer(6)));
  e.day = row.integer(7);
  e.item = row.string(8);
  e.unit = row.string(9);
  e.quantity = quantity_at(row, 10);
  e.said = row.string(11);
  e.place = row.string(12);
  e.counterpart = row.string(13);
  e.word = row.string(14);
  e.expected = quantity_at(row, 15);
  e.value = quantity_at(row, 16);
  e.ref = row.maybe_integer(17).value_or(0);
  e.approx = row.integer(18) != 0;
  e.urgent = row.integer(19) != 0;
  e.replaces = row.integer(20) != 0;
  e.own_only = row.integer(21) != 0;
  e.unpaired = row.integer(22) != 0;
  e.other_unit = row.string(24);
  e.other = quantity_at(row, 25);
  e.covers_from = row.maybe_integer(26);
  e.covers_to = row.maybe_integer(27);
  e.answered = row.integer(28) != 0;
  return e;
}

bool amends(Kind kind) {
  return kind == Kind::correction || kind == Kind::voided || kind == Kind::another;
}

Standing as_said(const Entry& e) {
  Standing s;
  s.group = e.group;
  s.number = e.number;
  s.kind = e.kind;
  s.user = e.user;
  s.user_name = e.user_name;
  s.time = e.time;
  s.day = e.day;
  s.item = e.item;
  s.unit = e.unit;
  s.quantity = e.quantity;
  s.place = e.place;
  s.counterpart = e.counterpart;
  s.word = e.word;
  s.expected = e.expected;
  s.value = e.value;
  s.approx = e.approx;
  s.ref = e.ref;
  s.urgent = e.urgent;
  s.replaces = e.replaces;
  s.own_only = e.own_only;
  s.unpaired = e.unpaired;
  s.supplement = e.supplement();
  s.placed = e.word == "到";
  s.other_unit = e.other_unit;
  s.other = e.other;
  s.units = {e.unit};
  return s;
}

void apply(Standing& s, const Change& change) {
  if (change.quantity) s.quantity = change.quantity;
  if (change.unknown) s.quantity.reset();
  if (change.unit) {
    s.unit = *change.unit;
    s.units.push_back(s.unit);
  }
  if (change.quantity || change.unit) s.other.reset();
  if (change.item) s.item = *change.item;
  if (change.place) s.place = *change.place;
  if (change.place) s.placed = true;
  if (change.kind) s.kind = *change.kind;
  if (change.counterpart) s.counterpart = *change.counterpart;
  if (change.word) s.word = *change.word;
  if (change.expected) s.expected = change.expected;
  if (change.value) s.value = change.value;
  if (change.approx) s.approx = *change.approx;
  if (change.urgent) s.urgent = *change.urgent;
  if (change.replaces) s.replaces = *change.replaces;
  if (change.own_only) s.own_only = *change.own_only;
}

/// Moves an entry (or what it counts as) to the line and place that the group's rules give it.
template <typename Goodly>
void settle_by(const Rules& rules, Goodly& e) {
  e.place = rules.place(e.place);
  if (e.kind == Kind::activity || e.item.empty()) return;
  const Goods said{e.item, e.unit, e.quantity, e.other_unit, e.other};
  Goods goods = said;
  rules.settle(goods);
  if (e.expected) {
    Goods expected{said.item, said.unit, e.expected, "", {}};
    rules.settle(expected);
    e.expected = expected.quantity;
  }
  e.item = goods.item;
  e.unit = goods.unit;
  e.quantity = goods.quantity;
}

/// What is kept of an entry: as it was said.
Entry spoken(Entry e) {
  if (!e.spoken) return e;
  e.item = e.spoken->item;
  e.unit = e.spoken->unit;
  e.place = e.spoken->place;
  e.quantity = e.spoken->quantity;
  e.expected = e.spoken->expected;
  e.spoken.reset();
  return e;
}

/// Kits and their parts are folded together: a count of a part reads the stock that a kit left.
void widen(const Rules& rules, std::map<std::string, std::int64_t>& from) {
  const auto asked = from;
  for (const auto& [item, number] : asked) {
    for (const std::string& other : rules.linked(item)) {
      const auto [at, is_new] = from.emplace(other, number);
      if (!is_new) at->second = std::min(at->second, number);
    }
  }
}

}  // namespace

void settle_entry(const Rules& rules, Entry& entry) { settle_by(rules, entry); }

std::string encode(const Change& change) {
  nlohmann::json json = nlohmann::json::object();
  if (change.quantity) json["quantity"] = change.quantity->thousandths;
  if (change.unit) json["unit"] = *change.unit;
  if (change.item) json["item"] = *change.item;
  if (change.place) json["place"] = *change.place;
  if (change.kind) json["kind"] = word(*change.kind);
  if (change.said) json["said"] = *change.said;
  if (change.counterpart) json["counterpart"] = *change.counterpart;
  if (change.word) json["word"] = *change.word;
  if (change.value) json["value"] = change.value->thousandths;
  if (change.expected) json["expected"] = change.expected->thousandths;
  if (change.approx) json["approx"] = *change.approx;
  if (change.urgent) json["urgent"] = *change.urgent;
  if (change.replaces) json["replaces"] = *change.replaces;
  if (change.own_only) json["own_only"] = *change.own_only;
  if (change.unknown) json["unknown"] = true;
  return json.empty() ? "" : json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Change decode_change(std::string_view text) {
  Change change;
  if (text.empty()) return change;
  const auto json = nlohmann::json::parse(text);
  if (json.contains("quantity")) change.quantity = Quantity{json["quantity"]};
  if (json.contains("unit")) change.unit = json["unit"];
  if (json.contains("item")) change.item = json["item"];
  if (json.contains("place")) change.place = json["place"];
  if (json.contains("kind")) change.kind = kind_from(json["kind"].get<std::string>());
  if (json.contains("said")) change.said = json["said"];
  if (json.contains("counterpart")) change.counterpart = json["counterpart"];
  if (json.contains("word")) change.word = json["word"];
  if (json.contains("value")) change.value = Quantity{json["value"]};
  if (json.contains("expected")) change.expected = Quantity{json["expected"]};
  if (json.contains("approx")) change.approx = json["approx"].get<bool>();
  if (json.contains("urgent")) change.urgent = json["urgent"].get<bool>();
  if (json.contains("replaces")) change.replaces = json["replaces"].get<bool>();
  if (json.contains("own_only")) change.own_only = json["own_only"].get<bool>();
  change.unknown = json.contains("unknown");
  return change;
}

std::int64_t Ledger::next_number(const std::string& group) {
  // Not RETURNING: SQLite makes a table of its own for it at each call.
  db_.run("UPDATE groups SET numbers = numbers + 1 WHERE grp = $1", {group});
  if (db_.changed() == 0) {
    db_.run("INSERT INTO groups (grp, numbers, questions) VALUES ($1, 1, 0)", {group});
  }
  return db_.integer("SELECT numbers FROM groups WHERE grp = $1", {group}).value();
}

Outcome Ledger::append(Entry counts, const Change& change) {
  Entry entry = spoken(std::move(counts));
  entry.number = next_number(entry.group);
  write(entry, entry.rule ? encode(*entry.rule) : encode(change));
  const Rules& by = rules(entry.group);
  fold_.use(by.empty() ? nullptr : &by);
  // Nothing can have been said about a new entry yet; only what it refers to has to be looked up.
  Standing standing;
  if (entry.ref == 0) {
    standing = as_said(entry);
    if (!by.empty()) settle_by(by, standing);
  } else {
    standing = effective(entry.group, entry.number).value();
  }
  Outcome outcome = fold_.lay(standing);
  if (entry.rule) renew_rules(entry.group, entry.number);
  if (amends(entry.kind)) outcome = refold(entry.group, entry.ref);
  outcome.number = entry.number;
  return outcome;
}

std::optional<Standing> Ledger::find(const std::string& group, std::int64_t number) {
  return standings_.find(group, number);
}

std::optional<Entry> Ledger::said(const std::string& group, std::int64_t number) {
  std::optional<Entry> found;
  db_.run("SELECT " JIELI_ENTRY_COLUMNS " FROM entries WHERE grp = $1 AND number = $2",
          {group, number}, [&](const Row& row) { found = read_entry(row); });
  return found;
}

std::vector<std::int64_t> Ledger::said_in(const std::string& group, const std::string& message) {
  std::vector<std::int64_t> found;
  db_.run("SELECT number FROM entries WHERE grp = $1 AND message = $2 AND answered = 1",
          {group, message}, [&](const Row& row) { found.push_back(row.integer(0)); });
  // What it recorded at once is noted with its answer, so that no other index is needed.
  for (const auto number : Messages(db_).entries_of(group, message)) {
    db_.run("SELECT number FROM entries WHERE grp = $1 AND number = $2 AND message = $3"
            " AND answered = 0",
            {group, number, message}, [&](const Row& row) { found.push_back(row.integer(0)); });
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<Standing> Ledger::made_by(const std::string& group, const std::string& message) {
  std::vector<Standing> made;
  for (const auto number : said_in(group, message)) made.push_back(find(group, number).value());
  return made;
}

std::vector<Change> Ledger::changes(const std::string& group, std::int64_t number) {
  std::vector<Change> found;
  db_.run(
      "SELECT e.change FROM entries e JOIN standing s ON s.grp = e.grp AND s.number = e.number"
      " WHERE e.grp = $1 AND e.ref = $2 AND e.kind = 'correction' AND s.voided_by = 0"
      " ORDER BY +e.number",
      {group, number}, [&](const Row& row) { found.push_back(decode_change(row.text(0))); });
  return found;
}

void Ledger::write(const Entry& e, const std::string& change) {
  db_.run("INSERT INTO entries (" JIELI_ENTRY_COLUMNS
          ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,"
          " $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)",
          {e.group,
           e.number,
           e.message,
           word(e.kind),
           e.user,
           e.user_name,
           std::int64_t{e.time.time_since_epoch().count()},
           e.day,
           e.item,
           e.unit,
           maybe(e.quantity),
           e.said,
           e.place,
           e.counterpart,
           e.word,
           maybe(e.expected),
           maybe(e.value),
           e.ref == 0 ? Value{nullptr} : Value{e.ref},
           flag(e.approx),
           flag(e.urgent),
           flag(e.replaces),
           flag(e.own_only),
           flag(e.unpaired),
           change,
           e.other_unit,
           maybe(e.other),
           maybe(e.covers_from),
           maybe(e.covers_to),
           flag(e.answered)});
}

void Ledger::restore(const Entry& entry, const std::string& change) { write(entry, change); }

void Ledger::fold_all(const std::string& group) {
  db_.run("SELECT number FROM entries WHERE grp = $1 AND kind = 'admin' AND change <> ''", {group},
          [&](const Row& row) { write_rule(group, row.integer(0)); });
  rules_known_ = false;
  const Rules& by = rules(group);
  fold_.use(by.empty() ? nullptr : &by);
  const auto last =
      db_.integer("SELECT max(number) FROM entries WHERE grp = $1", {group}).value_or(0);
  fold_.together([&] {
    for (std::int64_t number = 1; number <= last; ++number) {
      if (auto standing = effective(group, number)) fold_.lay(*standing);
    }
  });
}

std::int64_t Ledger::voided_by(const std::string& group, std::int64_t number) {
  std::vector<std::int64_t> voids;
  db_.run(
      "SELECT number FROM entries WHERE grp = $1 AND ref = $2 AND kind = 'void'"
      " ORDER BY +number",
      {group, number}, [&](const Row& row) { voids.push_back(row.integer(0)); });
  for (const auto by : voids) {
    if (voided_by(group, by) == 0) return by;
  }
  return 0;
}

std::optional<Standing> Ledger::effective(const std::string& group, std::int64_t number) {
  auto found = unsettled(group, number);
  if (found && !rules(group).empty()) settle_by(rules_, *found);
  return found;
}

std::optional<Standing> Ledger::unsettled(const std::string& group, std::int64_t number) {
  const auto entry = said(group, number);
  if (!entry) return std::nullopt;
  Standing s = as_said(*entry);

  struct Amendment {
    std::int64_t number;
    Kind kind;
    std::string change;
  };
  std::vector<Amendment> amendments;
  db_.run(
      "SELECT number, kind, change FROM entries WHERE grp = $1 AND ref = $2"
      " AND kind IN ('correction', 'void', 'another') ORDER BY +number",
      {group, number}, [&](const Row& row) {
        amendments.push_back({row.integer(0), kind_from(row.text(1)).value(), row.string(2)});
      });
  for (const Amendment& a : amendments) {
    if (voided_by(group, a.number) != 0) continue;
    if (a.kind == Kind::voided) {
      if (s.voided_by == 0) s.voided_by = a.number;
    } else if (a.kind == Kind::another) {
      s.alone = true;
    } else {
      apply(s, decode_change(a.change));
    }
  }

  if (s.ref != 0 && !amends(s.kind)) {
    const auto target = unsettled(group, s.ref);
    const auto comes_to = [&](const std::string& unit) {
      return rules(group).unit(target->item, unit);
    };
    if (!target || target->voided_by != 0) {
      s.ref = 0;
    } else if (comes_to(s.unit) == comes_to(target->unit)) {
      s.item = target->item;
    } else if (std::find(target->units.begin(), target->units.end(), s.unit) !=
               target->units.end()) {
      // What a changed entry is about holds for whatever refers to it.
      s.item = target->item;
      s.unit = target->unit;
    } else {
      s.ref = 0;  // said in a pack of which nobody says any more what it holds
    }
    // 发出 #n goes where #n is needed, unless another place was said.
    const bool follows = s.ref != 0 && s.kind == Kind::in_transit &&
                         target->kind == Kind::need && !s.placed && !target->place.empty();
    if (follows) s.place = target->place;
  }
  return s;
}

std::int64_t Ledger::root(const std::string& group, std::int64_t number) {
  for (auto entry = said(group, number); entry && amends(entry->kind);
       entry = said(group, number)) {
    number = entry->ref;
  }
  return number;
}

Outcome Ledger::refold(const std::string& group, std::int64_t acted_on) {
  // An act upon an act counts from the entry that both are about.
  const std::int64_t root = this->root(group, acted_on);
  const auto about = said(group, root);
  if (!about) throw std::logic_error("an amendment of an entry that is not there");
  if (about->kind == Kind::admin) {
    renew_rules(group, root);
    return {};
  }

  // Everything that follows the root to another item is lifted from its old item and laid on the
  // new one; both items are folded again from the first number that moves.
  From from;
  const auto touch = [&](const std::string& item, std::int64_t number) {
    const auto [at, is_new] = from.emplace(item, number);
    if (!is_new) at->second = std::min(at->second, number);
  };
  std::vector<std::int64_t> follow{root};
  for (std::size_t i = 0; i < follow.size(); ++i) {
    if (const auto now = standings_.find(group, follow[i])) touch(now->item, follow[i]);
    if (const auto then = effective(group, follow[i])) touch(then->item, follow[i]);
    db_.run("SELECT number FROM entries WHERE grp = $1 AND ref = $2 ORDER BY +number",
            {group, follow[i]}, [&](const Row& row) { follow.push_back(row.integer(0)); });
  }
  return relay(group, std::move(from), root);
}

Outcome Ledger::relay(const std::string& group, From from, std::int64_t asked) {
  widen(rules(group), from);
  fold_.use(rules_.empty() ? nullptr : &rules_);
  std::vector<std::int64_t> numbers;
  for (const auto& [item, number] : from) {
    const auto some = standings_.numbers(group, item, number);
    numbers.insert(numbers.end(), some.begin(), some.end());
  }
  std::sort(numbers.begin(), numbers.end());
  Outcome outcome;
  fold_.together([&] {
    for (auto it = numbers.rbegin(); it != numbers.rend(); ++it) {
      fold_.lift(standings_.find(group, *it).value());
    }
    for (const auto number : numbers) {
      Standing standing = effective(group, number).value();
      Outcome laid = fold_.lay(standing);
      if (number == asked) outcome = std::move(laid);
    }
  });
  if (renaming_) {
    for (const auto& [item, number] : from) forget_empty_lines(group, item);
  }
  return outcome;
}
