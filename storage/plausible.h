#pragma once

#include <cstdint>
#include <optional>

#include "storage/database.h"
#include "storage/entry.h"

/// Whether a figure is far beyond what is usual: ten times the largest so far of its kind and line,
/// once there are ten, and at least a thousand. Not measured against entry `without`.
bool far_beyond(Database& database, const Entry& entry, std::int64_t without);

/// The 补记 that had told the sum of the days in which the entry lies, with the entry's kind and
/// line.
std::optional<std::int64_t> covered_by(Database& database, const Entry& entry);
