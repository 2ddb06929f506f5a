#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bot/config.h"

/// What an operator should know of a platform's table.
struct PlatformAdvice {
  std::vector<std::string> gaps;   ///< without these it refuses every callback, or cannot speak
  std::vector<std::string> notes;  ///< it works, but not as well as it could
};

/// Looks at the keys of [platforms.NAME] alone; makes no call. Never repeats a secret.
PlatformAdvice check_platform(std::string_view name, const PlatformConfig& keys);
