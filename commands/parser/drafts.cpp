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

/// People and vehicles that can be offered like goods.
bool helps(const std::string& surface) {
  for (const std::string_view name :
       {"车", "巴", "皮卡", "工", "驾驶员", "司机", "医生", "护士", "志愿者", "人员", "人手"}) {
    if (surface.ends_with(name)) return true;
  }
  return false;
}

/// 三院四院: two names of one shape, told without a sign between them.
void split_glued(std::vector<std::string>& places) {
  constexpr std::size_t kCharacter = 3;  // bytes of most
  for (std::size_t i = 0; i < places.size() && places.size() < 20; ++i) {
    const std::string name = places[i];
    if (name.size() < 4 * kCharacter) continue;
    const std::string last = name.substr(name.size() - kCharacter);
    for (auto at = name.find(last); at + kCharacter < name.size(); at = name.find(last, at + 1)) {
      const std::string left = name.substr(0, at + kCharacter);
      const std::string right = name.substr(at + kCharacter);
      if (left.size() > right.size()) break;
      const bool alike = left.size() == right.size() || right.size() % left.size() == 0;
      if (!alike || !names_place(fold(left).key) || !names_place(fold(right).key)) continue;
      places[i] = left;
      places.insert(places.begin() + static_cast<std::ptrdiff_t>(i) + 1, right);
      break;
    }
  }
}

}  // namespace

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
  if (now_.action == Action::offer && now_.verb->action != Action::offer)
    return true;  // 只能发9张图
  const auto word = now_.verb->word;
  const std::u32string_view all = text_.key;
  if (word == U"有") return all.find_first_of(U"捐谁闲余借送匀") == all.npos;
  return word == U"要" && all.find(U"我要") != all.npos;
}

/// 20箱(4000个), 20箱共4万只: the same goods measured twice.
bool Report::measured_twice(const Part& part, bool approx) {
  const Token& token = *part.token;
  const Draft* before = last_draft();
  const std::string said = unit(token);
  if (before == nullptr || before->line != line_ || before->scope != scope_ || said.empty() ||
      token.work || !token.number.value)
    return false;
  Statement& s = last_draft()->statement;
  if (s.alt || said == s.unit || !s.quantity || s.action == Action::activity) return false;
  if (s.unit.empty()) return false;  // 口罩5 200只: not the same measured twice
  s.alt = Measure{*token.number.value, said};
  if (s.unit == "车") {
    std::swap(s.alt->quantity, *s.quantity);
    std::swap(s.alt->unit, s.unit);
    s.approx = s.approx || approx || token.number.approx;
  }
  return true;
}

/// What a figure without goods of its own counts: what was named before it.
std::optional<Noun> Report::inherited(const Part& part, bool approx) {
  const std::string said = unit(*part.token);
  const bool work = part.token->work;
  const Draft* before = last_draft();
  const bool same_line = before != nullptr && before->line == line_;
  if (!now_.pending.empty()) {
    const auto known = std::find_if(now_.pending.rbegin(), now_.pending.rend(),
                                    [](const Noun& n) { return n.known; });
    const Noun noun = known != now_.pending.rend() ? *known : now_.pending.back();
    now_.pending.clear();
    if (noun.known || (now_.verb != nullptr && noun.from >= now_.verb_from)) return noun;
    leftover_ += 2;  // 拼车，还差1个
    return std::nullopt;
  }
  if (!now_.series && measured_twice(part, approx)) return std::nullopt;
  const bool coins = said == "块" && part.token->number.digits &&
                     (now_.action == Action::offer || now_.action == Action::received);
  if (said == "元" || said == "万元" || said == "元钱" || coins)
    return Noun{"现金", "现金", true, false, part.from, part.from};
  const bool again = same_line && !sums_up(part) && before->scope == scope_ && !before->each && !work &&
                     part.token->number.digits && !part.inside && !now_.places.empty() &&
                     before->statement.place == now_.places.back() && !now_.parts_follow && !now_.series &&
                     before->statement.action != Action::activity &&
                     before->statement.quantity != part.token->number.value;
  if (again) {
    const Statement& s = before->statement;
    doubt(Doubt::two_figures, s.item + to_string(*s.quantity) + s.unit + " " +
                                  surface(part.from, part.to));
  }
  if (now_.last && !work &&
      (now_.series || !same_line || before->scope != scope_ || !now_.places.empty()) &&
      (now_.verb != nullptr || header_ || !now_.places.empty()))
    return now_.last;
  if (header_ && !work) return header_;
  leftover_ += 2;
  // 口罩1000只，2000只: which of them?
  if (same_line && before->scope == scope_ && !work && !sums_up(part) && part.token->number.digits && !part.inside &&
      before->statement.action != Action::activity && before->statement.quantity &&
      before->statement.quantity != part.token->number.value) {
    const Statement& s = before->statement;
    doubt(Doubt::two_figures, s.item + to_string(*s.quantity) + s.unit + " " +
                                  surface(part.from, part.to));
  }
  return std::nullopt;
}

/// 10斤面, 两箱水: one character is enough after a measure or a container.
bool Report::thing(const Noun& noun, const Token& token) const {
  const auto said = unit_key(token);
  const bool beside = noun.from == token.to || noun.to == token.from || noun.to + 1 == token.from;
  return beside && !said.empty() && said != U"个" && names_thing(text_.key[noun.to - 1]);
}

namespace {

/// 李师傅车上还有50箱: where something is, and not what.
bool somewhere(const Noun& noun) {
  for (const std::string_view where : {"上", "里", "内", "旁"}) {
    if (noun.surface.ends_with(where)) return true;
  }
  return false;
}

}  // namespace

/// Hardly a name of goods, or nothing that the verb says was moved.
bool Report::doubtful(const Noun& noun, const Token& token, bool goes_on) const {
  // xx10: nobody knows what is counted, unless a list goes on as it began (N95 500 正压头套 5).
  if (!noun.known && token.unit_from == token.unit_to && !goes_on) return true;
  const bool article = !token.number.digits && token.number.value == Quantity{1000};
  if (noun.canonical.empty() && !noun.metric &&
      ((noun.surface.size() < 4 && !helps(noun.surface) && !thing(noun, token)) || talk(noun) ||
       (article && unit(token) == "个")))
    return true;  // one character is hardly a name
  return !noun.known && (idle_verb() || brings(noun) || somewhere(noun));
}

/// Gives the newest draft its place; where it is for several, one copy to each.
void Report::settle_places(bool metric) {
  if (metric || now_.receivers != 0 || now_.places.empty()) return;
  split_glued(now_.places);
  if (now_.places.size() > 1 && !drafts_.back().each) {
    // One figure for several places: who got what is not said.
    drafts_.back().statement.receivers = static_cast<int>(now_.places.size());
    return;
  }
  if (drafts_.size() > kMaxStatements) return drafts_.pop_back();
  drafts_.back().statement.place = now_.places.front();
  for (std::size_t i = 1; i < now_.places.size() && drafts_.size() < kMaxStatements; ++i) {
    drafts_.push_back(drafts_.back());
    drafts_.back().statement.place = now_.places[i];
  }
}

/// Makes a statement of a figure and its noun; without one, of what was named before.
void Report::emit(const Noun* noun, const Part& part, bool approx) {
  if (drafts_.size() >= most()) {
    if (out_.unread.empty()) out_.unread.push_back(surface(part.from, text_.key.size()));
    return;
  }
  const Token& token = *part.token;
  const bool work = token.work;
  std::optional<Noun> before;
  if (noun == nullptr) {
    before = inherited(part, approx);
    if (!before) return;
  }
  const bool own = noun != nullptr;
  if (!own) noun = &*before;
  const Draft* last = last_draft();
  const bool same_line = last != nullptr && last->line == line_;
  // 10万只，其中5万只…: counted already; but 物资4批，其中口罩…: told for the first time.
  const bool of_total =
      now_.parts_follow && (!own || (same_line && last->statement.item == noun->surface));
  if (of_total && now_.places.empty()) return;
  if (of_total && !own && same_line && now_.places.size() > 1)  // 给三院、四院分别发放50只、60只
    doubt(Doubt::parts_differ, last->statement.item + surface(part.from, part.to));
  if (own && noun->known) shared_.reset();
  std::string shared_place;
  if (shared_ && own && !noun->known && !noun->metric && !work) {
    const std::u32string_view name =
        std::u32string_view(text_.key).substr(noun->from, noun->to - noun->from);
    if (names_place(name) || name.size() <= 3) shared_place = noun->surface;
    noun = &*shared_;
  }
  // 丁腈手套(M码)50盒,(L码)30盒: a size in brackets.
  const bool size = own && noun->from > 0 && text_.key[noun->from - 1] == U'(';
  if (size && !noun->known && part.bracketed && now_.last && !work) noun = &*now_.last;
  const bool asked_for = now_.action == Action::need && (work || helps(noun->surface));
  const bool hands = asked_for || (now_.action == Action::offer && helps(noun->surface));
  const bool metric =
      !hands && (work || (noun->metric && (!noun->loose || fits_work(unit_key(token)))));
  if (metric && !saw_work_ && drafts_.empty()) {
    leftover_ += 4;
    return;
  }
  const bool goes_on = each_ || (same_line && now_.verb != nullptr &&
                                 last->statement.unit.empty() && noun->to - noun->from >= 2);
  if (!metric && doubtful(*noun, token, goes_on)) {
    leftover_ += 2;
    return;
  }
  Draft& draft = drafts_.emplace_back();
  Statement& s = draft.statement;
  if (metric) {
    s.action = Action::activity;
    s.item = work_name(noun->surface);
  } else {
    flags(s);
    s.item = noun->surface;
    s.canonical = noun->canonical;
    s.item_span = text_.original(noun->from, noun->to);
    s.place = shared_place;
    now_.last = *noun;
  }
  measure(s, part, approx);
  if (!s.quantity) {
    out_.unread.push_back(surface(part.from, part.to));
    return drafts_.pop_back();
  }
  if (!metric && now_.receivers != 0) {
    s.receivers = now_.receivers;
    s.receiver_kind = now_.receiver_kind;
    s.receiver_unit = now_.receiver_unit;
  }
  for (const Inner& inner : inner_) {
    if (inner.of != part.from || s.pack || s.alt) continue;
    if (inner.whole) {
      s.alt = inner.measure;
    } else {
      s.pack = Pack{inner.measure.quantity, inner.measure.unit, s.unit};
    }
  }
  s.span = text_.original(std::min(part.from, noun->from), std::max(part.to, noun->to));
  draft.known = noun->known;
  draft.scope = scope_;
  draft.line = line_;
  draft.sentence = sentence_;
  draft.article = !token.number.digits && s.quantity == Quantity{1000};
  draft.each = each_ && part.from > each_at_;
  draft.inherits = !own;
  draft.of_total = of_total;
  settle_places(metric);
  if (now_.series && !own) deal_out();
}

/// 给三院、四院分别发放口罩50只、60只: as many figures as places, each for the one of its turn.
void Report::deal_out() {
  const std::size_t places = now_.places.size();
  std::size_t run = 0;
  while (run <= places && run < drafts_.size()) {
    const Draft& draft = drafts_[drafts_.size() - 1 - run];
    const bool in_turn = draft.scope == scope_ && draft.statement.receivers > 1 &&
                         draft.statement.item == drafts_.back().statement.item;
    if (!in_turn) break;
    ++run;
  }
  if (places < 2 || run != places) return;
  for (std::size_t i = 0; i < places; ++i) {
    Statement& s = drafts_[drafts_.size() - places + i].statement;
    s.place = now_.places[i];
    s.receivers = 0;
  }
}

namespace {

/// 减, 少了, 多出 before a figure: how much more or fewer than before; but 至少, 差不多.
bool tells_difference(std::u32string_view before) {
  const auto cut = [&](std::u32string_view ends) {
    if (!before.empty() && ends.find(before.back()) != ends.npos) before.remove_suffix(1);
  };
  cut(U" ");
  cut(U"了出");
  if (before.empty() || std::u32string_view(U"减加少多").find(before.back()) == before.npos)
    return false;
  before.remove_suffix(1);
  return before.empty() || std::u32string_view(U"至最不很许更").find(before.back()) == before.npos;
}

}  // namespace

/// How much, and what the clause says of it all.
void Report::measure(Statement& s, const Part& part, bool approx) {
  const Token& token = *part.token;
  if (now_.action == Action::stock &&
      tells_difference(std::u32string_view(text_.key).substr(0, part.from)))
    doubt(Doubt::count_differs, surface(now_.verb_from, part.to));
  s.quantity = token.number.value;
  s.max = token.number.max;
  if (s.quantity && part.from > 0 && text_.key[part.from - 1] == U'负') {  // 负5只
    s.quantity = Quantity{} - *s.quantity;
  }
  s.unit = unit(token);
  const std::u32string_view said = unit_key(token);
  if (said == U"万元" || said == U"万平方米") {
    s.unit.erase(0, std::string("万").size());
    s.quantity = s.quantity ? multiply(*s.quantity, Quantity::whole(10'000)) : s.quantity;
  }
  for (const std::u32string_view area : {U"平米", U"平方", U"m2"}) {
    if (said == area) s.unit = "平方米";
  }
  if (said == U"元钱" || said == U"块钱") s.unit = "元";
  s.quantity_span = text_.original(part.from, token.unit_to);
  if (!s.quantity) return;
  s.approx = approx || token.number.approx;
  s.cumulative = now_.cumulative;
  s.value = now_.worth;
  now_.worth.reset();
  s.from_hub = now_.from_hub;
  s.counterpart = now_.counterpart;
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
    Draft& draft = drafts_.emplace_back();
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
  }
}
