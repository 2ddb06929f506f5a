#pragma once

#include <vector>

#include "commands/parser/marks.h"
#include "commands/parser/trie.h"

/// Everything that is looked up in a text, in one automaton: the names of goods, the words of the
/// lexicon, units.
class Vocabulary {
 public:
  struct Name {
    std::u32string key;  ///< folded, lower case, without blanks
    const Catalogue::Item* item = nullptr;
  };

  /// Of equal names the first counts. What `item` points to must outlive the vocabulary.
  explicit Vocabulary(const std::vector<Name>& names);

  /// Marks the longest words at each position of folded lower-case text. One pass; every look ahead
  /// is bounded by the longest word.
  void mark(std::u32string_view key, Marks& marks) const;

  /// Exactly this name; null where it is none.
  const Catalogue::Item* find(std::u32string_view key) const;

 private:
  /// What a word is; it may be several things at once (84: a name, 面: a unit and part of names).
  struct Entry {
    const Catalogue::Item* item = nullptr;
    const Lexeme* lexeme = nullptr;
    Role role = Role::none;
    bool unit = false, work = false, frame = false, number = false;
    std::uint8_t cues = 0;

    /// `broken`: by a blank, which only names may be.
    void mark(Mark& mark, std::size_t length, bool broken) const;
  };

  std::vector<Entry> entries_;
  Trie words_;
};
