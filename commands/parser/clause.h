#pragma once

#include <span>
#include <string>
#include <vector>

#include "commands/parser/tokens.h"

/// What a stretch of tokens is in its clause.
struct Part {
  enum class Kind : std::uint8_t {
    goods,  ///< a noun: known goods, or an unknown noun that may be goods
    place,  ///< a place, a person or another side
    quantity,
    pack,
    lexeme,  ///< a word of the lexicon
    frame,
    open,
    close
  };
  Kind kind = Kind::lexeme;
  Role role = Role::none;        ///< lexeme
  const Token* token = nullptr;  ///< quantity, pack, lexeme; goods: its last token
  std::size_t from = 0;          ///< positions of Text
  std::size_t to = 0;
  const Catalogue::Item* item = nullptr;  ///< goods: exactly this item
  bool known = false;                     ///< goods: names or ends in goods of the catalogue
  bool metric = false;                    ///< goods: names work done
  bool loose = false;  ///< metric: only where the unit fits work (消毒|凝胶 200瓶 are goods)
  bool person = false;                    ///< place: a person or organisation
  bool adjacent = false;                  ///< no blank before it
  bool inside = false;                    ///< between parentheses
  bool bracketed = false;                 ///< right after a closing parenthesis

  /// 给, 到, 发给, 送到 …: what follows is where it goes. 收到, 领到 are not.
  bool leads_to_place() const;
  bool is(Role as) const { return role == as; }
};

/// Joins the tokens of a clause into parts: noun phrases (婴儿纸尿裤, 三院|口罩), figures, words.
std::vector<Part> parts_of(std::span<const Token> tokens, const Text& text,
                           const Catalogue& catalogue);
/// The same into a list that is used again.
void parts_of(std::span<const Token> tokens, const Text& text, const Catalogue& catalogue,
              std::vector<Part>& into);
