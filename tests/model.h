#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "storage/entry.h"

/// The ledger's rules once more, as plainly as they can be said: lists, maps and loops, everything
/// worked out anew from the entries each time. Written from the contract, not from storage/, so
/// that the two can be held against each other. One group; quantities in thousandths.
namespace model {

struct Said {
  Entry entry;
  Change change;
};

enum Measure {
  needed,
  outstanding,
  unknown,
  offered,
  in_transit,
  received,
  distributed,
  used,
  lost,
  stock,
  kMeasures
};
inline constexpr std::array<const char*, kMeasures> kMeasureNames = {
    "needed",   "outstanding", "unknown", "offered", "in_transit",
    "received", "distributed", "used",    "lost",    "stock"};
using Figures = std::array<std::int64_t, kMeasures>;
using Line = std::pair<std::string, std::string>;  ///< item, unit

enum class Closed { no, done, replaced, enough };

/// An entry that stands, with its last values and what came of it.
struct Live {
  Entry e;
  // Needs: what was given. Shipments and offers: what is left.
  std::int64_t given = 0, rest = 0;
  Closed closed = Closed::no;
  bool urgent = false;
  // Deliveries.
  std::string at;          ///< the place at which it counts
  bool alone = false;      ///< 另一批 was said of it
  std::int64_t waits = 0;  ///< the quantity of which it still waits for its other end
  std::int64_t fresh = 0;  ///< the part of it that nobody had told before
  std::int64_t pair = 0;   ///< its other end
  bool confirmed = false;  ///< it confirmed a shipment
  std::vector<std::pair<std::int64_t, std::int64_t>> met;  ///< needs that it met, and how much

  bool is_open() const;  ///< of a need
  std::int64_t left() const { return e.quantity->thousandths - given; }
};

struct NeedFigures {
  std::string item, unit, place;
  std::optional<std::int64_t> quantity, outstanding;
  std::int64_t fulfilled = 0, in_transit = 0;
  bool urgent = false;
  std::string status;
  bool operator==(const NeedFigures&) const = default;
};

/// Which part of the figures: a place, days up to `to`; flows from `from` on.
struct Part {
  std::optional<std::string> place;
  std::optional<std::int64_t> from, to;
};

class Model {
 public:
  Model() = default;
  explicit Model(std::vector<Said> said);
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  /// One more entry, with the next number.
  void add(const Said& said);

  std::map<Line, Figures> totals(const Part& part = {}) const;
  std::map<std::int64_t, NeedFigures> needs() const;

  /// What stands, by number; acts included, void ones not.
  const std::map<std::int64_t, Live>& live() const { return live_; }
  bool is_void(std::int64_t number) const { return void_.contains(number); }
  const std::vector<Said>& said() const { return said_; }

 private:
  void begin();
  bool stands(const Said& s);
  void lay_from(std::int64_t first);
  void lay(Live& l);
  void need(Live& n);
  void distribution(Live& d);
  void receipt(Live& r);
  void receipt_at_place(Live& r);
  void receipt_of(Live& r, Live& target);
  void other_end(Live& r, Live& sent);
  void never_came(Live& sent, std::int64_t missing);

  std::int64_t confirm(Live& by, Live& shipment, std::int64_t amount);
  std::int64_t confirm_at(Live& by, const std::string& place, std::int64_t amount);
  void shorten(Live& by, const std::string& place);
  void shorten(Live& by, Live& shipment, std::int64_t amount);
  void arrive(Live& by, const std::string& place, std::int64_t amount, Live* first = nullptr);
  void give(Live& by, Live& need, std::int64_t amount);
  void stock_in(std::int64_t amount);
  void consume_donor(const Live& by, std::int64_t amount);
  void consume(Live& offer, std::int64_t amount);
  Live* waiting(const Live& by, Kind kind);
  std::vector<Live*> queue(const Live& by, const std::string& place);

  void add(Measure measure, const Live& whose, const std::string& place, std::int64_t delta);
  void add(Measure measure, const std::string& place, std::int64_t delta);
  static Figures need_figures(const Live& n);

  std::vector<Said> said_;
  std::map<std::int64_t, Live> live_;
  std::map<std::int64_t, bool> void_;
  std::map<Line, bool> lines_;  ///< every line ever recorded
  /// What each day moved: item, unit, place, day.
  std::map<std::tuple<std::string, std::string, std::string, std::int64_t>, Figures> moved_;
  const Live* now_ = nullptr;  ///< the entry that is laid
};

}  // namespace model
