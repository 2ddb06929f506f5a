#include "commands/parser/trie.h"

#include <algorithm>
#include <unordered_map>

/// Places the nodes of a sorted list of words into the double array, parents first.
class Trie::Builder {
 public:
  Builder(Trie& trie, std::vector<Word>& words) : trie_(trie), words_(words) {}

  void run() {
    name_characters();
    std::stable_sort(words_.begin(), words_.end(),
                     [](const Word& a, const Word& b) { return a.text < b.text; });
    reach(1 + alphabet_);
    trie_.nodes_[kRoot].parent = kRoot;
    std::vector<Task> tasks{{kRoot, 0, words_.size(), 0}};
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      const Task task = tasks[i];
      children(task);
      if (children_.empty()) continue;
      const std::uint32_t base = place();
      trie_.nodes_[task.node].base = base;
      for (Task& child : children_) {
        trie_.nodes_[task.node].next |= 1U << child.node % 32;
        child.node += base;
        trie_.nodes_[child.node].parent = task.node;
      }
      tasks.insert(tasks.end(), children_.begin(), children_.end());
    }
    shrink();
  }

 private:
  /// Words [from, to) share their first `depth` characters; `node` is where these lead.
  struct Task {
    State node;
    std::size_t from, to;
    std::size_t depth;
  };

  std::uint16_t& code(char32_t c) { return trie_.codes_[trie_.pages_[c >> 8]][c & 0xFF]; }

  /// The most frequent characters get the smallest codes: what is often asked stands together.
  void name_characters() {
    std::unordered_map<char32_t, std::size_t> counts;
    for (const Word& word : words_) {
      for (const char32_t c : word.text) ++counts[c];
    }
    std::vector<std::pair<std::size_t, char32_t>> order;
    for (const auto& [c, count] : counts) order.emplace_back(count, c);
    std::sort(order.begin(), order.end(), std::greater<>());
    trie_.codes_.assign(1, {});
    for (const auto& [count, c] : order) {
      std::uint16_t& page = trie_.pages_[c >> 8];
      if (page == 0) {
        page = static_cast<std::uint16_t>(trie_.codes_.size());
        trie_.codes_.push_back({});
      }
      code(c) = static_cast<std::uint16_t>(++alphabet_);
    }
  }

  /// The first characters that follow in the task's words, as tasks whose `node` is still a code.
  void children(const Task& task) {
    children_.clear();
    std::size_t at = task.from;
    while (at < task.to && words_[at].text.size() == task.depth) {
      if (at == task.from) {
        trie_.nodes_[task.node].value = words_[at].value;
      }
      ++at;
    }
    while (at < task.to) {
      const char32_t c = words_[at].text[task.depth];
      std::size_t end = at + 1;
      while (end < task.to && words_[end].text[task.depth] == c) ++end;
      children_.push_back({code(c), at, end, task.depth + 1});
      at = end;
    }
  }

  bool taken(std::uint32_t slot) const { return trie_.nodes_[slot].parent != kNone; }

  /// The first free slot at or behind `slot`. Each look shortens the way of the next one.
  std::uint32_t free_from(std::uint32_t slot) {
    std::uint32_t end = slot;
    reach(end + 1);
    while (taken(end)) {
      end = next_[end];
      reach(end + 1);
    }
    if (end != slot) next_[slot] = end;
    return end;
  }

  /// A base at which all children find free slots.
  std::uint32_t place() {
    const std::uint32_t first = std::min_element(children_.begin(), children_.end(), by_node)->node;
    const std::uint32_t last = std::max_element(children_.begin(), children_.end(), by_node)->node;
    // Many children hardly ever fit into what holes are left: they look further on.
    std::uint32_t& start = children_.size() == 1 ? single_ : several_;
    std::uint32_t slot = free_from(std::max(start, first + 1));
    for (int tried = 0;; ++tried, slot = free_from(slot + 1)) {
      const std::uint32_t base = slot - first;
      reach(base + last + 1 + alphabet_);
      const bool fits = std::none_of(children_.begin(), children_.end(),
                                     [&](const Task& child) { return taken(base + child.node); });
      if (tried > kTries) start = std::max(start, slot);  // or building would be quadratic
      if (fits) return base;
    }
  }

  static bool by_node(const Task& a, const Task& b) { return a.node < b.node; }

  void reach(std::size_t size) {
    std::size_t old = trie_.nodes_.size();
    if (size <= old) return;
    size = std::max(size, old + old / 2);
    trie_.nodes_.resize(size);
    next_.resize(size);
    for (; old < size; ++old) next_[old] = static_cast<std::uint32_t>(old + 1);
  }

  /// A step from any node stays inside.
  void shrink() {
    std::size_t used = trie_.nodes_.size();
    while (used > 1 && !taken(static_cast<std::uint32_t>(used - 1))) --used;
    trie_.nodes_.resize(used + 1 + alphabet_);
    trie_.nodes_.shrink_to_fit();
  }

  static constexpr int kTries = 16;

  Trie& trie_;
  std::vector<Word>& words_;
  std::vector<Task> children_;
  std::uint32_t alphabet_ = 0;
  std::uint32_t single_ = 1, several_ = 1;  // where nodes with one and with more children look
  std::vector<std::uint32_t> next_;         // of a taken slot: one before the next free one
};

Trie::Trie(std::vector<Word> words) {
  std::erase_if(words, [](const Word& word) {
    return word.text.empty() || word.text.size() > kLongest ||
           std::any_of(word.text.begin(), word.text.end(), [](char32_t c) { return c > 0xFFFF; });
  });
  Builder(*this, words).run();
}

Trie::Hit Trie::longest(std::u32string_view text, std::size_t at, bool blanks) const {
  Hit best;
  State state = kRoot;
  for (std::size_t i = at; i < text.size(); ++i) {
    if (blanks && state != kRoot && text[i] == U' ' && text[i - 1] != U' ') continue;
    state = step(state, text[i]);
    if (state == kNone) break;
    if (ends(state)) best = {i + 1 - at, value(state)};
  }
  return best;
}

int Trie::find(std::u32string_view word) const {
  State state = kRoot;
  for (const char32_t c : word) {
    state = step(state, c);
    if (state == kNone) return -1;
  }
  return state == kRoot ? -1 : value(state);
}
