#include <algorithm>

#include "commands/parser/names.h"
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

/// 60名, 35人: people, whatever they are called.
bool counts_people(std::u32string_view unit) {
  for (const std::u32string_view word : {U"人", U"名", U"位", U"人次"}) {
    if (unit == word) return true;
  }
  return false;
}

/// 一车, 两船: what brings goods.
bool carries(std::u32string_view unit) { return unit == U"车" || unit == U"船" || unit == U"柜"; }

/// What is counted of work that the noun only begins to name: 消杀楼道 28个, but 消毒凝胶 200瓶.
bool fits_work(std::u32string_view unit) {
  constexpr std::u32string_view kPlaces = U"个条栋处座间层起宗件方";
  return counts_work(unit) || unit == U"立方米" ||
         (unit.size() == 1 && kPlaces.find(unit.front()) != std::u32string_view::npos);
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
    const auto said = unit_key(*figure.token);
    const bool counted = counts_work(said);
    std::size_t left = i;
    while (left > 0 && parts[left - 1].kind == Part::Kind::lexeme &&
           (parts[left - 1].is(Role::about) || parts[left - 1].is(Role::fluff) ||
            parts[left - 1].is(Role::total))) {
      --left;
    }
    const auto noun_at = [&](std::size_t k) {
      if (k >= parts.size() || taken_[k] != 0 || parts[k].known) return false;
      return parts[k].kind == Part::Kind::goods ||
             (parts[k].kind == Part::Kind::place && parts[k].person &&
              (counts_people(said) || said == U"家"));
    };
    const auto names_work = [&](std::size_t k) {
      return (parts[k].metric && (!parts[k].loose || fits_work(said))) ||
             (said == U"个" && key(parts[k]) == U"人");
    };
    const bool times = said == U"次" || said == U"趟";  // 一次血 is no work, 巡逻4次 is
    const bool right = noun_at(i + 1) && parts[i + 1].adjacent &&
                       (names_work(i + 1) || (counted && !times));
    // 代购|药品38次: the work stands before its goods.
    if (counted && left > 1 && parts[left - 1].known && parts[left - 2].metric) --left;
    const bool before =
        left > 0 && noun_at(left - 1) && (names_work(left - 1) || (counted && !right && !times));
    if (!right && !before) {
      if (counted && list_ && header_ && header_->metric) {  // 需要志愿者接龙: 三院 5名
        taken_[i] = 1;
        emit(&*header_, figure, left < i && parts[i - 1].is(Role::about));
        continue;
      }
      if (!counted) continue;
      taken_[i] = 1;
      const bool area = said.find(U"平方") != said.npos;
      if (list_) continue;  // 刘强 2人 signs up; that is no work done
      if ((!counts_people(said) && !area) || (!saw_work_ && drafts_.empty())) continue;
      const Noun people{area ? "面积" : "人员", "", false, true, figure.from, figure.from};
      emit(&people, figure, left < i && parts[i - 1].is(Role::about));
      continue;
    }
    const bool prefer_left = before && (!right || (names_work(left - 1) && counted));
    const std::size_t at = prefer_left ? left - 1 : i + 1;
    Noun name = noun(parts[at]);
    taken_[i] = taken_[at] = 1;
    if (!saw_work_ && drafts_.empty()) continue;
    name.metric = true;
    name.loose = false;
    emit(&name, figure, left < i && parts[i - 1].is(Role::about));
  }
}

/// Pairs the figures of a clause with their goods.
void Report::figures(Parts parts) {
  work(parts);
  std::size_t last = 0;  // of the figures
  std::size_t counted = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].kind == Part::Kind::quantity) last = i;
  }
  std::vector<std::size_t>& sequence = room_.sequence;
  sequence.clear();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    if (taken_[i] != 0) continue;
    if (part.kind == Part::Kind::goods) sequence.push_back(i);
    if (part.kind != Part::Kind::quantity) continue;
    if (i > 0 && parts[i - 1].is(Role::negates)) continue;
    const Part* goods = nullptr;
    if (!sequence.empty() && parts[sequence.back()].kind == Part::Kind::goods)
      goods = &parts[sequence.back()];
    if (i > 0 && parts[i - 1].is(Role::worth) && worth(parts, i, i < last, counted, goods))
      continue;
    ++counted;
    sequence.push_back(i);
  }
  assign(parts, sequence);
  single_pack(parts);
  for (const Part& part : parts) {
    if (part.kind == Part::Kind::pack) pack(part);
  }
  unknown_needs(parts);
}

/// 价值3.6万元: of goods with a figure it is their worth; of goods without one it is all that is
/// said of how much they are (药品价值120万元, 价值500万元的牛奶). False where it stands for them.
/// `later`: a figure follows; `before`: so many stand before it in the clause; `goods`: what stands
/// right before it without a figure.
bool Report::worth(Parts parts, std::size_t at, bool later, std::size_t before,
                   const Part* goods) {
  const auto value = parts[at].token->number.value;
  if (!value) return true;
  const Measure worth{*value, unit(*parts[at].token)};
  if (later) {
    now_.worth = worth;
    return true;
  }
  const bool goods_after = at + 2 < parts.size() && text_.key[parts[at + 1].from] == U'的' &&
                           parts[at + 2].kind == Part::Kind::goods && parts[at + 2].known;
  if ((goods != nullptr && goods->known) || goods_after) return false;
  if (before == 1) {
    now_.worth = worth;
    return true;
  }
  if (Draft* draft = last_draft(); draft && draft->line == line_) draft->statement.value = worth;
  return true;
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
  // 一车萝卜12吨: how it came, and then how much it is.
  if (sequence.size() == 3 && quantities.size() == 2 && !is_quantity(sequence[1]) &&
      is_quantity(sequence[2]) && carries(unit_key(*parts[sequence[0]].token))) {
    return assign(parts, {sequence[1], sequence[2]});
  }
  // 应到500 实到480 口罩: what was due stands before the goods of which the other figure came.
  const bool due = sequence.size() > 2 && is_quantity(sequence[0]) && is_quantity(sequence[1]) &&
                   sequence[0] > 0 && parts[sequence[0] - 1].is(Role::expected) &&
                   parts[sequence[1] - 1].is(Role::actual);
  if (due) {
    const std::size_t told = drafts_.size();
    assign(parts, {sequence.begin() + 1, sequence.end()});
    if (drafts_.size() > told && drafts_[told].statement.action == Action::received) {
      drafts_[told].statement.expected = parts[sequence[0]].token->number.value;
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
  for (std::size_t s = 0; number_first && !is_quantity(sequence[s]); ++s) {
    const Part& part = parts[sequence[s]];
    if (!part.known && !part.inside) leftover_ += part.to - part.from;
  }
  if (!number_first && !is_quantity(last) && !parts[last].known && !parts[last].inside)
    leftover_ += parts[last].to - parts[last].from;  // 制氧机调到3升流量
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
      const bool size = text_.key[parts[sequence[k]].from] < 0x80;  // XL
      if (k != chosen && !parts[sequence[k]].known && !parts[sequence[k]].inside && !size)
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
        if (member.known || members.size() == 1 || !members.front().known ||
            member.to - member.from <= 4)
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

/// 顺丰快递一箱: who brings, not what.
bool Report::brings(const Noun& noun) const {
  const std::u32string_view name =
      std::u32string_view(text_.key).substr(noun.from, noun.to - noun.from);
  for (const std::u32string_view carrier :
       {U"快递", U"顺丰", U"京东", U"中通", U"圆通", U"申通", U"韵达", U"邮政", U"德邦", U"包裹",
        U"东西", U"货", U"货物"}) {
    if (name.ends_with(carrier)) return true;
  }
  return false;
}

/// 群里有300个座位, 我要2份套餐: 有 and 要 make a report of unknown goods only where somebody gives
/// them away or asks for a group.
bool Report::idle_verb() const {
  if (now_.verb == nullptr || now_.verb->role != Role::weak) return false;
  if (now_.action == Action::offer && now_.verb->action != Action::offer) return true;  // 只能发9张图
  const auto word = now_.verb->word;
  const std::u32string_view all = text_.key;
  if (word == U"有") return all.find_first_of(U"捐谁闲余借送匀") == all.npos;
  return word == U"要" && all.find(U"我要") != all.npos;
}

/// Makes a statement of a figure and its noun; without one, of what was named before.
void Report::emit(const Noun* noun, const Part& part, bool approx) {
  if (drafts_.size() >= most()) {
    if (out_.unread.empty()) out_.unread.push_back(surface(part.from, text_.key.size()));
    return;
  }
  const Token& token = *part.token;
  const std::string said = unit(token);
  const bool work = counts_work(unit_key(token));
  Draft* before = last_draft();
  const bool same_line = before != nullptr && before->line == line_;
  Noun inherited;
  if (noun == nullptr) {
    if (!now_.pending.empty()) {
      const auto known = std::find_if(now_.pending.rbegin(), now_.pending.rend(),
                                      [](const Noun& n) { return n.known; });
      inherited = known != now_.pending.rend() ? *known : now_.pending.back();
      now_.pending.clear();
      if (!inherited.known && (now_.verb == nullptr || inherited.from < now_.verb_from)) {
        // 拼车，还差1个
        leftover_ += 2;
        return;
      }
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
  if (noun != &inherited && noun->known) shared_.reset();
  std::string shared_place;
  if (shared_ && noun != &inherited && !noun->known && !noun->metric && !work) {
    const std::u32string_view name =
        std::u32string_view(text_.key).substr(noun->from, noun->to - noun->from);
    if (names_place(name) || name.size() <= 3) shared_place = noun->surface;
    noun = &*shared_;
  }
  // 丁腈手套(M码)50盒,(L码)30盒: a size in brackets.
  if (noun != &inherited && !noun->known && part.bracketed && now_.last && !work) noun = &*now_.last;
  Draft draft;
  Statement& s = draft.statement;
  const bool asked_for = now_.action == Action::need && (work || helps(noun->surface));
  const bool hands = asked_for || (now_.action == Action::offer && helps(noun->surface));
  const bool metric =
      !hands && (work || (noun->metric && (!noun->loose || fits_work(unit_key(token)))));
  if (metric) {
    if (!saw_work_ && drafts_.empty()) {
      leftover_ += 4;
      return;
    }
    s.action = Action::activity;
    s.item = work_name(noun->surface);
  } else {
    // xx10: nobody knows what is counted, unless a list goes on as it began (N95 500 正压头套 5).
    const bool goes_on = same_line && now_.verb != nullptr && before->statement.unit.empty() &&
                         noun->to - noun->from >= 2;
    if (!noun->known && said.empty() && !goes_on) {
      leftover_ += 2;
      return;
    }
    const bool article = !token.number.digits && token.number.value == Quantity{1000};
    if (noun->canonical.empty() && !noun->metric &&
        (noun->surface.size() < 4 || talk(*noun) || (article && said == "个"))) {
      leftover_ += 2;  // one character is hardly a name
      return;
    }
    if (!noun->known && (idle_verb() || brings(*noun))) {
      leftover_ += 2;
      return;
    }
    flags(s);
    s.item = noun->surface;
    s.canonical = noun->canonical;
    s.item_span = text_.original(noun->from, noun->to);
    s.place = shared_place;
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
  if (!metric && now_.receivers != 0) {
    s.receivers = now_.receivers;
    s.receiver_kind = now_.receiver_kind;
    s.receiver_unit = now_.receiver_unit;
  }
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
