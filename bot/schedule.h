#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "bot/calendar.h"
#include "bot/config.h"
#include "storage/database.h"

/// When and where the briefs of one group are posted.
struct GroupSchedule {
  std::string group;                 ///< "platform:id"
  std::vector<int> minutes;          ///< minutes after local midnight
  std::vector<std::string> targets;  ///< names of outgoing, or "platform:group"
};

/// Where a group's briefs go: its `post_to`, else the platform it is on; a generic group has none.
std::vector<std::string> brief_targets(const std::string& group, const GroupConfig& config);

/// The groups of the config that have a summary and somewhere to post it.
std::vector<GroupSchedule> schedules(const Config& config);

/// The same with the hours that groups set by chat, which go before the config's.
std::vector<GroupSchedule> schedules(const Config& config, Database& database);

/// A brief as it is to be posted.
struct MadeBrief {
  std::string text;
  std::string figures;  ///< JSON
};

/// Makes the brief of one group and local day from the transaction's own view of the ledger.
using MakeBrief =
    std::function<MadeBrief(Database& database, const std::string& group, std::int64_t day)>;

/// Puts the briefs of the local day of `now` that are due into the outbox, figures and text made in
/// the same (the caller's) transaction. One for each group, day, hour and target, whatever the
/// clock does and however often this is called: the outbox's keys remember. A brief made late says
/// when it was due; one of a past day is never made. At most `most` briefs are made, since each
/// reads the ledger; returns how many were, so fewer than `most` means that nothing is left to do.
std::size_t enqueue_due(Database& database, std::span<const GroupSchedule> groups, const Zone& zone,
                        std::chrono::sys_seconds now, const MakeBrief& make, std::size_t most);

/// Records briefs of the past 31 local days that were not made, as expired rows that say why. Only
/// what follows on a day that has a record: a group that was never posted before misses nothing.
void record_missed(Database& database, std::span<const GroupSchedule> groups, const Zone& zone,
                   std::chrono::sys_seconds now);
