#pragma once

#include <nlohmann/json.hpp>

#include "commands/brief.h"
#include "commands/matching/view.h"
#include "storage/figures.h"

// The JSON forms of the API (README, "JSON API"). Quantities are JSON numbers, exact to the
// thousandth; times are RFC 3339 in UTC; user ids lose the prefix "generic:".

nlohmann::json to_json(Quantity quantity);
nlohmann::json to_json(const TotalRow& row);
nlohmann::json to_json(const NeedRow& row);
nlohmann::json to_json(const EntryRow& row);
nlohmann::json to_json(const MetricRow& row);
nlohmann::json to_json(const Brief& brief);
nlohmann::json to_json(const MatchView& view);

/// One line of UTF-8; bytes that are not UTF-8 become U+FFFD.
std::string dump(const nlohmann::json& json);
