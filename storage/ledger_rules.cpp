// What a group says of its own names and packs: kept as a projection, and laid over all entries.

#include <algorithm>

#include "storage/hours.h"
#include "storage/ledger.h"

namespace {

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

void note(std::map<std::string, std::int64_t>& from, const std::string& item,
          std::int64_t number) {
  const auto [at, is_new] = from.emplace(item, number);
  if (!is_new) at->second = std::min(at->second, number);
}

}  // namespace

const Rules& Ledger::rules(const std::string& group) {
  if (!rules_known_ || ruled_ != group) {
    rules_ = read_rules(db_, group);
    ruled_ = group;
    rules_known_ = true;
  }
  return rules_;
}

void Ledger::know_no_rules(const std::string& group) {
  rules_ = Rules();
  ruled_ = group;
  rules_known_ = true;
}

/// Writes the rule of an entry where it stands, and takes it out where it does not.
void Ledger::write_rule(const std::string& group, std::int64_t number) {
  const auto text =
      db_.text("SELECT change FROM entries WHERE grp = $1 AND number = $2", {group, number});
  if (!text || text->empty()) return;
  const Rule rule = decode_rule(*text);
  db_.run("DELETE FROM rules WHERE grp = $1 AND number = $2", {group, number});
  if (voided_by(group, number) == 0) {
    db_.run("INSERT INTO rules (grp, number, names, rule) VALUES ($1, $2, $3, $4)",
            {group, number, std::int64_t{renames(rule.kind) ? 1 : 0}, *text});
  }
  if (!renames(rule.kind)) write_value(group, rule);
}

/// What the last standing word about a setting or a member's role says.
void Ledger::write_value(const std::string& group, const Rule& about) {
  std::string value;
  db_.run("SELECT rule FROM rules WHERE grp = $1 AND names = 0 ORDER BY number", {group},
          [&](const Row& row) {
            const Rule rule = decode_rule(row.text(0));
            if (rule.kind == about.kind && rule.name == about.name) value = rule.means;
          });
  if (about.kind == Rule::Kind::role) {
    db_.run(
        "INSERT INTO members (user_id, grp, role, place, last_report, turn, minute, messages)"
        " VALUES ($1, $2, $3, '', '', 0, 0, 0)"
        " ON CONFLICT (user_id, grp) DO UPDATE SET role = excluded.role",
        {about.name, group, value});
    return;
  }
  note_changed_setting(db_, group);
  db_.run("DELETE FROM settings WHERE grp = $1 AND name = $2", {group, about.name});
  if (value.empty()) return;
  db_.run("INSERT INTO settings (grp, name, value) VALUES ($1, $2, $3)",
          {group, about.name, value});
}

void Ledger::renew_rules(const std::string& group, std::int64_t root) {
  From from{{"", root}};
  const auto text =
      db_.text("SELECT change FROM entries WHERE grp = $1 AND number = $2", {group, root});
  if (text && !text->empty()) {
    const Rule rule = decode_rule(*text);
    if (!renames(rule.kind)) {
      write_rule(group, root);
      relay(group, std::move(from), 0);
      return;
    }
    rules(group);
    touch(group, rule, from);
    for (const auto& [item, number] : From(from)) {
      for (const std::string& other : rules_.linked(item)) note(from, other, number);
    }
    write_rule(group, root);
    rules_known_ = false;
    rules(group);
    touch(group, rule, from);
  }
  renaming_ = true;
  relay(group, std::move(from), 0);
  renaming_ = false;
}

/// The items that a rule moves, and the first entry of each from which on it may matter.
void Ledger::touch(const std::string& group, const Rule& rule, From& from) {
  const auto first = [&](std::string_view sql, const std::string& item,
                         std::initializer_list<Value> values) {
    if (const auto number = db_.integer(sql, values)) note(from, item, *number);
  };
  switch (rule.kind) {
    case Rule::Kind::alias: {
      const std::string item = rules_.item(rule.name);
      const bool more = std::any_of(rules_.said().begin(), rules_.said().end(), [&](const auto& r) {
        return lower(r.rule.kind == Rule::Kind::alias ? r.rule.means : r.rule.name) ==
               lower(rule.name);
      });
      if (more) note(from, item, 1);
      first(
          "SELECT min(CASE WHEN kind = 'correction' THEN ref ELSE number END) FROM entries"
          " WHERE grp = $1 AND lower(item) = $2",
          item, {group, lower(rule.name)});
      break;
    }
    case Rule::Kind::pack: {
      const std::string item = rules_.item(rule.name);
      first(
          "SELECT min(number) FROM standing WHERE grp = $1 AND item = $2 AND (unit = $3"
          " OR unit = $4)",
          item, {group, item, rule.unit, rules_.unit(item, rule.unit)});
      for (const auto& [kit, part] : rules_.kits_with(item)) note(from, kit, 1);
      break;
    }
    case Rule::Kind::place: {
      std::vector<std::string> names{rule.name};
      for (const auto& r : rules_.said()) {
        if (r.rule.kind == Rule::Kind::place && r.rule.means == rule.name) {
          names.push_back(r.rule.name);
        }
      }
      for (const std::string& name : names) {
        db_.run(
            "SELECT s.item, min(s.number) FROM entries e JOIN standing s ON s.grp = e.grp"
            " AND s.number = CASE WHEN e.kind = 'correction' THEN e.ref ELSE e.number END"
            " WHERE e.grp = $1 AND lower(e.place) = $2 GROUP BY s.item",
            {group, lower(name)},
            [&](const Row& row) { note(from, row.string(0), row.integer(1)); });
      }
      break;
    }
    case Rule::Kind::kit: {
      const std::string kit = rules_.item(rule.name);
      first("SELECT min(number) FROM standing WHERE grp = $1 AND item = $2", kit, {group, kit});
      break;
    }
    case Rule::Kind::setting:
    case Rule::Kind::role:
      break;
  }
}

void Ledger::settle(Entry& entry) {
  const Rules& by = rules(entry.group);
  if (by.empty()) return;
  Entry settled = entry;
  settle_entry(by, settled);
  const bool same = settled.item == entry.item && settled.unit == entry.unit &&
                    settled.place == entry.place && settled.quantity == entry.quantity;
  if (same) return;
  settled.spoken = Spoken{entry.item, entry.unit, entry.place, entry.quantity, entry.expected};
  entry = std::move(settled);
}

/// Lines that nothing counts on any more were names or packs only.
void Ledger::forget_empty_lines(const std::string& group, const std::string& item) {
  db_.run(
      "DELETE FROM lines WHERE grp = $1 AND item = $2 AND needed = 0 AND outstanding = 0"
      " AND unknown = 0 AND offered = 0 AND in_transit = 0 AND received = 0 AND distributed = 0"
      " AND used = 0 AND lost = 0 AND stock = 0 AND NOT EXISTS (SELECT 1 FROM standing s"
      " WHERE s.grp = lines.grp AND s.item = lines.item AND s.unit = lines.unit)",
      {group, item});
  db_.run(
      "DELETE FROM places WHERE grp = $1 AND item = $2 AND needed = 0 AND outstanding = 0"
      " AND unknown = 0 AND offered = 0 AND in_transit = 0 AND received = 0 AND distributed = 0"
      " AND used = 0 AND lost = 0 AND stock = 0",
      {group, item});
  db_.run(
      "DELETE FROM daily WHERE grp = $1 AND item = $2 AND needed = 0 AND outstanding = 0"
      " AND unknown = 0 AND offered = 0 AND in_transit = 0 AND received = 0 AND distributed = 0"
      " AND used = 0 AND lost = 0 AND stock = 0",
      {group, item});
}
