#include "commands/parser/amend.h"

#include <array>

#include "commands/parser/clause.h"

namespace {

bool says(std::u32string_view key, std::u32string_view word) {
  return key.find(word) != std::u32string_view::npos;
}

/// Somebody says that what was written is wrong.
bool admits(std::u32string_view key) {
  if (key.find_first_of(U"错误") == key.npos) return false;
  constexpr std::array<std::u32string_view, 11> kCues = {U"发错了", U"写错了", U"报错了", U"打错了",
                                                         U"说错了", U"登错了", U"输错了", U"弄错了",
                                                         U"搞错了", U"记错了", U"有误"};
  for (const auto cue : kCues) {
    if (says(key, cue)) return true;
  }
  return false;
}

class Amendment {
 public:
  Amendment(std::string_view body, const Catalogue& catalogue, std::optional<std::int64_t> ref)
      : text_(fold(body)), tokens_(scan(text_, catalogue)), ref_(ref) {
    parts_ = parts_of(tokens_.list, text_, catalogue);
  }

  std::vector<Statement> read() {
    figures();
    if (found_.empty() && ref_) single();
    return std::move(found_);
  }

 private:
  std::string surface(std::size_t from, std::size_t to) const {
    return to_utf8(std::u32string_view(text_.shown).substr(from, to - from));
  }

  Statement blank() const {
    Statement s;
    s.action = Action::correction;
    s.ref = ref_;
    return s;
  }

  void name(Statement& s, const Part& part) const {
    s.item = surface(part.from, part.to);
    s.canonical = part.item ? part.item->name : "";
  }

  /// 不是500只: the old figure.
  bool denied(std::size_t i) const {
    for (; i > 0 && parts_[i - 1].kind == Part::Kind::lexeme; --i) {
      if (parts_[i - 1].is(Role::negates)) return true;
    }
    return false;
  }

  void figures() {
    const Part* goods = nullptr;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const Part& part = parts_[i];
      if (part.kind == Part::Kind::goods && (part.known || goods == nullptr) && countable(part))
        goods = &part;
      if (part.kind == Part::Kind::place && i > 0 && parts_[i - 1].is(Role::to))
        place_ = surface(part.from, part.to);
      if (part.kind != Part::Kind::quantity || !part.token->number.value || denied(i)) continue;
      Statement s = blank();
      s.quantity = part.token->number.value;
      s.max = part.token->number.max;
      s.approx = part.token->number.approx;
      s.unit = surface(part.token->unit_from, part.token->unit_to);
      const Part* counted = goods;
      if (counted == nullptr && i + 1 < parts_.size() && parts_[i + 1].kind == Part::Kind::goods &&
          parts_[i + 1].known) {
        counted = &parts_[i + 1];
      }
      if (counted != nullptr && counted->known) name(s, *counted);
      if (counted != nullptr && !counted->known && !s.unit.empty() && ref_) name(s, *counted);
      // 口罩450只 twice told is one figure; another item is another correction.
      if (!found_.empty() && (found_.back().item == s.item || ref_)) continue;
      found_.push_back(std::move(s));
    }
    for (Statement& s : found_) s.place = place_;
  }

  bool countable(const Part& part) const { return part.known || part.to - part.from >= 2; }

  /// A correction without a figure: a place, a kind, a unit or an item.
  void single() {
    Statement s = blank();
    const std::u32string_view key = text_.key;
    std::u32string_view word = key;
    while (!word.empty() && word.front() == U' ') word.remove_prefix(1);
    const auto lexeme = longest_lexeme(word, 0);
    if (!word.empty() && lexeme.length == word.size() && lexeme.lexeme->action <= Action::used &&
        (lexeme.lexeme->role == Role::verb || lexeme.lexeme->role == Role::weak)) {
      s.becomes = lexeme.lexeme->action;
    } else if (longest_unit(word, 0) == word.size() && !word.empty()) {
      s.unit = to_utf8(word);
    } else {
      for (std::size_t i = 0; i < parts_.size(); ++i) {
        const Part& part = parts_[i];
        const bool to = i > 0 && parts_[i - 1].is(Role::to);
        if (part.kind == Part::Kind::place || (to && part.kind == Part::Kind::goods))
          s.place = surface(part.from, part.to);
        else if (part.kind == Part::Kind::goods)
          name(s, part);
        if (part.is(Role::hub)) s.from_hub = true;
      }
    }
    if (!s.becomes && s.unit.empty() && s.place.empty() && s.item.empty() && !s.from_hub) return;
    found_.push_back(std::move(s));
  }

  Text text_;
  Tokens tokens_;
  std::optional<std::int64_t> ref_;
  std::vector<Part> parts_;
  std::vector<Statement> found_;
  std::string place_;
};

}  // namespace

bool read_correction(const Text& text, Cursor line, const Catalogue& catalogue, Reading& out) {
  if (line.key().size() > 300) return false;
  const Cursor whole = line;
  std::optional<std::int64_t> ref = line.reference();
  line.blanks();
  bool command = !line.take_any({U"更正一下", U"更正", U"修正", U"纠正一下", U"纠正", U"订正",
                                 U"改正", U"更改", U"修改"})
                      .empty();
  if (ref && !command)
    command =
        !line.take_any({U"改成", U"改为", U"应为", U"应该是", U"更正为", U"实际是", U"实际为"})
             .empty();
  if (!command && !admits(whole.key())) return false;
  line.separators();
  if (!ref) ref = line.reference();
  line.separators();
  line.take_any({U"改成", U"改为", U"应为", U"应该是", U"为", U"是"});
  line.take_any({U"上一条", U"上条", U"刚才那条", U"数量"});
  line.separators();
  const std::size_t start = line.at();
  auto found = Amendment(line.rest(), catalogue, ref).read();
  if (found.empty()) {
    if (!command) return false;
    out.unread.push_back(whole.rest());
    Statement s;
    s.action = Action::correction;
    s.ref = ref;
    if (!ref) return false;
    out.statements.push_back(std::move(s));
    return true;
  }
  for (Statement& s : found) {
    s.span = text.original(start, line.end());
    out.statements.push_back(std::move(s));
  }
  return true;
}
