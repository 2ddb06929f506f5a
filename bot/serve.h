#pragma once

#include <optional>
#include <string>

#include "bot/setup.h"

/// Serves until SIGTERM or SIGINT, then stops within a second. Returns the exit code. Throws
/// Failure or StorageError where it cannot begin. Call before there are other threads.
int serve(Setup& setup, const std::optional<std::string>& listen);
