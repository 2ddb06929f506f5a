#include "commands/parser/trie.h"

namespace {

constexpr std::uint64_t edge(std::uint32_t node, char32_t c) {
  return (static_cast<std::uint64_t>(node) << 21) | c;
}

}  // namespace

Trie::Trie() : first_(0x10000, 0), values_(1, -1) {}

std::uint32_t Trie::child(std::uint32_t node, char32_t c) const {
  if (node == 0) return c < first_.size() ? first_[c] : 0;
  const auto found = next_.find(edge(node, c));
  return found == next_.end() ? 0 : found->second;
}

void Trie::add(std::u32string_view word, int value) {
  std::uint32_t node = 0;
  for (const char32_t c : word) {
    if (c >= first_.size()) return;
    std::uint32_t to = child(node, c);
    if (to == 0) {
      to = static_cast<std::uint32_t>(values_.size());
      values_.push_back(-1);
      if (node == 0) {
        first_[c] = to;
      } else {
        next_.emplace(edge(node, c), to);
      }
    }
    node = to;
  }
  if (node != 0 && values_[node] < 0) values_[node] = value;
}

Trie::Hit Trie::longest(std::u32string_view text, std::size_t at, bool blanks) const {
  Hit best;
  std::uint32_t node = 0;
  for (std::size_t i = at; i < text.size(); ++i) {
    if (blanks && node != 0 && text[i] == U' ' && text[i - 1] != U' ') continue;
    node = child(node, text[i]);
    if (node == 0) break;
    if (values_[node] >= 0) best = {i + 1 - at, values_[node]};
  }
  return best;
}

int Trie::find(std::u32string_view word) const {
  std::uint32_t node = 0;
  for (const char32_t c : word) {
    node = child(node, c);
    if (node == 0) return -1;
  }
  return node == 0 ? -1 : values_[node];
}
