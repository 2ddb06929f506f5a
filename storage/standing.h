#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/entry.h"

/// Why a need or shipment takes nothing more, though a rest may be left.
enum class Closed : int { no = 0, done = 1, replaced = 2, enough = 3, withdrawn = 4 };

/// What later entries change on an earlier one.
enum class Field { done, calm, closed, pair, pairable };

/// An entry as it counts now: with its last values, and with what later entries did to it. A
/// projection of the entries: it can be dropped and folded again.
struct Standing {
  std::string group;
  std::int64_t number = 0;
  Kind kind = Kind::need;
  std::string user, user_name;
  std::chrono::sys_seconds time;
  std::int64_t day = 0;
  std::string item, unit;
  std::optional<Quantity> quantity;
  std::string place;
  std::string counterpart;
  std::string word;
  std::optional<Quantity> expected;
  std::optional<Quantity> value;  ///< worth in 元
  bool approx = false;
  std::int64_t ref = 0;  ///< 0 too where what it referred to is void
  bool urgent = false;
  bool replaces = false, own_only = false, unpaired = false;
  // These are not stored: the fold alone asks for them.
  std::string other_unit;  ///< Entry::other
  std::optional<Quantity> other;
  std::vector<std::string> units;  ///< it was ever said in
  bool alone = false;              ///< 另一批: confirms nothing and pairs with nothing
  bool supplement = false;         ///< 补记: confirms and consumes nothing
  bool placed = false;  ///< its place was said, not taken over from what it refers to
  std::int64_t voided_by = 0;

  /// Where it counts: the place of a need, shipment or delivery; the donor of an offer.
  std::string party;
  bool calm = true;  ///< not urgent: urgent needs come first
  Quantity done;     ///< need: fulfilled; shipment: confirmed; offer: turned into goods
  Quantity fresh;    ///< delivery: what of its pairable part nothing had told before
  Closed closed = Closed::no;
  std::int64_t pair = 0;  ///< the other end of the same delivery
  Quantity pairable;      ///< a delivery still waiting for its other end: of which quantity
  std::string effects;    ///< what it did to others and to totals (effects.h)

  bool unknown() const { return !quantity.has_value(); }
  /// What is left of a need, shipment or offer; 0 for a need of unknown quantity.
  Quantity rest() const;
  /// Whether a later entry can still act upon the rest.
  bool open() const;
};

/// Reads and writes the projection of one group.
class Standings {
 public:
  explicit Standings(Database& database) : db_(database) {}

  std::optional<Standing> find(const std::string& group, std::int64_t number);
  void insert(const Standing& standing);
  /// Adds the difference to one field, and writes what changes by it.
  void change(Standing& standing, Field field, std::int64_t delta);
  void remove(const std::string& group, std::int64_t number);

  /// The next open ones of a line with a known quantity, urgent first, then oldest.
  std::vector<Standing> open(const Standing& line, Kind kind, const std::string& party, int limit);
  /// The oldest open need of unknown quantity of a place, urgent ones first.
  std::optional<Standing> open_unknown(const Standing& line, const std::string& place);
  /// The open needs of a place for an item, in every unit.
  std::vector<Standing> open_needs(const std::string& group, const std::string& item,
                                   const std::string& place);
  /// An open need of the same place and line that asks for exactly `quantity` (empty: unknown),
  /// said by `user` where not empty, between two times; its number.
  std::optional<std::int64_t> same_need(const Standing& line, std::chrono::seconds within,
                                        const std::string& user);
  /// The open outbound shipment of a line whose rest is exactly `rest`, if there is but one.
  std::optional<Standing> only_outbound(const Standing& line, Quantity rest);
  /// The oldest delivery of `kind` at the line's place within 72 hours of it, between `least` and
  /// `most`, that still waits for its other end; from another sender where asked.
  std::optional<Standing> pairable_at(const Standing& line, Kind kind, Quantity least,
                                      Quantity most, bool other_sender);
  /// The same at any place, of exactly `quantity` and from another sender, if there is but one.
  std::optional<Standing> only_pairable(const Standing& line, Kind kind, Quantity quantity);
  /// What stands and refers to an entry, in order.
  std::vector<Standing> referring(const std::string& group, std::int64_t number);
  /// Numbers of an item's entries from `from` on, in order.
  std::vector<std::int64_t> numbers(const std::string& group, const std::string& item,
                                    std::int64_t from);

 private:
  std::vector<Standing> list(std::string_view sql, std::initializer_list<Value> values);
  std::optional<Standing> oldest(const std::string& group, bool only, std::string_view sql,
                                 std::initializer_list<Value> values);

  Database& db_;
};
