#pragma once

#include <cstddef>
#include <string_view>

#include "commands/parser/tokens.h"

// Inside of the scanning pass: shared by tokens.cpp (the pass itself), stands.cpp (which names and
// words stand where they are found) and counts.cpp (numbers, and what makes an amount of them).

inline bool letter(char32_t c) { return c >= U'a' && c <= U'z'; }
inline bool one_of(char32_t c, std::u32string_view set) {
  return c != 0 && set.find(c) != std::u32string_view::npos;
}
/// Most characters of most messages: no signs, no letters, no digits.
inline bool ideograph(char32_t c) { return c >= 0x3400 && c <= 0x9FFF; }

/// Cuts one text into tokens, from left to right.
class Scanner {
  using Kind = Token::Kind;

 public:
  Scanner(const Text& text, Tokens& out) : key_(text.key), marks_(out.marks), out_(out) {}

  void run();

 private:
  char32_t peek(std::size_t ahead = 0) const {
    return at_ + ahead < key_.size() ? key_[at_ + ahead] : U'\0';
  }
  char32_t before() const { return at_ > 0 ? key_[at_ - 1] : U'\n'; }
  const Token* last() const { return out_.list.empty() ? nullptr : &out_.list.back(); }

  Token& push(Kind kind, std::size_t length) {
    Token& token = out_.list.emplace_back();
    token.kind = kind;
    token.from = static_cast<Token::Position>(at_);
    token.to = static_cast<Token::Position>(at_ + length);
    token.blank = blank_;
    blank_ = false;
    at_ += length;
    return token;
  }

  void lexeme(const LexemeHit& hit) {
    Token& token = push(Kind::lexeme, hit.length);
    token.lexeme = hit.lexeme;
    token.role = hit.role;
  }

  /// A number with its unit, which may be an empty range.
  Token& figure(Kind kind, std::size_t length, const Numeral& number, std::size_t unit_from,
                std::size_t unit_to) {
    Token& token = push(kind, length);
    token.number = number;
    token.unit_from = static_cast<Token::Position>(unit_from);
    token.unit_to = static_cast<Token::Position>(unit_to);
    const Mark& unit = marks_[unit_from];
    token.work = unit.work && unit.unit_length == unit_to - unit_from;
    out_.figures = out_.figures || kind == Kind::quantity;
    return token;
  }

  void step();

  /// Goods, a word of the lexicon, a number, or anything else that is no sign.
  void spoken(char32_t c);

  Numeral numeral_at(std::size_t at) const {
    if (marks_[at].number) return read_numeral(key_, at);
    Numeral none;
    none.end = at;
    return none;
  }

  LexemeHit lexeme_at(std::size_t at) const {
    const Mark& mark = marks_[at];
    return {mark.lexeme, mark.lexeme_length, mark.role};
  }

  /// The longest word here that leaves the goods after it whole: 缺|口罩, 已|发放.
  LexemeHit lexeme_here() const;

  bool sign(char32_t c);

  /// 、 and . after a letter and a number at the start of a line: A3、
  bool list_letter(char32_t c);

  bool reference();

  void mention();

  /// Names of one character are goods only where they stand alone (油20桶); those of digits only
  /// where no unit follows them (84 20瓶).
  bool item_stands(std::size_t length) const;

  bool verb_before() const { return last() && (last()->is(Role::verb) || last()->is(Role::weak)); }

  bool number_follows() const;

  bool goods_or_figure(std::size_t at, bool* figure = nullptr) const;

  /// 为 P 送热餐: a preposition earlier in the clause makes a verb of what follows its place.
  bool preposition_before(Role role = Role::to) const;

  /// 2台厨房车|到了: a figure earlier in the clause.
  bool counted_before(bool goods = false) const;

  /// 还有|胰岛素11支: an unknown name of a few characters and a figure with a counting word.
  bool unknown_goods(std::size_t at) const;

  bool lexeme_stands(const LexemeHit& hit) const;
  std::u32string_view run_of(std::size_t from) const;
  bool place_follows(std::size_t from) const;
  bool carrier_follows(std::size_t from) const;
  bool says_stands(std::size_t end) const;
  bool gives_out(std::size_t end, bool start) const;

  /// 送餐|200人次 is work, 送餐|200份 are goods.
  bool work_counted(std::size_t at) const;

  /// GB19083-2010: the year of a standard follows a dash.
  bool standard(std::size_t dash) const;

  /// Letters, with the digits and signs that make a model number of them (TM-S1, 3M4565).
  std::size_t latin_length() const;

  void word(std::size_t length);

  /// A number and what makes of it a quantity, a pack, a date …; false where no number starts here.
  bool number(char32_t c);

  /// 四面八方, 七上八下: a number, a character, a number, a character.
  bool idiom(const Numeral& numeral) const;

  /// 电缆200米: long things are counted by their length.
  bool by_length(const Numeral& numeral) const;

  /// 李四, 王五: after a family name, whatever could be counted by what follows (四家).
  bool given_name(const Numeral& numeral) const;

  /// 到 301医院, 101社区: a figure that begins the name of a place.
  bool numbers_place(const Numeral& numeral) const;

  bool bare_ends(std::size_t end) const;

  /// 1. 2、 (3) at the start of a line or after a blank, before a word.
  bool list_number();

  std::size_t unit_length(std::size_t at, const Numeral& numeral) const;

  /// Digits that run into letters are a model: 3M, 8210A.
  bool model(const Numeral& numeral);

  bool half();

  bool quantity(Numeral numeral, std::size_t unit_from, std::size_t unit);

  bool pack(const Numeral& per, std::size_t unit_from, std::size_t unit_to, std::size_t of_from,
            std::size_t of_to, std::size_t end);

  /// 每户1份, 一人发5个, 一天要换4只: how many for each, and no count of all. The end, or 0.
  std::size_t rate(char32_t c) const;

  /// 每箱20瓶, 每份有10斤.
  bool each_holds();

  /// 25箱*12盒 after a quantity; elsewhere 口罩*500 is only a separator.
  bool times();

  std::u32string_view key_;
  const Marks& marks_;
  Tokens& out_;
  std::size_t at_ = 0;
  bool blank_ = false;
};
