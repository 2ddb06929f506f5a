#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "commands/message.h"

/// Reads the JSON of the generic webhook (README, "Generic webhook"). Throws BadRequest: 400 where
/// it is not JSON, 422 with the field and what to send where its shape is wrong.
Message read_generic(std::string_view json, std::chrono::sys_seconds now);

/// {"reply":STRING|null,"duplicate":BOOL,"entries":[…]}
std::string write_generic(const Reply& reply);
