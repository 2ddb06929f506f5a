#pragma once

#include <span>

#include "commands/context.h"

/// 累计, 截至 …, 共计: compares what the message's statements say with the ledger of the same kind,
/// item, period and, where one is named, place. Nothing moves; where the ledger has less, the
/// difference is offered as 补差.
void compare_sums(Context& ctx, const std::vector<Statement>& said);

/// 补差, 补差 3: records what the ledger still lacks of a statement as entries marked 补记.
void add_difference(Context& ctx, const Statement& said);

/// The same for a statement that the question names.
void add_difference(Context& ctx, const Question& question);
