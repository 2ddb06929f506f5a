#include "commands/parser/tokens.h"

#include <algorithm>

#include "commands/parser/frames.h"
#include "commands/parser/names.h"
#include "commands/parser/trie.h"

namespace {

using Kind = Token::Kind;

bool letter(char32_t c) { return c >= U'a' && c <= U'z'; }
bool one_of(char32_t c, std::u32string_view set) {
  return c != 0 && set.find(c) != std::u32string_view::npos;
}

/// Endings that turn goods into a name: 口罩厂, 酒精公司.
bool names_maker(std::u32string_view key, std::size_t at) {
  static const Trie makers = [] {
    std::vector<Trie::Word> words;
    for (const auto* word : {U"厂", U"公司", U"店", U"企业", U"车间", U"集团", U"协会", U"中心",
                             U"医院", U"市场", U"机构", U"行业"}) {
      words.push_back({word, 0});
    }
    return Trie(std::move(words));
  }();
  return makers.longest(key, at).length != 0;
}

/// Kind::word: no sign.
Kind kind_of_sign(char32_t c) {
  switch (c) {
    case U'(':
    case U'（':
    case U'[':
    case U'【':
    case U'「':
    case U'『':
    case U'《':
      return Kind::open;
    case U')':
    case U'）':
    case U']':
    case U'】':
    case U'」':
    case U'』':
    case U'》':
      return Kind::close;
    case U':':
    case U'=':
      return Kind::colon;
    case U'\n':
    case U',':
    case U'，':
    case U'、':
    case U';':
    case U'。':
    case U'!':
    case U'?':
    case U'.':
    case U'|':
      return Kind::wall;
    default:
      return c >= 0x2460 && c <= 0x24FF ? Kind::list : Kind::word;
  }
}

/// Most characters of most messages: no signs, no letters, no digits.
bool ideograph(char32_t c) { return c >= 0x3400 && c <= 0x9FFF; }

class Scanner {
 public:
  Scanner(const Text& text, Tokens& out) : key_(text.key), marks_(out.marks), out_(out) {}

  void run() {
    while (at_ < key_.size()) {
      if (!ideograph(key_[at_])) {
        step();
      } else if (marks_[at_].empty()) {
        word(1);
      } else {
        spoken(key_[at_]);
      }
    }
  }

 private:
  char32_t peek(std::size_t ahead = 0) const {
    return at_ + ahead < key_.size() ? key_[at_ + ahead] : U'\0';
  }
  char32_t before() const { return at_ > 0 ? key_[at_ - 1] : U'\n'; }
  const Token* last() const { return out_.list.empty() ? nullptr : &out_.list.back(); }

  Token& push(Kind kind, std::size_t length) {
    Token& token = out_.list.emplace_back();
    token.kind = kind;
    token.from = at_;
    token.to = at_ + length;
    token.blank = blank_;
    blank_ = false;
    at_ += length;
    return token;
  }

  void step() {
    const char32_t c = peek();
    if (c == U' ') {
      blank_ = true;
      ++at_;
      return;
    }
    if (sign(c)) return;
    if (c == U'#') {
      if (reference()) return;
      blank_ = true;
      ++at_;
      return;
    }
    if (c == U'@') return mention();
    if (c == U'-' && !(blank_ || at_ == 0)) {  // 口罩-10: only sets apart
      blank_ = true;
      ++at_;
      return;
    }
    spoken(c);
  }

  /// Goods, a word of the lexicon, a number, or anything else that is no sign.
  void spoken(char32_t c) {
    const std::size_t name = marks_.item(at_);
    const auto lexeme = lexeme_here();
    const bool money = name == lexeme.length && name != 0 && lexeme.lexeme->role == Role::weak &&
                       lexeme_stands(lexeme);
    if (name != 0 && name >= lexeme.length && !money && item_stands(name)) {
      const Catalogue::Item* item = marks_[at_].item;
      push(Kind::item, name).item = item;
      return;
    }
    if (lexeme.length > 1 && !(character_digit(c) >= 0 && number_follows()) &&
        lexeme_stands(lexeme)) {
      push(Kind::lexeme, lexeme.length).lexeme = lexeme.lexeme;
      return;
    }
    if (number(c)) return;
    if (lexeme.length != 0 && lexeme_stands(lexeme)) {
      push(Kind::lexeme, lexeme.length).lexeme = lexeme.lexeme;
      return;
    }
    word(letter(c) ? latin_length() : 1);
  }

  Numeral numeral_at(std::size_t at) const {
    if (marks_[at].number) return read_numeral(key_, at);
    Numeral none;
    none.end = at;
    return none;
  }

  LexemeHit lexeme_at(std::size_t at) const {
    const Mark& mark = marks_[at];
    return {mark.lexeme_length, mark.lexeme};
  }

  /// The longest word here that leaves the goods after it whole: 缺|口罩, 已|发放.
  LexemeHit lexeme_here() const {
    const LexemeHit hit = lexeme_at(at_);
    if (hit.length < 2) return hit;
    const std::size_t tail = at_ + hit.length - 1;
    const bool cuts_goods = marks_.item(tail) > 1;
    const LexemeHit inner = lexeme_at(tail);
    const bool cuts_verb = hit.lexeme->role == Role::weak && inner.length > 1 &&
                           (inner.lexeme->role == Role::verb || inner.lexeme->role == Role::weak);
    if (!cuts_goods && !cuts_verb) return hit;
    const auto shorter = longest_lexeme(key_.substr(0, tail), at_);
    return shorter.length == 0 ? hit : shorter;
  }

  bool sign(char32_t c) {
    const Kind kind = kind_of_sign(c);
    if (kind == Kind::word) return false;
    if (list_letter(c)) return true;
    push(kind, 1).sign = c;
    return true;
  }

  /// 、 and . after a letter and a number at the start of a line: A3、
  bool list_letter(char32_t c) {
    if ((c != U'、' && c != U'.') || !last() || last()->kind != Kind::word) return false;
    Token& word = out_.list.back();
    if (word.to - word.from > 3 || !letter(key_[word.from]) || !is_digit(key_[word.to - 1]))
      return false;
    if (out_.list.size() > 1 && out_.list[out_.list.size() - 2].sign != U'\n') return false;
    word.kind = Kind::list;
    ++at_;
    return true;
  }

  bool reference() {
    std::size_t length = 1;
    while (peek(length) == U' ' && length < 3) ++length;
    const std::size_t digits = length;
    while (is_digit(peek(length))) ++length;
    if (length == digits || length - digits > 18) return false;
    const Numeral number = read_numeral(key_.substr(0, at_ + length), at_ + digits);
    push(Kind::reference, length).number = number;
    return true;
  }

  void mention() {
    std::size_t length = 1;
    while (length < 32 && peek(length) != 0 && !one_of(peek(length), U" \n,，:。")) ++length;
    push(Kind::frame, length);
  }

  /// Names of one character are goods only where they stand alone (油20桶); those of digits only
  /// where no unit follows them (84 20瓶).
  bool item_stands(std::size_t length) const {
    const std::size_t end = at_ + length;
    const char32_t next = end < key_.size() ? key_[end] : U'\0';
    if (names_maker(key_, end)) return false;
    if (is_digit(key_[at_]) && is_digit(before())) return false;
    if (letter(key_[end - 1]) && letter(next)) return false;
    if (letter(key_[at_]) && letter(before())) return false;
    if (is_digit(key_[end - 1])) {
      if (is_digit(next) || next == U'.' || next == U'%' || next == U':' || next == U'/' ||
          next == U'*')
        return false;
      if (is_digit(key_[at_])) {
        if (marks_.unit(end) != 0 || frame_unit(key_, marks_, end) != 0 ||
            one_of(next, U"万千百+-余多wk"))
          return false;
        if (next == U'消') return true;
        if (last() && (last()->kind == Kind::item || last()->kind == Kind::quantity)) return false;
        if (last() && last()->kind == Kind::word && !blank_) return false;
        if (one_of(next, U"\n,，、;。!?)") || next == 0)
          return !last() || last()->sign != 0 || verb_before();
      }
    }
    if (length > 1) return true;
    const bool left = !last() || blank_ || last()->kind != Kind::word;
    std::size_t after = end;
    while (after < key_.size() && (key_[after] == U' ' || key_[after] == U':')) ++after;
    if (marks_[after].lexeme != nullptr && marks_[after].lexeme->role == Role::about)
      after += marks_.lexeme(after);  // 盐 约10袋
    const bool figure = numeral_at(after).end != after;
    const bool right = end >= key_.size() || figure || one_of(next, U"\n,，、;。!?()");
    const bool counted = last() && last()->kind == Kind::quantity;
    return left && (figure || (right && (counted || verb_before())));
  }

  bool verb_before() const { return last() && (last()->is(Role::verb) || last()->is(Role::weak)); }

  bool number_follows() const {
    const Numeral numeral = read_numeral(key_, at_);
    return numeral.end > at_ + 1 && marks_.unit(numeral.end) != 0;
  }

  bool goods_or_figure(std::size_t at, bool* figure = nullptr) const {
    while (at < key_.size() && key_[at] == U' ') ++at;
    if (at >= key_.size()) return false;
    const LexemeHit lexeme = lexeme_at(at);
    if (lexeme.length != 0 &&
        (lexeme.lexeme->role == Role::about || lexeme.lexeme->role == Role::total)) {
      at += lexeme.length;
    } else if (lexeme.length > 1 && lexeme.lexeme->role == Role::fluff &&
               lexeme.lexeme->word.ends_with(U"物资")) {
      at += lexeme.length;  // 协调防疫物资口罩…
    }
    if (at < key_.size() && key_[at] == U'#') return true;
    const Numeral numeral = numeral_at(at);
    if (numeral.end != at && frame_unit(key_, marks_, numeral.end) == 0 &&
        (numeral.digits || marks_.unit(numeral.end) != 0)) {
      if (figure != nullptr) *figure = true;
      return true;
    }
    const auto length = marks_.item(at);
    return length > 1 || (length == 1 && numeral_at(at + 1).end != at + 1);
  }

  /// 为 P 送热餐: a preposition earlier in the clause makes a verb of what follows its place.
  bool preposition_before(Role role = Role::to) const {
    for (std::size_t i = out_.list.size(); i > 0 && i + 6 > out_.list.size(); --i) {
      const Token& token = out_.list[i - 1];
      if (token.sign != 0 || token.kind == Kind::quantity) return false;
      if (token.is(role)) return i < out_.list.size();
    }
    return false;
  }

  /// 2台厨房车|到了: a figure earlier in the clause.
  bool counted_before() const {
    for (std::size_t i = out_.list.size(); i > 0 && i + 5 > out_.list.size(); --i) {
      if (out_.list[i - 1].sign != 0) return false;
      if (out_.list[i - 1].kind == Kind::quantity) return true;
    }
    return false;
  }

  /// 还有|胰岛素11支: an unknown name of a few characters and a figure with a counting word.
  bool unknown_goods(std::size_t at) const {
    for (std::size_t i = at; i < at + 7 && i < key_.size(); ++i) {
      if (one_of(key_[i], U" \n,，、;。!?:()我你他这那")) return false;
      if (!is_digit(key_[i])) continue;
      const Numeral numeral = read_numeral(key_, i);
      const std::size_t unit = marks_.unit(numeral.end);
      return i >= at + 2 && unit != 0 && key_[numeral.end] != U'个' &&
             !counts_work(key_.substr(numeral.end, unit)) && frame_unit(key_, marks_, numeral.end) == 0;
    }
    return false;
  }

  bool lexeme_stands(const LexemeHit& hit) const {
    // 即: only before a second measure; 即热饭 is a name.
    if (hit.lexeme->word == U"即") return read_numeral(key_, at_ + 1).end != at_ + 1;
    const std::size_t end = at_ + hit.length;
    if (end < key_.size() && key_[end] == U'所' && hit.lexeme->word.ends_with(U"派出"))
      return false;
    if (hit.lexeme->role == Role::can && hit.length == 1) {  // 能量棒, 可乐
      const Lexeme* next = marks_[end].lexeme;
      return next != nullptr && next->role != Role::negates && next->role != Role::joins;
    }
    if (hit.lexeme->word == U"和" && last() && last()->kind == Kind::word && !blank_) {
      // 协和医院, 泰和县, 和平路: part of a name.
      if (one_of(before(), U"协颐永泰太中共柔祥瑞") ||
          (end < key_.size() && one_of(key_[end], U"平睦谐县田")))
        return false;
    }
    if (hit.lexeme->word == U"爱心" && end + 1 < key_.size() &&
        one_of(key_[end], U"人企市商网车团"))
      return false;  // 爱心人士
    if (hit.lexeme->role == Role::skip_label && last() && last()->kind == Kind::word && !blank_) {
      return end < key_.size() && (key_[end] == U':' || key_[end] == U'1' || key_[end] == U'0' ||
                                   key_[end] == U' ');  // 卫星电话3部
    }
    if (hit.lexeme->role != Role::weak) return true;
    const Token* prev = last();
    const bool start = !prev || prev->kind == Kind::wall || prev->kind == Kind::colon ||
                       prev->kind == Kind::list || prev->kind == Kind::close ||
                       prev->kind == Kind::open;
    if (goods_or_figure(end)) return true;
    const char32_t c = hit.lexeme->word.front();
    const bool asker = prev && prev->kind == Kind::word && one_of(c, U"要需缺求") &&
                       names_place(key_.substr(prev->from, prev->to - prev->from));
    if ((hit.length > 1 || asker || (start && one_of(c, U"缺领送发要"))) && unknown_goods(end))
      return true;
    if (hit.length == 1 && c == U'送' && preposition_before()) return true;
    if (c == U'捐' || (c == U'缺' && !one_of(peek(1), U"点席勤失陷"))) return true;
    if (hit.length == 1 && one_of(c, U"有要用差求需"))
      return start && c == U'需' && peek(1) == U' ';
    const char32_t next = end < key_.size() ? key_[end] : U'\0';
    const bool ends = next == 0 || one_of(next, U"\n,，、;。!给(");
    if (prev && !start && (prev->kind == Kind::quantity || prev->kind == Kind::item) && ends)
      return true;
    if (hit.length > 1 && ends && hit.lexeme->word.ends_with(U"了") && counted_before()) return true;
    const bool fluff = prev && (prev->is(Role::fluff) || prev->is(Role::hub));
    if (hit.length == 1 && c == U'发') {
      return (start || fluff) && !ends && !one_of(next, U"烧热现生展布表言起送动挥票改热明");
    }
    if (hit.length == 1 && (c == U'送' || c == U'运')) {
      const bool counted = prev && prev->kind == Kind::quantity;
      return (start || fluff || counted) && !one_of(next, U"来礼餐行营气动输货");
    }
    if (hit.length == 1 && c == U'收') return (start || fluff) && (next == U':' || next == U' ');
    if (hit.length == 1) return start && next == U' ';
    const std::u32string_view said = hit.lexeme->word;
    if (said == U"出发") return preposition_before(Role::from);  // 从合肥出发
    if (said == U"路上") return prev && (prev->kind == Kind::quantity || prev->is(Role::fluff));
    if (said == U"捐款" || said == U"链接" || said == U"协调" || said == U"还要" || said == U"还有")
      return false;
    return next != 0 && !ends;
  }

  /// GB19083-2010: the year of a standard follows a dash.
  bool standard(std::size_t dash) const {
    if (dash < 6 || !letter(peek()) || !letter(peek(1))) return false;
    for (std::size_t i = 1; i <= 4; ++i) {
      if (!is_digit(peek(dash + i))) return false;
    }
    return !is_digit(peek(dash + 5));
  }

  /// Letters, with the digits and signs that make a model number of them (TM-S1, 3M4565).
  std::size_t latin_length() const {
    std::size_t length = 0;
    while (length < 40 && (letter(peek(length)) || is_digit(peek(length)) ||
                           (peek(length) == U'-' && length > 0 &&
                            (letter(peek(length + 1)) || standard(length))))) {
      ++length;
    }
    return length == 0 ? 1 : length;
  }

  void word(std::size_t length) {
    if (last() && last()->kind == Kind::word && !blank_ && last()->to == at_) {
      out_.list.back().to += length;
      at_ += length;
      return;
    }
    push(Kind::word, length);
  }

  /// A number and what makes of it a quantity, a pack, a date …; false where no number starts here.
  bool number(char32_t c) {
    if (!marks_[at_].number) return false;
    const bool sized_half =
        c == U'半' && marks_.unit(at_ + 1) != 0 && frame_unit(key_, marks_, at_ + 1) == 0;
    const bool negative = c == U'-' && is_digit(peek(1)) && (blank_ || at_ == 0);
    if (!is_digit(c) && character_digit(c) < 0 && !one_of(c, U"十百千几数拾佰仟上万") && !sized_half &&
        !negative) {
      if (c == U'每') {
        if (const auto end = rate(c); end != 0) return push(Kind::frame, end - at_), true;
        return each_holds();
      }
      if (c == U'*' || c == U'x') return times();
      return false;
    }
    if (sized_half) return half();
    if (is_digit(c)) {
      const Frame frame = read_frame(key_, marks_, at_);
      if (frame.end != at_) {
        if (frame.private_number) out_.private_numbers.push_back({at_, frame.end});
        push(Kind::frame, frame.end - at_);
        return true;
      }
      if (list_number()) return true;
    }
    if (c == U'百' && peek(1) == U'分' && peek(2) == U'之') {
      const Numeral share = read_numeral(key_, at_ + 3);
      return push(Kind::frame, share.end - at_), true;
    }
    if (const auto end = rate(c); end != 0) return push(Kind::frame, end - at_), true;
    Numeral numeral = read_numeral(key_, at_);
    if (numeral.end == at_) return false;
    if (c == U'0' && is_digit(peek(1))) {  // 08车: no count begins with a nought
      push(Kind::frame, numeral.end - at_ + marks_.unit(numeral.end));
      return true;
    }
    if (before() == U'第') return word(numeral.end - at_), true;
    if (numeral.end < key_.size() && key_[numeral.end] == U'比') {  // 1比99
      const Numeral other = read_numeral(key_, numeral.end + 1);
      if (other.end > numeral.end + 1) return push(Kind::frame, other.end - at_), true;
    }
    if (idiom(numeral)) return word(4), true;
    std::size_t end = numeral.end;
    while (end < key_.size() && key_[end] == U' ' && end < numeral.end + 1) ++end;
    if (const auto length = frame_unit(key_, marks_, numeral.end);
        length != 0 && by_length(numeral)) {
      return quantity(numeral, numeral.end, length);
    } else if (length != 0) {
      const bool brand = letter(key_[numeral.end]) && marks_.item(numeral.end + length) > 1;
      if (brand) {  // 3M口罩
        word(numeral.end + length - at_);
      } else {
        push(Kind::frame, numeral.end + length - at_);
      }
      return true;
    }
    if (numeral.indefinite) {
      push(Kind::frame, numeral.end - at_ + marks_.unit(numeral.end));
      return true;
    }
    const std::size_t unit = unit_length(end, numeral);
    if (unit == 0 && model(numeral)) return true;
    if (unit == 0 && !numeral.digits) {
      const bool stands = numeral.magnitude && numeral.end - at_ >= 2 && bare_ends(numeral.end);
      if (!stands) return false;
    }
    return quantity(numeral, end, unit);
  }

  /// 四面八方, 七上八下: a number, a character, a number, a character.
  bool idiom(const Numeral& numeral) const {
    if (numeral.digits || numeral.end != at_ + 1 || at_ + 4 > key_.size()) return false;
    const auto figure = [&](std::size_t at) {
      return character_digit(key_[at]) >= 0 || one_of(key_[at], U"百千万");
    };
    return figure(at_ + 2) && !figure(at_ + 3) && ideograph(key_[at_ + 3]) &&
           marks_.unit(at_ + 3) == 0;
  }

  /// 电缆200米: long things are counted by their length.
  bool by_length(const Numeral& numeral) const {
    constexpr std::u32string_view kLong = U"缆线绳管带布网膜索链";
    return last() && !blank_ && key_[numeral.end] == U'米' &&
           (last()->kind == Kind::word || last()->kind == Kind::item) &&
           one_of(before(), kLong) && !is_digit(numeral.end + 1 < key_.size() ? key_[numeral.end + 1] : U'\0');
  }

  bool bare_ends(std::size_t end) const {
    if (end >= key_.size() || one_of(key_[end], U" \n,，、;。!?()")) return true;
    return marks_.item(end) > 0 || marks_.lexeme(end) > 0;
  }

  /// 1. 2、 (3) at the start of a line or after a blank, before a word.
  bool list_number() {
    std::size_t length = 0;
    while (is_digit(peek(length)) && length < 4) ++length;
    if (length > 3 || is_digit(peek(length))) return false;
    const Token* prev = last();
    const bool line = !prev || prev->sign == U'\n';
    const bool opened = prev && prev->kind == Kind::open;
    const bool start = line || (prev && prev->kind == Kind::wall && prev->sign != U'.') || opened;
    if (!start && !blank_) return false;
    const char32_t sign = peek(length);
    if (opened && sign == U')' &&
        (out_.list.size() == 1 || out_.list[out_.list.size() - 2].sign == U'\n')) {
      push(Kind::list, length);
      return true;
    }
    if (sign == U')' && !opened && line) {
      push(Kind::list, length + 1);
      return true;
    }
    if (sign == U'、' && !line) return false;
    if (sign != U'.' && sign != U'、') return false;
    const char32_t next = peek(length + 1);
    if (is_digit(next) && !(line && marks_.item(at_ + length + 1) > 2)) {
      if (sign == U'.' || !line) return false;
    }
    push(Kind::list, length + 1);
    return true;
  }

  std::size_t unit_length(std::size_t at, const Numeral& numeral) const {
    std::size_t unit = marks_.unit(at);
    if (unit == 0) return 0;
    if (letter(key_[at]) && at + unit < key_.size() && letter(key_[at + unit])) return 0;
    const LexemeHit word = lexeme_at(at);
    if (word.length > unit && word.lexeme->role != Role::weak) return 0;  // 两部分
    const std::size_t item = marks_.item(at);
    // 5桶装方便面? 300面罩: the name wins, unless what is left after the unit is a name too
    // (20副护目镜).
    if (item > unit && marks_.item(at + unit) == 0 && numeral.digits && (item > 2 || unit == 1)) {
      return unit == 1 && item == 2 && !one_of(key_[at], U"面盒套") ? unit : 0;
    }
    if (at > numeral.end && unit == 1) {
      // A blank before the unit (500 只): fine, but not before a longer word that starts like one.
      const LexemeHit lexeme = lexeme_at(at);
      if (lexeme.length > unit) return 0;
    }
    return unit;
  }

  /// Digits that run into letters are a model: 3M, 8210A.
  bool model(const Numeral& numeral) {
    if (!numeral.digits || numeral.end >= key_.size() || !letter(key_[numeral.end])) return false;
    if (!is_digit(key_[numeral.end - 1])) return false;  // 5千N95
    if (key_[numeral.end] == U'x') return false;
    std::size_t end = numeral.end;
    while (end < key_.size() && end - at_ < 40 && (letter(key_[end]) || is_digit(key_[end]))) ++end;
    word(end - at_);
    return true;
  }

  bool half() {
    Numeral numeral;
    numeral.end = at_ + 1;
    numeral.value = Quantity{500};
    return quantity(numeral, at_ + 1, marks_.unit(at_ + 1));
  }

  bool quantity(Numeral numeral, std::size_t unit_from, std::size_t unit) {
    const std::size_t unit_to = unit == 0 ? numeral.end : unit_from + unit;
    if (unit == 0) unit_from = numeral.end;
    std::size_t end = unit_to;
    const auto at = [&](std::size_t i) { return i < key_.size() ? key_[i] : U'\0'; };
    if (unit != 0 && at(end) == U'半' && numeral.value && !frame_unit(key_, marks_, end + 1)) {
      numeral.value = *numeral.value + Quantity{500};
      ++end;
    }
    if (unit != 0 && (at(end) == U'多' || at(end) == U'余') && at(end + 1) != U'少') {
      numeral.approx = true;
      ++end;
    }
    if (unit != 0 && at(end) == U'/' && marks_.unit(end + 1) != 0) {
      const std::size_t of = end + 1;
      const std::size_t length = marks_.unit(of);
      return pack(numeral, unit_from, unit_to, of, of + length, of + length);
    }
    if (unit != 0 && at(end) == U'装' && !one_of(at(end + 1), U"车箱")) {  // 24粒装
      word(end + 1 - at_);
      return true;
    }
    if (unit == 0 && at(end) == U'(') {  // 20(箱)
      const std::size_t bracketed = marks_.unit(end + 1);
      if (bracketed != 0 && at(end + 1 + bracketed) == U')') {
        Token& token = push(Kind::quantity, end + bracketed + 2 - at_);
        token.number = numeral;
        token.unit_from = end + 1;
        token.unit_to = token.unit_from + bracketed;
        return true;
      }
    }
    if (unit != 0 && blank_ && last() && last()->kind == Kind::quantity && !last()->blank &&
        last()->unit_from == last()->unit_to && last()->number.digits &&
        last()->to - last()->from >= 3 && out_.list.size() > 1 &&
        out_.list[out_.list.size() - 2].kind == Kind::item) {
      out_.list.back().kind = Kind::word;  // 口罩8210 60只: the first is the model
    }
    Token& token = push(Kind::quantity, end - at_);
    token.number = numeral;
    token.unit_from = unit_from;
    token.unit_to = unit_to;
    return true;
  }

  bool pack(const Numeral& per, std::size_t unit_from, std::size_t unit_to, std::size_t of_from,
            std::size_t of_to, std::size_t end) {
    Token& token = push(Kind::pack, end - at_);
    token.number = per;
    token.unit_from = unit_from;
    token.unit_to = unit_to;
    token.of_from = of_from;
    token.of_to = of_to;
    return true;
  }

  /// 每户1份, 一人发5个, 一天要换4只: how many for each, and no count of all. The end, or 0.
  std::size_t rate(char32_t c) const {
    if (c != U'每' && c != U'一') return 0;
    std::size_t at = at_ + 1;
    for (const std::u32string_view of : {U"个人", U"个医生", U"个护士", U"户", U"人", U"天", U"位",
                                         U"名", U"家", U"小时", U"个月", U"周", U"日", U"次", U"顿"}) {
      if (!key_.substr(at).starts_with(of)) continue;
      at += of.size();
      for (std::size_t gap = 0; gap < 4 && at < key_.size(); ++gap, ++at) {
        const Numeral numeral = read_numeral(key_, at);
        if (numeral.end != at) return numeral.end + marks_.unit(numeral.end);
        if (one_of(key_[at], U"\n,，、;。!?:()")) break;
      }
      return c == U'每' ? at_ + 1 + of.size() : 0;
    }
    return 0;
  }

  /// 每箱20瓶, 每份有10斤.
  bool each_holds() {
    const std::size_t of = at_ + 1;
    const std::size_t of_length = marks_.unit(of);
    if (of_length == 0) return false;
    std::size_t at = of + of_length;
    while (at < key_.size() && at < of + of_length + 2 && one_of(key_[at], U" 有是约含装:")) ++at;
    const Numeral numeral = read_numeral(key_, at);
    if (numeral.end == at || numeral.indefinite) return false;
    const std::size_t unit = marks_.unit(numeral.end);
    if (unit == 0) return false;
    return pack(numeral, numeral.end, numeral.end + unit, of, of + of_length, numeral.end + unit);
  }

  /// 25箱*12盒 after a quantity; elsewhere 口罩*500 is only a separator.
  bool times() {
    if (!is_digit(peek(1)) && peek(1) != U' ') return false;
    const std::size_t at = at_ + 1;
    const Numeral numeral = read_numeral(key_, at);
    if (numeral.end == at) {
      if (peek() != U'*') return false;
      ++at_;
      return true;
    }
    if (last() && last()->kind == Kind::quantity && !blank_ &&
        last()->unit_to != last()->unit_from) {
      const std::size_t unit = marks_.unit(numeral.end);
      const Token& whole = out_.list.back();
      if (unit != 0) {
        return pack(numeral, numeral.end, numeral.end + unit, whole.unit_from, whole.unit_to,
                    numeral.end + unit);
      }
    }
    ++at_;  // a separator
    blank_ = true;
    return true;
  }

  std::u32string_view key_;
  const Marks& marks_;
  Tokens& out_;
  std::size_t at_ = 0;
  bool blank_ = false;
};

}  // namespace

void scan(const Text& text, const Catalogue& catalogue, Tokens& into) {
  into.list.clear();
  into.private_numbers.clear();
  catalogue.mark(text.key, into.marks);
  Scanner(text, into).run();
  into.figures = std::any_of(into.list.begin(), into.list.end(),
                             [](const Token& token) { return token.kind == Kind::quantity; });
}

Tokens scan(const Text& text, const Catalogue& catalogue) {
  Tokens tokens;
  scan(text, catalogue, tokens);
  return tokens;
}
