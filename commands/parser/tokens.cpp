#include "commands/parser/tokens.h"

#include <algorithm>

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
      word(1);
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

bool Scanner::sign(char32_t c) {
  const Kind kind = kind_of_sign(c);
  if (kind == Kind::word) return false;
  if (list_letter(c)) return true;
  push(kind, 1).sign = c;
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
    out_.list.back().to += length;
    at_ += length;
    return;
  }
  push(Kind::word, length);
}

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
