#include "commands/parser/table.h"

#include <algorithm>
#include <vector>

#include "commands/parser/grammar.h"
#include "commands/parser/lexicon.h"
#include "commands/parser/numeral.h"

namespace {

using View = std::u32string_view;

constexpr std::size_t kColumns = 40;
constexpr std::size_t kHeaders = 8;  ///< rows that may be the header
constexpr std::size_t kHeader = 20;  ///< code points of a header cell

struct Cell {
  std::size_t from = 0, to = 0;
  bool empty() const { return from == to; }
};
using Row = std::vector<Cell>;

/// What stands in a column.
enum class Use { ignored, place, giver, item, unit, figure };

struct Column {
  Use role = Use::ignored;
  const Lexeme* verb = nullptr;  ///< figure: 需求数量, 已发放
  Cell goods;                    ///< figure: the goods that the header names, where it does
  std::string unit;              ///< figure: 口罩(只)
};

bool contains(View text, View word) { return text.find(word) != View::npos; }
bool any_of(View text, std::initializer_list<View> words) {
  return std::any_of(words.begin(), words.end(), [&](View w) { return contains(text, w); });
}

class TableReader {
 public:
  TableReader(const Text& text, const Catalogue& catalogue, std::vector<bool> tabs)
      : text_(text), key_(text.key), catalogue_(catalogue), tabs_(std::move(tabs)) {}

  std::optional<Reading> read() {
    split();
    std::size_t tried = 0;
    for (std::size_t i = 0; i + 1 < rows_.size() && tried < kHeaders; ++i) {
      tried += rows_[i].size() > 1;
      if (!header(i)) continue;
      head_end_ = rows_[i].front().from;
      verb_of_head();
      std::size_t r = i + 1;
      while (r < rows_.size() && rows_[r].size() <= columns_.size() && rows_[r].size() > 1) {
        row(rows_[r++]);
      }
      if (out_.statements.empty()) return std::nullopt;
      return finish();
    }
    return std::nullopt;
  }

 private:
  View key(Cell cell) const { return key_.substr(cell.from, cell.to - cell.from); }
  std::string shown(Cell cell) const {
    return to_utf8(View(text_.shown).substr(cell.from, cell.to - cell.from));
  }

  Cell trimmed(std::size_t from, std::size_t to) const {
    while (from < to && key_[from] == U' ') ++from;
    while (to > from && key_[to - 1] == U' ') --to;
    return {from, to};
  }

  void split() {
    const bool tabbed = std::find(tabs_.begin(), tabs_.end(), true) != tabs_.end();
    tabbed_ = tabbed;
    Row row;
    std::size_t from = 0;
    for (std::size_t i = 0; i <= key_.size(); ++i) {
      const bool end = i == key_.size() || key_[i] == U'\n';
      const bool blank = !end && key_[i] == U' ';
      const bool wall = tabbed ? !end && tabs_[i] : blank;
      if (!end && !wall) continue;
      const Cell cell = trimmed(from, i);
      from = i + 1;
      // Blanks in a row are one wall; two tabs are an empty cell between them.
      if (tabbed || !cell.empty()) row.push_back(cell);
      if (!end) continue;
      while (!row.empty() && row.back().empty()) row.pop_back();
      if (!row.empty() && row.size() <= kColumns) rows_.push_back(std::move(row));
      row.clear();
    }
  }

  /// A plain figure with at most a counting word: 200, 200只, 1.5万.
  std::optional<Numeral> figure(Cell cell) const {
    if (cell.empty()) return std::nullopt;
    const Numeral numeral = read_numeral(key_.substr(0, cell.to), cell.from);
    if (numeral.end == cell.from || !numeral.digits || !numeral.value) return std::nullopt;
    const std::size_t unit = longest_unit(key_.substr(0, cell.to), numeral.end);
    if (numeral.end + unit != cell.to) return std::nullopt;
    return numeral;
  }

  bool header(std::size_t at) {
    const Row& head = rows_[at];
    const Row& next = rows_[at + 1];
    if (head.size() < 2 || next.size() < 2 || next.size() > head.size()) return false;
    if (!tabbed_ && next.size() != head.size()) return false;
    columns_.assign(head.size(), {});
    bool item = false, figures = false, known = true;
    for (std::size_t c = 0; c < head.size(); ++c) {
      if (key(head[c]).size() > kHeader || figure(head[c])) return false;
      columns_[c] = column(at, c);
      item = item || columns_[c].role == Use::item;
      figures = figures || columns_[c].role == Use::figure;
      if (columns_[c].role == Use::figure && !columns_[c].goods.empty())
        known = known && catalogue_.find(shown(columns_[c].goods)) != nullptr;
    }
    if (!figures) return false;
    std::size_t goods = 0;
    for (Column& c : columns_) {
      if (c.role != Use::figure) continue;
      if (!item && c.goods.empty()) c.role = Use::ignored;
      // Beside a column of goods, a figure is about those.
      if (item) c.goods = {};
      goods += c.role == Use::figure;
    }
    return tabbed_ ? goods > 0 : goods > 1 && known && !item;
  }

  Column column(std::size_t at, std::size_t c) const {
    Column column;
    Cell cell = rows_[at][c];
    const View name = key(cell);
    const auto cells = [&](const auto& fits) {
      std::size_t many = 0;
      for (std::size_t r = at + 1; r < rows_.size() && rows_[r].size() > c; ++r) {
        const Cell value = rows_[r][c];
        if (value.empty()) continue;
        if (!fits(value)) return false;
        ++many;
      }
      return many > 0;
    };
    const bool counts =
        std::any_of(rows_.begin() + static_cast<std::ptrdiff_t>(at) + 1, rows_.end(),
                    [&](const Row& r) { return r.size() > c && figure(r[c]).has_value(); });
    if (any_of(name, {U"序号", U"编号", U"备注", U"规格", U"型号", U"电话", U"手机", U"日期",
                      U"时间", U"地址", U"价", U"金额", U"合计", U"总计", U"单号"})) {
      return column;
    }
    if (!counts) {
      const bool units =
          contains(name, U"单位") && cells([&](Cell value) {
            return longest_unit(key_.substr(0, value.to), value.from) == value.to - value.from;
          });
      if (units)
        column.role = Use::unit;
      else if (any_of(name, {U"捐赠人", U"捐赠方", U"捐赠单位", U"来源", U"供应", U"供货"}))
        column.role = Use::giver;
      else if (any_of(name, {U"物资", U"物品", U"品名", U"品种", U"货", U"项目", U"种类"}) ||
               name == U"名称")
        column.role = Use::item;
      else if (any_of(name, {U"单位", U"医院", U"地点", U"社区", U"街道", U"村", U"卡点", U"去向",
                             U"发往", U"学校", U"机构", U"接收", U"点位", U"目的地"}) ||
               c == 0)
        column.role = Use::place;
      return column;
    }
    column.role = Use::figure;
    // 口罩(只), 数量（箱）
    const auto open = name.find_first_of(U"(（");
    if (open != View::npos && open > 0) {
      const std::size_t unit = longest_unit(key_, cell.from + open + 1);
      if (unit != 0) {
        column.unit = to_utf8(View(text_.shown).substr(cell.from + open + 1, unit));
      }
      cell.to = cell.from + open;
    }
    cell = trimmed(cell.from, cell.to);
    for (std::size_t i = cell.from; i < cell.to; ++i) {
      const auto hit = longest_lexeme(key_.substr(0, cell.to), i);
      if (hit.length == 0 || (hit.lexeme->role != Role::verb && hit.lexeme->role != Role::weak))
        continue;
      column.verb = hit.lexeme;
      if (i == cell.from) cell.from += hit.length;  // 需求口罩
      break;
    }
    View goods = key(cell);
    for (const View tail : {U"数量", U"数", U"量", U"件数"}) {
      if (goods.ends_with(tail) && catalogue_.find(shown(cell)) == nullptr) {
        goods.remove_suffix(tail.size());
        cell.to -= tail.size();
      }
    }
    const bool named = !goods.empty() && (catalogue_.find(shown(cell)) != nullptr ||
                                          (column.verb == nullptr && goods.size() >= 2));
    if (named) column.goods = cell;
    return column;
  }

  /// What the lines above the table say happened: 今日发放明细, 【急需】.
  void verb_of_head() {
    for (std::size_t i = 0; i < head_end_; ++i) {
      const auto hit = longest_lexeme(key_, i);
      if (hit.length == 0) continue;
      urgent_ = urgent_ || hit.lexeme->urgent;
      if (hit.lexeme->role == Role::verb) head_ = hit.lexeme;
      i += hit.length - 1;
    }
  }

  void row(const Row& cells) {
    const View first = key(cells.front());
    if (any_of(first, {U"合计", U"总计", U"小计", U"共计", U"汇总"})) return;
    Cell item, unit, place, giver;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      Cell* to = nullptr;
      if (columns_[c].role == Use::item) to = &item;
      if (columns_[c].role == Use::unit) to = &unit;
      if (columns_[c].role == Use::place) to = &place;
      if (columns_[c].role == Use::giver) to = &giver;
      if (to != nullptr && to->empty()) *to = cells[c];
    }
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const Column& column = columns_[c];
      if (column.role != Use::figure || out_.statements.size() >= kMaxListed) continue;
      const auto numeral = figure(cells[c]);
      if (!numeral || *numeral->value == Quantity{}) continue;
      const Cell goods = column.goods.empty() ? item : column.goods;
      if (goods.empty() || goods.to - goods.from > kHeader) continue;
      add(column, cells[c], *numeral, goods, unit, place, giver);
    }
  }

  void add(const Column& column, Cell cell, const Numeral& numeral, Cell goods, Cell unit,
           Cell place, Cell giver) {
    Statement s;
    const Lexeme* verb = column.verb != nullptr ? column.verb : head_;
    if (verb != nullptr) {
      s.action = verb->action;
      s.word = to_utf8(verb->word);
      s.urgent = s.action == Action::need && (verb->urgent || urgent_);
      s.replaces = s.action == Action::need && verb->replaces;
      s.adds = s.action == Action::need && verb->adds;
    }
    s.item = shown(goods);
    if (const auto* known = catalogue_.find(s.item)) s.canonical = known->name;
    s.quantity = numeral.value;
    s.max = numeral.max;
    s.approx = numeral.approx;
    if (numeral.end < cell.to)
      s.unit = shown({numeral.end, cell.to});
    else if (!column.unit.empty())
      s.unit = column.unit;
    else if (!unit.empty())
      s.unit = shown(unit);
    if (!place.empty()) s.place = shown(place);
    if (!giver.empty()) s.counterpart = shown(giver);
    // Who gives stands where others have their place.
    if (s.action == Action::offer && s.counterpart.empty()) std::swap(s.place, s.counterpart);
    s.span = text_.original(cell.from, cell.to);
    s.quantity_span = s.span;
    s.item_span = text_.original(goods.from, goods.to);
    out_.statements.push_back(std::move(s));
  }

  std::optional<Reading> finish() {
    for (const Statement& s : out_.statements) {
      if (s.action != Action::other) {
        out_.intent = s.action;
        break;
      }
    }
    out_.addressed = out_.intent != Action::other;
    return std::move(out_);
  }

  const Text& text_;
  View key_;
  const Catalogue& catalogue_;
  std::vector<bool> tabs_;  ///< for each position of the text: a tab stood here
  bool tabbed_ = false;
  std::vector<Row> rows_;
  std::vector<Column> columns_;
  std::size_t head_end_ = 0;
  const Lexeme* head_ = nullptr;
  bool urgent_ = false;
  Reading out_;
};

/// Where tabs stood, by position of the folded text.
std::vector<bool> tabs_in(std::string_view bytes, const Text& text) {
  std::vector<bool> at_point;
  for (const char byte : bytes) {
    if ((static_cast<unsigned char>(byte) & 0xC0) != 0x80) at_point.push_back(byte == '\t');
  }
  std::vector<bool> tabs(text.key.size(), false);
  for (std::size_t i = 0; i < tabs.size(); ++i) {
    tabs[i] = text.key[i] == U' ' && text.origin[i] < at_point.size() && at_point[text.origin[i]];
  }
  return tabs;
}

}  // namespace

std::optional<Reading> read_table(std::string_view bytes, const Text& text,
                                  const Catalogue& catalogue) {
  // Two rows at least, and something between cells.
  const auto line = text.key.find(U'\n');
  if (line == std::u32string::npos || text.key.find(U' ') == std::u32string::npos) {
    return std::nullopt;
  }
  return TableReader(text, catalogue, tabs_in(bytes, text)).read();
}
