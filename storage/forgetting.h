#pragma once

#include <chrono>
#include <string>

#include "storage/database.h"

// Names and words of people go, figures stay: a name that figures hang on (an offer is used up by
// who names its donor) gives way to one that says nothing, wherever it stands.

/// Removes a user's name, texts and contacts from all groups. Returns how many messages had one.
std::int64_t forget_user(Database& database, const std::string& user);

/// The same for everybody in groups where nothing was said since `since`. Returns how many groups
/// had something to forget.
std::int64_t forget_idle_groups(Database& database, std::chrono::sys_seconds since);
