#pragma once

#include <optional>
#include <string>

#include "commands/parser/catalogue.h"
#include "commands/parser/statement.h"
#include "storage/database.h"

/// An amount as the ledger's line keeps it.
struct LineAmount {
  Quantity quantity;
  std::string unit;
};

/// The unit of the line that a word for a unit belongs to: 公斤 and 升 for mass and volume, the
/// catalogue's unit for counting words that mean one piece of the item, else the word itself.
std::string line_unit(const Catalogue& catalogue, const Catalogue::Item* item,
                      const std::string& said);

/// Converts what was said to the item's line: mass and volume exactly, packs by the specification
/// in the statement, the better of two measures. Empty where the result is not exact to the
/// thousandth or leaves the range. `statement.quantity` must be there.
std::optional<LineAmount> on_line(const Catalogue& catalogue, const Catalogue::Item* item,
                                  const Statement& statement);
