#include "bot/calendar.h"

#include <stdexcept>

#include <date/tz.h>
#include <fmt/format.h>

namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

/// Takes exactly `count` digits off the front of `text`.
std::optional<int> digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool literal(std::string_view& text, std::string_view allowed) {
  if (text.empty() || allowed.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> take_day(std::string_view& text) {
  const auto year = digits(text, 4);
  if (!year || !literal(text, "-")) return std::nullopt;
  const auto month = digits(text, 2);
  if (!month || !literal(text, "-")) return std::nullopt;
  const auto of_month = digits(text, 2);
  if (!of_month) return std::nullopt;
  const std::chrono::year_month_day ymd{std::chrono::year{*year},
                                        std::chrono::month{static_cast<unsigned>(*month)},
                                        std::chrono::day{static_cast<unsigned>(*of_month)}};
  if (!ymd.ok()) return std::nullopt;
  return sys_days{ymd}.time_since_epoch().count();
}

/// HH:MM, in minutes.
std::optional<int> take_minute(std::string_view& text) {
  const auto hour = digits(text, 2);
  if (!hour || *hour > 23 || !literal(text, ":")) return std::nullopt;
  const auto minute = digits(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  return *hour * 60 + *minute;
}

bool skip_fraction(std::string_view& text) {
  if (text.empty() || text.front() != '.') return true;
  text.remove_prefix(1);
  std::size_t count = 0;
  while (digits(text, 1)) ++count;
  return count > 0;
}

/// "Z" or "+08:00", in minutes east of UTC.
std::optional<int> take_offset(std::string_view& text) {
  if (literal(text, "Zz")) return 0;
  const bool west = !text.empty() && text.front() == '-';
  if (!literal(text, "+-")) return std::nullopt;
  const auto offset = take_minute(text);
  if (!offset) return std::nullopt;
  return west ? -*offset : *offset;
}

}  // namespace

Zone::Zone(const std::string& name) {
  try {
    zone_ = date::locate_zone(name);
    zone_->get_info(sys_seconds{});  // reads the zone's file now, not in the middle of a message
  } catch (const std::exception&) {
    throw std::invalid_argument(fmt::format("there is no time zone \"{}\"", name));
  }
}

std::int64_t Zone::day(sys_seconds instant) const {
  const auto local = instant.time_since_epoch() + zone_->get_info(instant).offset;
  return std::chrono::floor<days>(local).count();
}

int Zone::minute(sys_seconds instant) const {
  const auto local = instant.time_since_epoch() + zone_->get_info(instant).offset;
  return static_cast<int>(
      std::chrono::duration_cast<minutes>(local - std::chrono::floor<days>(local)).count());
}

sys_seconds Zone::instant(std::int64_t day, int minute) const {
  const date::local_seconds local{days{day} + minutes{minute}};
  const date::local_info info = zone_->get_info(local);
  if (info.result == date::local_info::nonexistent) return info.second.begin;
  return sys_seconds{local.time_since_epoch() - info.first.offset};
}

std::optional<std::int64_t> parse_day(std::string_view text) {
  const auto day = take_day(text);
  return text.empty() ? day : std::nullopt;
}

std::string print_day(std::int64_t day) {
  const std::chrono::year_month_day ymd{sys_days{days{day}}};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(ymd.year()),
                     static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()));
}

std::optional<int> parse_minute(std::string_view text) {
  const auto minute = take_minute(text);
  return text.empty() ? minute : std::nullopt;
}

std::optional<sys_seconds> parse_rfc3339(std::string_view text) {
  const auto day = take_day(text);
  if (!day || *day < 0 || !literal(text, "Tt ")) return std::nullopt;
  const auto minute = take_minute(text);
  if (!minute || !literal(text, ":")) return std::nullopt;
  const auto second = digits(text, 2);
  if (!second || *second > 60 || !skip_fraction(text)) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  const sys_seconds instant{days{*day} + minutes{*minute - *offset} +
                            seconds{*second == 60 ? 59 : *second}};
  if (instant.time_since_epoch().count() < 0) return std::nullopt;
  return instant;
}

std::string print_rfc3339(sys_seconds instant) {
  const auto day = std::chrono::floor<days>(instant);
  const std::chrono::hh_mm_ss time{instant - day};
  return fmt::format("{}T{:02}:{:02}:{:02}Z", print_day(day.time_since_epoch().count()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}
