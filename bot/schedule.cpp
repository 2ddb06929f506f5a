#include "bot/schedule.h"

#include <exception>
#include <sstream>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "commands/hub.h"
#include "storage/groups.h"
#include "storage/outbox.h"

namespace {

constexpr int kLateMinutes = 5;
constexpr std::int64_t kDaysBack = 31;

std::string clock_text(int minute) { return fmt::format("{:02}:{:02}", minute / 60, minute % 60); }

/// What the outbox knows a brief by; "missed/…" is the record that there was none.
std::string key_of(std::string_view what, const std::string& group, std::int64_t day, int minute,
                   const std::string& target) {
  return fmt::format("{}/{}/{}/{}/{}", what, group, print_day(day), clock_text(minute), target);
}

}  // namespace

std::vector<std::string> brief_targets(const std::string& group, const GroupConfig& config) {
  if (!config.post_to.empty()) return config.post_to;
  if (group.starts_with("generic:")) return {};
  return {group};
}

std::vector<GroupSchedule> schedules(const Config& config) {
  std::vector<GroupSchedule> found;
  for (const auto& [group, settings] : config.groups) {
    const auto targets = brief_targets(group, settings);
    if (settings.summary.empty() || targets.empty()) continue;
    found.push_back({group, settings.summary, targets});
  }
  return found;
}

std::vector<GroupSchedule> schedules(const Config& config, Database& database) {
  auto found = schedules(config);
  for (const auto& [group, hours] : Groups(database).with_setting(std::string(kSummarySetting))) {
    std::erase_if(found, [&](const GroupSchedule& s) { return s.group == group; });
    GroupSchedule schedule{group, {}, {}};
    std::istringstream words(hours);
    for (std::string word; words >> word;) {
      if (const auto minute = parse_minute(word)) schedule.minutes.push_back(*minute);
    }
    const auto config_of = config.groups.find(group);
    schedule.targets =
        brief_targets(group, config_of == config.groups.end() ? GroupConfig{} : config_of->second);
    if (!schedule.minutes.empty() && !schedule.targets.empty()) found.push_back(schedule);
  }
  return found;
}

std::size_t enqueue_due(Database& database, std::span<const GroupSchedule> groups, const Zone& zone,
                        std::chrono::sys_seconds now, const MakeBrief& make, std::size_t most) {
  Outbox outbox(database);
  const std::int64_t day = zone.day(now);
  const int minute = zone.minute(now);
  std::size_t made = 0;
  for (const GroupSchedule& group : groups) {
    for (const int due : group.minutes) {
      if (due > minute) continue;
      std::vector<const std::string*> targets;
      for (const std::string& target : group.targets) {
        if (!outbox.knows(key_of("brief", group.group, day, due, target))) {
          targets.push_back(&target);
        }
      }
      if (targets.empty()) continue;
      if (made == most) return made;
      MadeBrief brief;
      try {
        brief = make(database, group.group, day);
      } catch (const StorageError&) {
        throw;
      } catch (const std::exception& failed) {
        // One group's figures must not keep the others from their briefs; tried again next minute.
        spdlog::error("the brief of {} cannot be made: {}", group.group, failed.what());
        continue;
      }
      ++made;
      if (minute - due >= kLateMinutes) {
        brief.text = fmt::format("（应于 {} 发出，迟到补发）\n{}", clock_text(due), brief.text);
      }
      for (const std::string* target : targets) {
        outbox.enqueue({.key = key_of("brief", group.group, day, due, *target),
                        .group = group.group,
                        .target = *target,
                        .text = brief.text,
                        .figures = brief.figures,
                        .cause = "brief",
                        .not_before = {}},
                       now);
      }
    }
  }
  return made;
}

void record_missed(Database& database, std::span<const GroupSchedule> groups, const Zone& zone,
                   std::chrono::sys_seconds now) {
  Outbox outbox(database);
  const std::int64_t today = zone.day(now);
  for (const GroupSchedule& group : groups) {
    for (const int due : group.minutes) {
      for (const std::string& target : group.targets) {
        const auto recorded = [&](std::int64_t day) {
          return outbox.knows(key_of("brief", group.group, day, due, target)) ||
                 outbox.knows(key_of("missed", group.group, day, due, target));
        };
        bool before = recorded(today - kDaysBack - 1);
        for (std::int64_t day = today - kDaysBack; day < today; ++day) {
          bool now_recorded = recorded(day);
          if (before && !now_recorded) {
            outbox.record_expired(
                {.key = key_of("missed", group.group, day, due, target),
                 .group = group.group,
                 .target = target,
                 .text = "",
                 .figures = "",
                 .cause = "brief",
                 .not_before = {}},
                fmt::format("not posted: the bot did not run between {} and the end of {}",
                            clock_text(due), print_day(day)),
                now);
            now_recorded = true;
          }
          before = now_recorded;
        }
      }
    }
  }
}
