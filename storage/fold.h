#pragma once

#include <string>
#include <utility>
#include <vector>

#include "storage/effects.h"
#include "storage/standing.h"
#include "storage/totals.h"

/// What an entry turned out to be, for the reply.
struct Outcome {
  std::int64_t number = 0;
  /// Shipments that it confirmed, offers that it used up, needs that it met: number and how much.
  std::vector<std::pair<std::int64_t, Quantity>> confirmed, consumed, fulfilled;
  std::vector<std::int64_t> replaced;  ///< needs that it closed
  std::vector<std::int64_t> sent_later;  ///< shipments that it confirmed, though said to be sent after
  std::int64_t pair = 0;               ///< the other end that had been told before
  std::string place;                   ///< where it counts, "" for the pool or the hub
  Quantity missing;                    ///< short of what had been sent
  Quantity found;                      ///< what a count found beyond the ledger's stock, or below 0
  /// Item, unit, quantity and place on which it counts.
  std::string item, unit, at;
  std::optional<Quantity> quantity;
};

/// The arithmetic of the ledger: lays one entry over what stands before it. The state is the fold
/// of a group's entries in the order of their numbers; each entry notes what it did (Effects), so
/// that the fold can be rolled back to any point of an item and laid again.
class Fold {
 public:
  explicit Fold(Database& database) : standings_(database), totals_(database) {}

  /// Works out what `entry` does, does it, and stores the row. Throws std::overflow_error where a
  /// total would leave its range, StorageError.
  Outcome lay(Standing& entry);

  /// The group's own kits, for the entries that follow; borrowed. Null: it has none.
  void use(const Rules* rules) { rules_ = rules; }

  /// Takes back what the entry did and removes its row. Only the last of its item may go.
  void lift(const Standing& entry);

  /// Runs `work`, which lays and lifts, and writes the totals once after it.
  template <typename Work>
  void together(const Work& work) {
    together_ = true;
    work();
    together_ = false;
    totals_.write();
  }

 private:
  void need(Standing& e);
  void shipment(Standing& e);
  void delivery(Standing& e);
  void receipt(Standing& e);
  void reference(Standing& e, Standing target);
  void receipt_of_offer(Standing& e, Standing offer);
  void other_end(Standing& e, Standing sent);
  void adjustment(Standing& e);
  void count(Standing& e);
  void done(Standing& e);
  void close_needs(const Standing& e, Closed why);
  void gone(const Standing& e);

  void leave(Standing& e, const Standing& receipt);
  bool pair_at_place(Standing& e);
  bool pair_anywhere(Standing& e);
  void join(Standing& e, Standing& told);
  Quantity confirm_open(const Standing& e, const std::string& place, Quantity amount);
  Quantity confirm(const Standing& e, Standing& shipment, Quantity amount);
  void shorten(const Standing& e, const std::string& place, Quantity amount);
  void shorten(const Standing& e, Standing& shipment, Quantity amount);
  void arrive(Standing& e, const std::string& place, Quantity amount, Standing* first = nullptr);
  void stock_in(const Standing& e, Quantity amount);
  void fulfil(const Standing& e, const std::string& place, Quantity amount);
  Quantity meet(const Standing& e, Standing& need, Quantity amount);
  void take_back(const Standing& e, const Standing& sent, Quantity missing);
  void consume_offers(const Standing& e, Quantity amount);
  Quantity consume(const Standing& e, Standing& offer, Quantity amount);
  void close(const Standing& e, Standing& target, Closed why);

  void total(const Standing& e, const std::string& place, Sum measure, Quantity delta);
  void set(Standing& target, Field field, std::int64_t delta);
  void stock_out(const Standing& e, Quantity amount);

  Standings standings_;
  Totals totals_;
  bool together_ = false;
  const Rules* rules_ = nullptr;
  Effects effects_;
  Outcome outcome_;
};
