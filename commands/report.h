#pragma once

#include <span>

#include "commands/context.h"

/// Needs, offers, goods in, out, on the way, counted, used up, and work done: one entry for each
/// statement, or a question where it is in doubt.
void report(Context& ctx, std::span<const Statement> said);

/// Goods with a figure but without a verb: asks what they are.
void ask_kind(Context& ctx, std::span<const Statement> said);

/// The entry that a statement about goods or work comes to; refuses what cannot be one.
std::optional<Entry> entry_of(Context& ctx, const Statement& said);

/// Entry::word of what was passed on from elsewhere.
inline constexpr std::string_view kForwarded = "转发";

/// The kind of entry that a report of goods or work makes.
Kind kind_of(Action action);

/// "，确认 #12 300只": what shipments a receipt confirmed, and which of them were sent after it.
std::string confirmed_words(const Entry& entry, const Outcome& outcome);

/// "#12 发放 口罩 500只 → 三院".
std::string named(const Entry& entry);
