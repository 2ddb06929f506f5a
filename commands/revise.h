#pragma once

#include "commands/context.h"

// What a platform tells of a message after it was sent. Both act in the sender's name on what the
// message of the same id had recorded.

/// Taken back: voids its standing entries.
void recall(Context& ctx);

/// Edited: corrects its standing entries one for one in their order (each keeps number, position
/// and time), voids those left over and appends what is new.
void edit(Context& ctx);

/// The answer to a held correction: entry `number` becomes what the statements say.
void correct_to(Context& ctx, std::int64_t number, const std::vector<Statement>& said);

/// All that an entry would say now beside what it says, both as they are kept (as_kept).
Change difference(Context& ctx, const Standing& was, const Entry& now);
