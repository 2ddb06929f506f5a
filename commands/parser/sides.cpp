#include <algorithm>
#include <utility>

#include "commands/parser/names.h"
#include "commands/parser/report.h"

namespace {

/// 给 三院; but also 为 全县 45个卡点, where a wider place stands between.
bool led_to(Parts parts, std::size_t i) {
  if (i == 0) return false;
  if (parts[i - 1].leads_to_place()) return true;
  return i > 1 && parts[i].kind == Part::Kind::quantity && parts[i - 1].kind == Part::Kind::place &&
         parts[i - 2].leads_to_place();
}

/// 缺口, 还缺, 缺: how much is missing of what stands before.
bool lacks(const Lexeme& lexeme) { return lexeme.word.find_first_of(U"缺差") != lexeme.word.npos; }

}  // namespace

bool gives_back(const Lexeme& lexeme) { return lexeme.word.front() == U'退'; }

bool speaks_of_us(std::u32string_view word) {
  return word.starts_with(U'我') || word == U"咱们" || word == U"本人";
}

/// 300只给三院、四院: the figure before was for both; 各300只 was for each.
bool Report::one_more_receiver(const std::string& name) {
  if (now_.places.empty()) return false;
  bool found = false;
  for (std::size_t d = drafts_.size(); d > line_drafts_; --d) {
    Draft& draft = drafts_[d - 1];
    Statement& s = draft.statement;
    const bool given = s.action == Action::distributed || s.action == Action::in_transit ||
                       s.action == Action::need;
    const bool here = s.receivers > 1 || s.place == now_.places.back();
    if (draft.scope != scope_ || !given || !here) break;
    found = true;
    if (draft.each) {
      Draft copy = draft;
      copy.statement.place = name;
      drafts_.push_back(std::move(copy));
      break;
    }
    s.receivers = std::max(s.receivers, 1) + 1;
    s.place.clear();
  }
  if (found) now_.places.push_back(name);
  return found;
}

/// 14家定点医院, 三个社区, 10个街道办事处: how many places, and no goods.
bool Report::counts_receivers(Parts parts, std::size_t i) const {
  if (i + 1 >= parts.size() || parts[i].kind != Part::Kind::quantity || !parts[i + 1].adjacent)
    return false;
  const Part& next = parts[i + 1];
  if (next.kind != Part::Kind::goods && next.kind != Part::Kind::place && !next.metric)
    return false;
  if (names_kind_of_place(key(next))) return true;
  const auto said = unit_key(*parts[i].token);
  const bool counts = said == U"个" || said == U"家" || said == U"处" || said == U"所";
  return counts && !next.known && names_place(key(next));
}

/// What counts the places that something goes to, or is told of as work.
bool Report::receivers(Parts parts, std::size_t i) {
  if (!counts_receivers(parts, i)) return false;
  const Part& part = parts[i];
  taken_[i] = taken_[i + 1] = 1;
  const auto count = part.token->number.value;
  if (led_to(parts, i) && count && count->thousandths % 1000 == 0 &&
      count->thousandths < 1'000'000) {
    now_.receivers = static_cast<int>(count->thousandths / 1000);
    now_.receiver_unit = unit(*part.token);
    now_.receiver_kind = surface(parts[i + 1].from, parts[i + 1].to);
  } else if (saw_verb_ || saw_work_ || !drafts_.empty()) {
    Noun name = noun(parts[i + 1]);
    name.metric = true;
    emit(&name, part, false);
  }
  return true;
}

/// 慈济|送来的: whoever it is.
bool Report::unknown_giver(Parts parts, std::size_t i) {
  const Part& part = parts[i];
  if (part.kind != Part::Kind::goods || part.known || part.metric || taken_[i] != 0 ||
      i + 1 >= parts.size() || !parts[i + 1].is(Role::deal) || !parts[i + 1].adjacent)
    return false;
  taken_[i] = 1;
  if (now_.counterpart.empty()) now_.counterpart = surface(part.from, part.to);
  return true;
}

/// 我们医院缺面罩: the speaker's own, which has another name; 54家政府及企业: counted.
bool Report::no_side(Parts parts, std::size_t i) {
  const Part& part = parts[i];
  if (part.kind != Part::Kind::place || taken_[i] != 0) return true;
  if (i == 0 || !part.adjacent) return false;
  const Part& before = parts[i - 1];
  if (before.is(Role::fluff) && part.to - part.from <= 3 &&
      speaks_of_us(before.token->lexeme->word) && names_kind_of_place(key(part))) {
    taken_[i] = 1;
    return true;
  }
  return part.person && before.kind == Part::Kind::quantity && before.token->work;
}

/// Who gave or sent, or whom it goes back to: the other side, and no place of ours.
bool Report::other_side(Parts parts, std::size_t i, std::size_t verb_at, bool before) {
  const bool to = led_to(parts, i);
  const bool deal = i + 1 < parts.size() && parts[i + 1].is(Role::deal);
  // 应急局拨来帐篷: who brought it stands before the verb.
  const bool brought = now_.action == Action::received && i < verb_at && verb_at < parts.size() &&
                       parts[verb_at].token->lexeme->word.find(U'来') != std::u32string_view::npos;
  const bool from = (i > 0 && parts[i - 1].is(Role::from)) || brought;
  const bool gives = (now_.action == Action::offer && i < verb_at && verb_at < parts.size()) ||
                     (now_.action == Action::received && i > verb_at && before && !to);
  // 退回 … 给 红会, 退回红会…: to the giver it goes back.
  const bool returned =
      i > verb_at && verb_at < parts.size() && before && gives_back(*parts[verb_at].token->lexeme);
  const bool back = now_.action == Action::adjust && (to || returned);
  if (!deal && !from && !(gives && !to) && !back) return false;
  const std::string name = place_name(parts[i]);
  if (now_.counterpart.empty()) now_.counterpart = name;
  // 收到手套30双，来自蓝天救援队
  for (std::size_t d = sentence_drafts_; from && d < drafts_.size(); ++d) {
    Statement& told = drafts_[d].statement;
    if (told.action == Action::received && told.counterpart.empty()) told.counterpart = name;
  }
  return true;
}

/// A place behind the figures: of those of this clause, and of those to come.
void Report::place_behind(Parts parts, std::size_t i, std::size_t first_quantity) {
  std::string name = place_name(parts[i]);
  if (now_.parts_follow) {  // 其中300只给三院: not all of it
    now_.places = {std::move(name)};
    return;
  }
  // 300只给三院和四院: one figure for both, as before the figure.
  const bool joined = i > 1 && parts[i - 1].is(Role::joins) &&
                      parts[i - 2].kind == Part::Kind::place && !now_.places.empty() &&
                      now_.places.back() == place_name(parts[i - 2]);
  if (joined) {
    now_.places.push_back(std::move(name));
    return;
  }
  // 口罩500只，200只到三院: a figure of goods told before is not for the whole of them.
  const Draft* told = last_draft();
  const bool alike = first_quantity < i && told != nullptr &&
                     parts[first_quantity].kind == Part::Kind::quantity &&
                     told->statement.unit == unit(*parts[first_quantity].token);
  const bool share = i > first_quantity && (first_quantity > 0 || alike) &&
                     std::none_of(parts.begin(), parts.end(),
                                  [](const Part& p) { return p.kind == Part::Kind::goods; });
  for (std::size_t d = line_drafts_; d < drafts_.size() && !share; ++d) {
    if (drafts_[d].scope == scope_ && drafts_[d].statement.place.empty())
      drafts_[d].statement.place = name;
  }
  // 口罩500只到三院、手套20双到四院: what went before has its place already.
  if (drafts_.size() > line_drafts_ && led_to(parts, i)) now_.places.clear();
  if (now_.places.empty()) now_.places.push_back(std::move(name));
}

/// An unknown name right before a verb of need is a place, whatever it ends in.
void Report::asker(Parts parts, std::size_t verb_at, std::size_t first_quantity,
                   std::vector<std::string>& leading) {
  if (now_.action != Action::need || verb_at == 0 || verb_at >= parts.size() || !leading.empty())
    return;
  const Part& part = parts[verb_at - 1];
  const bool counted =
      first_quantity == verb_at + 1 &&
      (lacks(*parts[verb_at].token->lexeme) || names_thing(text_.key[part.to - 1])) &&
      (first_quantity + 1 >= parts.size() ||
       parts[first_quantity + 1].kind != Part::Kind::goods);  // 饲草缺口18吨
  if (part.kind == Part::Kind::goods && !part.known && !part.metric && !counted &&
      verb_at - 1 < first_quantity && part.to - part.from >= 2 && part.to - part.from <= 15) {
    taken_[verb_at - 1] = 1;
    leading.push_back(place_name(part));
  }
}

/// Places named before the figures: those of this clause, after those that a list began with.
void Report::lead(Parts parts, std::vector<std::string> leading) {
  if (leading.empty()) return;
  // 急需口罩,越多越好 三院: who asks, told last.
  for (std::size_t d = sentence_drafts_; d < drafts_.size() && leading.size() == 1; ++d) {
    Statement& s = drafts_[d].statement;
    if (s.unknown && s.place.empty()) s.place = leading.front();
  }
  const Draft* last = last_draft();
  const bool told = last != nullptr && last->line == line_ && !now_.places.empty() &&
                    (last->statement.place == now_.places.back() || last->statement.receivers > 1);
  // 口罩100只给三院、|四院各50只: the list of places that 各 is about began before.
  const bool each_of_list =
      each_ && listed_ && told && std::none_of(parts.begin(), parts.end(), [](const Part& p) {
        return p.kind == Part::Kind::goods && p.known;
      });
  if (each_of_list) {
    Statement& whole = last_draft()->statement;
    whole.place.clear();
    whole.receivers = static_cast<int>(now_.places.size() + leading.size());
  }
  const bool continues = !now_.places.empty() && drafts_.size() == sentence_drafts_ && !told &&
                         header_place_ != now_.places.back();
  if (!continues && !each_of_list) now_.places.clear();
  for (auto& name : leading) now_.places.push_back(std::move(name));
}

/// Places and other sides, by preposition, by form and by position relative to the verb.
void Report::sides(Parts parts, std::size_t verb_at, std::size_t first_quantity) {
  std::vector<std::string> leading;
  // 甲院发出20副到乙院: who sent it is not where it goes.
  bool leads_on = false;
  for (std::size_t i = verb_at + 1; i < parts.size(); ++i) {
    leads_on = leads_on || (parts[i].kind == Part::Kind::place && parts[i - 1].leads_to_place());
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    if (part.kind == Part::Kind::lexeme && !part.is(Role::hub)) continue;
    const bool to = led_to(parts, i);
    if (part.is(Role::hub) && to) now_.from_hub = true;
    if (receivers(parts, i) || unknown_giver(parts, i) || no_side(parts, i)) continue;
    const bool before = i < first_quantity;
    taken_[i] = 1;
    if (other_side(parts, i, verb_at, before)) continue;
    std::string name = place_name(part);
    const bool for_each = each_ && i + 1 < parts.size() && parts[i + 1].is(Role::each);
    if (part.person && !to && now_.action != Action::need && !for_each) {
      taken_[i] = 0;
      if (now_.action == Action::received && now_.counterpart.empty()) now_.counterpart = name;
      continue;
    }
    // 李家村发了…: who handed out; but 给三院、四院发放: the list of places goes on.
    const bool more = (!now_.places.empty() && drafts_.size() == sentence_drafts_) ||
                      (!leading.empty() && i > 0 && parts[i - 1].is(Role::joins));
    if (now_.action == Action::in_transit && i < verb_at && leads_on && !to) continue;
    const bool acts = now_.action == Action::distributed ||
                      (now_.action == Action::in_transit && verb_at < first_quantity);
    if (acts && i < verb_at && verb_at < parts.size() && !to && !more && !for_each) continue;
    if (list_ && part.person) continue;
    if (before) {
      leading.push_back(std::move(name));
    } else {
      place_behind(parts, i, first_quantity);
    }
  }
  if (listed_ && parts.size() == 1 && leading.size() == 1 && one_more_receiver(leading.front()))
    return;
  asker(parts, verb_at, first_quantity, leading);
  lead(parts, std::move(leading));
}
