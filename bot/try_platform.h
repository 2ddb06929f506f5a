#pragma once

#include <string>

#include "bot/setup.h"

/// Posts one line at once to `to`, a group or person of the platform, or to an [outgoing] of that
/// name, and says on stderr what came of it. 0 where it arrived, else 1. Throws Failure.
int try_platform(const Setup& setup, const std::string& name, const std::string& to);
