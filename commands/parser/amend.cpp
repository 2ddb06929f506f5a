#include "commands/parser/amend.h"

#include <algorithm>
#include <array>

#include "commands/parser/clause.h"

namespace {

bool says(std::u32string_view key, std::u32string_view word) {
  return key.find(word) != std::u32string_view::npos;
}

// Somebody says that what was written is wrong.
constexpr std::array<std::u32string_view, 24> kAdmitted = {
    U"发错了", U"写错了", U"报错了", U"打错了",   U"说错了", U"登错了", U"输错了",
    U"弄错了", U"搞错了", U"记错了", U"数量错了", U"数错了", U"看错了", U"算错了", U"填错了", U"点错了", U"录错了", U"发错", U"写错", U"打错", U"填错", U"看错", U"写成", U"有误"};
// What comes after is right, what came before was wrong.
constexpr std::array<std::u32string_view, 8> kTurns = {U"改成", U"改为", U"改到",   U"更正为",
                                                       U"应为", U"应是", U"应该是", U"而是"};
// Said around it.
constexpr std::array<std::u32string_view, 6> kAround = {U"错了",   U"不对", U"实际是",
                                                        U"实际为", U"实际", U"数量"};

bool admits(std::u32string_view key) {
  if (key.find_first_of(U"错误") == key.npos) return false;
  return std::any_of(kAdmitted.begin(), kAdmitted.end(),
                     [&](std::u32string_view cue) { return says(key, cue); });
}

/// A correction without the words that only say that it is one.
struct Bare {
  Text text;
  std::size_t turn = 0;  ///< what stands before it was wrong; 0 where nothing is said to change
  bool changes = false;  ///< something is said to be otherwise
};

Bare without_cues(Text text) {
  Bare bare{std::move(text), 0, false};
  const auto blank = [&](std::u32string_view cue) {
    const auto at = bare.text.key.find(cue);
    if (at == std::u32string::npos) return std::u32string::npos;
    bare.text.key.replace(at, cue.size(), cue.size(), U' ');
    bare.text.shown.replace(at, cue.size(), cue.size(), U' ');
    return at;
  };
  for (const auto cue : kAdmitted)
    bare.changes = blank(cue) != std::u32string::npos || bare.changes;
  for (const auto cue : kTurns) {
    const auto at = blank(cue);
    if (at == std::u32string::npos) continue;
    bare.turn = bare.turn == 0 ? at : std::min(bare.turn, at);
    bare.changes = true;
  }
  for (const auto cue : kAround) {
    const bool found = blank(cue) != std::u32string::npos;
    bare.changes = bare.changes || (found && cue != U"数量");
  }
  return bare;
}

class Amendment {
 public:
  Amendment(std::string_view body, const Catalogue& catalogue, std::optional<std::int64_t> ref)
      : bare_(without_cues(fold(body))), tokens_(scan(bare_.text, catalogue)), ref_(ref) {
    parts_ = parts_of(tokens_.list, bare_.text, catalogue);
  }

  /// `command`: a word said that it is a correction, so that it may change more than a figure.
  std::vector<Statement> read(bool command) {
    figures();
    if (found_.empty()) other_goods();
    if (found_.empty() && (ref_ || command)) single();
    return std::move(found_);
  }

 private:
  std::string surface(std::size_t from, std::size_t to) const {
    return to_utf8(std::u32string_view(bare_.text.shown).substr(from, to - from));
  }

  Measure measure(const Token& token) const {
    return {*token.number.value, surface(token.unit_from, token.unit_to)};
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

  /// 不是500只, 500只改成450只: the old figure.
  bool denied(std::size_t i) const {
    if (parts_[i].to <= bare_.turn && parts_[i].kind == Part::Kind::quantity) {
      return std::any_of(
          parts_.begin() + static_cast<std::ptrdiff_t>(i), parts_.end(),
          [&](const Part& p) { return p.kind == Part::Kind::quantity && p.from >= bare_.turn; });
    }
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
      if (part.kind != Part::Kind::quantity || !part.token->number.value) continue;
      if (denied(i)) {
        denied_ = measure(*part.token);
        continue;
      }
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
    if (found_.size() == 1) found_.front().denied = denied_;
  }

  /// 是酒精，不是口罩.
  void other_goods() {
    const Part* right = nullptr;
    const Part* wrong = nullptr;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (parts_[i].kind != Part::Kind::goods || !parts_[i].known) continue;
      (denied(i) ? wrong : right) = &parts_[i];
    }
    if (right == nullptr || wrong == nullptr) return;
    Statement s = blank();
    name(s, *right);
    s.denied_item = surface(wrong->from, wrong->to);
    found_.push_back(std::move(s));
  }

  bool countable(const Part& part) const { return part.known || part.to - part.from >= 2; }

  /// A correction without a figure: a place, a kind, a unit or an item.
  void single() {
    Statement s = blank();
    std::u32string_view word = bare_.text.key;
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
        // Without a number, only what cannot be talk: 给三院, or goods that are known.
        if ((part.kind == Part::Kind::place && (to || ref_)) ||
            (to && part.kind == Part::Kind::goods && ref_))
          s.place = surface(part.from, part.to);
        else if (part.kind == Part::Kind::goods && (part.known || ref_))
          name(s, part);
        if (part.is(Role::hub)) s.from_hub = true;
      }
    }
    if (!s.becomes && s.unit.empty() && s.place.empty() && s.item.empty() && !s.from_hub) return;
    found_.push_back(std::move(s));
  }

  Bare bare_;
  Tokens tokens_;
  std::optional<std::int64_t> ref_;
  std::vector<Part> parts_;
  std::vector<Statement> found_;
  std::string place_;
  std::optional<Measure> denied_;
};

/// 口罩不是500只，是450只; *450只; 口罩改成450只; 不是口罩，是酒精: no word says that it is a
/// correction, but nothing else can be meant. Only goods, figures and the small words between them
/// may stand here.
bool only_corrects(std::u32string_view key, const Catalogue& catalogue) {
  constexpr std::u32string_view kSigns = U"*不改应更而错误实";
  if (key.size() > 40 || key.find_first_of(kSigns) == key.npos) return false;
  const bool starred = key.front() == U'*';
  if (!starred && key.find_first_of(U"对改应更而错误实写") == key.npos && !says(key, U"不是"))
    return false;
  std::u32string body(key);
  if (starred) body.front() = U' ';
  constexpr std::array<std::u32string_view, 3> kLast = {U"上一条", U"上条", U"刚才那条"};
  for (const auto word : kLast) {
    if (body.starts_with(word)) body.replace(0, word.size(), word.size(), U' ');
  }
  Bare bare = without_cues(fold(to_utf8(body)));
  const bool changes = starred || bare.changes;
  if (!changes && !says(key, U"不是")) return false;
  const Tokens tokens = scan(bare.text, catalogue);
  std::size_t figures = 0, before = 0, goods = 0, denied = 0;
  bool denies = false;
  for (const Token& token : tokens.list) {
    if (token.kind == Token::Kind::quantity || token.kind == Token::Kind::item) {
      const bool figure = token.kind == Token::Kind::quantity;
      (figure ? figures : goods) += 1;
      before += figure && token.to <= bare.turn;
      denied += denies;
      denies = false;
    } else if (token.is(Role::negates)) {
      if (token.lexeme->word != U"不是") return false;
      denies = true;
    } else if (token.kind == Token::Kind::wall ? token.sign == U'?' || token.sign == U'\n'
                                               : !token.is(Role::fluff)) {
      return false;
    }
  }
  if (denies) return false;
  if (figures == 0) return goods == 2 && denied == 1;
  if (denied == 1 || before == 1) return figures == 2;
  return denied == 0 && changes && figures == 1;
}

}  // namespace

bool read_correction(const Text& text, Cursor line, const Catalogue& catalogue, Reading& out) {
  if (line.key().size() > 300) return false;
  const Cursor whole = line;
  std::optional<std::int64_t> ref = line.reference();
  line.blanks();
  bool command = !line.take_any({U"更正一下", U"更正", U"修正", U"纠正一下", U"纠正", U"订正",
                                 U"改正", U"更改", U"修改"})
                      .empty();
  if (ref && !command) {
    line.take_any({U"数量", U"数字", U"单位"});  // #33 数量改为 1200
    command = !line.take_any({U"改成", U"改为", U"应为", U"应该是", U"更正为", U"实际是", U"实际为",
                              U"错了", U"不对", U"有误"})
                   .empty();
  }
  const bool says_so = command || admits(whole.key());
  if (!says_so && (ref || !only_corrects(whole.key(), catalogue))) return false;
  line.separators();
  if (!ref) ref = line.reference();
  line.separators();
  line.take(U"*");
  line.take_any({U"改成", U"改为", U"应为", U"应该是", U"为", U"是"});
  line.take_any({U"上一条", U"上条", U"刚才那条", U"数量"});
  line.separators();
  const std::size_t start = line.at();
  auto found = Amendment(line.rest(), catalogue, ref).read(command);
  if (found.empty()) {
    if (!command) return false;
    out.unread.push_back(whole.rest());
    Statement s;
    s.action = Action::correction;
    s.word = "更正";
    s.ref = ref;
    if (!ref) return false;
    out.statements.push_back(std::move(s));
    return true;
  }
  for (Statement& s : found) {
    s.span = text.original(start, line.end());
    if (says_so && s.word.empty()) s.word = "更正";
    out.statements.push_back(std::move(s));
  }
  return true;
}
