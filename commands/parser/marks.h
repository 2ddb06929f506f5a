#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "commands/parser/catalogue.h"
#include "commands/parser/lexicon.h"

/// What a message may be, by some word in it.
enum class Cue : std::uint8_t { act = 1, question = 2, list = 4 };

/// The longest words that begin at one position of a text. A length of 0: none.
struct Mark {
  const Catalogue::Item* item = nullptr;
  const Lexeme* lexeme = nullptr;
  Role role = Role::none;        ///< of the lexeme
  std::uint8_t item_length = 0;  ///< a name may be broken by single blanks (N95 口罩)
  std::uint8_t lexeme_length = 0;
  std::uint8_t unit_length = 0;   ///< a counting word or unit of goods or work
  std::uint8_t frame_length = 0;  ///< a word that makes a date, an age, a price … of a number
  bool number = false;            ///< a number may begin here
  bool work = false;              ///< the unit counts work done, not goods

  bool empty() const { return !item && !lexeme && !number; }
};

/// The marks of a text, position by position, and none behind its end.
class Marks {
 public:
  const Mark& operator[](std::size_t at) const { return at < list_.size() ? list_[at] : kNothing; }
  std::size_t unit(std::size_t at) const { return (*this)[at].unit_length; }
  std::size_t item(std::size_t at) const { return (*this)[at].item_length; }
  std::size_t lexeme(std::size_t at) const { return (*this)[at].lexeme_length; }

  /// For who finds them: one for each position, all empty.
  std::span<Mark> reset(std::size_t length) {
    list_.assign(length, {});
    name = false;
    cues = 0;
    return list_;
  }

  bool has(Cue cue) const { return (cues & static_cast<std::uint8_t>(cue)) != 0; }

  bool name = false;      ///< some name of the catalogue begins somewhere
  std::uint8_t cues = 0;  ///< a bit for each Cue of which a word begins somewhere

 private:
  static constexpr Mark kNothing{};
  std::vector<Mark> list_;
};
