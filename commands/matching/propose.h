#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "commands/matching/board.h"

/// The proposals that can all be carried out as things stand now: none gives, with those before it
/// and with what is promised, more than an offer has or a need lacks. The best first.
std::vector<Match> standing_proposals(Database& database, const std::optional<std::string>& item);

/// How much a match could still move: what its need lacks and its giving has beside all promises,
/// of a promise beside those made before it; each 0 where it is not open any more.
struct Room {
  Quantity missing, there;
  bool arrived = true;  ///< false: the goods are still on their way to the hub
};
Room room_for(Database& database, const Match& match);

/// One step from the proposals that stand to a plan: a new one (without a number), other figures
/// for one that stays, or the end of one.
using ProposalChange = Match;

/// The steps that put a plan in the place of the proposals that stand (of an item, where named); a
/// pair that stays keeps its number. Only reads.
std::vector<ProposalChange> proposal_changes(Database& database, const std::vector<Match>& plan,
                                             const std::optional<std::string>& item,
                                             std::chrono::sys_seconds now);
/// Writes steps; one that somebody decided on meanwhile is left as it is.
void write_proposals(Database& database, std::span<const ProposalChange> changes);

/// Adds what was fitted into the standing plan. Returns them with their numbers. Writes.
std::vector<Match> add_proposals(Database& database, const std::vector<Match>& fitted);

/// What would go to or come from these entries (of one item), beside the proposals that stand. Only
/// reads.
std::vector<Match> fit_in(Database& database, const Policy& policy, std::chrono::sys_seconds now,
                          const std::string& item, const std::vector<Point>& points);

/// Whether a board (of an item, where named) is small enough to be planned while somebody waits.
bool small_board(Database& database, const std::optional<std::string>& item);
