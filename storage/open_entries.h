#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/entry.h"
#include "storage/quantity.h"

// What waits in a group: needs, offers and shipments of which a rest is open.

struct OpenEntry {
  std::int64_t number = 0;
  std::string item, unit;
  std::string party;  ///< where it is needed or goes; of an offer the donor
  std::string user_name;
  std::optional<Quantity> quantity;  ///< empty: a need of unknown quantity
  Quantity rest;
  std::string why;  ///< of a shipment that is held up: by what
};

/// Of one item, urgent ones first, then the oldest; in one unit where it is named, at most `limit`.
std::vector<OpenEntry> open_entries(Database& database, const std::string& group,
                                    const std::string& item, Kind kind,
                                    const std::optional<std::string>& unit = {},
                                    std::int64_t limit = 1'000);

/// Items that a place still needs, or one of them; of what `user` asked for where one is named.
std::vector<std::string> items_needed(Database& database, const std::string& group,
                                      const std::string& place,
                                      const std::optional<std::string>& item,
                                      const std::optional<std::string>& user);

/// Whether a place still needs an item.
bool needed_at(Database& database, const std::string& group, const std::string& item,
               const std::string& place);

/// Places that still need an item, "" for the pool; at most `limit`.
std::vector<std::string> places_in_need(Database& database, const std::string& group,
                                        const std::string& item, std::int64_t limit);

/// Open shipments of which it was said that they are held up (受阻), and by what.
std::vector<OpenEntry> held_up(Database& database, const std::string& group);
