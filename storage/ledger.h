#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/entry.h"
#include "storage/fold.h"

/// The ledger of all groups: entries are appended, everything else follows from them. Every call
/// runs inside the caller's transaction and throws StorageError or std::overflow_error; then the
/// caller rolls back.
class Ledger {
 public:
  explicit Ledger(Database& database) : db_(database), standings_(database), fold_(database) {}

  /// Writes one entry under the group's next number and moves the totals. A `correction`, `voided`
  /// or `another` acts on entry `ref`, which must stand before it: the lines that it touches are
  /// folded again from there.
  Outcome append(Entry entry, const Change& change = {});

  /// The group's own names and packs that stand. Read once; `know_rules` saves even that where the
  /// caller has found out that there are none.
  const Rules& rules(const std::string& group);
  void know_no_rules(const std::string& group);
  /// Entry as it counts by them; what was said is kept in Entry::spoken.
  void settle(Entry& entry);

  /// An entry as it counts now; empty where the group has no such number.
  std::optional<Standing> find(const std::string& group, std::int64_t number);
  /// An entry with its last values, before the group's own names and packs.
  std::optional<Standing> unsettled(const std::string& group, std::int64_t number);
  /// The entry that an act upon an act is about in the end.
  std::int64_t root(const std::string& group, std::int64_t number);
  /// An entry as it was said.
  std::optional<Entry> said(const std::string& group, std::int64_t number);
  /// The entries that a message said, in order: those of its edits are among them, and those held
  /// back until a question was answered.
  std::vector<std::int64_t> said_in(const std::string& group, const std::string& message);
  /// They as they count now.
  std::vector<Standing> made_by(const std::string& group, const std::string& message);
  /// What the corrections that stand changed of an entry, in their order.
  std::vector<Change> changes(const std::string& group, std::int64_t number);
  Standings& standings() { return standings_; }

  /// Folds the items' entries again from the numbers on: what they say was changed in the table.
  void fold_again(const std::string& group, const std::map<std::string, std::int64_t>& from) {
    relay(group, from, 0);
  }
  /// Folds entries that are in the table already, from nothing, each once with its last values.
  void fold_all(const std::string& group);
  /// Puts an entry back as it was said, with its number, without folding it.
  void restore(const Entry& entry, const std::string& change);

 private:
  std::int64_t next_number(const std::string& group);
  void write(const Entry& entry, const std::string& change);
  /// The entry as it counts with everything that was said about it since.
  std::optional<Standing> effective(const std::string& group, std::int64_t number);
  std::int64_t voided_by(const std::string& group, std::int64_t number);
  /// Folds the lines again that an act on `acted_on` touches; the outcome is that entry's.
  Outcome refold(const std::string& group, std::int64_t acted_on);
  /// Lifts the items' entries from the numbers on and lays them again; the outcome is that of
  /// `asked`. With kits in play, before or after, what hangs together is folded together.
  using From = std::map<std::string, std::int64_t>;
  Outcome relay(const std::string& group, From from, std::int64_t asked);
  /// A rule was said, voided or stands again: everything that it speaks of is folded again.
  void renew_rules(const std::string& group, std::int64_t root);
  void touch(const std::string& group, const Rule& rule, From& from);
  void write_rule(const std::string& group, std::int64_t number);
  void write_value(const std::string& group, const Rule& about);
  void forget_empty_lines(const std::string& group, const std::string& item);

  Database& db_;
  Standings standings_;
  Fold fold_;
  std::string ruled_;  ///< the group whose rules are known
  bool rules_known_ = false;
  bool renaming_ = false;  ///< relay() runs for a rule
  Rules rules_;
};

/// Moves an entry to the line and place that a group's rules give it.
void settle_entry(const Rules& rules, Entry& entry);

/// Text form of a change, as the table keeps it; "" for none.
std::string encode(const Change& change);
Change decode_change(std::string_view text);
