#pragma once

#include <string>
#include <vector>

#include "commands/parser/catalogue.h"
#include "commands/parser/lexicon.h"
#include "commands/parser/marks.h"
#include "commands/parser/numeral.h"
#include "commands/parser/text.h"

/// One piece of a message. Positions are those of Text.
struct Token {
  enum class Kind {
    item,      ///< a name of the catalogue
    quantity,  ///< a number, with its unit where one follows
    pack,      ///< (12瓶/箱), 每箱20瓶, *12盒
    lexeme,    ///< a word of the lexicon
    word,      ///< anything else: names of places, people, unknown goods
    wall,      ///< punctuation that ends a clause; `sign` says which
    colon,
    open,      ///< (
    close,     ///< )
    list,      ///< a running number: 1. (2) A3、
    frame,     ///< digits that are no quantity: dates, times, telephones, prices, rooms
    reference  ///< #12
  };
  Kind kind = Kind::word;
  std::size_t from = 0;
  std::size_t to = 0;
  bool blank = false;  ///< a blank stands before it
  char32_t sign = 0;
  const Lexeme* lexeme = nullptr;
  const Catalogue::Item* item = nullptr;
  Numeral number;             ///< quantity, pack (per), reference
  std::size_t unit_from = 0;  ///< quantity, pack: empty range where no unit is said
  std::size_t unit_to = 0;
  std::size_t of_from = 0;  ///< pack: of what
  std::size_t of_to = 0;

  bool is(Role role) const { return kind == Kind::lexeme && lexeme->role == role; }
};

struct Tokens {
  std::vector<Token> list;
  std::vector<Span> private_numbers;  ///< in positions of Text
  Marks marks;                        ///< the words that begin at each position
  bool figures = false;               ///< there is a quantity among them
};

/// The one pass over a text. Linear: every look ahead is bounded.
Tokens scan(const Text& text, const Catalogue& catalogue);
/// The same into tokens that are used again: nothing is allocated once they have grown long enough.
void scan(const Text& text, const Catalogue& catalogue, Tokens& into);
