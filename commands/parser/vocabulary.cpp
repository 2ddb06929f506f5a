#include "commands/parser/vocabulary.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "commands/parser/acts.h"
#include "commands/parser/frames.h"
#include "commands/parser/numeral.h"

Vocabulary::Vocabulary(const std::vector<Name>& names) {
  std::unordered_map<std::u32string, std::size_t> known;
  const auto entry = [&](std::u32string_view word) -> Entry& {
    const auto [at, added] = known.try_emplace(std::u32string(word), entries_.size());
    if (added) entries_.emplace_back();
    return entries_[at->second];
  };
  for (const Name& name : names) {
    Entry& e = entry(name.key);
    if (e.item == nullptr) e.item = name.item;
  }
  for (const Lexeme& lexeme : all_lexemes()) {
    Entry& e = entry(lexeme.word);
    if (e.lexeme != nullptr) continue;
    e.lexeme = &lexeme;
    e.role = lexeme.role;
  }
  for (const auto unit : all_units()) {
    Entry& e = entry(unit);
    e.unit = true;
    e.work = counts_work(unit);
  }
  for (const auto unit : frame_units()) entry(unit).frame = true;
  const auto hint = [&](std::u32string_view word, Cue cue) {
    entry(word).cues |= static_cast<std::uint8_t>(cue);
  };
  for (const auto word : act_cues()) hint(word, Cue::act);
  for (const auto word : question_cues()) hint(word, Cue::question);
  hint(U"接龙", Cue::list);
  for (const char32_t& c : kNumberStarts) entry({&c, 1}).number = true;
  // Short words are found most: theirs stand together.
  std::vector<Trie::Word> words;
  words.reserve(known.size());
  for (const auto& [word, at] : known) words.push_back({word, static_cast<int>(at)});
  std::sort(words.begin(), words.end(), [](const Trie::Word& a, const Trie::Word& b) {
    return std::pair(a.text.size(), a.value) < std::pair(b.text.size(), b.value);
  });
  std::vector<Entry> sorted;
  sorted.reserve(entries_.size());
  for (Trie::Word& word : words) {
    sorted.push_back(entries_[static_cast<std::size_t>(word.value)]);
    word.value = static_cast<int>(sorted.size() - 1);
  }
  entries_ = std::move(sorted);
  words_ = Trie(std::move(words));
}

inline void Vocabulary::Entry::mark(Mark& mark, std::size_t length, bool broken) const {
  const auto characters = static_cast<std::uint8_t>(length);
  if (item != nullptr) {
    mark.item = item;
    mark.item_length = characters;
  }
  if (broken) return;
  if (lexeme != nullptr) {
    mark.lexeme = lexeme;
    mark.role = role;
    mark.lexeme_length = characters;
  }
  if (unit) {
    mark.unit_length = characters;
    mark.work = work;
  }
  if (frame) mark.frame_length = characters;
  mark.number = mark.number || number;
}

void Vocabulary::mark(std::u32string_view key, Marks& marks) const {
  const std::span<Mark> list = marks.reset(key.size());
  for (std::size_t at = 0; at < key.size(); ++at) {
    Trie::State state = words_.step(Trie::kRoot, key[at]);
    bool broken = false;
    for (std::size_t i = at + 1; state != Trie::kNone;) {
      if (const int value = words_.value(state); value >= 0) {
        const Entry& entry = entries_[static_cast<std::size_t>(value)];
        entry.mark(list[at], i - at, broken);
        marks.name = marks.name || entry.item != nullptr;
        marks.cues |= entry.cues;
      }
      if (i < key.size() && key[i] == U' ' && key[i - 1] != U' ') {
        broken = true;
        ++i;
      }
      if (i >= key.size()) break;
      state = words_.step(state, key[i++]);
    }
  }
}

const Catalogue::Item* Vocabulary::find(std::u32string_view key) const {
  const int at = words_.find(key);
  return at < 0 ? nullptr : entries_[static_cast<std::size_t>(at)].item;
}
