#include "commands/own_names.h"

#include <algorithm>
#include <vector>

#include "commands/parser/marks.h"
#include "commands/parser/parser.h"
#include "commands/parser/text.h"

namespace {

struct Name {
  std::u32string key;
  std::string said, means;
};

/// The group's names for goods of the catalogue, longest first.
std::vector<Name> names_of(const Rules& rules, const Catalogue& catalogue) {
  std::vector<Name> names;
  for (const auto& [number, rule] : rules.said()) {
    if (rule.kind != Rule::Kind::alias) continue;
    std::string means = rules.item(rule.name);
    if (catalogue.find(means) == nullptr) continue;
    names.push_back({fold(rule.name).key, rule.name, std::move(means)});
  }
  std::stable_sort(names.begin(), names.end(),
                   [](const Name& a, const Name& b) { return a.key.size() > b.key.size(); });
  return names;
}

bool sets_up(const Reading& reading) {
  return !reading.statements.empty() && reading.statements.front().action == Action::admin;
}

}  // namespace

std::optional<Reading> read_own_names(const std::string& text, const Rules& rules,
                                      const Policy& policy, std::int64_t today,
                                      const Reading& heard) {
  if (sets_up(heard)) return std::nullopt;
  const auto names = names_of(rules, *policy.catalogue);
  if (names.empty()) return std::nullopt;
  const Text folded = fold(text);
  std::string with_known;
  Marks marks;
  policy.catalogue->mark(folded.key, marks);
  std::vector<const Name*> used;
  for (std::size_t at = 0; at < folded.key.size();) {
    const auto name = std::find_if(names.begin(), names.end(), [&](const Name& n) {
      return std::u32string_view(folded.key).substr(at).starts_with(n.key);
    });
    // Where the catalogue knows a longer name, that is what was said.
    const std::size_t known = marks[at].item == nullptr ? 0 : marks[at].item_length;
    if (name == names.end() || known >= name->key.size()) {
      const std::size_t length = name == names.end() ? 1 : known;
      for (std::size_t i = 0; i < length; ++i) append_utf8(with_known, folded.shown[at + i]);
      at += length;
      continue;
    }
    with_known += name->means;
    used.push_back(&*name);
    at += name->key.size();
  }
  if (used.empty()) return std::nullopt;
  Reading reading = read(with_known, *policy.catalogue, today);
  for (Statement& s : reading.statements) {
    for (const Name* name : used) {
      if (s.item == name->means) s.item = name->said;
    }
  }
  reading.private_numbers = heard.private_numbers;
  return reading;
}
