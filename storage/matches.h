#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/database.h"
#include "storage/quantity.h"

/// What should go from where to which need, and what people said to it. A proposal is no entry of
/// the ledger; a confirmed match is one upon the need and, in another group, one upon the offer:
/// while these stand, the need is open and the offer not gone, it is a promise on both.
struct Match {
  /// proposed → confirmed → shipped; refused is never proposed again; dropped was a proposal that
  /// no longer fits. `released` is never stored: it is a confirmed one that holds no more.
  enum class State { proposed, confirmed, shipped, refused, released, dropped };

  std::int64_t id = 0;  ///< counted from 1 over all groups
  State state = State::proposed;
  std::string item, unit;
  Quantity quantity;
  std::string need_group;
  std::int64_t need = 0;
  std::string from_group;
  std::int64_t from = 0;  ///< offer or inbound shipment; 0: the group's stock
  std::int64_t worth = 0;
  std::string reason;           ///< why, in words
  std::string why;              ///< why it was refused
  std::int64_t need_entry = 0;  ///< the entries that confirmed it; 0 where there is none
  std::int64_t from_entry = 0;
  std::int64_t shipment = 0;       ///< in the need's group
  std::int64_t from_shipment = 0;  ///< in the other one
  std::chrono::sys_seconds decided{}, expires{};

  bool same_pair(const Match& other) const {
    return need_group == other.need_group && need == other.need && from_group == other.from_group &&
           from == other.from;
  }
  bool of(std::string_view group) const { return need_group == group || from_group == group; }
};

std::string_view word(Match::State state);

class Matches {
 public:
  explicit Matches(Database& database) : db_(database) {}

  /// Stores a proposal and gives it its number.
  std::int64_t propose(const Match& match);
  /// Whether the same pair is proposed already, promised or refused.
  bool known(const Match& match);
  /// Writes what may change: state, figures, reasons, entries and times.
  void update(const Match& match);
  /// With the state that it has now. Empty where there is no such number.
  std::optional<Match> find(std::int64_t id);
  /// The one that made an entry: of confirming it, or of its shipment.
  std::optional<Match> of_entry(const std::string& group, std::int64_t entry);
  /// All proposals, whether or not they still fit (of an item, where named).
  std::vector<Match> proposals(const std::optional<std::string>& item);
  /// The proposals whose need and giving still have what they would move (of an item, where named),
  /// the best first.
  std::vector<Match> proposed(const std::optional<std::string>& item);
  /// All but the dropped ones, with the states that they have now; of a group where named.
  std::vector<Match> all(const std::optional<std::string>& group);
  /// The promises that stand (of an item, where named).
  std::vector<Match> promises(const std::optional<std::string>& item);
  /// Refused ones (of an item, where named).
  std::vector<Match> refused(const std::optional<std::string>& item);
  /// Promises that should have been kept by now.
  std::vector<Match> expired(std::chrono::sys_seconds now);
  /// Those whose shipment was said before the instant and is still on the road.
  std::vector<Match> on_the_road(std::chrono::sys_seconds said_before);
  /// Forgets the dropped ones that were decided before the instant; never the newest.
  void forget_dropped(std::chrono::sys_seconds before);

 private:
  std::vector<Match> list(std::string_view sql, std::initializer_list<Value> values);

  Database& db_;
};
