#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// A set of words over code points, each with a number, matched from one position. A double array:
/// a step is one look into one table. Words have a bound, so that asking at every position of a
/// text is linear in the text.
class Trie {
 public:
  static constexpr std::size_t kLongest = 48;

  struct Word {
    std::u32string text;
    int value = 0;  ///< not negative
  };

  struct Hit {
    std::size_t length = 0;  ///< characters of the text, blanks skipped included; 0: none
    int value = -1;
  };

  Trie() : Trie(std::vector<Word>()) {}
  /// Of equal words the first counts. Empty words and words longer than kLongest are left out, and
  /// so are those with characters above U+FFFF.
  explicit Trie(std::vector<Word> words);

  /// The longest word that starts at `at`. With `blanks`, a word may be broken by single blanks
  /// (N95 口罩).
  Hit longest(std::u32string_view text, std::size_t at, bool blanks = false) const;
  /// The value of exactly this word, or -1.
  int find(std::u32string_view word) const;

  /// A state of matching: where it stands, and which word ends there.
  using State = std::uint32_t;
  static constexpr State kRoot = 0;
  static constexpr State kNone = 0xFFFFFFFF;
  State step(State from, char32_t c) const {
    if (c > 0xFFFF) return kNone;
    const std::uint32_t code = codes_[pages_[c >> 8]][c & 0xFF];
    const Node& node = nodes_[from];
    if ((node.next >> code % 32 & 1) == 0) return kNone;
    const std::uint32_t to = node.base + code;
    return code != 0 && nodes_[to].parent == from ? to : kNone;
  }
  bool ends(State at) const { return nodes_[at].value >= 0; }
  /// Negative where no word ends.
  int value(State at) const { return nodes_[at].value; }

 private:
  /// The children of a node stand at its base plus their code.
  struct Node {
    std::uint32_t base = 0;
    std::uint32_t parent = kNone;
    int value = -1;          // of the word that ends here
    std::uint32_t next = 0;  // a bit for each code that leads on, modulo 32: most are refused here
  };

  class Builder;

  // Code points to small numbers: 0 for those that occur in no word.
  std::array<std::uint16_t, 256> pages_{};
  std::vector<std::array<std::uint16_t, 256>> codes_;
  std::vector<Node> nodes_;
};
