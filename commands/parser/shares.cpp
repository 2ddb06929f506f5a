#include <algorithm>

#include "commands/parser/report.h"

// A figure and how it was dealt out: 给三院、四院各50只, 发放500只，三院200只，四院300只.

/// 五院30瓶，六院20瓶，合计50瓶: a sum of what was told.
bool Report::sums_up(const Part& part) const {
  constexpr std::size_t kNear = 3;
  const std::size_t from = part.from > kNear ? part.from - kNear : 0;
  return std::u32string_view(text_.key).substr(from, part.from - from).find_first_of(U"共计") !=
         std::u32string_view::npos;
}

/// Finds 各. In a list it holds for what follows, too: 各发放口罩50只、酒精3瓶.
void Report::each_in(Parts parts) {
  const auto each =
      std::find_if(parts.begin(), parts.end(), [](const Part& p) { return p.is(Role::each); });
  if (each != parts.end()) {
    each_ = true;
    each_at_ = each->from;
    return;
  }
  const bool goes_on = listed_ && std::none_of(parts.begin(), parts.end(), [](const Part& p) {
                         return p.kind == Part::Kind::place || p.is(Role::verb) || p.is(Role::weak);
                       });
  each_ = each_ && goes_on;
}

/// 发放500只 |三院200只, |给三院200只: after a figure, a place and one of its own. A clause that
/// ends in a place has its figures before their places (300只给三院 200只给四院).
bool Report::own_figure(Parts parts, std::size_t i) const {
  if (i == 0 || parts[i - 1].is(Role::joins) || parts[i - 1].is(Role::to)) return false;
  std::size_t place = i;
  if (parts[i].is(Role::to)) ++place;
  if (place + 1 >= parts.size() || parts[place].kind != Part::Kind::place || parts[place].person)
    return false;
  std::size_t figure = place + 1;
  if (parts[figure].kind == Part::Kind::goods && figure + 1 < parts.size()) ++figure;
  if (parts[figure].kind != Part::Kind::quantity) return false;
  for (std::size_t last = parts.size(); last > figure; --last) {
    if (parts[last - 1].kind == Part::Kind::place) return false;
    if (parts[last - 1].kind == Part::Kind::quantity) return true;
  }
  return true;
}

/// Whether the part may be one of what the whole counts.
bool Report::share_of(const Draft& whole, const Draft& part) const {
  const Statement& all = whole.statement;
  const Statement& s = part.statement;
  const bool one_kind = s.action == all.action && s.item == all.item && s.quantity &&
                        (s.unit == all.unit || s.unit.empty() || all.unit.empty());
  if (!one_kind || s.place.empty() || s.receivers != 0 || s.cumulative) return false;
  return part.inherits || (part.line == whole.line && part.scope == whole.scope);
}

/// A figure for nobody and then figures for places: the places' are what it was made of. Where they
/// do not add up to it nobody knows what was meant.
void Report::shares() {
  for (std::size_t t = 0; t < drafts_.size() && !list_; ++t) {
    const Statement& all = drafts_[t].statement;
    const bool goods = all.action == Action::need || all.action == Action::received ||
                       all.action == Action::distributed || all.action == Action::in_transit ||
                       all.action == Action::offer || all.action == Action::used;
    if (!goods || !all.quantity || !all.place.empty() || all.from_hub || all.cumulative ||
        drafts_[t].of_total || drafts_[t].due)
      continue;
    Quantity sum;
    std::string said = all.item + to_string(*all.quantity) + all.unit;
    std::vector<std::size_t> found;
    for (std::size_t d = t + 1; d < drafts_.size() && found.size() < kMaxShares; ++d) {
      const Statement& s = drafts_[d].statement;
      if (s.action == all.action && s.item == all.item && s.place.empty()) break;
      if (!share_of(drafts_[t], drafts_[d])) continue;
      found.push_back(d);
      sum += *s.quantity;
      said += "，" + s.place + to_string(*s.quantity) + s.unit;
    }
    if (found.empty()) continue;
    const bool some = found.size() == 1 && drafts_[found.front()].of_total && sum < *all.quantity;
    if (some) continue;  // 其中三院200只: nothing is said of the rest
    if (sum != *all.quantity) {
      // 合计…: the reply says that the parts do not add up to it. Goods named anew (发放 手套
      // 100双， 五院 手套 200双) are told side by side.
      const bool inherits = std::any_of(found.begin(), found.end(),
                                        [&](std::size_t d) { return drafts_[d].inherits; });
      if (inherits && text_.key.find_first_of(U"共计") == text_.key.npos)
        doubt(Doubt::parts_differ, said);
      continue;
    }
    for (const std::size_t d : found) {
      drafts_[d].of_total = false;
      if (drafts_[d].statement.unit.empty()) drafts_[d].statement.unit = all.unit;
    }
    drafts_.erase(drafts_.begin() + static_cast<std::ptrdiff_t>(t));
    --t;
  }
  std::erase_if(drafts_, [](const Draft& d) { return d.of_total; });
}
