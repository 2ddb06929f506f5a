#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "commands/parser/catalogue.h"
#include "commands/parser/lexicon.h"
#include "commands/parser/marks.h"
#include "commands/parser/numeral.h"
#include "commands/parser/text.h"

/// One piece of a message. Positions are those of Text. Kept small: a text of signs alone has a token
/// for each.
struct Token {
  using Position = std::uint32_t;
  enum class Kind : std::uint8_t {
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
  bool blank = false;      ///< a blank stands before it
  bool work = false;       ///< quantity: of work done, not of goods
  Role role = Role::none;  ///< lexeme
  char32_t sign = 0;
  Position from = 0;
  Position to = 0;
  const Lexeme* lexeme = nullptr;
  const Catalogue::Item* item = nullptr;
  Numeral number;             ///< quantity, pack (per), reference
  Position unit_from = 0;  ///< quantity, pack: empty range where no unit is said
  Position unit_to = 0;
  Position of_from = 0;  ///< pack: of what
  Position of_to = 0;

  bool is(Role as) const { return role == as; }
};

struct Tokens {
  std::vector<Token> list;
  std::vector<Span> private_numbers;  ///< in positions of Text
  Marks marks;                        ///< the words that begin at each position
  bool figures = false;               ///< there is a quantity among them
  std::size_t colons = 0, lines = 0;  ///< how many ":" and ends of lines are among them
};

/// The one pass over a text. Linear: every look ahead is bounded.
Tokens scan(const Text& text, const Catalogue& catalogue);
/// The same into tokens that are used again: nothing is allocated once they have grown long enough.
void scan(const Text& text, const Catalogue& catalogue, Tokens& into);
