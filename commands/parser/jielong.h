#pragma once

#include <optional>
#include <vector>

#include "commands/parser/catalogue.h"
#include "commands/parser/statement.h"
#include "commands/parser/text.h"
#include "commands/parser/tokens.h"

/// A 接龙 taken apart: who stands in it, and the text in which only goods, figures, verbs and
/// places are left. A pure reading; what it means for the ledger is decided where the list is kept.
struct ListText {
  struct Range {
    std::size_t from = 0, to = 0;  ///< positions of Text
  };

  List list;
  std::vector<Range> entries;  ///< one for each name of the list, in order
  /// Position for position as long as the message, with running numbers, names, rooms and the
  /// example blanked out.
  Text goods;
  std::optional<Action> asked;  ///< what the title asks people for
};

/// Takes a message apart that is a 接龙: the word stands in its head, and numbered lines follow.
/// Linear; never throws. `room` is overwritten where it is one.
std::optional<ListText> read_list(const Text& text, const Catalogue& catalogue, Tokens& room);

/// Ties what was read of `list.goods` to the entries of the list: each statement learns whose it
/// is, the head's own figures (what is aimed at) are dropped, and the title says what bare figures
/// mean.
void tie_to_list(const ListText& list, const Tokens& tokens, Reading& reading);
