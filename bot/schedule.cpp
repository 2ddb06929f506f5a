#include "bot/schedule.h"

#include <algorithm>
#include <exception>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "bot/attachments.h"
#include "commands/hub.h"
#include "commands/wording.h"
#include "storage/groups.h"
#include "storage/hours.h"
#include "storage/outbox.h"

using std::chrono::sys_seconds;

namespace {

constexpr std::chrono::minutes kLate{5};
constexpr std::chrono::minutes kTryAgain{1};
constexpr std::int64_t kDaysBack = 31;
constexpr int kMinutesOfDay = 24 * 60;
constexpr int kDaysOfWeek = 7;

/// Monday is 0.
int weekday(std::int64_t day) { return static_cast<int>((day % 7 + 7 + 3) % 7); }

bool falls_on(const Hour& hour, std::int64_t day) {
  return !hour.weekly || weekday(day) == hour.minute / kMinutesOfDay;
}

sys_seconds on(const Hour& hour, std::int64_t day, const Zone& zone) {
  return zone.instant(day, hour.minute % kMinutesOfDay);
}

/// The first time of the hour that is not before `from`.
sys_seconds first_from(const Hour& hour, sys_seconds from, const Zone& zone) {
  for (std::int64_t day = zone.day(from);; ++day) {
    if (falls_on(hour, day) && on(hour, day, zone) >= from) return on(hour, day, zone);
  }
}

std::string clock_text(const Hour& hour) {
  const int minute = hour.minute % kMinutesOfDay;
  return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
}

/// What the outbox knows a brief by; "missed/…" is the record that there was none.
std::string key_of(std::string_view what, const Hour& hour, std::int64_t day,
                   const std::string& target) {
  return fmt::format("{}{}/{}/{}/{}/{}", what, hour.weekly ? "/week" : "", hour.group,
                     print_day(day), clock_text(hour), target);
}

/// The hours that a schedule asks for, not yet due.
std::vector<Hour> hours_of(const GroupSchedule& schedule) {
  std::vector<Hour> hours;
  if (schedule.targets.empty()) return hours;
  for (const int minute : schedule.minutes) hours.push_back({schedule.group, false, minute, {}});
  for (const int minute : schedule.weekly) hours.push_back({schedule.group, true, minute, {}});
  return hours;
}

using HourKey = std::tuple<std::string, bool, int>;
HourKey key_of(const Hour& hour) { return {hour.group, hour.weekly, hour.minute}; }

/// 周日 20:00 as minutes of the week.
std::optional<int> minute_of_week(const std::string& day, const std::string& time) {
  static const std::map<std::string, int> kDays{{"周一", 0}, {"周二", 1}, {"周三", 2}, {"周四", 3},
                                                {"周五", 4}, {"周六", 5}, {"周日", 6}};
  const auto at = kDays.find(day);
  const auto minute = parse_minute(time);
  if (at == kDays.end() || !minute) return std::nullopt;
  return at->second * kMinutesOfDay + *minute;
}

/// Hours as they are set by chat: they go before the config's.
void set_by_chat(GroupSchedule& schedule, const std::string& daily, const std::string& weekly) {
  std::istringstream hours(daily);
  if (!daily.empty()) schedule.minutes.clear();
  for (std::string word; hours >> word;) {
    if (const auto minute = parse_minute(word)) schedule.minutes.push_back(*minute);
  }
  std::istringstream days(weekly);
  for (std::string day, time; days >> day >> time;) {
    if (const auto minute = minute_of_week(day, time)) schedule.weekly.push_back(*minute);
  }
}

GroupSchedule from_config(const Config& config, const std::string& group) {
  const auto at = config.groups.find(group);
  const GroupConfig settings = at == config.groups.end() ? GroupConfig{} : at->second;
  GroupSchedule schedule{group, settings.summary, brief_targets(group, settings)};
  for (const std::string& target : schedule.targets) {
    if (settings.picture && takes(config, target, Attachment::Kind::picture)) {
      schedule.pictures.push_back(target);
    }
  }
  return schedule;
}

/// Hours of past days: there is no brief for them any more. The group is told, if it can be.
class Missed {
 public:
  Missed(Database& database, const Hour& hour, sys_seconds now)
      : outbox_(database), hour_(hour), now_(now) {}

  void note(std::int64_t day, const std::vector<std::string>& targets) {
    for (const std::string& target : targets) {
      const std::string key = key_of("missed", hour_, day, target);
      if (outbox_.knows(key_of("brief", hour_, day, target))) continue;
      const bool first = outbox_.record_expired(
          post(key, target, ""),
          fmt::format("not posted: the bot did not run between {} and the end of {}",
                      clock_text(hour_), print_day(day)),
          now_);
      if (first && (days_.empty() || days_.back() != day)) days_.push_back(day);
    }
  }

  void offer() {
    if (days_.empty() || hour_.group.starts_with("generic:")) return;
    std::string days;
    for (const std::int64_t day : days_) days += (days.empty() ? "" : "、") + date_words(day);
    outbox_.enqueue(
        post(key_of("offer", hour_, days_.back(), hour_.group), hour_.group,
             fmt::format("{} {} 的{}没有发出（机器人当时没有运行）。协调员要看请发：\n日报 {}",
                         days, clock_text(hour_), hour_.weekly ? "周报" : "日报",
                         date_words(days_.back()))),
        now_);
  }

 private:
  Post post(const std::string& key, const std::string& target, const std::string& text) const {
    return {.key = key,
            .group = hour_.group,
            .target = target,
            .text = text,
            .figures = "",
            .cause = "brief",
            .not_before = {}};
  }

  Outbox outbox_;
  const Hour& hour_;
  const sys_seconds now_;
  std::vector<std::int64_t> days_;
};

/// Makes the brief of an hour for the targets that have not got it. False where it cannot be made.
bool enqueue_brief(Database& database, const Hour& hour, std::int64_t day, sys_seconds due,
                   const GroupSchedule& schedule, sys_seconds now, const MakeBrief& make) {
  Outbox outbox(database);
  std::vector<const std::string*> targets;
  for (const std::string& target : schedule.targets) {
    if (!outbox.knows(key_of("brief", hour, day, target))) targets.push_back(&target);
  }
  if (targets.empty()) return true;
  const Days days{hour.weekly ? day - kDaysOfWeek + 1 : day, day};
  MadeBrief brief;
  try {
    brief = make(database, hour.group, days);
  } catch (const StorageError&) {
    throw;
  } catch (const std::exception& failed) {
    // One group's figures must not keep the others from their briefs; tried again next minute.
    spdlog::error("the brief of {} cannot be made: {}", hour.group, failed.what());
    return false;
  }
  if (now - due >= kLate) {
    brief.text = fmt::format("（应于 {} 发出，迟到补发）\n{}", clock_text(hour), brief.text);
  }
  for (const std::string* target : targets) {
    outbox.enqueue({.key = key_of("brief", hour, day, *target),
                    .group = hour.group,
                    .target = *target,
                    .text = brief.text,
                    .figures = brief.figures,
                    .cause = "brief",
                    .not_before = {}},
                   now);
    const auto& pictures = schedule.pictures;
    if (std::find(pictures.begin(), pictures.end(), *target) == pictures.end()) continue;
    outbox.enqueue({.key = key_of("picture", hour, day, *target),
                    .group = hour.group,
                    .target = *target,
                    .text = "",
                    .figures = "",
                    .cause = "brief",
                    .not_before = {},
                    .attachment = encode(Attachment{Attachment::Kind::picture, hour.group, days})},
                   now);
  }
  return true;
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
    GroupSchedule schedule = from_config(config, group);
    if (!hours_of(schedule).empty()) found.push_back(std::move(schedule));
  }
  return found;
}

std::vector<GroupSchedule> schedules(const Config& config, Database& database) {
  std::map<std::string, std::pair<std::string, std::string>> said;  // by group: daily, weekly
  Groups groups(database);
  for (const auto& [group, hours] : groups.with_setting(std::string(kSummarySetting))) {
    said[group].first = hours;
  }
  for (const auto& [group, hours] : groups.with_setting(std::string(kWeeklySetting))) {
    said[group].second = hours;
  }
  std::vector<GroupSchedule> found = schedules(config);
  for (const auto& [group, hours] : said) {
    std::erase_if(found, [&of = group](const GroupSchedule& s) { return s.group == of; });
    GroupSchedule schedule = from_config(config, group);
    set_by_chat(schedule, hours.first, hours.second);
    if (!hours_of(schedule).empty()) found.push_back(std::move(schedule));
  }
  return found;
}

GroupSchedule schedule_of(const Config& config, Database& database, const std::string& group) {
  GroupSchedule schedule = from_config(config, group);
  Groups groups(database);
  set_by_chat(schedule, groups.setting(group, std::string(kSummarySetting)),
              groups.setting(group, std::string(kWeeklySetting)));
  return schedule;
}

void settle_hours(Database& database, std::span<const GroupSchedule> groups, const Zone& zone,
                  sys_seconds now) {
  Hours hours(database);
  const sys_seconds morning = zone.instant(zone.day(now));
  std::map<HourKey, Hour> wanted;
  for (const GroupSchedule& group : groups) {
    for (const Hour& hour : hours_of(group)) wanted[key_of(hour)] = hour;
  }
  for (Hour& kept : hours.all()) {
    if (wanted.erase(key_of(kept)) == 0) {
      hours.remove(kept);
      continue;
    }
    const sys_seconds again = first_from(kept, morning, zone);
    if (kept.next <= again) continue;
    kept.next = again;
    hours.set(kept);
  }
  for (auto& [key, hour] : wanted) {
    hour.next = first_from(hour, morning, zone);
    hours.set(hour);
  }
}

std::size_t settle_changed_hours(Database& database, const ScheduleOf& schedule_of,
                                 const Zone& zone, sys_seconds now, std::size_t most) {
  Hours hours(database);
  const auto groups = hours.take_changed(most);
  for (const std::string& group : groups) {
    std::map<HourKey, Hour> wanted;
    for (const Hour& hour : hours_of(schedule_of(database, group))) wanted[key_of(hour)] = hour;
    for (const Hour& kept : hours.of(group)) {
      if (wanted.erase(key_of(kept)) == 0) hours.remove(kept);
    }
    for (auto& [key, hour] : wanted) {
      hour.next = first_from(hour, now + std::chrono::seconds(1), zone);
      hours.set(hour);
    }
  }
  return groups.size();
}

std::size_t enqueue_due(Database& database, const ScheduleOf& schedule_of, const Zone& zone,
                        sys_seconds now, const MakeBrief& make, std::size_t most) {
  Hours hours(database);
  const std::int64_t today = zone.day(now);
  const auto due = hours.due(now, most);
  for (Hour hour : due) {
    const GroupSchedule schedule = schedule_of(database, hour.group);
    Missed missed(database, hour, now);
    for (auto day = std::max(zone.day(hour.next), today - kDaysBack); day < today; ++day) {
      if (falls_on(hour, day)) missed.note(day, schedule.targets);
    }
    missed.offer();
    const bool now_due = falls_on(hour, today) && on(hour, today, zone) <= now;
    const bool done = !now_due || enqueue_brief(database, hour, today, on(hour, today, zone),
                                                schedule, now, make);
    hour.next = done ? first_from(hour, now + std::chrono::seconds(1), zone) : now + kTryAgain;
    hours.set(hour);
  }
  return due.size();
}
