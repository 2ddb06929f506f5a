#include "commands/parser/tokens.h"

#include "commands/parser/scanner.h"

namespace {

using Kind = Token::Kind;

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

}  // namespace

void Scanner::run() {
  while (at_ < key_.size()) {
    if (!ideograph(key_[at_])) {
      step();
    } else if (marks_[at_].empty()) {
      std::size_t end = at_ + 1;
      while (end < key_.size() && ideograph(key_[end]) && marks_[end].empty()) ++end;
      word(end - at_);
    } else {
      spoken(key_[at_]);
    }
  }
}

void Scanner::step() {
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
  if (c == U'/' && last() && last()->kind == Kind::quantity && (!marks_[at_ + 1].unit_length || letter(peek(1)))) {
    push(Kind::wall, 1).sign = U'、';  // 手套960副/防砸鞋40双
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

void Scanner::spoken(char32_t c) {
  const std::size_t name = marks_.item(at_);
  const auto word_here = lexeme_here();
  const bool same = name == word_here.length && name != 0;
  const bool money = same && word_here.role == Role::weak && lexeme_stands(word_here);
  const bool work = same && word_here.role == Role::metric && work_counted(at_ + name);
  if (name != 0 && name >= word_here.length && !money && !work && item_stands(name)) {
    const Catalogue::Item* item = marks_[at_].item;
    push(Kind::item, name).item = item;
    return;
  }
  const bool word_first = word_here.length > 1
                              ? !(character_digit(c) >= 0 && number_follows())
                              : c == U'零' && word_here.length == 1;
  if (word_first && lexeme_stands(word_here)) {
    return lexeme(word_here);
  }
  if (number(c)) return;
  if (word_here.length != 0 && lexeme_stands(word_here)) return lexeme(word_here);
  word(letter(c) ? latin_length() : 1);
}

bool Scanner::sign(char32_t c) {
  const Kind kind = kind_of_sign(c);
  if (kind == Kind::word) return false;
  if (list_letter(c)) return true;
  push(kind, 1).sign = c;
  out_.colons += c == U':';
  out_.lines += c == U'\n';
  return true;
}

bool Scanner::list_letter(char32_t c) {
  if ((c != U'、' && c != U'.') || !last() || last()->kind != Kind::word) return false;
  Token& word = out_.list.back();
  if (word.to - word.from > 3 || !letter(key_[word.from]) || !is_digit(key_[word.to - 1]))
    return false;
  if (out_.list.size() > 1 && out_.list[out_.list.size() - 2].sign != U'\n') return false;
  word.kind = Kind::list;
  ++at_;
  return true;
}

bool Scanner::reference() {
  std::size_t length = 1;
  while (peek(length) == U' ' && length < 3) ++length;
  const std::size_t digits = length;
  while (is_digit(peek(length))) ++length;
  if (length == digits || length - digits > 18) return false;
  const Numeral number = read_numeral(key_.substr(0, at_ + length), at_ + digits);
  push(Kind::reference, length).number = number;
  return true;
}

void Scanner::mention() {
  std::size_t length = 1;
  while (length < 32 && peek(length) != 0 && !one_of(peek(length), U" \n,，:。")) ++length;
  push(Kind::frame, length);
}

bool Scanner::standard(std::size_t dash) const {
  if (dash < 6 || !letter(peek()) || !letter(peek(1))) return false;
  for (std::size_t i = 1; i <= 4; ++i) {
    if (!is_digit(peek(dash + i))) return false;
  }
  return !is_digit(peek(dash + 5));
}

std::size_t Scanner::latin_length() const {
  std::size_t length = 0;
  while (length < 40 &&
         (letter(peek(length)) || is_digit(peek(length)) ||
          (peek(length) == U'-' && length > 0 && (letter(peek(length + 1)) || standard(length))))) {
    ++length;
  }
  return length == 0 ? 1 : length;
}

void Scanner::word(std::size_t length) {
  if (last() && last()->kind == Kind::word && !blank_ && last()->to == at_) {
    at_ += length;
    out_.list.back().to = static_cast<Token::Position>(at_);
    return;
  }
  push(Kind::word, length);
}

void scan(const Text& text, const Catalogue& catalogue, Tokens& into) {
  into.list.clear();
  into.private_numbers.clear();
  into.figures = false;
  into.colons = into.lines = 0;
  catalogue.mark(text.key, into.marks);
  into.list.reserve(text.key.size());  // never moved while it grows
  Scanner(text, into).run();
}

Tokens scan(const Text& text, const Catalogue& catalogue) {
  Tokens tokens;
  scan(text, catalogue, tokens);
  return tokens;
}
