#include <algorithm>

#include "commands/parser/names.h"
#include "commands/parser/report.h"

namespace {

using Kind = Token::Kind;

/// So many sentences, most of them without a figure, are a story.
constexpr std::size_t kStory = 5;

}  // namespace

Noun Report::noun(const Part& part) const {
  Noun noun{surface(part.from, part.to),
            part.item ? std::string_view(part.item->name) : std::string_view(),
            part.known,
            part.metric,
            part.from,
            part.to,
            part.loose};
  std::erase(noun.surface, ' ');
  return noun;
}

/// Words of talk inside what would be a name: no goods are called so.
bool Report::talk(const Noun& noun) const {
  const std::u32string_view name =
      std::u32string_view(text_.key).substr(noun.from, noun.to - noun.from);
  constexpr std::u32string_view kLeads = U"这那其被让使想说看听吃喝像要才就会了又没";
  constexpr std::u32string_view kSelf = U"己从费行愿驾";  // 自己, 自费; but 自热火锅
  const bool bedding =
      name.front() == U'被' && name.size() == 2 && names_thing(name.back());  // 被套
  return (!noun.known && name.size() > 12) ||
         name.find_first_of(U"他她它我你吗呢吧啊哦嗯") != name.npos ||
         (kLeads.find(name.front()) != kLeads.npos && !bedding) ||
         (name.size() > 1 && name.front() == U'自' && kSelf.find(name[1]) != kSelf.npos);
}

Noun Report::joined(Parts parts, std::size_t first, std::size_t last) const {
  Noun whole = noun(parts[last]);
  if (first == last) return whole;
  whole.from = parts[first].from;
  whole.surface = surface(whole.from, whole.to);
  whole.canonical = {};
  return whole;
}

void Report::flags(Statement& s) const {
  s.action = now_.action;
  if (now_.verb == nullptr) return;
  s.word = to_utf8(now_.verb->word);
  s.urgent = s.action == Action::need && (now_.urgent || now_.verb->urgent);
  s.replaces = s.action == Action::need && now_.verb->replaces;
  s.adds = s.action == Action::need && now_.verb->adds;
}

void Report::run() {
  saw_work_ = std::any_of(tokens_.begin(), tokens_.end(), [this](const Token& t) {
    return (t.is(Role::metric) && t.lexeme->action == Action::activity) || t.is(Role::verb) ||
           (t.is(Role::weak) && !t.lexeme->word.ends_with(U"有")) ||
           (t.kind == Kind::quantity && t.unit_to - t.unit_from > 1 &&
            text_.key[t.unit_to - 1] == U'次');
  });
  lines_ = text_.key.find(U'\n') != text_.key.npos;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= tokens_.size(); ++i) {
    if (i < tokens_.size() && tokens_[i].sign != U'\n') continue;
    if (i > begin) line(begin, i);
    begin = i + 1;
  }
  finish();
}

/// 例:需要 口罩 100只, 格式:…, the 例 of a 接龙: shown, not said.
bool Report::example(std::size_t begin) const {
  const auto line = std::u32string_view(text_.key).substr(tokens_[begin].from);
  constexpr std::u32string_view kFirst = U"例比譬示举格模如";
  if (kFirst.find(line.front()) == kFirst.npos) return false;
  for (const std::u32string_view word : {U"例如", U"比如", U"譬如", U"例:", U"例：", U"例子",
                                         U"示例", U"举例", U"格式", U"模板", U"如:"}) {
    if (line.starts_with(word)) return true;
  }
  return list_ && line.front() == U'例';
}

void Report::line(std::size_t begin, std::size_t end) {
  ++line_;
  ++sentence_;
  line_drafts_ = sentence_drafts_ = drafts_.size();
  now_.pending.clear();
  now_.parts_follow = now_.series = now_.cumulative = false;
  now_.counterpart.clear();
  now_.receivers = 0;
  now_.places.clear();
  if (!header_place_.empty()) now_.places = {header_place_};
  skip_value_ = place_value_ = false;
  shared_.reset();
  ++scope_;
  if (example(begin)) return;
  const bool in_head = list_ && tokens_[begin].from < *list_;
  if (list_ && !in_head) {
    now_.last.reset();  // the entries are not about each other's goods
    if (several_) header_.reset();
  }
  const std::size_t before = drafts_.size();
  const std::size_t leftover = leftover_;
  const std::size_t first_sentence = sentence_;
  std::size_t from = begin;
  int depth = 0;
  for (std::size_t i = begin; i <= end; ++i) {
    if (i < end && tokens_[i].kind == Kind::open) ++depth;
    if (i < end && tokens_[i].kind == Kind::close && depth > 0) --depth;
    const bool wall = i == end || tokens_[i].kind == Kind::wall || tokens_[i].kind == Kind::colon;
    if (!wall) continue;
    const char32_t sign = i < end ? tokens_[i].sign : U'\n';
    clause(std::span(tokens_).subspan(from, i - from), sign);
    listed_ = sign == U'、';
    from = i + 1;
    if (sign == U'。' || sign == U'!' || sign == U'?' || sign == U';') {
      if (sign == U'?') asked_ = true;
      if (sign == U'?' && drafts_.size() > sentence_drafts_) {
        // 有手套6000双，哪家医院要?: who wants them is asked, not whether there are any.
        const bool takers = tokens_[i - 1].to > 0 && text_.key[tokens_[i - 1].to - 1] == U'要';
        std::erase_if(drafts_, [&](const Draft& d) {
          return d.sentence == sentence_ && d.statement.action != Action::need &&
                 !(takers && d.statement.action == Action::offer);
        });
      }
      ++sentence_;
      ++closed_;
      counting_ += drafts_.size() > sentence_drafts_;
      sentence_drafts_ = drafts_.size();
      if (sign != U';') now_.cumulative = false;
      now_.parts_follow = now_.series = false;
      // 牛奶到货！一共96箱: what came is counted in the next breath.
      if (now_.verb != nullptr && now_.verb_sentence + 1 == sentence_ && now_.pending.size() == 1 &&
          now_.pending.front().known && sign != U'?')
        now_.last = now_.pending.front();
      if (in_head) list_header();
      now_.pending.clear();
    }
  }
  if (in_head) list_header();
  // A line that gives no figures may say for the lines below where and what; but one without a verb
  // that says other things too (我在3号楼下等你) is talk.
  const bool counts =
      std::any_of(drafts_.begin() + static_cast<std::ptrdiff_t>(before), drafts_.end(),
                  [](const Draft& d) { return d.statement.quantity.has_value(); });
  if (!counts) {
    const bool verb = now_.verb != nullptr && now_.verb_sentence >= first_sentence;
    const bool talk = !verb && leftover_ != leftover;
    if (!now_.places.empty() && (saw_verb_ || !header_place_.empty()) && !talk)
      header_place_ = now_.places.back();
    if (!list_) header();
  }
}

/// Goods named in a line without figures are those of the lines below.
void Report::header() {
  if (!now_.pending.empty() && now_.pending.back().known) header_ = now_.pending.back();
}

/// In the head of a 接龙, the only goods that it names, or the people that it asks for, are what
/// its entries are about.
void Report::list_header() {
  const bool hands = now_.action == Action::need || now_.action == Action::offer;
  const auto take = [&](Noun noun) {
    if (!noun.known && !(noun.metric && hands)) return;
    // 团购鸡蛋, 每日口罩: a title says more than the name of the goods.
    for (std::size_t from = noun.from; noun.canonical.empty() && from < noun.to; ++from) {
      const Catalogue::Item* item = catalogue_.find(surface(from, noun.to));
      if (item == nullptr) continue;
      noun.from = from;
      noun.surface = surface(from, noun.to);
      noun.canonical = item->name;
    }
    const bool first = !header_ || (header_->metric && noun.known);
    several_ = several_ || (!first && noun.known && noun.surface != header_->surface);
    if (first) header_ = noun;
  };
  for (const Noun& noun : now_.pending) take(noun);
  if (now_.last) take(*now_.last);
  const auto head = std::u32string_view(text_.key).substr(0, *list_);
  if (!header_ && head.find(U"捐款") != head.npos)
    header_ = Noun{"现金", "现金", true, false, 0, 0};
}

void Report::clause(std::span<const Token> tokens, char32_t sign) {
  if (tokens.empty()) return;
  label_ = sign == U':' && lines_;
  if (skip_value_) {
    skip_value_ = sign == U':';
    return;
  }
  std::vector<Part>& parts = room_.parts;
  parts_of(tokens, text_, catalogue_, parts);
  if (place_value_) {
    place_value_ = false;
    std::size_t last = 0;  // 东湖街道 物资: the value ends before the next word set apart
    while (last + 1 < parts.size() &&
           (parts[last + 1].adjacent || parts[last + 1].kind != Part::Kind::lexeme)) {
      ++last;
    }
    header_place_ = surface(parts.front().from, parts[last].to);
    now_.places = {header_place_};
    return;
  }
  std::size_t end = parts.size();
  if (sign == U':' && parts.back().is(Role::place_label)) {
    place_value_ = true;  // 【发放】地点: what stands before the label still counts
    --end;
  }
  std::size_t from = 0;
  for (std::size_t i = 0; i < end; ++i) {
    if (!parts[i].is(Role::skip_label)) continue;
    // 需要口罩200只 地址 三院
    if (key(parts[i]) == U"地址" && i > 0 && i + 2 == end &&
        parts[i + 1].kind == Part::Kind::place)
      continue;
    skip_value_ = sign == U':';
    // 地址 P3停车场 需要帐篷4顶: up to the next verb that is set apart.
    std::size_t next = i + 1;
    while (next < end && (parts[next].adjacent || !parts[next].is(Role::verb))) ++next;
    if (next < end && i == 0) {
      from = next;
    } else {
      end = i;
    }
  }
  // A verb between two figures begins a report of its own: 收到1000只已发600只. So does a place with
  // a figure of its own: 发放500只（三院200只）.
  std::size_t figures_left = 0;
  for (std::size_t i = from; i < end; ++i) figures_left += parts[i].kind == Part::Kind::quantity;
  bool seen = false;
  for (std::size_t i = from; i < end; ++i) {
    if (parts[i].kind == Part::Kind::quantity) {
      // 给3家医院各|发放口罩50只: how many places, and no figure yet.
      seen = seen || !(i + 2 < end && parts[i + 2].is(Role::each) && counts_receivers(parts, i));
      --figures_left;
    }
    const bool verb = parts[i].is(Role::verb) || parts[i].is(Role::weak);
    if ((verb || own_figure(Parts(parts).first(end), i)) && seen && figures_left > 0 && i > from) {
      subclause(Parts(parts).subspan(from, i - from), U' ');
      from = i;
      seen = false;
    }
  }
  if (from < end) subclause(Parts(parts).subspan(from, end - from), sign);
}

/// 洗手液（250ml）4800瓶, 奶粉(3段): a figure in brackets between goods and their figure says what
/// kind they are.
void Report::sizes(Parts parts, std::size_t& first_quantity) {
  for (std::size_t i = 1; i + 3 < parts.size(); ++i) {
    if (parts[i].kind != Part::Kind::open || parts[i - 1].kind != Part::Kind::goods) continue;
    if (parts[i + 1].kind != Part::Kind::quantity || parts[i + 2].kind != Part::Kind::close)
      continue;
    if (parts[i + 3].kind != Part::Kind::quantity) continue;
    taken_[i + 1] = 1;
    if (first_quantity == i + 1) first_quantity = i + 3;
  }
}

/// …没有, …没: after something that could have happened.
bool Report::asks_at_end(Parts parts) const {
  if (parts.size() < 2 || !parts.back().is(Role::negates)) return false;
  const auto word = key(parts.back());
  const char32_t before = text_.key[parts.back().from - 1];
  return (word == U"没有" || word == U"没") &&
         (before == U'了' || before == U'过' || before == U'到');
}

/// 取消发放口罩100只, 收到口罩100只是误报: nothing to record. A bare 误报 takes back what the
/// sentence told before it.
bool Report::takes_back(Parts parts) {
  const auto skip = [&](std::size_t i) {
    while (i < parts.size() && parts[i].is(Role::fluff)) ++i;
    return i;
  };
  const std::size_t first = skip(0);
  if (first == parts.size()) return false;
  std::size_t at = first;
  while (at < parts.size() && !parts[at].is(Role::revokes)) ++at;
  if (at == parts.size()) return false;
  const std::size_t next = skip(at + 1);
  if (next < parts.size() && !parts[next].is(Role::verb) && !parts[next].is(Role::weak) &&
      !(parts[next].kind == Part::Kind::goods && parts[next].known))
    return false;
  if (at == first && next == parts.size()) {
    drafts_.erase(drafts_.begin() + static_cast<std::ptrdiff_t>(sentence_drafts_), drafts_.end());
  }
  planned_ = planned_ || at == first || parts[first].is(Role::verb);
  return true;
}

/// 缺抽水机4台|有没有哪个单位能借: what is asked for is told before somebody is asked.
std::size_t Report::asks_around(Parts parts) const {
  bool need = false, figure = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool acts = parts[i].is(Role::verb) || parts[i].is(Role::weak);
    need = need || (acts && parts[i].token->lexeme->action == Action::need);
    figure = figure || (need && parts[i].kind == Part::Kind::quantity);
    if (!parts[i].is(Role::asks)) continue;
    const auto word = key(parts[i]);
    const bool around = word == U"有没有" || word == U"能不能" || word.front() == U'谁' ||
                        word.front() == U'哪';
    return figure && around && i + 1 < parts.size() ? i : parts.size();
  }
  return parts.size();
}

void Report::subclause(Parts parts, char32_t sign) {
  parts = parts.first(asks_around(parts));
  taken_.assign(parts.size(), 0);
  each_in(parts);
  std::size_t first_quantity = parts.size();
  bool noise = false;
  // 可供应盒饭每天150份
  const bool gives = std::any_of(parts.begin(), parts.end(), [](const Part& p) {
    return p.is(Role::verb) && p.token->lexeme->action == Action::offer;
  });
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    if (part.kind == Part::Kind::quantity && first_quantity == parts.size()) first_quantity = i;
    if (part.kind == Part::Kind::quantity) saw_figure_ = true;
    if (part.kind == Part::Kind::goods && part.known) saw_goods_ = true;
    if (part.is(Role::fluff)) {
      const bool urgent = part.token->lexeme->urgent;
      if (urgent) now_.urgent = true;
      if (!urgent && part.to - part.from == 1) ++chat_;
    }
    if (part.is(Role::to) || part.is(Role::can) || part.is(Role::from)) ++chat_;
    if (part.is(Role::noise) && !(gives && key(part) == U"每天")) noise = true;
    if (part.is(Role::asks)) noise = asked_ = true;
    if (part.is(Role::covers)) now_.cumulative = true;
    if (part.is(Role::parts)) {
      // 发了雨衣，分别是80件、60件: told for the first time, one after the other.
      now_.series = drafts_.size() == sentence_drafts_ && key(part) == U"分别";
      now_.parts_follow = !now_.series;
      if (now_.series) now_.receivers = 0;
    }
  }
  if (noise) {
    noisy_ = true;
    // 我只想要一个口罩，怎么这么难: complained of.
    if (std::any_of(parts.begin(), parts.end(), [&](const Part& p) {
          return p.is(Role::asks) && (key(p) == U"怎么" || key(p) == U"为什么");
        })) {
      std::erase_if(drafts_, [&](const Draft& d) { return d.sentence == sentence_ && d.article; });
    }
    // 寄来2箱脐橙，留着吃的: kept for themselves.
    if (std::any_of(parts.begin(), parts.end(),
                    [&](const Part& p) { return p.is(Role::noise) && key(p).ends_with(U"吃"); })) {
      std::erase_if(drafts_, [&](const Draft& d) { return d.sentence == sentence_; });
    }
    if (std::any_of(parts.begin(), parts.end(), [&](const Part& p) {
          return p.is(Role::noise) &&
                 (key(p).ends_with(U"价") || key(p) == U"秒杀" || key(p) == U"打折");
        }))
      supposed_ = sentence_;  // 原价299现在99，赠小样: an offer of a shop
    // 央视新闻：… what follows is theirs.
    if (sign == U':' && parts.back().is(Role::noise) && key(parts.back()).ends_with(U"新闻"))
      skip_value_ = true;
    for (const Part& part : parts) {  // 口罩日均消耗800只，目前缺口3000只
      if (part.kind == Part::Kind::goods && part.known) now_.pending.push_back(noun(part));
    }
    return;
  }
  if (unreal(parts, first_quantity)) {
    noisy_ = true;
    return;
  }
  // 上次说的500只口罩到了没有: a question without its mark.
  if (asks_at_end(parts)) {
    noisy_ = asked_ = true;
    return;
  }
  if (takes_back(parts)) return;
  sizes(parts, first_quantity);
  if (first_quantity == parts.size() && enough(parts)) return;
  if (!verb(parts, first_quantity)) return;
  figures(parts);
  // A bare 收到 in a line of its own is thanks, not a heading.
  if ((sign == U':' || (sign == U'\n' && parts.size() > 1)) && first_quantity == parts.size() &&
      now_.verb_sentence == sentence_) {
    now_.announced = true;
  }
  if (sign == U':' && first_quantity == parts.size()) {
    shared_.reset();
    if (parts.back().kind == Part::Kind::goods && parts.back().known) shared_ = noun(parts.back());
  }
  if (sign == U':' && !now_.places.empty() && first_quantity == parts.size()) {
    header_place_ = now_.places.back();
  }
}

/// What the message is for: the first thing that happened; but 只剩40套，求支援300套 asks, whatever
/// is said before of what there is, and a long story that ends in a figure is a story.
Action Report::main_action() const {
  if (closed_ >= kStory && counting_ * kStory <= closed_) return Action::other;
  Action main = Action::other;
  for (const Statement& s : out_.statements) {
    if (s.action == Action::activity) continue;
    if (main == Action::other) main = s.action;
    const bool state = main == Action::stock || main == Action::used;
    if (state && s.action == Action::need) return Action::need;
  }
  return main;
}

/// Figures that cannot be made sure. A text without a verb is no report that could be wrong.
void Report::doubt(Doubt about, std::string said) {
  const bool report = now_.verb != nullptr || !now_.places.empty();
  if (out_.doubt != Doubt::none || !report || noisy_ || asked_) return;
  out_.doubt = about;
  doubted_ = std::move(said);
}

void Report::finish() {
  shares();
  if (out_.doubt != Doubt::none) {
    out_.addressed = true;
    out_.unread = {doubted_};
    return;
  }
  settle_bare();
  std::erase_if(drafts_, [&](const Draft& d) {
    if (!d.due) return false;
    planned_ = true;
    const Span at = d.statement.quantity_span;
    if (out_.unread.empty() && at.to > at.from)
      out_.unread.push_back(d.statement.item + to_string(*d.statement.quantity) +
                            d.statement.unit);
    return true;
  });
  const bool verbless = std::none_of(drafts_.begin(), drafts_.end(), [](const Draft& d) {
    return d.statement.action != Action::other;
  });
  // An open figure later than the bare name (口罩，500只) replaces the need without one.
  const bool counted = std::any_of(drafts_.begin(), drafts_.end(), [](const Draft& d) {
    return d.statement.quantity && d.statement.action == Action::need;
  });
  std::erase_if(drafts_, [&](const Draft& d) {
    if (!counted || !d.statement.unknown) return false;
    return std::any_of(drafts_.begin(), drafts_.end(), [&](const Draft& other) {
      return other.statement.quantity && other.statement.item == d.statement.item &&
             other.statement.action == Action::need && other.statement.place == d.statement.place;
    });
  });
  const bool nameless = verbless && std::none_of(drafts_.begin(), drafts_.end(),
                                                 [](const Draft& d) { return d.known; });
  std::size_t goods = 0;
  for (const Draft& d : drafts_) goods += d.statement.action != Action::activity;
  out_.statements.reserve(drafts_.size());
  for (Draft& draft : drafts_) {
    Statement& s = draft.statement;
    if (s.action == Action::other) {
      const bool talked = !list_ && (chat_ != 0 || leftover_ != 0);
      if (s.canonical.empty() && !draft.known && talked) continue;
      if (nameless || draft.article || s.unit == "元" || noisy_ || asked_ ||
          (verbless && !list_ && leftover_ > (goods <= 1 ? 1 : 4 * goods + 2)))
        continue;
      // 五院 N95 200: a place and goods, and nothing else said, ask for them.
      if (!s.place.empty() && chat_ == 0 && leftover_ <= 4) s.action = Action::need;
    }
    out_.statements.push_back(std::move(s));
  }
  out_.intent = main_action();
  const bool works = std::any_of(out_.statements.begin(), out_.statements.end(),
                                 [](const Statement& s) { return s.action == Action::activity; });
  if (out_.intent == Action::other && works && closed_ < kStory) out_.intent = Action::activity;
  out_.addressed = std::any_of(out_.statements.begin(), out_.statements.end(),
                               [](const Statement& s) { return s.action != Action::other; });
  if (!out_.addressed && (verb_first_ || planned_) && !asked_ && !noisy_ &&
      (saw_goods_ || saw_figure_) && out_.statements.empty()) {
    out_.addressed = true;
    if (out_.unread.empty()) out_.unread.push_back(to_utf8(text_.shown));
  }
}

void read_report(const Text& text, const Tokens& tokens, const Catalogue& catalogue, Reading& out,
                 std::optional<std::size_t> list) {
  constexpr std::size_t kKept = 64;
  thread_local ReportRoom room;
  Report(text, tokens, catalogue, out, list, room).run();
  room.drafts.clear();
  if (room.drafts.capacity() > kKept || room.parts.capacity() > kKept) room = {};
}
