#include "commands/matching/board.h"

#include <algorithm>
#include <set>

#include "commands/hub.h"
#include "commands/matching/reason.h"
#include "storage/figures.h"
#include "storage/groups.h"
#include "storage/ledger.h"
#include "storage/links.h"

namespace {

constexpr std::chrono::days kUseCounted{7};
constexpr std::int64_t kUnsaidOff = 3'000;  // something asked for is not stated
constexpr std::string_view kMoney = "元";

using LineKey = std::pair<std::string, std::string>;  // item, unit

Value given(const std::optional<std::string>& text) { return std::int64_t{text ? 1 : 0}; }
Value or_empty(const std::optional<std::string>& text) {
  return text ? std::string_view{*text} : std::string_view{};
}

/// What is known of a group, asked for once.
struct GroupPlace {
  std::string name;
  Area area;
  Leaning leaning = Leaning::balanced;
  Rules rules;
};

class Reader {
 public:
  Reader(Database& database, const Policy& policy, std::chrono::sys_seconds now,
         const std::optional<std::string>& item)
      : db_(database), policy_(policy), now_(now), item_(item) {}

  std::vector<BoardLine> read() {
    read_promises();
    read_texts();
    read_needs();
    read_offers();
    read_stock();
    read_refusals();
    std::vector<BoardLine> board;
    for (auto& [key, line] : lines_) {
      if (line.givings.empty() || line.askings.empty()) continue;
      line.item = key.first;
      line.unit = key.second;
      board.push_back(std::move(line));
    }
    return board;
  }

 private:
  const GroupPlace& group(const std::string& id) {
    const auto [at, is_new] = groups_.emplace(id, GroupPlace{});
    if (!is_new) return at->second;
    GroupPlace& g = at->second;
    g.name = name_of(db_, policy_, id);
    const std::string area = facts_of(db_, policy_, id).area;
    g.area = Areas::built_in().find(area.empty() ? g.name : area).value_or(Area{});
    g.rules = read_rules(db_, id);
    Groups groups(db_);
    auto leaning = leaning_from(groups.setting(id, std::string(kLeaningSetting)));
    for (const auto& [hub, on] : groups.with_setting(std::string(kSeesAllSetting))) {
      if (!leaning) leaning = leaning_from(groups.setting(hub, std::string(kLeaningSetting)));
    }
    g.leaning = leaning.value_or(Leaning::balanced);
    return g;
  }

  Area area_of(const std::string& place, const GroupPlace& around) const {
    return Areas::built_in().find(place, around.area).value_or(around.area);
  }

  void read_promises() {
    for (const Match& m : Matches(db_).promises(item_)) {
      to_need_[{m.need_group, m.need}] += m.quantity;
      // An arrived shipment is stock.
      const bool arrived = m.from != 0 && !db_.integer(
                                              "SELECT number FROM standing WHERE grp = $1"
                                              " AND number = $2 AND open = 1",
                                              {m.from_group, m.from});
      if (m.from == 0 || arrived) {
        of_stock_[{m.from_group, m.item, m.unit}] += m.quantity;
      } else {
        of_giving_[{m.from_group, m.from}] += m.quantity;
      }
    }
  }

  /// What messages state of the make of goods, where they state anything.
  void read_texts() {
    db_.run(
        "SELECT s.grp, s.number, m.text, e.said, m.entries FROM standing s JOIN entries e ON e.grp "
        "= s.grp AND e.number = s.number"
        " JOIN messages m ON m.grp = e.grp AND m.id = e.message AND m.event = 'message'"
        " WHERE s.open = 1 AND s.kind IN ('need', 'offer') AND ($1 = 0 OR s.item = $2)",
        {given(item_), or_empty(item_)}, [&](const Row& row) {
          const bool only = row.text(4).find(',') == std::string_view::npos;
          auto stated = stated_in(part_about(row.text(2), row.text(3), only));
          if (!stated.empty()) stated_[{row.string(0), row.integer(1)}] = std::move(stated);
        });
  }

  std::vector<Stated> stated(const Point& point) const {
    const auto at = stated_.find(point);
    return at == stated_.end() ? std::vector<Stated>{} : at->second;
  }

  /// Days that a place's counted stock lasts, at what it used up in the last week.
  std::optional<int> days_left(const std::string& group, const std::string& item,
                               const std::string& unit, const std::string& place) {
    Quantity left, used;
    bool counted = false;
    const std::int64_t since = (now_ - kUseCounted).time_since_epoch().count();
    db_.run(
        "SELECT kind, quantity, said_at FROM standing WHERE grp = $1 AND item = $2 AND unit = $3"
        " AND place = $4 AND kind IN ('stock', 'used') AND place <> '' AND voided_by = 0"
        " ORDER BY number",
        {group, item, unit, place}, [&](const Row& row) {
          const Quantity quantity{row.integer(1)};
          if (row.text(0) == "stock") {
            left = quantity;
            counted = true;
            return;
          }
          left = std::max(Quantity{}, left - quantity);
          if (row.integer(2) >= since) used += quantity;
        });
    if (!counted) return std::nullopt;
    if (left == Quantity{}) return 0;
    if (used == Quantity{}) return std::nullopt;
    return static_cast<int>(
        std::min<std::int64_t>(left.thousandths * kUseCounted.count() / used.thousandths, 1000));
  }

  void read_needs() {
    std::set<Point> elsewhere;
    db_.run("SELECT to_grp, to_number FROM links WHERE kind = $1",
            {static_cast<std::int64_t>(Link::Kind::said)}, [&](const Row& row) {
              elsewhere.insert({row.string(0), row.integer(1)});
            });
    std::set<LineKey> counted;
    db_.run(
        "SELECT DISTINCT item, unit FROM standing WHERE kind IN ('stock', 'used')"
        " AND place <> '' AND voided_by = 0",
        {}, [&](const Row& row) { counted.emplace(row.string(0), row.string(1)); });
    for (const NeedRow& need : needs(db_, std::nullopt, item_, NeedStatus::open)) {
      const Point point{need.group, need.id};
      if (!need.outstanding || need.doubtful || need.unit == kMoney) continue;
      if (elsewhere.contains(point)) continue;
      const auto promised = to_need_.find(point);
      Asking asking;
      asking.missing = *need.outstanding - need.in_transit -
                       (promised == to_need_.end() ? Quantity{} : promised->second);
      if (asking.missing <= Quantity{}) continue;
      const GroupPlace& g = group(need.group);
      asking.place = need.place.value_or(g.name);
      asking.area = need.place ? area_of(*need.place, g) : g.area;
      asking.urgent = need.urgent;
      asking.verified = need.verified;
      asking.doubtful = need.status == "stale";
      asking.waited = static_cast<int>(std::max<std::int64_t>(
          0, std::chrono::floor<std::chrono::days>(now_ - need.time).count()));
      asking.served = need.fulfilled + need.in_transit > Quantity{} || promised != to_need_.end();
      if (need.place && counted.contains({need.item, need.unit})) {
        asking.days_left = days_left(need.group, need.item, need.unit, *need.place);
      }
      BoardLine& line = lines_[{need.item, need.unit}];
      line.askings.push_back(std::move(asking));
      BoardLine::Side side;
      side.point = point;
      side.stated = stated(point);
      side.hub = !need.place;
      line.asking_sides.push_back(std::move(side));
    }
  }

  void add_giving(const LineKey& key, Giving giving, BoardLine::Side side) {
    if (giving.amount <= Quantity{} || key.second == kMoney) return;
    BoardLine& line = lines_[key];
    line.givings.push_back(std::move(giving));
    line.giving_sides.push_back(std::move(side));
  }

  /// Offers, and shipments that come to a hub.
  void read_offers() {
    db_.run(
        "SELECT s.grp, s.number, s.item, s.unit, s.kind, s.party, s.place, s.rest, s.counterpart,"
        " e.unit, e.said FROM standing s JOIN entries e ON e.grp = s.grp AND e.number = s.number"
        " WHERE s.open = 1 AND (s.kind = 'offer' OR (s.kind = 'in_transit' AND s.party = ''))"
        " AND ($1 = 0 OR s.item = $2) ORDER BY s.grp, s.number",
        {given(item_), or_empty(item_)}, [&](const Row& row) {
          const Point point{row.string(0), row.integer(1)};
          const GroupPlace& g = group(point.group);
          const bool offer = row.text(4) == "offer";
          const LineKey key{row.string(2), row.string(3)};
          Giving giving;
          giving.amount = Quantity{row.integer(7)};
          if (const auto at = of_giving_.find(point); at != of_giving_.end())
            giving.amount -= at->second;
          giving.area = offer ? area_of(row.string(5), g) : g.area;
          giving.leaning = g.leaning;
          BoardLine::Side side;
          side.point = point;
          side.stated = stated(point);
          side.hub = !offer;
          if (offer) side.destination = row.string(6);
          side.giver = offer ? point.group + "/" + row.string(5) : point.group;
          set_pack(side, g.rules, key, row.string(9), row.string(10));
          add_giving(key, std::move(giving), std::move(side));
        });
  }

  /// A box as the message said it, (100只/箱), or as the group's own pack has it.
  void set_pack(BoardLine::Side& side, const Rules& rules, const LineKey& key,
                const std::string& kept_unit, const std::string& said) const {
    if (kept_unit != key.second) {
      Goods one{.item = key.first, .unit = kept_unit, .quantity = Quantity::whole(1)};
      rules.settle(one);
      if (one.unit != key.second || !one.quantity) return;
      side.pack = *one.quantity;
      side.container = kept_unit;
      return;
    }
    const auto open = said.find('('), slash = said.find('/'), close = said.find(')');
    if (open == std::string::npos || close == std::string::npos || slash == std::string::npos ||
        slash < open || close < slash) {
      return;
    }
    const std::string per = said.substr(open + 1, slash - open - 1);
    const auto digits = per.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string::npos || digits > 9) return;
    if (per.substr(digits) != key.second) return;
    side.pack = Quantity::whole(std::stoll(per.substr(0, digits)));
    side.container = said.substr(slash + 1, close - slash - 1);
  }

  void read_stock() {
    db_.run(
        "SELECT grp, item, unit, stock FROM lines WHERE stock > 0 AND ($1 = 0 OR item = $2)"
        " ORDER BY grp, item, unit",
        {given(item_), or_empty(item_)}, [&](const Row& row) {
          const LineKey key{row.string(1), row.string(2)};
          const auto at = lines_.find(key);
          if (at == lines_.end() || at->second.askings.empty()) return;
          const GroupPlace& g = group(row.string(0));
          Giving giving;
          giving.amount = Quantity{row.integer(3)};
          if (const auto promised = of_stock_.find({row.string(0), key.first, key.second});
              promised != of_stock_.end()) {
            giving.amount -= promised->second;
          }
          giving.area = g.area;
          giving.place = g.name;
          giving.leaning = g.leaning;
          BoardLine::Side side;
          side.point.group = row.string(0);
          side.giver = side.point.group;
          side.hub = true;
          add_giving(key, std::move(giving), std::move(side));
        });
  }

  void read_refusals() {
    for (const Match& m : Matches(db_).refused(item_)) {
      const auto at = lines_.find({m.item, m.unit});
      if (at == lines_.end()) continue;
      at->second.refused.emplace_back(Point{m.need_group, m.need}, Point{m.from_group, m.from});
    }
  }

  Database& db_;
  const Policy& policy_;
  const std::chrono::sys_seconds now_;
  const std::optional<std::string>& item_;
  std::map<std::string, GroupPlace> groups_;
  std::map<Point, Quantity> to_need_, of_giving_;
  std::map<std::tuple<std::string, std::string, std::string>, Quantity> of_stock_;
  std::map<Point, std::vector<Stated>> stated_;
  std::map<LineKey, BoardLine> lines_;
};

/// Whether the giving may go to the asking, and at what price.
std::optional<std::int64_t> fit(const BoardLine& line, std::size_t i, std::size_t j,
                                const std::set<std::pair<Point, Point>>& refused,
                                const Planned& planned) {
  const BoardLine::Side& from = line.giving_sides[i];
  const BoardLine::Side& to = line.asking_sides[j];
  // What a hub has itself is no help to its own pool.
  if (from.hub && to.hub && from.point.group == to.point.group) return std::nullopt;
  if (!from.destination.empty() && from.destination != line.askings[j].place) return std::nullopt;
  if (!refused.empty() && refused.contains({to.point, from.point})) return std::nullopt;
  const Meets meeting = meets(to.stated, from.stated);
  if (meeting == Meets::no) return std::nullopt;
  std::int64_t off = meeting == Meets::unsaid ? kUnsaidOff : 0;
  if (planned.parcels.contains({from.giver, line.askings[j].place})) off -= kSameParcel;
  return off;
}

}  // namespace

std::vector<BoardLine> read_board(Database& database, const Policy& policy,
                                  std::chrono::sys_seconds now,
                                  const std::optional<std::string>& item) {
  return Reader(database, policy, now, item).read();
}

std::vector<Match> plan_line(const BoardLine& line, Planned& planned) {
  std::vector<Asking> askings = line.askings;
  for (Asking& asking : askings) {
    asking.served = asking.served || planned.places.contains(asking.place);
  }
  const std::set<std::pair<Point, Point>> refused(line.refused.begin(), line.refused.end());
  const Planned before = planned;
  const auto fits = [&](std::size_t i, std::size_t j) { return fit(line, i, j, refused, before); };
  std::vector<Match> proposals;
  for (const Share& share : plan(line.givings, askings, fits)) {
    const BoardLine::Side& from = line.giving_sides[share.giving];
    const BoardLine::Side& to = line.asking_sides[share.asking];
    Match m;
    m.item = line.item;
    m.unit = line.unit;
    m.quantity = share.amount;
    m.need_group = to.point.group;
    m.need = to.point.number;
    m.from_group = from.point.group;
    m.from = from.point.number;
    m.worth = share.worth;
    m.reason = reason(line, share.giving, share.asking, share.amount);
    const std::pair parcel(from.giver, askings[share.asking].place);
    if (before.parcels.contains(parcel)) m.reason += "，可同一包裹";
    planned.places.insert(parcel.second);
    planned.parcels.insert(parcel);
    proposals.push_back(std::move(m));
  }
  return proposals;
}

std::vector<Match> plan_board(const std::vector<BoardLine>& board) {
  Planned planned;
  std::vector<Match> proposals;
  for (const BoardLine& line : board) {
    auto more = plan_line(line, planned);
    std::move(more.begin(), more.end(), std::back_inserter(proposals));
  }
  return proposals;
}

void leave_free(BoardLine& line, const std::vector<Match>& proposals,
                const std::vector<Point>& points) {
  std::map<Point, std::size_t> givings, askings;
  for (std::size_t i = 0; i < line.givings.size(); ++i) givings[line.giving_sides[i].point] = i;
  for (std::size_t j = 0; j < line.askings.size(); ++j) askings[line.asking_sides[j].point] = j;
  const auto asked = [&](const Point& point) {
    return std::find(points.begin(), points.end(), point) != points.end();
  };
  for (const Match& m : proposals) {
    const auto from = givings.find({m.from_group, m.from});
    const auto to = askings.find({m.need_group, m.need});
    if (from != givings.end()) line.givings[from->second].amount -= m.quantity;
    if (to != askings.end()) line.askings[to->second].missing -= m.quantity;
  }
  const bool giving_asked = std::any_of(line.giving_sides.begin(), line.giving_sides.end(),
                                        [&](const auto& s) { return asked(s.point); });
  const bool asking_asked = std::any_of(line.asking_sides.begin(), line.asking_sides.end(),
                                        [&](const auto& s) { return asked(s.point); });
  // A new need looks at all givings, a new offer at all needs.
  const auto keep = [&](auto& things, auto& sides, auto size, bool narrow) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < things.size(); ++i) {
      if (size(things[i]) <= Quantity{} || (narrow && !asked(sides[i].point))) continue;
      if (kept != i) {
        things[kept] = std::move(things[i]);
        sides[kept] = std::move(sides[i]);
      }
      ++kept;
    }
    things.erase(things.begin() + static_cast<std::ptrdiff_t>(kept), things.end());
    sides.erase(sides.begin() + static_cast<std::ptrdiff_t>(kept), sides.end());
  };
  keep(
      line.givings, line.giving_sides, [](const Giving& g) { return g.amount; },
      giving_asked && !asking_asked);
  keep(
      line.askings, line.asking_sides, [](const Asking& a) { return a.missing; },
      asking_asked && !giving_asked);
}

std::optional<Leaning> leaning_from(std::string_view word) {
  if (word == "均衡") return Leaning::balanced;
  if (word == "少包裹") return Leaning::few_parcels;
  if (word == "多受助") return Leaning::many_places;
  return std::nullopt;
}
