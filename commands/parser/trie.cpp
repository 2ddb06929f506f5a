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
      trie_.nodes_[task.node].base |= base;
      for (Task& child : children_) {
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
        trie_.nodes_[task.node].base |= kEnd;
        trie_.values_[task.node] = words_[at].value;
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

  /// A base at which all children find free slots.
  std::uint32_t place() {
    const auto [low, high] =
        std::minmax_element(children_.begin(), children_.end(),
                            [](const Task& a, const Task& b) { return a.node < b.node; });
    const std::uint32_t first = low->node;
    const std::uint32_t last = high->node;
    while (first_free_ < trie_.nodes_.size() && taken(first_free_)) ++first_free_;
    std::size_t tried = 0;
    for (std::uint32_t slot = std::max(first_free_, first + 1);; ++slot) {
      const std::uint32_t base = slot - first;
      reach(base + last + 1 + alphabet_);
      if (taken(slot)) continue;
      const bool fits = std::none_of(children_.begin(), children_.end(),
                                     [&](const Task& child) { return taken(base + child.node); });
      if (fits) return base;
      // Holes that hardly ever fit are given up, or building would be quadratic.
      if (++tried > kTries) first_free_ = std::max(first_free_, slot);
    }
  }

  void reach(std::size_t size) {
    if (size <= trie_.nodes_.size()) return;
    size = std::max(size, trie_.nodes_.size() + trie_.nodes_.size() / 2);
    trie_.nodes_.resize(size);
    trie_.values_.resize(size, -1);
  }

  /// A step from any node stays inside.
  void shrink() {
    std::size_t used = trie_.nodes_.size();
    while (used > 1 && !taken(static_cast<std::uint32_t>(used - 1))) --used;
    trie_.nodes_.resize(used + 1 + alphabet_);
    trie_.nodes_.shrink_to_fit();
    trie_.values_.resize(used);
    trie_.values_.shrink_to_fit();
  }

  static constexpr std::size_t kTries = 200;

  Trie& trie_;
  std::vector<Word>& words_;
  std::vector<Task> children_;
  std::uint32_t alphabet_ = 0;
  std::uint32_t first_free_ = 1;
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
    if (ends(state)) best = {i + 1 - at, values_[state]};
  }
  return best;
}

int Trie::find(std::u32string_view word) const {
  State state = kRoot;
  for (const char32_t c : word) {
    state = step(state, c);
    if (state == kNone) return -1;
  }
  return state == kRoot || !ends(state) ? -1 : values_[state];
}
