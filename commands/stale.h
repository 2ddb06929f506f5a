#pragma once

#include <chrono>

#include "commands/command.h"

/// Asks about open needs that nobody has touched for so many days: 还需要吗? They are stale until
/// somebody answers or something happens there. Each is asked about once in so many days, in its
/// own group, at most `most` of a group at a time. Returns how many were asked about.
std::size_t ask_about_stale(Database& database, const Policy& policy, std::chrono::sys_seconds now,
                            int days, std::size_t most = 5);
