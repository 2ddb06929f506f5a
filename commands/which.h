#pragma once

#include <optional>
#include <vector>

#include "commands/context.h"

/// The entry that a correction without a number is about: of `among` where that is given (what a
/// quoted message recorded), else of what the sender reported last, else within a day, as far as
/// item, unit and the old figure fit. Where several fit, the refusal lists them with lines to copy;
/// where none does, it is empty without a refusal.
std::optional<std::int64_t> entry_meant(Context& ctx, const Statement& correction,
                                        const std::vector<std::int64_t>* among = nullptr);
