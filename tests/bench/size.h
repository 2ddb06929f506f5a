#pragma once

#include <cstdint>
#include <string>

/// Medians of what the writing thread does, below HTTP.
struct SizeCosts {
  double message_us = 0;  ///< one message of a batch of 64, commit included
  double tally_us = 0;    ///< the totals of the group
  double void_ms = 0;     ///< to void one of the last 900 entries
  double worst_void_ms = 0;
};

/// Fills a ledger with that many entries, all of one group and on one line (fifty places, a
/// thousand senders, a message a minute), and measures it.
SizeCosts costs_of_size(const std::string& file, std::int64_t entries);
