#include "commands/parser/vocabulary.h"

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
    if (e.lexeme == nullptr) e.lexeme = &lexeme;
  }
  for (const auto unit : all_units()) entry(unit).unit = true;
  for (const auto unit : frame_units()) entry(unit).frame = true;
  for (const auto cue : act_cues()) entry(cue).act = true;
  for (const auto cue : question_cues()) entry(cue).question = true;
  for (const char32_t& c : kNumberStarts) entry({&c, 1}).number = true;
  std::vector<Trie::Word> words;
  words.reserve(known.size());
  for (const auto& [word, at] : known) words.push_back({word, static_cast<int>(at)});
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
    mark.lexeme_length = characters;
  }
  if (unit) mark.unit_length = characters;
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
        marks.act = marks.act || entry.act;
        marks.question = marks.question || entry.question;
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
