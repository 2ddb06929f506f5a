#pragma once

#include <string>
#include <vector>

#include "commands/command.h"
#include "storage/matches.h"

/// A match in the words of people.
struct MatchView {
  Match match;
  std::string from;    ///< who gives: 李四, 蜀山区物资群 库存
  std::string to;      ///< the place, or the group whose pool it is
  Quantity there;      ///< what the giving has in all
  std::string access;  ///< how the place can be reached, where somebody said; "" elsewhere
  double cost = 0;     ///< of each unit: 0 would be the best that there can be
};

MatchView view_of(Database& database, const Policy& policy, Match match);

/// "护目镜 李四 400副 → 仙桃中医院 90副：同县，已等2天，已核实".
std::string line_of(const MatchView& view);
/// "李四 护目镜 90副 → 仙桃中医院".
std::string brief_of(const MatchView& view);

/// Every match of a group, or of all: proposals that can be carried out, and all that was decided.
std::vector<MatchView> match_views(Database& database, const Policy& policy,
                                   const std::optional<std::string>& group);
