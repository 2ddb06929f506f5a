#pragma once

#include <optional>
#include <string>

#include "commands/command.h"
#include "storage/rules.h"

/// Reads a text once more with the group's own names for goods of the catalogue, where it holds
/// any; the statements keep the names as said. Empty where `heard` stands as it is.
std::optional<Reading> read_own_names(const std::string& text, const Rules& rules,
                                      const Policy& policy, std::int64_t today,
                                      const Reading& heard);
