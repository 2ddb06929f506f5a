#include "commands/parser/cursor.h"

#include <chrono>

#include "commands/parser/numeral.h"

namespace {

bool separates(char32_t c) {
  return c == U' ' || c == U':' || c == U',' || c == U'，' || c == U'、';
}

bool trailing(char32_t c) {
  return c == U' ' || c == U'。' || c == U'!' || c == U'~' || c == U'\n' || c == U'.';
}

/// Reads up to four digits.
std::optional<int> small_number(std::u32string_view key, std::size_t& at) {
  int value = 0;
  std::size_t digits = 0;
  while (at < key.size() && is_digit(key[at]) && digits < 4) {
    value = value * 10 + static_cast<int>(key[at] - U'0');
    ++at;
    ++digits;
  }
  if (digits == 0) return std::nullopt;
  return value;
}

struct Date {
  std::optional<int> year;
  int month = 0;
  int day = 0;
  std::size_t end = 0;
};

bool date_sign(std::u32string_view key, std::size_t at, char32_t word) {
  return at < key.size() &&
         (key[at] == word || key[at] == U'-' || key[at] == U'/' || key[at] == U'.');
}

/// 2020年2月8日, 2020-02-08, 2月8日, 2/8.
std::optional<Date> date_at(std::u32string_view key, std::size_t at) {
  const auto first = small_number(key, at);
  if (!first) return std::nullopt;
  Date date;
  if (*first > 1000 && date_sign(key, at, U'年')) {
    date.year = *first;
    ++at;
    const auto month = small_number(key, at);
    if (!month) return std::nullopt;
    date.month = *month;
  } else {
    date.month = *first;
  }
  if (!date_sign(key, at, U'月')) return std::nullopt;
  ++at;
  const auto day = small_number(key, at);
  if (!day) return std::nullopt;
  date.day = *day;
  if (at < key.size() && (key[at] == U'日' || key[at] == U'号')) ++at;
  date.end = at;
  return date;
}

/// The day meant; without a year, the last such day that is not after `today`.
std::optional<std::int64_t> day_number(const Date& date, std::int64_t today) {
  using namespace std::chrono;
  const year_month_day now{sys_days{days{today}}};
  year said = date.year ? year{*date.year} : now.year();
  const auto number = [&] {
    const year_month_day day{said, month{static_cast<unsigned>(date.month)},
                             std::chrono::day{static_cast<unsigned>(date.day)}};
    return day.ok() ? std::optional<std::int64_t>(sys_days{day}.time_since_epoch().count())
                    : std::nullopt;
  };
  auto result = number();
  if (result && !date.year && today != 0 && *result > today) {
    said -= years{1};
    result = number();
  }
  return result;
}

}  // namespace

Cursor::Cursor(const Text& text, std::size_t from, std::size_t to)
    : text_(&text), at_(from), end_(to) {
  while (end_ > at_ && trailing(text.key[end_ - 1])) --end_;
  while (at_ < end_ && (trailing(text.key[at_]) || text.key[at_] == U'@')) {
    // A mention of the bot before the command.
    if (text.key[at_] == U'@') {
      while (at_ < end_ && text.key[at_] != U' ' && text.key[at_] != U'\n') ++at_;
    } else {
      ++at_;
    }
  }
}

std::string Cursor::rest() const {
  return to_utf8(std::u32string_view(text_->shown).substr(at_, end_ - at_));
}

void Cursor::blanks() {
  while (at_ < end_ && text_->key[at_] == U' ') ++at_;
}

void Cursor::separators() {
  while (at_ < end_ && separates(text_->key[at_])) ++at_;
}

bool Cursor::take(std::u32string_view word) {
  if (!key().starts_with(word)) return false;
  at_ += word.size();
  return true;
}

std::u32string_view Cursor::take_any(std::initializer_list<std::u32string_view> words) {
  const char32_t first = peek();
  for (const auto word : words) {
    if (word.front() == first && take(word)) return word;
  }
  return {};
}

std::optional<std::int64_t> Cursor::reference() {
  const std::size_t start = at_;
  blanks();
  if (!take(U"#")) {
    at_ = start;
    return std::nullopt;
  }
  blanks();
  auto found = number();
  if (!found) at_ = start;
  return found;
}

std::optional<std::int64_t> Cursor::number() {
  std::int64_t value = 0;
  std::size_t end = at_;
  while (end < end_ && is_digit(text_->key[end]) && end - at_ < 18) {
    value = value * 10 + static_cast<std::int64_t>(text_->key[end] - U'0');
    ++end;
  }
  if (end == at_ || (end < end_ && is_digit(text_->key[end]))) return std::nullopt;
  at_ = end;
  return value;
}

SaidDays days_in(std::u32string_view key, std::int64_t today) {
  SaidDays days;
  std::optional<Date> last;
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (!is_digit(key[i]) || (i > 0 && is_digit(key[i - 1]))) continue;
    const auto date = date_at(key, i);
    if (!date) continue;
    const auto number = day_number(*date, today);
    if (!number) continue;
    days.period = Period::stated;
    if (!days.from) {
      days.from = number;
    } else {
      days.to = number;
      last = date;
    }
    i = date->end - 1;
  }
  if (days.from) {
    if (!days.to) days.to = days.from;
    // 12月20日-1月5日, or an end that is still to come: the year goes with the first day.
    if (*days.to < *days.from && last && !last->year) {
      using namespace std::chrono;
      const year first{year_month_day{sys_days{std::chrono::days{*days.from}}}.year()};
      for (const int later : {0, 1}) {
        last->year = static_cast<int>(first) + later;
        if (const auto number = day_number(*last, today); number && *number >= *days.from) {
          days.to = number;
          break;
        }
      }
    }
    return days;
  }
  for (std::size_t i = 0; i + 1 < key.size() && days.period != Period::yesterday; ++i) {
    if (key[i + 1] != U'天' && key[i + 1] != U'日') continue;
    if (key[i] == U'今') days.period = Period::today;
    if (key[i] == U'昨') days.period = Period::yesterday;
  }
  return days;
}
