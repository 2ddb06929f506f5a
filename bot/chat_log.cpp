#include "bot/chat_log.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "commands/digest.h"

namespace {

constexpr std::size_t kIdLength = 32;
constexpr std::size_t kLongestName = 60;  // bytes
constexpr std::string_view kMark = "\xEF\xBB\xBF";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

/// Makes messages of one group; what is said twice in the very same words gets two ids.
class Messages {
 public:
  Messages(const LogOrigin& origin, std::string_view kind) : origin_(origin), kind_(kind) {}

  Message make(const std::string& name, std::chrono::sys_seconds time, const std::string& text,
               const std::string& identity) {
    Message m;
    m.platform = "generic";
    m.group = origin_.group;
    m.user = "generic:" + name;
    m.user_name = name;
    m.text = text;
    m.time = time;
    m.name_only = true;
    const int copy = ++seen_[identity];
    m.id = fmt::format("{}-{}", kind_,
                       sha256_hex(fmt::format("{}\n{}", identity, copy)).substr(0, kIdLength));
    return m;
  }

 private:
  const LogOrigin& origin_;
  const std::string_view kind_;
  std::map<std::string, int> seen_;
};

/// Takes a number off the front; empty where there is none.
std::optional<int> number(std::string_view& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || value < 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

/// 2020年2月10日, 2020-02-10, 2020/2/10 as days since 1970.
std::optional<std::int64_t> date(std::string_view& text) {
  std::string_view rest = text;
  const auto year = number(rest);
  if (!year || *year < 1970 || *year > 9999) return std::nullopt;
  const bool words = take(rest, "年");
  if (!words && !take(rest, "-") && !take(rest, "/") && !take(rest, ".")) return std::nullopt;
  const auto month = number(rest);
  if (!month ||
      !(words ? take(rest, "月") : take(rest, "-") || take(rest, "/") || take(rest, "."))) {
    return std::nullopt;
  }
  const auto day = number(rest);
  if (!day || (words && !take(rest, "日"))) return std::nullopt;
  const auto parsed = parse_day(fmt::format("{:04}-{:02}-{:02}", *year, *month, *day));
  if (parsed) text = rest;
  return parsed;
}

/// 09:30, 9:30:15, 下午3:05 as seconds after midnight.
std::optional<int> time_of_day(std::string_view& text) {
  std::string_view rest = text;
  const bool later = take(rest, "下午") || take(rest, "晚上") || take(rest, "中午");
  if (!later && !take(rest, "上午") && !take(rest, "凌晨")) take(rest, "早上");
  rest = trimmed(rest);
  const auto hour = number(rest);
  if (!hour || !take(rest, ":")) return std::nullopt;
  const auto minute = number(rest);
  std::optional<int> second = 0;
  if (minute && take(rest, ":")) second = number(rest);
  if (!minute || !second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  text = rest;
  return (later && *hour < 12 ? *hour + 12 : *hour) * 3600 + *minute * 60 + *second;
}

/// A date, or a date and a time, and nothing else.
std::optional<std::chrono::sys_seconds> moment(std::string_view text, const Zone& zone) {
  text = trimmed(text);
  const auto day = date(text);
  if (!day) return std::nullopt;
  text = trimmed(text);
  if (text.empty()) return zone.instant(*day);
  if (text.front() == 'T') text.remove_prefix(1);
  const auto second = time_of_day(text);
  if (!second || !trimmed(text).empty()) return std::nullopt;
  return zone.instant(*day, *second / 60) + std::chrono::seconds(*second % 60);
}

struct Heading {
  std::string name;
  std::chrono::sys_seconds time;
};

/// 张三 2020年2月10日 09:30, or the time first.
std::optional<Heading> heading(std::string_view line, const Zone& zone) {
  line = trimmed(line);
  if (line.find(':') == std::string_view::npos || line.size() > kLongestName + 40) return {};
  std::string_view rest = line;
  if (const auto day = date(rest)) {  // 2020-02-10 09:30:15 张三
    rest = trimmed(rest);
    const auto second = time_of_day(rest);
    const std::string_view name = trimmed(rest);
    if (!second || name.empty() || name.size() > kLongestName) return {};
    return Heading{std::string(name),
                   zone.instant(*day, *second / 60) + std::chrono::seconds(*second % 60)};
  }
  for (std::size_t at = line.find(' '); at != std::string_view::npos; at = line.find(' ', at + 1)) {
    const auto time = moment(line.substr(at + 1), zone);
    const std::string_view name = trimmed(line.substr(0, at));
    if (time && !name.empty() && name.size() <= kLongestName)
      return Heading{std::string(name), *time};
  }
  return {};
}

/// Splits a row of a table; a cell in quotes may hold the separator and line ends.
std::vector<std::string> cells(std::istream& in, std::string line, char separator, int& number) {
  std::vector<std::string> row(1);
  bool quoted = false;
  for (std::size_t i = 0;; ++i) {
    if (i >= line.size()) {
      if (!quoted || !std::getline(in, line)) return row;
      ++number;
      row.back() += '\n';
      i = std::string::npos;  // the next line's first character follows
      continue;
    }
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      row.back() += '"';
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == separator && !quoted) {
      row.emplace_back();
    } else if (c != '\r') {
      row.back() += c;
    }
  }
}

char separator_of(const std::string& line) {
  char best = ',';
  for (const char c : {',', '\t', ';'}) {
    if (std::count(line.begin(), line.end(), c) > std::count(line.begin(), line.end(), best))
      best = c;
  }
  return best;
}

enum Column { goods, amount, unit, place, when, person, telephone, urgent, teller, kColumns };

// What people write above a column, the surest first.
const std::array<std::vector<std::string_view>, kColumns> kHeadings{{
    {"物资名称", "物资", "物品名称", "物品", "品名", "需求物资", "名称"},
    {"需求数量", "数量", "需求量", "需要数量", "缺口"},
    {"单位", "计量单位"},
    {"地点", "接收单位", "受助单位", "需求单位", "医院", "机构", "收货地址", "地址"},
    {"时间", "日期", "发布时间", "填报时间", "登记时间"},
    {"联系人", "收货人", "接收人"},
    {"电话", "联系电话", "手机", "联系方式"},
    {"紧急", "紧急程度", "是否紧急", "加急"},
    {"填报人", "上报人", "登记人"},
}};

using Columns = std::array<std::optional<std::size_t>, kColumns>;

Columns columns_of(const std::vector<std::string>& header) {
  Columns columns;
  for (std::size_t column = 0; column < kColumns; ++column) {
    for (const std::string_view word : kHeadings[column]) {
      for (std::size_t i = 0; i < header.size() && !columns[column]; ++i) {
        if (trimmed(header[i]) == word) columns[column] = i;
      }
    }
  }
  return columns;
}

std::string cell(const std::vector<std::string>& row, const Columns& columns, Column column) {
  if (!columns[column] || *columns[column] >= row.size()) return {};
  std::string text(trimmed(row[*columns[column]]));
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

bool says_urgent(const std::string& text) {
  return !text.empty() && text != "否" && text != "一般" && text != "不急" && text != "0";
}

/// The row as somebody would say it.
std::string as_said(const std::vector<std::string>& row, const Columns& columns) {
  std::string text = says_urgent(cell(row, columns, urgent)) ? "急需 " : "需要 ";
  text += cell(row, columns, goods);
  if (const std::string figure = cell(row, columns, amount); !figure.empty()) {
    text += " " + figure + cell(row, columns, unit);
  }
  if (const std::string to = cell(row, columns, place); !to.empty()) text += " 到 " + to;
  const std::string who = cell(row, columns, person), call = cell(row, columns, telephone);
  if (!call.empty()) text += "\n联系人 " + who + " " + call;
  return text;
}

}  // namespace

void read_copied_chat(std::istream& in, const LogOrigin& origin, const TakeMessage& take_message) {
  Messages messages(origin, "copied");
  std::optional<Heading> said;
  std::string text, line;
  std::set<std::string> names;  // of headings that stood after an empty line
  int first = 0;
  const auto finish = [&] {
    while (text.ends_with('\n')) text.pop_back();
    if (said && !text.empty()) {
      const auto seconds = said->time.time_since_epoch().count();
      take_message(first, messages.make(said->name, said->time, text,
                                        fmt::format("{}\n{}\n{}\n{}", origin.group, said->name,
                                                    seconds, text)));
    }
    text.clear();
  };
  bool apart = true;
  for (int number = 1; std::getline(in, line); ++number) {
    if (number == 1 && line.starts_with(kMark)) line.erase(0, kMark.size());
    if (line.ends_with('\r')) line.pop_back();
    auto head = heading(line, *origin.zone);
    // Inside a message, a line that ends in a time is a heading only where its name is known.
    if (head && (apart || names.contains(head->name))) {
      finish();
      names.insert(head->name);
      said = std::move(head);
      first = number;
      apart = false;
      continue;
    }
    apart = trimmed(line).empty();
    text += line + "\n";
  }
  finish();
}

bool is_needs_table(const std::string& first_line) {
  std::string line = first_line.starts_with(kMark) ? first_line.substr(kMark.size()) : first_line;
  const char separator = separator_of(line);
  if (line.find(separator) == std::string::npos) return false;
  std::istringstream none;
  int number = 0;
  return columns_of(cells(none, line, separator, number))[goods].has_value();
}

void read_needs_table(std::istream& in, const LogOrigin& origin, const TakeMessage& take_message) {
  std::string line;
  int number = 1;
  if (!std::getline(in, line)) return;
  if (line.starts_with(kMark)) line.erase(0, kMark.size());
  const char separator = separator_of(line);
  const Columns columns = columns_of(cells(in, line, separator, number));
  if (!columns[goods]) throw std::runtime_error("the first row names no column of goods (物资)");
  Messages messages(origin, "table");
  while (std::getline(in, line)) {
    const int first = ++number;
    const auto row = cells(in, line, separator, number);
    if (cell(row, columns, goods).empty()) continue;
    const std::string text = as_said(row, columns);
    const std::string told = cell(row, columns, when);
    const auto time = moment(told, *origin.zone);
    std::string who = cell(row, columns, teller);
    if (who.empty()) who = "需求表";
    take_message(first,
                 messages.make(who, time.value_or(origin.now), text,
                               fmt::format("{}\n{}\n{}\n{}", origin.group, who, told, text)));
  }
}
