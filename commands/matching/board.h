#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "commands/command.h"
#include "commands/matching/plan.h"
#include "commands/matching/stated.h"
#include "storage/matches.h"

/// An entry of a group: a need, an offer, an inbound shipment; number 0: the group's stock.
struct Point {
  std::string group;
  std::int64_t number = 0;

  friend auto operator<=>(const Point&, const Point&) = default;
};

/// Everything of one item and unit that could go somewhere, and everything that is missing.
struct BoardLine {
  struct Side {
    Point point;
    std::vector<Stated> stated;
    std::string giver;        ///< who gives, in which group
    std::string destination;  ///< the place for which an offer was given; "" any
    Quantity pack;            ///< what one container of the giving holds; 0: none
    std::string container;    ///< 箱
    bool hub = false;         ///< stock, or goods that come to the hub
  };

  std::string item, unit;
  std::vector<Giving> givings;
  std::vector<Side> giving_sides;
  std::vector<Asking> askings;
  std::vector<Side> asking_sides;
  std::vector<std::pair<Point, Point>> refused;  ///< need and giving
};

/// What the board holds: stock, offers and arriving shipments of all groups less what is promised;
/// needs less what is promised or on the road. Of one item where named. Needs that are in doubt or
/// have no number are not on it.
std::vector<BoardLine> read_board(Database& database, const Policy& policy,
                                  std::chrono::sys_seconds now,
                                  const std::optional<std::string>& item);

/// What the lines before planned: places that get something, and who sends a parcel where.
struct Planned {
  std::set<std::string> places;
  std::set<std::pair<std::string, std::string>> parcels;  ///< giver and place
};

/// The best plan for a line, as proposals; adds to what is planned.
std::vector<Match> plan_line(const BoardLine& line, Planned& planned);

/// The best plan for all lines.
std::vector<Match> plan_board(const std::vector<BoardLine>& board);

/// Leaves of a line only what proposals leave free, and of needs or givings only those at `points`
/// with everything that could go to or come from them.
void leave_free(BoardLine& line, const std::vector<Match>& proposals,
                const std::vector<Point>& points);

/// 均衡, 少包裹, 多受助.
inline constexpr std::string_view kLeaningSetting = "matching";
std::optional<Leaning> leaning_from(std::string_view word);
