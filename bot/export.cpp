#include "bot/export.h"

#include <array>
#include <cstdio>
#include <fstream>

#include <fmt/format.h>

#include "bot/calendar.h"
#include "bot/json.h"
#include "bot/platform.h"
#include "bot/setup.h"
#include "commands/wording.h"

namespace {

constexpr std::int64_t kPage = 1000;
constexpr std::int64_t kTellEvery = 10'000;

// A spreadsheet runs a cell that begins with one of these; the last four are their wide forms.
constexpr std::array<std::string_view, 10> kFormulaStarts{"=",  "+",  "-",  "@",  "\t",
                                                          "\r", "＝", "＋", "－", "＠"};

bool in_days(const Days& days, std::int64_t day) {
  return (!days.from || day >= *days.from) && (!days.to || day <= *days.to);
}

/// Written beside its target and renamed: whoever finds the target finds all of it.
class WholeFile {
 public:
  explicit WholeFile(const std::string& file)
      : file_(file),
        partial_(file + ".partial"),
        out_(partial_, std::ios::binary | std::ios::trunc) {}
  ~WholeFile() {
    if (!kept_) std::remove(partial_.c_str());
  }
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  std::ofstream& out() { return out_; }
  void keep() {
    out_.close();
    kept_ = !out_.fail() && std::rename(partial_.c_str(), file_.c_str()) == 0;
    if (!kept_) throw Failure(fmt::format("cannot write {}", file_));
  }

 private:
  std::string file_, partial_;
  std::ofstream out_;
  bool kept_ = false;
};

class Counter {
 public:
  explicit Counter(const ExportProgress& progress) : progress_(progress) {}
  void one() {
    if (++count_ % kTellEvery == 0 && progress_) progress_(count_);
  }

 private:
  const ExportProgress& progress_;
  std::int64_t count_ = 0;
};

std::string maybe(const std::optional<Quantity>& quantity) {
  return quantity ? to_string(*quantity) : std::string();
}

}  // namespace

std::vector<std::string> groups_of(Database& database, const ExportScope& scope) {
  if (!scope.groups.empty()) return scope.groups;
  return scope.group ? std::vector<std::string>{*scope.group} : group_ids(database);
}

void each_entry(Database& database, const ExportScope& scope, const Policy& policy,
                const std::function<void(const std::string&, const EntryRow&)>& take) {
  for (const std::string& group : groups_of(database, scope)) {
    for (std::int64_t after = 0;;) {
      const auto page = entries(database, group, std::nullopt, after, kPage);
      for (const EntryRow& row : page) {
        if (in_days(scope.days, policy.day(group, row.time))) take(group, row);
      }
      if (page.size() < static_cast<std::size_t>(kPage)) break;
      after = page.back().id;
    }
  }
}

std::string csv_cell(std::string_view text) {
  std::string cell(text);
  for (const auto start : kFormulaStarts) {
    if (text.starts_with(start)) {
      cell.insert(0, "'");
      break;
    }
  }
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

void export_csv(const std::string& file, Database& database, const ExportScope& scope,
                const Policy& policy, const ExportProgress& progress) {
  WholeFile whole(file);
  Counter counter(progress);
  std::ofstream& out = whole.out();
  out << "\xEF\xBB\xBF"
         "群,编号,时间,类别,物资,数量,单位,原话,地点,对方,约数,价值(元),发送者,消息,关于,"
         "撤销于\r\n";
  each_entry(database, scope, policy, [&](const std::string& group, const EntryRow& row) {
    const auto kind = kind_from(row.kind);
    out << csv_cell(without_prefix(group)) << ',' << row.id << ',' << print_rfc3339(row.time) << ','
        << csv_cell(kind ? verb(*kind) : row.kind) << ',' << csv_cell(row.item.value_or("")) << ','
        << maybe(row.quantity) << ',' << csv_cell(row.unit) << ',' << csv_cell(row.said) << ','
        << csv_cell(row.place.value_or("")) << ',' << csv_cell(row.counterpart.value_or("")) << ','
        << (row.approx ? "约" : "") << ',' << maybe(row.value) << ','
        << csv_cell(without_prefix(row.user)) << ',' << csv_cell(row.text) << ','
        << (row.ref ? std::to_string(*row.ref) : "") << ','
        << (row.voided_by ? std::to_string(*row.voided_by) : "") << "\r\n";
    counter.one();
  });
  whole.keep();
}

void export_json(const std::string& file, Database& database, const ExportScope& scope,
                 const Policy& policy, const ExportProgress& progress) {
  WholeFile whole(file);
  Counter counter(progress);
  std::ofstream& out = whole.out();
  const auto list = [&](std::string_view name, const auto& rows) {
    out << '"' << name << "\":[";
    for (std::size_t i = 0; i < rows.size(); ++i)
      out << (i == 0 ? "\n" : ",\n") << dump(to_json(rows[i]));
    out << "],\n";
  };
  out << '{';
  list("totals",
       totals(database, {.group = scope.group, .item = {}, .place = {}, .days = scope.days}));
  list("needs", needs(database, scope.group, std::nullopt, NeedStatus::all));
  list("metrics", metrics(database, scope.group, scope.days));
  out << "\"entries\":[";
  bool first = true;
  each_entry(database, scope, policy, [&](const std::string& group, const EntryRow& row) {
    auto json = to_json(row);
    json["group"] = without_prefix(group);
    out << (first ? "\n" : ",\n") << dump(json);
    first = false;
    counter.one();
  });
  out << "]}\n";
  whole.keep();
}
