#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

/// A set of words over code points, each with a number, matched from one position. Words are short,
/// so that asking at every position of a text is linear in the text.
class Trie {
 public:
  struct Hit {
    std::size_t length = 0;  ///< characters of the text, blanks skipped included; 0: none
    int value = -1;
  };

  Trie();
  void add(std::u32string_view word, int value);

  /// The longest word that starts at `at`. With `blanks`, a word may be broken by single blanks
  /// (N95 口罩).
  Hit longest(std::u32string_view text, std::size_t at, bool blanks = false) const;
  /// The value of exactly this word, or -1.
  int find(std::u32string_view word) const;

 private:
  std::uint32_t child(std::uint32_t node, char32_t c) const;

  std::vector<std::uint32_t> first_;  // by code point below 0x10000: most text ends here
  std::unordered_map<std::uint64_t, std::uint32_t> next_;
  std::vector<int> values_;
};
