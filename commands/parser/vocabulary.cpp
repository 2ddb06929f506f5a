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

void Vocabulary::mark(std::u32string_view key, Marks& marks) const {
  const std::span<Mark> list = marks.reset(key.size());
  for (std::size_t at = 0; at < key.size(); ++at) {
    const Trie::State state = words_.step(Trie::kRoot, key[at]);
    if (state == Trie::kNone) continue;
    mark_at(key, at, state, list[at]);
    marks.name = marks.name || list[at].item != nullptr;
    marks.act = marks.act || list[at].act;
    marks.question = marks.question || list[at].question;
  }
}

void Vocabulary::mark_at(std::u32string_view key, std::size_t at, Trie::State state,
                         Mark& mark) const {
  bool broken = false;
  for (std::size_t i = at + 1;; ++i) {
    if (words_.ends(state)) {
      const Entry& entry = entries_[static_cast<std::size_t>(words_.value(state))];
      const auto length = static_cast<std::uint8_t>(i - at);
      if (entry.item != nullptr) {
        mark.item = entry.item;
        mark.item_length = length;
      }
      if (!broken) {
        if (entry.lexeme != nullptr) {
          mark.lexeme = entry.lexeme;
          mark.lexeme_length = length;
        }
        if (entry.unit) mark.unit_length = length;
        if (entry.frame) mark.frame_length = length;
        mark.number = mark.number || entry.number;
      }
      mark.act = mark.act || entry.act;
      mark.question = mark.question || entry.question;
    }
    if (i < key.size() && key[i] == U' ' && key[i - 1] != U' ') {
      broken = true;
      ++i;
    }
    if (i >= key.size()) break;
    state = words_.step(state, key[i]);
    if (state == Trie::kNone) break;
  }
}

const Catalogue::Item* Vocabulary::find(std::u32string_view key) const {
  const int at = words_.find(key);
  return at < 0 ? nullptr : entries_[static_cast<std::size_t>(at)].item;
}
