#include "storage/wanted.h"

#include <algorithm>

#include "storage/open_entries.h"

Wanted::Wanted(Database& database, std::string group, const std::optional<std::string>& place)
    : db_(database), group_(std::move(group)) {
  const auto each = [&](const Row& row) {
    places_[row.string(0)].items[row.string(1)] = {row.string(2), row.integer(3)};
  };
  if (place) {
    db_.run(
        "SELECT party, item, word, number FROM standing WHERE grp = $1 AND party = $2"
        " AND kind = 'enough' AND voided_by = 0 ORDER BY number",
        {group_, *place}, each);
  } else {
    // What names no place is about somebody's own needs.
    db_.run(
        "SELECT party, item, word, number FROM standing WHERE grp = $1 AND party <> ''"
        " AND kind = 'enough' AND voided_by = 0 ORDER BY number",
        {group_}, each);
  }
}

bool Wanted::full(const std::string& place, const std::string& item) const {
  const auto at = places_.find(place);
  if (place.empty() || at == places_.end()) return false;
  const auto own = at->second.items.find(item);
  const std::string word = own == at->second.items.end() ? "" : own->second.word;
  const std::int64_t said = own == at->second.items.end() ? 0 : own->second.number;
  const bool others_only =
      std::any_of(at->second.items.begin(), at->second.items.end(), [&](const auto& other) {
        return other.first != item && other.second.word == "只收" && other.second.number > said;
      });
  const bool closed = word == "够了" || word == "暂停" || (word != "只收" && others_only);
  // Asking again is as good as 恢复.
  return closed && !needed_at(db_, group_, item, place);
}

std::vector<std::string> Wanted::full_of(const std::string& item) const {
  std::vector<std::string> found;
  for (const auto& [place, words] : places_) {
    if (full(place, item)) found.push_back(place);
  }
  return found;
}

std::vector<Wanted::Full> Wanted::all(const std::optional<std::string>& item) const {
  std::vector<Full> found;
  for (const auto& [place, words] : places_) {
    Full enough{place, "够了", {}}, paused{place, "暂停", {}}, only{place, "只收", {}};
    for (const auto& [what, last] : words.items) {
      if (last.word == "只收") only.items.push_back(what);
      if (item && what != *item) continue;
      if (last.word == "够了" && full(place, what)) enough.items.push_back(what);
      if (last.word == "暂停" && full(place, what)) paused.items.push_back(what);
    }
    // 只收热食 says no of all that it does not name.
    if (item && !only.items.empty() && !full(place, *item)) only.items.clear();
    for (Full* full : {&enough, &paused, &only}) {
      if (!full->items.empty()) found.push_back(std::move(*full));
    }
  }
  return found;
}
