#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace date {
class time_zone;
}

/// A named time zone ("Asia/Shanghai") of the system's tz database. A plain value; may be used by
/// several threads at once. Days count from 1970-01-01, minutes from local midnight.
class Zone {
 public:
  /// Throws std::invalid_argument where the tz database has no such name.
  explicit Zone(const std::string& name);

  /// The local day of an instant.
  std::int64_t day(std::chrono::sys_seconds instant) const;
  /// Minutes since local midnight, 0 to 1439.
  int minute(std::chrono::sys_seconds instant) const;
  /// The instant of a local time. One that the clock skips (summer time begins) is the moment of
  /// the change; one that comes twice is the first.
  std::chrono::sys_seconds instant(std::int64_t day, int minute = 0) const;

 private:
  const date::time_zone* zone_;  // lives as long as the tz database: the whole run
};

/// "2020-02-10", and nothing else; empty where it is not a date of the calendar.
std::optional<std::int64_t> parse_day(std::string_view text);
std::string print_day(std::int64_t day);

/// "20:00" as minutes after midnight; empty where it is not HH:MM.
std::optional<int> parse_minute(std::string_view text);

/// RFC 3339 with an offset ("Z", "+08:00"); fractions of a second are dropped. Empty where it is
/// not a time of the years 1970 to 9999.
std::optional<std::chrono::sys_seconds> parse_rfc3339(std::string_view text);
/// In UTC: "2020-02-10T01:30:00Z".
std::string print_rfc3339(std::chrono::sys_seconds instant);
