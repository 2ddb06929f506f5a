#include "bot/workbook.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <xlsxwriter.h>

#include "bot/calendar.h"
#include "bot/platform.h"
#include "bot/setup.h"
#include "commands/brief.h"
#include "commands/wording.h"
#include "storage/contacts.h"

namespace {

constexpr std::size_t kLongestCell = 32'000;    // bytes; Excel's limit is 32,767 characters
constexpr std::uint32_t kMostRows = 1'048'576;  // of one sheet
constexpr std::int64_t kTellEvery = 10'000;

struct Column {
  const char* name;
  double width;
};

/// One sheet, written row by row from the top.
class Sheet {
 public:
  Sheet(lxw_workbook* book, const char* name, const std::vector<Column>& columns,
        lxw_format* heading, lxw_format* figure)
      : sheet_(workbook_add_worksheet(book, name)), columns_(columns.size()), figure_(figure) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto column = static_cast<lxw_col_t>(i);
      worksheet_set_column(sheet_, column, column, columns[i].width, nullptr);
      worksheet_write_string(sheet_, 0, column, columns[i].name, heading);
    }
    worksheet_freeze_panes(sheet_, 1, 0);
    worksheet_set_landscape(sheet_);
    worksheet_set_paper(sheet_, 9);  // A4
    worksheet_fit_to_pages(sheet_, 1, 0);
    worksheet_repeat_rows(sheet_, 0, 0);
    worksheet_set_footer(sheet_, "&C&P / &N");
  }

  void row() {
    ++row_;
    column_ = 0;
  }
  bool full() const { return row_ + 1 >= kMostRows; }
  void text(std::string_view words) {
    std::string cell(words.substr(0, kLongestCell));
    // Not in the middle of a character.
    while (cell.size() < words.size() &&
           (static_cast<unsigned char>(words[cell.size()]) & 0xc0) == 0x80) {
      cell.pop_back();
    }
    if (!cell.empty()) check(worksheet_write_string(sheet_, row_, column_, cell.c_str(), nullptr));
    ++column_;
  }
  void number(double value) {
    check(worksheet_write_number(sheet_, row_, column_++, value, figure_));
  }
  void number(Quantity quantity) { number(static_cast<double>(quantity.thousandths) / 1000.0); }
  void number(const std::optional<Quantity>& quantity) {
    if (quantity) return number(*quantity);
    ++column_;
  }
  void number(const std::optional<std::int64_t>& value) {
    if (value) return number(static_cast<double>(*value));
    ++column_;
  }
  void close() {
    worksheet_autofilter(sheet_, 0, 0, std::max(row_, 1U), static_cast<lxw_col_t>(columns_ - 1));
  }

 private:
  static void check(lxw_error error) {
    if (error != LXW_NO_ERROR)
      throw Failure(fmt::format("cannot write a cell: {}", lxw_strerror(error)));
  }

  lxw_worksheet* sheet_;
  std::size_t columns_;
  lxw_format* figure_;
  lxw_row_t row_ = 0;
  lxw_col_t column_ = 0;
};

/// Closes the book on every way out; libxlsxwriter frees it then.
class Book {
 public:
  explicit Book(const std::string& file) {
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    book_ = workbook_new_opt(file.c_str(), &options);
    if (book_ == nullptr) throw Failure(fmt::format("cannot write {}", file));
    heading_ = workbook_add_format(book_);
    format_set_bold(heading_);
    format_set_bg_color(heading_, 0xD9EAE7);
    format_set_bottom(heading_, LXW_BORDER_THIN);
    figure_ = workbook_add_format(book_);
    format_set_num_format(figure_, "#,##0.###");
  }
  Book(const Book&) = delete;
  Book& operator=(const Book&) = delete;
  ~Book() {
    if (book_ != nullptr) workbook_close(book_);
  }

  Sheet sheet(const char* name, const std::vector<Column>& columns) {
    return {book_, name, columns, heading_, figure_};
  }
  lxw_error close() {
    const lxw_error error = workbook_close(book_);
    book_ = nullptr;
    return error;
  }

 private:
  lxw_workbook* book_;
  lxw_format* heading_;
  lxw_format* figure_;
};

void write_totals(Book& book, const Brief& brief) {
  Sheet sheet = book.sheet("汇总", {{"物资", 22},
                                    {"单位", 8},
                                    {"需要", 12},
                                    {"还缺", 12},
                                    {"未报数", 8},
                                    {"待捐", 12},
                                    {"在途", 12},
                                    {"收到", 12},
                                    {"发放", 12},
                                    {"消耗", 12},
                                    {"损耗", 12},
                                    {"库存", 12}});
  for (const TotalRow& t : brief.totals) {
    sheet.row();
    sheet.text(t.item);
    sheet.text(t.unit);
    sheet.number(t.needed);
    sheet.number(t.outstanding);
    sheet.number(static_cast<double>(t.unknown));
    for (const Quantity q :
         {t.offered, t.in_transit, t.received, t.distributed, t.used, t.lost, t.stock}) {
      sheet.number(q);
    }
  }
  sheet.close();
}

void write_needs(Book& book, const Brief& brief) {
  Sheet sheet = book.sheet("缺口", {{"群", 16},
                                    {"编号", 8},
                                    {"急", 6},
                                    {"地点", 26},
                                    {"物资", 22},
                                    {"需要", 12},
                                    {"已到", 12},
                                    {"在途", 12},
                                    {"还缺", 12},
                                    {"单位", 8},
                                    {"核实", 6},
                                    {"时间", 22}});
  for (const NeedRow& n : brief.gaps) {
    sheet.row();
    sheet.text(without_prefix(n.group));
    sheet.number(static_cast<double>(n.id));
    sheet.text(n.urgent ? "急" : "");
    sheet.text(n.place.value_or(""));
    sheet.text(n.item);
    sheet.number(n.quantity);
    sheet.number(n.fulfilled);
    sheet.number(n.in_transit);
    sheet.number(n.outstanding);
    sheet.text(n.unit);
    sheet.text(n.verified ? "是" : "");
    sheet.text(print_rfc3339(n.time));
  }
  sheet.close();
}

void write_work(Book& book, const Brief& brief) {
  Sheet sheet = book.sheet("工作", {{"名称", 22}, {"数量", 14}, {"单位", 12}});
  for (const MetricRow& m : brief.metrics) {
    sheet.row();
    sheet.text(m.name);
    sheet.number(m.quantity);
    sheet.text(m.unit);
  }
  sheet.close();
}

void write_entries(Book& book, Database& database, const ExportScope& scope, const Policy& policy,
                   const ExportProgress& progress) {
  Sheet sheet = book.sheet("明细", {{"群", 16},
                                    {"编号", 8},
                                    {"时间", 22},
                                    {"类别", 8},
                                    {"物资", 22},
                                    {"数量", 12},
                                    {"单位", 8},
                                    {"原话", 24},
                                    {"地点", 24},
                                    {"对方", 16},
                                    {"约数", 6},
                                    {"价值(元)", 12},
                                    {"发送者", 14},
                                    {"消息", 48},
                                    {"关于", 8},
                                    {"撤销于", 8}});
  std::int64_t count = 0;
  each_entry(database, scope, policy, [&](const std::string& group, const EntryRow& e) {
    if (sheet.full())
      throw Failure("a sheet holds 1,048,575 entries: export fewer days, or as csv");
    const auto kind = kind_from(e.kind);
    sheet.row();
    sheet.text(without_prefix(group));
    sheet.number(static_cast<double>(e.id));
    sheet.text(print_rfc3339(e.time));
    sheet.text(kind ? verb(*kind) : std::string_view(e.kind));
    sheet.text(e.item.value_or(""));
    sheet.number(e.quantity);
    sheet.text(e.unit);
    sheet.text(e.said);
    sheet.text(e.place.value_or(""));
    sheet.text(e.counterpart.value_or(""));
    sheet.text(e.approx ? "约" : "");
    sheet.number(e.value);
    sheet.text(without_prefix(e.user));
    sheet.text(e.text);
    sheet.number(e.ref);
    sheet.number(e.voided_by);
    if (++count % kTellEvery == 0 && progress) progress(count);
  });
  sheet.close();
}

void write_contacts(Book& book, Database& database, const ExportScope& scope) {
  Sheet sheet = book.sheet("联系人", {{"群", 16}, {"编号", 8}, {"姓名", 16}, {"电话", 20}});
  for (const std::string& group : groups_of(database, scope)) {
    for (const auto& of : Contacts(database).of_group(group)) {
      sheet.row();
      sheet.text(without_prefix(group));
      sheet.number(static_cast<double>(of.number));
      sheet.text(of.contact.name);
      sheet.text(of.contact.number);
    }
  }
  sheet.close();
}

}  // namespace

void write_workbook(const std::string& file, Database& database, const ExportScope& scope,
                    const Policy& policy, const Sheets& sheets, const ExportProgress& progress) {
  const std::string partial = file + ".partial";
  try {
    Book book(partial);
    const Brief made = brief(database, Scope{"", scope.group, scope.groups}, scope.days, policy);
    write_totals(book, made);
    write_needs(book, made);
    write_work(book, made);
    if (sheets.entries) write_entries(book, database, scope, policy, progress);
    if (sheets.contacts) write_contacts(book, database, scope);
    if (const lxw_error error = book.close(); error != LXW_NO_ERROR) {
      throw Failure(fmt::format("cannot write {}: {}", file, lxw_strerror(error)));
    }
    if (std::rename(partial.c_str(), file.c_str()) != 0)
      throw Failure(fmt::format("cannot write {}", file));
  } catch (...) {
    std::remove(partial.c_str());
    throw;
  }
}
