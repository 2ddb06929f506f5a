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

/// The catalogue's name for an item, else the name as said: what an entry keeps of it.
std::string catalogue_name(const Catalogue& catalogue, const std::string& said);

/// Of an item that the catalogue does not know: the measure that on_line() leaves aside and that
/// may be the right one once the group says what the item is.
std::optional<LineAmount> other_measure(const Catalogue& catalogue, const Statement& statement);

/// Converts what was said to the item's line: mass and volume exactly, packs by the specification
/// in the statement, the better of two measures. Empty where the result is not exact to the
/// thousandth or leaves the range. `statement.quantity` must be there.
std::optional<LineAmount> on_line(const Catalogue& catalogue, const Catalogue::Item* item,
                                  const Statement& statement);
