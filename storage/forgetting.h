#pragma once

#include <chrono>
#include <string>

#include "storage/database.h"

// Names and words of people go, figures stay: totals and `verify` are the same before and after.

/// Removes a user's name, texts and contacts from all groups. Returns how many messages had one.
std::int64_t forget_user(Database& database, const std::string& user);

/// The same for everybody in groups where nothing was said since `since`. Returns how many groups
/// had something to forget.
std::int64_t forget_idle_groups(Database& database, std::chrono::sys_seconds since);
