#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/context.h"

/// The lines of a reply that say how things stand now for what was just recorded: the new totals
/// and what is still missing.
void say_state(Context& ctx, const std::vector<Entry>& recorded);

/// The place with open needs for an item, where it is the only one and the pool has none.
std::optional<std::string> only_place_in_need(Context& ctx, const std::string& group,
                                              const std::string& item);

/// The sender's oldest open need of the line that names no place.
std::optional<Standing> own_pool_need(Context& ctx, const Entry& receipt);

/// 我在 P: gives a need, receipt, count or use that names no place the sender's own; what the sender
/// hands out there is the place's use.
void own_place(Context& ctx, Entry& entry);
