#pragma once

#include <string>
#include <vector>

#include "bot/setup.h"

/// Records the messages of files that hold one JSON object of the generic webhook a line. Done
/// twice it changes nothing. Bad lines are named on stderr and the rest is recorded all the same;
/// then the exit code is 1. Throws Failure or StorageError.
int replay(Setup& setup, const std::vector<std::string>& files);
