#pragma once

#include <chrono>

#include "commands/command.h"

/// What time alone brings about: promises that were not kept in time are released, with an entry in
/// each group and a word to it; a match's shipment that is long on the road is asked about, once.
/// Runs inside the caller's transaction.
void follow_up_matches(Database& database, const Policy& policy, std::chrono::sys_seconds now);
