#pragma once

#include <optional>

#include "commands/context.h"

/// A message that answers a quoted one, read as said about the entries that the quotation holds:
/// the bot's own answer names them (#n), or the sender's earlier message made them. Empty where the
/// words or the quotation are about no entry; then the message is read on its own.
std::optional<Reading> read_quoted_reply(Context& ctx, const Reading& alone);
