#pragma once

#include <optional>
#include <string>

#include "commands/context.h"
#include "commands/goods.h"

/// The entry that a number names, if it is there and stands; else the refusal says why not.
std::optional<Standing> standing_target(Context& ctx, std::int64_t number);

/// Its sender or a coordinator; else the refusal says who may.
bool may_change(Context& ctx, const Standing& target);

/// An entry as it counts now, in the words of a reply.
std::string named_now(const Standing& standing);

/// An entry as it counts now, for what says how things stand (say_state).
Entry as_entry(const Standing& standing);

/// The entry with its last values as they were said, before the group's own names and packs.
Standing as_kept(Context& ctx, const Standing& target);

/// A new act of this message on an entry, with the entry's item, unit and place.
Entry act_on(const Context& ctx, Kind kind, const Standing& target);

/// How an entry's goods were said: unit, pack and figure, to give a bare figure its meaning.
Statement as_was_said(Context& ctx, const Standing& target);

/// "300", or "300只" where a bare figure about the entry would mean another unit.
std::string figure_of(Context& ctx, const Standing& target, Quantity quantity);

/// The speaker's words for a figure: "20箱(12瓶/箱)".
std::string said_amount(const Statement& said);

/// A statement about an entry with a bare figure: the unit is the one in which the entry was said.
Statement meant_of(Context& ctx, const Standing& target, const Statement& said);

/// A figure about an entry.
struct Figure {
  Quantity counts;  ///< on the entry's line
  LineAmount kept;  ///< before the group's own packs
};

/// A figure about an entry on the entry's line: a bare one is in the unit in which the entry was
/// said. Empty where it does not convert to that line; then the refusal says so.
std::optional<Figure> figure_about(Context& ctx, const Standing& target, const Statement& said);
