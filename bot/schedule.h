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
#include "storage/figures.h"

/// When and where the briefs of one group are posted.
struct GroupSchedule {
  std::string group;                 ///< "platform:id"
  std::vector<int> minutes;          ///< of each day, after local midnight
  std::vector<std::string> targets;  ///< names of outgoing, or "platform:group"
  std::vector<int> weekly = {};      ///< after the midnight that begins Monday
  std::vector<std::string> pictures = {};  ///< targets that get the picture too
};

/// Where a group's briefs go: its `post_to`, else the platform it is on; a generic group has none.
std::vector<std::string> brief_targets(const std::string& group, const GroupConfig& config);

/// The groups of the config that have a summary and somewhere to post it.
std::vector<GroupSchedule> schedules(const Config& config);
/// The same with the hours that groups set by chat, which go before the config's.
std::vector<GroupSchedule> schedules(const Config& config, Database& database);
/// That of one group; without hours or targets where it has none.
GroupSchedule schedule_of(const Config& config, Database& database, const std::string& group);
using ScheduleOf = std::function<GroupSchedule(Database& database, const std::string& group)>;

/// A brief as it is to be posted.
struct MadeBrief {
  std::string text;
  std::string figures;  ///< JSON
};

/// Makes the brief of one group, of a day or of the seven days of a 周报, from the transaction's
/// own view of the ledger.
using MakeBrief =
    std::function<MadeBrief(Database& database, const std::string& group, const Days& days)>;

/// Brings the kept hours in line with these schedules, and looks again at all of the local day of
/// `now`: at start, and when the clock was put back. What was posted is not posted again.
void settle_hours(Database& database, std::span<const GroupSchedule> groups, const Zone& zone,
                  std::chrono::sys_seconds now);
/// The same for groups whose settings changed, at most `most`: a new hour counts from now on.
/// Returns how many there were.
std::size_t settle_changed_hours(Database& database, const ScheduleOf& schedule_of,
                                 const Zone& zone, std::chrono::sys_seconds now, std::size_t most);

/// Puts the briefs that are due into the outbox, figures and text made in the same (the caller's)
/// transaction. One for each group, day, hour and target, whatever the clock does and however often
/// this is called: the outbox's keys remember. A brief made late says when it was due; one of a
/// past day is recorded as missed and offered to the group instead. Looks at `most` hours at most,
/// since each reads the ledger; returns how many, so fewer than `most` means that nothing is left
/// to do.
std::size_t enqueue_due(Database& database, const ScheduleOf& schedule_of, const Zone& zone,
                        std::chrono::sys_seconds now, const MakeBrief& make, std::size_t most);
