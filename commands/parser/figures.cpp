#include <algorithm>

#include "commands/parser/report.h"

namespace {

/// One name for the same work: 出动车辆 is 车辆, 受益人数 is 受益.
std::string work_name(const std::string& surface) {
  for (const std::string_view name :
       {"志愿者", "受益", "消杀", "车辆", "活动", "社会组织", "排查", "宣传", "送餐", "入户",
        "走访", "慰问", "培训", "转运", "咨询", "面积"}) {
    if (surface.find(name) != std::string::npos) return std::string(name);
  }
  return surface.starts_with("消毒") ? "消杀" : surface;
}

/// People and vehicles that can be offered like goods.
bool helps(const std::string& surface) {
  for (const std::string_view name : {"车", "司机", "医生", "护士", "志愿者", "人员", "人手"}) {
    if (surface.ends_with(name)) return true;
  }
  return false;
}

}  // namespace

/// Figures of people, visits, area: bound to the noun beside them before goods are paired.
void Report::work(Parts parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& figure = parts[i];
    if (figure.kind != Part::Kind::quantity || taken_[i] != 0) continue;
    const Token& token = *figure.token;
    const bool counted = counts_work(
        std::u32string_view(text_.key).substr(token.unit_from, token.unit_to - token.unit_from));
    std::size_t left = i;
    while (left > 0 && parts[left - 1].kind == Part::Kind::lexeme &&
           (parts[left - 1].is(Role::about) || parts[left - 1].is(Role::fluff) ||
            parts[left - 1].is(Role::total))) {
      --left;
    }
    const auto noun_at = [&](std::size_t k) {
      return k < parts.size() && taken_[k] == 0 && parts[k].kind == Part::Kind::goods &&
             !parts[k].known;
    };
    const bool right = noun_at(i + 1) && parts[i + 1].adjacent && (parts[i + 1].metric || counted);
    const bool before =
        left > 0 && noun_at(left - 1) && (parts[left - 1].metric || (counted && !right));
    if (!right && !before) {
      if (counted && list_ && header_ && header_->metric) {  // 需要志愿者接龙: 三院 5名
        taken_[i] = 1;
        emit(&*header_, figure, left < i && parts[i - 1].is(Role::about));
        continue;
      }
      if (counted) taken_[i] = 1;
      continue;
    }
    const bool prefer_left = before && (!right || (parts[left - 1].metric && counted));
    const std::size_t at = prefer_left ? left - 1 : i + 1;
    Noun name = noun(parts[at]);
    if (!name.metric && !saw_verb_ && drafts_.empty()) continue;
    name.metric = true;
    taken_[i] = taken_[at] = 1;
    emit(&name, figure, left < i && parts[i - 1].is(Role::about));
  }
}

/// Pairs the figures of a clause with their goods.
void Report::figures(Parts parts) {
  work(parts);
  std::vector<std::size_t>& sequence = room_.sequence;
  sequence.clear();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    if (taken_[i] != 0) continue;
    if (part.kind == Part::Kind::goods) sequence.push_back(i);
    if (part.kind != Part::Kind::quantity) continue;
    if (i > 0 && parts[i - 1].is(Role::negates)) continue;
    if (i > 0 && parts[i - 1].is(Role::worth)) {
      const auto value = part.token->number.value;
      if (!value) continue;
      const Measure worth{*value, unit(*part.token)};
      const bool later =
          std::any_of(parts.begin() + static_cast<std::ptrdiff_t>(i) + 1, parts.end(),
                      [](const Part& p) { return p.kind == Part::Kind::quantity; });
      if (later) {
        now_.worth = worth;
      } else if (Draft* draft = last_draft(); draft && draft->line == line_) {
        draft->statement.value = worth;
      }
      continue;
    }
    sequence.push_back(i);
  }
  assign(parts, sequence);
  single_pack(parts);
  for (const Part& part : parts) {
    if (part.kind == Part::Kind::pack) pack(part);
  }
  unknown_needs(parts);
}

void Report::assign(Parts parts, const std::vector<std::size_t>& sequence) {
  const auto is_quantity = [&](std::size_t i) { return parts[i].kind == Part::Kind::quantity; };
  std::vector<std::size_t>& quantities = room_.quantities;
  quantities.clear();
  for (const std::size_t i : sequence) {
    if (is_quantity(i)) quantities.push_back(i);
  }
  if (quantities.empty()) {
    for (const std::size_t i : sequence) {
      now_.pending.push_back(noun(parts[i]));
      const bool vague = i + 1 < parts.size() && parts[i + 1].is(Role::vague);
      if (!parts[i].known && !parts[i].inside && !vague) leftover_ += parts[i].to - parts[i].from;
    }
    return;
  }
  // The order of a list is one for the whole of it: it ends in a figure (口罩500) or in goods.
  const std::size_t first = sequence.front();
  std::size_t last = sequence.back();
  bool number_first = false;
  if (!is_quantity(last)) {
    // 张三50个口罩: an unknown name before does not make it item-first.
    number_first = is_quantity(first) || (!parts[first].known && parts[last].known);
    // 200只 孝感一医院附近: what trails is goods only right after the figure.
    if (number_first && !parts[last].known && !parts[last].metric && !parts[last].adjacent &&
        now_.last)
      number_first = false;
  } else if (is_quantity(first) && sequence.size() > 2) {
    std::size_t goods = 0;
    for (const std::size_t i : sequence) goods += !is_quantity(i);
    number_first = goods > 0 && (parts[last].inside || !parts[first].inside);
    if (goods > 0 && quantities.size() <= goods) number_first = false;
  }
  std::size_t previous = 0;  // start of the stretch before the next figure, in sequence positions
  for (std::size_t s = 0; s < sequence.size(); ++s) {
    if (!is_quantity(sequence[s])) continue;
    const Part& quantity = parts[sequence[s]];
    bool approx = false;
    const std::size_t at = sequence[s];
    for (std::size_t back = at; back > 0 && parts[back - 1].kind == Part::Kind::lexeme; --back) {
      approx = approx || parts[back - 1].is(Role::about);
    }
    if (at + 1 < parts.size() && parts[at + 1].is(Role::after)) approx = true;
    std::size_t low = number_first ? s + 1 : previous;
    std::size_t high = s;
    if (number_first) {
      for (high = s + 1; high < sequence.size() && !is_quantity(sequence[high]);) ++high;
    }
    previous = s + 1;
    if (at > 0 && parts[at - 1].is(Role::actual) && settle(quantity)) continue;
    // Between low and high stand the nouns this figure may count.
    std::size_t chosen = sequence.size();
    for (std::size_t k = low; k < high; ++k) {
      const Part& candidate = parts[sequence[k]];
      const bool better =
          chosen == sequence.size() ||
          (number_first ? (!parts[sequence[chosen]].known && candidate.known)
                        : (candidate.known || candidate.metric || !parts[sequence[chosen]].known));
      if (better) chosen = k;
    }
    for (std::size_t k = low; k < high; ++k) {
      if (k != chosen && !parts[sequence[k]].known && !parts[sequence[k]].inside)
        leftover_ += parts[sequence[k]].to - parts[sequence[k]].from;
    }
    if (chosen == sequence.size()) {
      emit(nullptr, quantity, approx);
      continue;
    }
    if (each_ && !number_first) {
      std::vector<Noun> members = std::move(now_.pending);
      now_.pending.clear();
      for (std::size_t k = low; k < high; ++k) members.push_back(noun(parts[sequence[k]]));
      for (const Noun& member : members) {
        if (member.known || members.size() == 1 || !members.front().known)
          emit(&member, quantity, approx);
      }
      continue;
    }
    std::size_t start = chosen;
    while (start > low && sequence[start] >= 2 && sequence[start] - sequence[start - 1] == 2 &&
           parts[sequence[start] - 1].is(Role::joins) && !number_first) {
      --start;
    }
    const Noun counted = joined(parts, sequence[start], sequence[chosen]);
    for (std::size_t k = low; k < start; ++k) {
      if (parts[sequence[k]].known) now_.pending.push_back(noun(parts[sequence[k]]));
    }
    emit(&counted, quantity, approx);
  }
}

/// （一箱2000只）: one container and what it holds, told as two figures.
void Report::single_pack(Parts parts) {
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const Part& one = parts[i];
    const Part& per = parts[i + 1];
    if (one.kind != Part::Kind::quantity || per.kind != Part::Kind::quantity || !per.adjacent)
      continue;
    if (one.token->number.value != Quantity{1000} || !per.token->number.value) continue;
    const std::string of = unit(*one.token);
    for (std::size_t d = drafts_.size(); d > line_drafts_; --d) {
      Statement& s = drafts_[d - 1].statement;
      if (s.unit != of) continue;
      s.pack = Pack{*per.token->number.value, unit(*per.token), of};
      s.alt.reset();
      break;
    }
  }
}

void Report::pack(const Part& part) {
  if (!part.token->number.value) return;
  const Token& token = *part.token;
  Pack pack{*token.number.value, unit(token), surface(token.of_from, token.of_to)};
  Draft* best = nullptr;
  for (std::size_t d = line_drafts_; d < drafts_.size(); ++d) {
    if (!drafts_[d].statement.pack && drafts_[d].statement.unit == pack.of) best = &drafts_[d];
  }
  if (best == nullptr && drafts_.size() > line_drafts_ && !drafts_.back().statement.pack)
    best = &drafts_.back();
  if (best != nullptr) best->statement.pack = std::move(pack);
}

/// 应到500 实到480: the second figure is what came of the first.
bool Report::settle(const Part& actual) {
  Draft* draft = last_draft();
  if (draft == nullptr || draft->line != line_ || draft->statement.action != Action::received)
    return false;
  if (draft->statement.expected || !actual.token->number.value) return false;
  draft->statement.expected = draft->statement.quantity;
  draft->statement.quantity = actual.token->number.value;
  if (draft->statement.unit.empty()) draft->statement.unit = unit(*actual.token);
  return true;
}

/// Makes a statement of a figure and its noun; without one, of what was named before.
void Report::emit(const Noun* noun, const Part& part, bool approx) {
  if (drafts_.size() >= most()) {
    if (out_.unread.empty()) out_.unread.push_back(surface(part.from, text_.key.size()));
    return;
  }
  const Token& token = *part.token;
  const std::string said = unit(token);
  const bool work = counts_work(
      std::u32string_view(text_.key).substr(token.unit_from, token.unit_to - token.unit_from));
  Draft* before = last_draft();
  const bool same_line = before != nullptr && before->line == line_;
  Noun inherited;
  if (noun == nullptr) {
    if (!now_.pending.empty()) {
      const auto known = std::find_if(now_.pending.rbegin(), now_.pending.rend(),
                                      [](const Noun& n) { return n.known; });
      inherited = known != now_.pending.rend() ? *known : now_.pending.back();
      now_.pending.clear();
    } else if (same_line && before->scope == scope_ && !before->statement.alt && !said.empty() &&
               said != before->statement.unit && before->statement.quantity && token.number.value &&
               before->statement.action != Action::activity && !work) {
      // 20箱(4000个), 20箱共4万只: the same goods measured twice.
      Statement& s = before->statement;
      s.alt = Measure{*token.number.value, said};
      if (s.unit == "车") {
        std::swap(s.alt->quantity, *s.quantity);
        std::swap(s.alt->unit, s.unit);
        s.approx = s.approx || approx || token.number.approx;
      }
      return;
    } else if (said == "元" || said == "万元" || said == "元钱") {
      inherited = {"现金", "现金", true, false, part.from, part.from};
    } else if (now_.last && !work &&
               (!same_line || before->scope != scope_ || !now_.places.empty()) &&
               (now_.verb != nullptr || header_ || !now_.places.empty())) {
      inherited = *now_.last;
    } else if (header_ && !work) {
      inherited = *header_;
    } else {
      leftover_ += 2;
      return;
    }
    noun = &inherited;
  }
  // 10万只，其中5万只…: counted already; but 物资4批，其中口罩…: told for the first time.
  if (now_.parts_follow &&
      (noun == &inherited || (same_line && before->statement.item == noun->surface)))
    return;
  Draft draft;
  Statement& s = draft.statement;
  const bool asked_for = now_.action == Action::need && (work || helps(noun->surface));
  const bool hands = asked_for || (now_.action == Action::offer && helps(noun->surface));
  const bool metric = !hands && (noun->metric || work);
  if (metric) {
    if (!noun->metric && !saw_verb_ && drafts_.empty()) {
      leftover_ += 4;
      return;
    }
    s.action = Action::activity;
    s.item = work_name(noun->surface);
  } else {
    if (!noun->known && said.empty()) {  // xx10: nobody knows what is counted
      leftover_ += 2;
      return;
    }
    const bool article = !token.number.digits && token.number.value == Quantity{1000};
    if (noun->canonical.empty() && !noun->metric &&
        (noun->surface.size() < 4 || talk(*noun) || (article && said == "个"))) {
      leftover_ += 2;  // one character is hardly a name
      return;
    }
    flags(s);
    s.item = noun->surface;
    s.canonical = noun->canonical;
    s.item_span = text_.original(noun->from, noun->to);
    now_.last = *noun;
  }
  s.quantity = token.number.value;
  s.max = token.number.max;
  s.unit = said;
  if (s.unit == "万元" || s.unit == "万平方米") {
    s.unit.erase(0, std::string("万").size());
    s.quantity = s.quantity ? multiply(*s.quantity, Quantity::whole(10'000)) : s.quantity;
  }
  if (s.unit == "元钱" || s.unit == "块钱") s.unit = "元";
  if (!s.quantity) {
    out_.unread.push_back(surface(part.from, part.to));
    return;
  }
  s.approx = approx || token.number.approx;
  s.cumulative = now_.cumulative;
  s.value = now_.worth;
  now_.worth.reset();
  s.receivers = metric ? 0 : now_.receivers;
  s.from_hub = now_.from_hub;
  s.counterpart = now_.counterpart;
  s.span = text_.original(std::min(part.from, noun->from), std::max(part.to, noun->to));
  s.quantity_span = text_.original(part.from, token.unit_to);
  draft.known = noun->known;
  draft.scope = scope_;
  draft.line = line_;
  draft.sentence = sentence_;
  draft.article = !token.number.digits && s.quantity == Quantity{1000};
  draft.each = each_;
  if (metric || now_.receivers != 0 || now_.places.empty()) {
    drafts_.push_back(std::move(draft));
    return;
  }
  if (now_.places.size() > 1 && !each_) {
    // One figure for several places: who got what is not said.
    draft.statement.receivers = static_cast<int>(now_.places.size());
    drafts_.push_back(std::move(draft));
    return;
  }
  for (const std::string& place : now_.places) {
    if (drafts_.size() >= kMaxStatements) break;
    Draft copy = draft;
    copy.statement.place = place;
    drafts_.push_back(std::move(copy));
  }
}

/// 急需口罩, 口罩越多越好: known goods of a need that got no figure.
void Report::unknown_needs(Parts parts) {
  if (now_.action != Action::need || asked_) return;
  // 急需： on a line of its own, then the goods: but nothing else is said about these.
  const auto listed = [](const Part& p) {
    return (p.kind == Part::Kind::goods && p.known) || p.is(Role::vague) || p.is(Role::joins);
  };
  if (now_.verb_sentence != sentence_ && !std::all_of(parts.begin(), parts.end(), listed)) return;
  // Only what this clause named: a line may have named thousands before.
  std::size_t named = now_.pending.size();
  while (named > 0 && now_.pending[named - 1].from >= parts.front().from) --named;
  for (auto part = parts.begin(); named < now_.pending.size(); ++named) {
    const Noun& noun = now_.pending[named];
    while (part != parts.end() && part->from < noun.from) ++part;
    const bool here = part != parts.end() && part->from == noun.from && !part->inside;
    const bool attributive = noun.to < text_.key.size() && text_.key[noun.to] == U'的';
    if (!here || attributive || !noun.known || drafts_.size() >= most()) continue;
    Draft draft;
    Statement& s = draft.statement;
    flags(s);
    s.item = noun.surface;
    s.canonical = noun.canonical;
    s.unknown = true;
    if (!now_.places.empty()) s.place = now_.places.back();
    s.span = text_.original(noun.from, noun.to);
    draft.scope = scope_;
    draft.line = line_;
    draft.sentence = sentence_;
    drafts_.push_back(std::move(draft));
  }
}
