#include "commands/parser/grammar.h"

#include <algorithm>

#include "commands/parser/clause.h"
#include "commands/parser/names.h"

namespace {

using Kind = Token::Kind;
using Parts = std::span<const Part>;

/// The goods (or work) that a figure is about.
struct Noun {
  std::string surface;
  std::string canonical;
  bool known = false;
  bool metric = false;
  std::size_t from = 0, to = 0;
};

/// What one clause leaves behind for the next ones.
struct Context {
  const Lexeme* verb = nullptr;
  Action action = Action::other;
  std::size_t verb_sentence = 0;  ///< where the verb stood
  bool urgent = false;
  bool cumulative = false;
  bool parts_follow = false;  ///< 其中 …: figures of something already told
  bool from_hub = false;
  int receivers = 0;
  std::vector<std::string> places;  ///< named before the figures; several only until 各
  std::string counterpart;
  std::vector<Noun> pending;  ///< named without a figure yet
  std::optional<Noun> last;   ///< for figures that leave the goods out
  std::optional<Measure> worth;
};

class Grammar {
 public:
  Grammar(const Text& text, const Tokens& tokens, const Catalogue& catalogue, Reading& out)
      : text_(text), tokens_(tokens.list), catalogue_(catalogue), out_(out) {}

  void run();

 private:
  struct Draft {
    Statement statement;
    bool article = false;  ///< 一个, 一只: may be no count at all
    bool known = false;
    std::size_t scope = 0;
    std::size_t line = 0;
    std::size_t sentence = 0;
    bool placed = false;
  };

  void line(std::size_t begin, std::size_t end);
  void clause(std::span<const Token> tokens, char32_t sign);
  void subclause(Parts parts, char32_t sign);
  bool verb(Parts parts, std::size_t first_quantity);
  void sides(Parts parts, std::size_t verb_at, std::size_t first_quantity);
  void work(Parts parts);
  void figures(Parts parts);
  void assign(Parts parts, const std::vector<std::size_t>& sequence);
  void pack(const Part& part);
  void single_pack(Parts parts);
  void emit(const Noun* noun, const Part& quantity, bool approx);
  void finish();
  void unknown_needs(Parts parts);

  Noun noun(const Part& part) const;
  Noun joined(Parts parts, std::size_t first, std::size_t last) const;
  std::string surface(std::size_t from, std::size_t to) const {
    return to_utf8(std::u32string_view(text_.shown).substr(from, to - from));
  }
  std::u32string_view key(const Part& part) const {
    return std::u32string_view(text_.key).substr(part.from, part.to - part.from);
  }
  std::string unit(const Token& token) const { return surface(token.unit_from, token.unit_to); }
  /// Words of talk inside what would be a name: no goods are called so.
  bool talk(const Noun& noun) const {
    const std::u32string_view name = std::u32string_view(text_.key).substr(noun.from, noun.to - noun.from);
    return name.size() > 12 || name.find_first_of(U"他她它这那其被让使我你吗呢吧啊说想看听吃喝像自要哦嗯") != name.npos;
  }
  void flags(Statement& s) const;
  Draft* last_draft() { return drafts_.empty() ? nullptr : &drafts_.back(); }

  const Text& text_;
  const std::vector<Token>& tokens_;
  const Catalogue& catalogue_;
  Reading& out_;
  Context now_;
  std::vector<Draft> drafts_;
  std::optional<Noun> header_;       ///< goods named in a header: for entries without goods
  std::string header_place_;
  std::vector<std::size_t> taken_;   ///< parts of the clause already used (by index)
  std::size_t scope_ = 0, line_ = 0, sentence_ = 0, leftover_ = 0, chat_ = 0;
  std::size_t line_drafts_ = 0, sentence_drafts_ = 0;
  bool list_ = false;                ///< a 接龙
  bool skip_value_ = false, place_value_ = false;
  bool saw_verb_ = false, verb_first_ = false, noisy_ = false, asked_ = false, saw_figure_ = false, saw_goods_ = false;
};

Noun Grammar::noun(const Part& part) const {
  Noun noun{surface(part.from, part.to), part.item ? part.item->name : "", part.known, part.metric,
            part.from, part.to};
  std::erase(noun.surface, ' ');
  return noun;
}

Noun Grammar::joined(Parts parts, std::size_t first, std::size_t last) const {
  Noun whole = noun(parts[last]);
  if (first == last) return whole;
  whole.from = parts[first].from;
  whole.surface = surface(whole.from, whole.to);
  whole.canonical.clear();
  return whole;
}

void Grammar::flags(Statement& s) const {
  s.action = now_.action;
  if (now_.verb == nullptr) return;
  s.word = to_utf8(now_.verb->word);
  s.urgent = s.action == Action::need && (now_.urgent || now_.verb->urgent);
  s.replaces = s.action == Action::need && now_.verb->replaces;
  s.adds = s.action == Action::need && now_.verb->adds;
}

void Grammar::run() {
  const std::u32string_view all = text_.key;
  list_ = all.substr(0, all.find(U'\n')).find(U"接龙") != all.npos;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= tokens_.size(); ++i) {
    if (i < tokens_.size() && tokens_[i].sign != U'\n') continue;
    if (i > begin) line(begin, i);
    begin = i + 1;
  }
  finish();
}

void Grammar::line(std::size_t begin, std::size_t end) {
  ++line_;
  ++sentence_;
  line_drafts_ = sentence_drafts_ = drafts_.size();
  now_.pending.clear();
  now_.parts_follow = now_.cumulative = false;
  now_.counterpart.clear();
  now_.receivers = 0;
  now_.places.clear();
  if (!header_place_.empty()) now_.places = {header_place_};
  skip_value_ = place_value_ = false;
  ++scope_;
  // 例: the example of a 接龙, not an entry.
  if (list_ && tokens_[begin].kind == Kind::word && text_.key[tokens_[begin].from] == U'例') return;
  const std::size_t before = drafts_.size();
  std::size_t from = begin;
  int depth = 0;
  for (std::size_t i = begin; i <= end; ++i) {
    if (i < end && tokens_[i].kind == Kind::open) ++depth;
    if (i < end && tokens_[i].kind == Kind::close && depth > 0) --depth;
    const bool wall = i == end || tokens_[i].kind == Kind::wall || tokens_[i].kind == Kind::colon;
    if (!wall) continue;
    const char32_t sign = i < end ? tokens_[i].sign : U'\n';
    clause(std::span(tokens_).subspan(from, i - from), sign);
    from = i + 1;
    if (sign == U'。' || sign == U'!' || sign == U'?' || sign == U';') {
      if (sign == U'?') {
        std::erase_if(drafts_, [&](const Draft& d) {
          return d.sentence == sentence_ && d.statement.action != Action::need;
        });
        asked_ = true;
      }
      ++sentence_;
      sentence_drafts_ = drafts_.size();
      if (sign != U';') now_.cumulative = false;
      now_.parts_follow = false;
      now_.pending.clear();
    }
  }
  // A line that gives no figures may say for the lines below where and what.
  const bool counts = std::any_of(drafts_.begin() + static_cast<std::ptrdiff_t>(before), drafts_.end(), [](const Draft& d) { return d.statement.quantity.has_value(); });
  if (!counts) {
    if (!now_.places.empty() && (saw_verb_ || !header_place_.empty())) header_place_ = now_.places.back();
    if (!now_.pending.empty() && now_.pending.back().known) header_ = now_.pending.back();
  }
}

void Grammar::clause(std::span<const Token> tokens, char32_t sign) {
  if (tokens.empty()) return;
  if (skip_value_) {
    skip_value_ = sign == U':';
    return;
  }
  const std::vector<Part> parts = parts_of(tokens, text_, catalogue_);
  if (place_value_) {
    place_value_ = false;
    header_place_ = surface(parts.front().from, parts.back().to);
    now_.places = {header_place_};
    return;
  }
  if (sign == U':' && parts.back().is(Role::place_label)) {
    place_value_ = true;
    return;
  }
  std::size_t end = parts.size();
  for (std::size_t i = 0; i < end; ++i) {
    if (!parts[i].is(Role::skip_label)) continue;
    skip_value_ = sign == U':';
    end = i;
  }
  // A verb between two figures begins a report of its own: 收到1000只已发600只.
  std::size_t from = 0;
  std::size_t figures_left = 0;
  for (std::size_t i = 0; i < end; ++i) figures_left += parts[i].kind == Part::Kind::quantity;
  bool seen = false;
  for (std::size_t i = 0; i < end; ++i) {
    const bool figure = parts[i].kind == Part::Kind::quantity;
    if (figure) {
      seen = true;
      --figures_left;
    }
    const bool verb = parts[i].is(Role::verb) || parts[i].is(Role::weak);
    if (verb && seen && figures_left > 0 && i > from) {
      subclause(Parts(parts).subspan(from, i - from), U' ');
      from = i;
      seen = false;
    }
  }
  if (from < end) subclause(Parts(parts).subspan(from, end - from), sign);
}

void Grammar::subclause(Parts parts, char32_t sign) {
  taken_.assign(parts.size(), 0);
  std::size_t first_quantity = parts.size();
  bool noise = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    if (part.kind == Part::Kind::quantity && first_quantity == parts.size()) first_quantity = i;
    if (part.kind == Part::Kind::quantity) saw_figure_ = true;
    if (part.kind == Part::Kind::goods && part.known) saw_goods_ = true;
    if (part.is(Role::fluff) && part.to - part.from == 1) ++chat_;
    if (part.is(Role::noise)) noise = true;
    if (part.is(Role::asks)) noise = asked_ = true;
    if (part.is(Role::covers)) now_.cumulative = true;
    if (part.is(Role::parts)) now_.parts_follow = true;
    if (part.is(Role::fluff) && part.token->lexeme->urgent) now_.urgent = true;
  }
  if (noise) {
    noisy_ = true;
    return;
  }
  if (!verb(parts, first_quantity)) return;
  figures(parts);
  if (sign == U':' && !now_.places.empty() && first_quantity == parts.size()) {
    header_place_ = now_.places.back();
  }
}

/// Finds what the clause says was done, and who gave or got it. False where it is denied.
bool Grammar::verb(Parts parts, std::size_t first_quantity) {
  std::size_t main = parts.size();
  bool denied = false;
  bool can = false;
  for (std::size_t i = 0; i < parts.size() && main == parts.size(); ++i) {
    if (parts[i].is(Role::can)) can = true;
    if (!parts[i].is(Role::verb) && !parts[i].is(Role::weak)) continue;
    std::size_t before = i;
    while (before > 0 && parts[before - 1].is(Role::fluff)) --before;
    if (before > 0 && parts[before - 1].is(Role::negates)) {
      denied = true;
      continue;
    }
    // 需要的, 剩下的: says which goods, not what happened.
    const bool attributive = i + 1 < parts.size() && parts[i + 1].is(Role::fluff) && text_.key[parts[i + 1].from] == U'的';
    if (attributive && first_quantity < parts.size()) continue;
    main = i;
  }
  if (main == parts.size()) {
    for (std::size_t i = 0; i < parts.size() && first_quantity < parts.size(); ++i) {
      // 一个没抢到, 没有口罩500只: but not a remark further on.
      const bool before_figure = i + 1 < parts.size() && parts[i + 1].kind == Part::Kind::quantity;
      const bool after_figure = i > 0 && parts[i - 1].kind == Part::Kind::quantity && parts[i].adjacent;
      if (parts[i].is(Role::negates) && ((i < first_quantity && !before_figure) || after_figure)) denied = true;
    }
    if (denied) return false;
    sides(parts, main, first_quantity);
    return true;
  }
  const Lexeme* lexeme = parts[main].token->lexeme;
  Action action = lexeme->action;
  if (can && action == Action::distributed) action = Action::offer;
  // 请求支援，调拨口罩…: what is asked for is still asked for.
  const bool gives = action == Action::distributed || action == Action::offer;
  if (gives && now_.action == Action::need && now_.verb_sentence == sentence_ && drafts_.size() == sentence_drafts_) {
    action = Action::need;
  }
  if (!saw_verb_ && drafts_.empty()) verb_first_ = true;
  saw_verb_ = true;
  bool goods = first_quantity < parts.size();
  for (const Part& part : parts) goods = goods || (part.kind == Part::Kind::goods && part.known);
  if (!goods || main > first_quantity) {
    // 口罩1000个，已签收: the verb comes after what it is about.
    bool applied = false;
    for (std::size_t i = line_drafts_; i < drafts_.size(); ++i) {
      Draft& draft = drafts_[i];
      if (draft.statement.action != Action::other) continue;
      draft.statement.action = action;
      draft.statement.word = to_utf8(lexeme->word);
      applied = true;
    }
    if (!goods && !applied && drafts_.size() > line_drafts_) {
      sides(parts, main, first_quantity);  // …，发往三院: only where to
      return true;
    }
  }
  if (now_.verb != lexeme || drafts_.size() > line_drafts_) {
    ++scope_;
    now_.counterpart.clear();
    if (drafts_.size() > line_drafts_) {
      now_.places.clear();
      if (!header_place_.empty()) now_.places = {header_place_};
    }
  }
  now_.verb = lexeme;
  now_.action = action;
  now_.verb_sentence = sentence_;
  sides(parts, main, first_quantity);
  return true;
}

/// Places and other sides, by preposition, by form and by position relative to the verb.
void Grammar::sides(Parts parts, std::size_t verb_at, std::size_t first_quantity) {
  std::vector<std::string> leading;
  const auto place_of_people = [&](std::size_t i) {
    return i + 1 < parts.size() && parts[i].kind == Part::Kind::quantity && parts[i + 1].adjacent &&
           parts[i + 1].kind != Part::Kind::quantity && names_kind_of_place(key(parts[i + 1]));
  };
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    const bool to = i > 0 && (parts[i - 1].is(Role::to) || (parts[i - 1].is(Role::verb) &&
                    std::u32string_view(U"给到往至").find(parts[i - 1].token->lexeme->word.back()) != std::u32string_view::npos));
    if (part.is(Role::hub) && to) now_.from_hub = true;
    if (place_of_people(i)) {
      taken_[i] = taken_[i + 1] = 1;
      const auto count = part.token->number.value;
      if (to && count && count->thousandths % 1000 == 0 && count->thousandths < 1'000'000) {
        now_.receivers = static_cast<int>(count->thousandths / 1000);
      } else if (saw_verb_ || !drafts_.empty()) {
        Noun name = noun(parts[i + 1]);
        name.metric = true;
        emit(&name, part, false);
      }
      continue;
    }
    if (part.kind != Part::Kind::place || taken_[i] != 0) continue;
    std::string name = surface(part.from, part.to);
    const bool before = i < first_quantity;
    const bool deal = i + 1 < parts.size() && parts[i + 1].is(Role::deal);
    const bool from = i > 0 && parts[i - 1].is(Role::from);
    const bool gives = (now_.action == Action::offer && i < verb_at && verb_at < parts.size()) ||
                       (now_.action == Action::received && i > verb_at && before && !to);
    taken_[i] = 1;
    if (deal || from || (gives && !to)) {
      if (now_.counterpart.empty()) now_.counterpart = name;
      continue;
    }
    if (part.person && !to && now_.action != Action::need) {
      taken_[i] = 0;
      if (now_.action == Action::received && now_.counterpart.empty()) now_.counterpart = name;
      continue;
    }
    if (now_.action == Action::distributed && i < verb_at && verb_at < parts.size() && !to) continue;
    if (list_ && part.person) continue;
    if (before) {
      leading.push_back(std::move(name));
      continue;
    }
    for (std::size_t d = line_drafts_; d < drafts_.size(); ++d) {
      if (drafts_[d].scope == scope_ && drafts_[d].statement.place.empty()) drafts_[d].statement.place = name;
    }
    if (now_.places.empty()) now_.places.push_back(name);
  }
  // An unknown name right before a verb of need is a place, whatever it ends in.
  if (now_.action == Action::need && verb_at > 0 && verb_at < parts.size() && leading.empty()) {
    const Part& part = parts[verb_at - 1];
    if (part.kind == Part::Kind::goods && !part.known && !part.metric && verb_at - 1 < first_quantity &&
        part.to - part.from >= 2 && part.to - part.from <= 15) {
      taken_[verb_at - 1] = 1;
      leading.push_back(surface(part.from, part.to));
    }
  }
  if (leading.empty()) return;
  const bool continues = !now_.places.empty() && drafts_.size() == sentence_drafts_ && header_place_ != now_.places.back();
  if (!continues) now_.places.clear();
  for (auto& name : leading) now_.places.push_back(std::move(name));
}

/// Figures of people, visits, area: bound to the noun beside them before goods are paired.
void Grammar::work(Parts parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& figure = parts[i];
    if (figure.kind != Part::Kind::quantity || taken_[i] != 0) continue;
    const Token& token = *figure.token;
    const bool counted = counts_work(std::u32string_view(text_.key).substr(token.unit_from, token.unit_to - token.unit_from));
    std::size_t left = i;
    while (left > 0 && parts[left - 1].kind == Part::Kind::lexeme &&
           (parts[left - 1].is(Role::about) || parts[left - 1].is(Role::fluff) || parts[left - 1].is(Role::total))) {
      --left;
    }
    const auto noun_at = [&](std::size_t k) {
      return k < parts.size() && taken_[k] == 0 && parts[k].kind == Part::Kind::goods && !parts[k].known;
    };
    const bool right = noun_at(i + 1) && parts[i + 1].adjacent && (parts[i + 1].metric || counted);
    const bool before = left > 0 && noun_at(left - 1) && (parts[left - 1].metric || (counted && !right));
    if (!right && !before) {
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
void Grammar::figures(Parts parts) {
  work(parts);
  std::vector<std::size_t> sequence;
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
      bool later = false;
      for (std::size_t j = i + 1; j < parts.size(); ++j) later = later || parts[j].kind == Part::Kind::quantity;
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

void Grammar::assign(Parts parts, const std::vector<std::size_t>& sequence) {
  const auto is_quantity = [&](std::size_t i) { return parts[i].kind == Part::Kind::quantity; };
  std::vector<std::size_t> quantities;
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
    if (number_first && !parts[last].known && !parts[last].metric && !parts[last].adjacent && now_.last) number_first = false;
  } else if (is_quantity(first) && sequence.size() > 2) {
    std::size_t goods = 0;
    for (const std::size_t i : sequence) goods += !is_quantity(i);
    number_first = goods > 0 && (parts[last].inside || !parts[first].inside);
    if (goods > 0 && quantities.size() <= goods) number_first = false;
  }
  bool each = false;
  for (const Part& part : parts) each = each || part.is(Role::each);
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
    // Between low and high stand the nouns this figure may count.
    std::size_t chosen = sequence.size();
    for (std::size_t k = low; k < high; ++k) {
      const Part& candidate = parts[sequence[k]];
      const bool better = chosen == sequence.size() ||
                          (number_first ? (!parts[sequence[chosen]].known && candidate.known)
                                        : (candidate.known || candidate.metric || !parts[sequence[chosen]].known));
      if (better) chosen = k;
    }
    for (std::size_t k = low; k < high; ++k) {
      if (k != chosen && !parts[sequence[k]].known && !parts[sequence[k]].inside) leftover_ += parts[sequence[k]].to - parts[sequence[k]].from;
    }
    if (chosen == sequence.size()) {
      emit(nullptr, quantity, approx);
      continue;
    }
    if (each && !number_first) {
      std::vector<Noun> members = std::move(now_.pending);
      now_.pending.clear();
      for (std::size_t k = low; k < high; ++k) members.push_back(noun(parts[sequence[k]]));
      for (const Noun& member : members) {
        if (member.known || members.size() == 1 || !members.front().known) emit(&member, quantity, approx);
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
void Grammar::single_pack(Parts parts) {
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const Part& one = parts[i];
    const Part& per = parts[i + 1];
    if (one.kind != Part::Kind::quantity || per.kind != Part::Kind::quantity || !per.adjacent) continue;
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

void Grammar::pack(const Part& part) {
  if (!part.token->number.value) return;
  const Token& token = *part.token;
  Pack pack{*token.number.value, unit(token), surface(token.of_from, token.of_to)};
  Draft* best = nullptr;
  for (std::size_t d = line_drafts_; d < drafts_.size(); ++d) {
    if (!drafts_[d].statement.pack && drafts_[d].statement.unit == pack.of) best = &drafts_[d];
  }
  if (best == nullptr && drafts_.size() > line_drafts_ && !drafts_.back().statement.pack) best = &drafts_.back();
  if (best != nullptr) best->statement.pack = std::move(pack);
}

void Grammar::emit(const Noun* noun, const Part& part, bool approx) {
  if (drafts_.size() >= kMaxStatements) {
    if (out_.unread.empty()) out_.unread.push_back(surface(part.from, text_.key.size()));
    return;
  }
  const Token& token = *part.token;
  const std::string said = unit(token);
  const bool work = counts_work(std::u32string_view(text_.key).substr(token.unit_from, token.unit_to - token.unit_from));
  Draft* before = last_draft();
  const bool same_line = before != nullptr && before->line == line_;
  Noun inherited;
  if (noun == nullptr) {
    if (!now_.pending.empty()) {
      inherited = now_.pending.back();
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
    } else if (now_.last && !work && (!same_line || before->scope != scope_ || !now_.places.empty()) &&
               (now_.verb != nullptr || header_)) {
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
  if (now_.parts_follow && (noun == &inherited || (same_line && before->statement.item == noun->surface))) return;
  if (list_ && header_ && !noun->known && noun != &inherited) noun = &*header_;
  Draft draft;
  Statement& s = draft.statement;
  const bool metric = now_.action != Action::need && (noun->metric || work);
  if (metric) {
    if (!noun->metric && !saw_verb_ && drafts_.empty()) {
      leftover_ += 4;
      return;
    }
    s.action = Action::activity;
    s.item = noun->surface;
  } else {
    const bool article = !token.number.digits && token.number.value == Quantity{1000};
    if (!noun->known && !noun->metric && (noun->surface.size() < 4 || talk(*noun) || (article && said == "个"))) {
      leftover_ += 2;  // one character is hardly a name
      return;
    }
    flags(s);
    s.item = noun->surface;
    s.canonical = noun->canonical;
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
  if (metric || now_.receivers != 0 || now_.places.empty()) {
    drafts_.push_back(std::move(draft));
    return;
  }
  for (const std::string& place : now_.places) {
    Draft copy = draft;
    copy.statement.place = place;
    drafts_.push_back(std::move(copy));
  }
}

/// 急需口罩, 口罩越多越好: known goods of a need that got no figure.
void Grammar::unknown_needs(Parts parts) {
  if (now_.action != Action::need || asked_) return;
  std::vector<Noun> left = now_.pending;
  for (const Noun& noun : left) {
    bool here = false;
    for (const Part& part : parts) here = here || (part.from == noun.from && !part.inside);
    const bool attributive = noun.to < text_.key.size() && text_.key[noun.to] == U'的';
    if (!here || attributive || !noun.known || drafts_.size() >= kMaxStatements) continue;
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

void Grammar::finish() {
  const bool verbless = std::none_of(drafts_.begin(), drafts_.end(), [](const Draft& d) {
    return d.statement.action != Action::other;
  });
  // An open figure later than the bare name (口罩，500只) replaces the need without one.
  std::erase_if(drafts_, [&](const Draft& d) {
    if (!d.statement.unknown) return false;
    return std::any_of(drafts_.begin(), drafts_.end(), [&](const Draft& other) {
      return other.statement.quantity && other.statement.item == d.statement.item &&
             other.statement.action == Action::need && other.statement.place == d.statement.place;
    });
  });
  std::size_t goods = 0;
  for (const Draft& d : drafts_) goods += d.statement.action != Action::activity;
  for (Draft& draft : drafts_) {
    Statement& s = draft.statement;
    if (s.action == Action::other) {
      if (s.canonical.empty() && !draft.known && (chat_ != 0 || leftover_ != 0)) continue;
      if (draft.article || s.unit == "元" || noisy_ || asked_ || (verbless && leftover_ > (goods <= 1 ? 4 : 4 * goods + 2))) continue;
      if (!s.place.empty()) s.action = Action::need;
    }
    out_.statements.push_back(std::move(s));
  }
  for (const Statement& s : out_.statements) {
    if (s.action == Action::activity) continue;
    out_.intent = s.action;
    break;
  }
  if (out_.intent == Action::other && !out_.statements.empty() && goods == 0) out_.intent = Action::activity;
  out_.addressed = std::any_of(out_.statements.begin(), out_.statements.end(),
                               [](const Statement& s) { return s.action != Action::other; });
  if (!out_.addressed && verb_first_ && !asked_ && !noisy_ && (saw_goods_ || saw_figure_) && out_.statements.empty()) {
    out_.addressed = true;
    if (out_.unread.empty()) out_.unread.push_back(to_utf8(text_.shown));
  }
}

}  // namespace

void read_report(const Text& text, const Tokens& tokens, const Catalogue& catalogue, Reading& out) {
  Grammar(text, tokens, catalogue, out).run();
}
