#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bot/setup.h"

/// Records the messages of files: one JSON object of the generic webhook a line, or, into `group`,
/// what other programs keep (chat_log.h). Done twice it changes nothing. Bad lines are named on
/// stderr and the rest is recorded all the same; then the exit code is 1. Throws Failure or
/// StorageError.
int replay(Setup& setup, const std::vector<std::string>& files,
           const std::optional<std::string>& group);
