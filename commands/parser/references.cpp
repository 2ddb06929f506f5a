#include "commands/parser/references.h"

#include <algorithm>

#include "commands/parser/lexicon.h"
#include "commands/parser/numeral.h"

namespace {

struct ActWord {
  std::u32string_view word;
  Action action;
  Act act = Act::received;
};

// Longest first where one begins another.
constexpr ActWord kActWords[] = {
    {U"没有收到", Action::reference, Act::not_received},
    {U"没收到", Action::reference, Act::not_received},
    {U"未收到", Action::reference, Act::not_received},
    {U"已收到", Action::reference, Act::received},
    {U"收到", Action::reference, Act::received},
    {U"签收", Action::reference, Act::received},
    {U"已发出", Action::reference, Act::in_transit},
    {U"发出", Action::reference, Act::in_transit},
    {U"已发货", Action::reference, Act::in_transit},
    {U"发货", Action::reference, Act::in_transit},
    {U"已完成", Action::reference, Act::done},
    {U"完成", Action::reference, Act::done},
    {U"加急", Action::reference, Act::urgent},
    {U"另一批", Action::reference, Act::another},
    {U"不是", Action::reference, Act::no},
    {U"是", Action::reference, Act::yes},
    {U"确认", Action::reference, Act::confirm},
    {U"受阻", Action::reference, Act::blocked},
    {U"无货", Action::reference, Act::none_left},
    {U"已核实", Action::verify},
    {U"核实", Action::verify},
    {U"存疑", Action::verify},
    {U"撤销", Action::cancel},
    {U"撤消", Action::cancel},  // as it is often typed
    {U"撤回", Action::cancel},
    {U"作废", Action::cancel},
    {U"删除", Action::cancel},
    {U"删掉", Action::cancel},
    {U"取消", Action::cancel},
};

const ActWord* take_act(Cursor& cursor) {
  const char32_t first = cursor.peek();
  for (const ActWord& word : kActWords) {
    if (word.word.front() == first && cursor.take(word.word)) return &word;
  }
  return nullptr;
}

Statement act_statement(const ActWord& word, std::int64_t ref) {
  Statement s;
  s.action = word.action;
  s.act = word.act;
  s.word = to_utf8(word.word == U"已核实" ? U"核实" : word.word);
  s.ref = ref;
  return s;
}

/// A figure with its unit, where one stands here.
struct SaidFigure {
  Numeral number;
  std::string unit;
  Span span;
};
std::optional<SaidFigure> take_figure(const Text& text, Cursor& cursor) {
  const Numeral numeral =
      read_numeral(std::u32string_view(text.key).substr(0, cursor.end()), cursor.at());
  const bool negative = cursor.peek() == U'-';
  if (numeral.end == cursor.at() ||
      (!numeral.digits && !negative && longest_unit(text.key, numeral.end) == 0))
    return std::nullopt;
  SaidFigure said{numeral, "", text.original(cursor.at(), numeral.end)};
  cursor.move(numeral.end);
  cursor.blanks();
  if (const auto unit = longest_unit(cursor.key(), 0); unit != 0) {
    said.unit = to_utf8(std::u32string_view(text.shown).substr(cursor.at(), unit));
    cursor.move(cursor.at() + unit);
  }
  return said;
}

void signs(Cursor& cursor) {
  do {
    cursor.separators();
  } while (!cursor.take_any({U"(", U")", U"（", U"）"}).empty());
}

/// 480, 应到500 实到480, 480（应到500）, 480，短少20: in any order. False where they do not agree.
bool figures(const Text& text, Cursor& cursor, Statement& s) {
  std::optional<Quantity> lacking;
  for (;;) {
    Cursor next = cursor;
    signs(next);
    const bool receipt = s.action == Action::reference && s.act == Act::received;
    const bool due = receipt && !next.take_any({U"应到", U"应收"}).empty();
    const bool lacks =
        receipt && !due &&
        !next.take_any({U"短少了", U"短少", U"少了", U"少收", U"少", U"差", U"缺"}).empty();
    const bool came = !due && !lacks && !next.take_any({U"实到", U"实收"}).empty();
    next.separators();
    const auto said = take_figure(text, next);
    const bool taken = due     ? s.expected.has_value()
                       : lacks ? lacking.has_value()
                               : s.quantity.has_value();
    if (!said || taken) return !came && !due && !lacks;
    cursor = next;
    if (due) {
      s.expected = said->number.value;
    } else if (lacks) {
      lacking = said->number.value;
    } else {
      s.quantity = said->number.value;
      s.approx = said->number.approx;
      s.quantity_span = said->span;
      s.unit = said->unit;
    }
    if (lacking && s.quantity) {
      const Quantity whole = *s.quantity + *lacking;
      if (s.expected && s.expected != whole) return false;
      s.expected = whole;
    }
    signs(cursor);
  }
}

/// What follows the numbers of a reference: 300只, 400 到 三院, or a reason. False where its
/// figures make no sense.
bool details(const Text& text, Cursor& cursor, Statement& s) {
  cursor.separators();
  if (cursor.done()) return true;
  if (!figures(text, cursor, s) || (s.expected && !s.quantity)) return false;
  cursor.separators();
  if (!cursor.take_any({U"到", U"给", U"往", U"至", U"→"}).empty()) {
    cursor.blanks();
    s.place = cursor.rest();
    cursor.move(cursor.end());
    return true;
  }
  s.rest = cursor.rest();
  return true;
}

bool at_more(const Cursor& cursor) {
  Cursor next = cursor;
  next.separators();
  return !next.done() && (next.peek() == U'#' || take_act(next) != nullptr);
}

}  // namespace

bool read_references(const Text& text, Cursor cursor, Reading& out) {
  std::optional<std::int64_t> lead = cursor.reference();
  if (lead) cursor.blanks();
  const ActWord* word = take_act(cursor);
  if (word == nullptr) return false;
  if (lead) {
    Statement s = act_statement(*word, *lead);
    if (!details(text, cursor, s)) return false;
    if (!s.rest.empty() && word->action == Action::reference && word->act != Act::blocked)
      return false;
    out.statements.push_back(std::move(s));
    return true;
  }
  cursor.separators();
  if (word->act == Act::confirm && word->action == Action::reference && cursor.peek() != U'#') {
    const auto held = cursor.number();
    if (!held || !cursor.done()) return false;
    out.statements.push_back(act_statement(*word, *held));
    return true;
  }
  auto ref = cursor.reference();
  if (!ref) return false;
  while (ref && out.statements.size() < 100) {
    Statement s = act_statement(*word, *ref);
    if (!at_more(cursor)) {
      // The details end where the next number begins.
      std::size_t stop = cursor.at();
      while (stop < cursor.end() && text.key[stop] != U'#') ++stop;
      Cursor own(text, cursor.at(), stop);
      while (stop < cursor.end() && own.end() > own.at() &&
             (text.key[own.end() - 1] == U'，' || text.key[own.end() - 1] == U',' ||
              text.key[own.end() - 1] == U'、')) {
        own = Cursor(text, own.at(), own.end() - 1);
      }
      if (!details(text, own, s)) return false;
      cursor.move(stop);
    }
    out.statements.push_back(std::move(s));
    cursor.separators();
    cursor.take_any({U"和", U"及"});
    ref = cursor.reference();
  }
  return true;
}

bool lacks_number(Cursor line) {
  if (take_act(line) == nullptr) {
    const LexemeHit verb = longest_lexeme(line.key(), 0);
    if (verb.length == 0 || verb.lexeme->role != Role::verb) return false;
    line.move(line.at() + verb.length);
  }
  line.separators();
  if (!line.take(U"#")) return false;
  const auto said = line.key();  // 撤销 #abc
  return std::all_of(said.begin(), said.end(), [](char32_t c) { return c > U' ' && c < 0x80; });
}
