#pragma once

#include <string>
#include <vector>

#include "commands/brief.h"
#include "commands/parser/statement.h"

/// One sum of a 简报, as it is written and as it is read back.
struct BulletinFigure {
  Action action = Action::distributed;
  std::string item, unit;
  Quantity quantity;
  bool approx = false;
  Quantity value;  ///< worth in 元, 0 where nothing was said

  bool operator==(const BulletinFigure&) const = default;
};

/// The sums that a 简报 holds, in its order: what was done, who took part, what was handed out,
/// received, used up and lost, by category of the catalogue.
std::vector<BulletinFigure> bulletin_figures(const Brief& brief, const Catalogue& catalogue);

/// 简报: the formal brief of a period, exact figures, 不完全统计 where some are not. Every line
/// begins with 累计: whoever sends it on into a group tells sums, not movements. Lines are written
/// so that the bot reads each back to the same figures.
std::string bulletin(const Brief& brief, const Catalogue& catalogue);

/// The sums that a 简报's text says, in the ledger's units.
std::vector<BulletinFigure> read_bulletin(const std::string& text, const Catalogue& catalogue);
