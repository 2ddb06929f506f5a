#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "bot/config.h"

/// The recorded cases of tests/platforms/NAME/vectors.json, as the platform's documentation, its own
/// libraries and independent decoders have them.
const nlohmann::json& vectors_of(const std::string& platform);
/// The case of that name.
const nlohmann::json& vector_named(const std::string& platform, const std::string& name);
/// Its `config` as the platform's table.
PlatformConfig config_of(const nlohmann::json& vector);
/// Bytes written as hex digits.
std::string from_hex(const std::string& digits);
