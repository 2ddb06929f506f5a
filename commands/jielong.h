#pragma once

#include <span>

#include "commands/context.h"

/// A copy of a 接龙: the ledger comes to hold the list's latest state. Lists are known by group and
/// title within 48 hours, their entries by name. An entry that the copy lacks or changes is
/// withdrawn or corrected where the poster reported it, started the list or is a coordinator; else
/// it stays and the reply says so. Says only what changed.
void post_list(Context& ctx, std::span<const Statement> said);
