#include <algorithm>

#include "commands/parser/report.h"

namespace {

using Kind = Token::Kind;

}  // namespace

Noun Report::noun(const Part& part) const {
  Noun noun{surface(part.from, part.to),
            part.item ? part.item->name : "",
            part.known,
            part.metric,
            part.from,
            part.to};
  std::erase(noun.surface, ' ');
  return noun;
}

Noun Report::joined(Parts parts, std::size_t first, std::size_t last) const {
  Noun whole = noun(parts[last]);
  if (first == last) return whole;
  whole.from = parts[first].from;
  whole.surface = surface(whole.from, whole.to);
  whole.canonical.clear();
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
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= tokens_.size(); ++i) {
    if (i < tokens_.size() && tokens_[i].sign != U'\n') continue;
    if (i > begin) line(begin, i);
    begin = i + 1;
  }
  finish();
}

void Report::line(std::size_t begin, std::size_t end) {
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
        std::erase_if(drafts_, [&](const Draft& d) {
          return d.sentence == sentence_ && d.statement.action != Action::need;
        });
      }
      ++sentence_;
      sentence_drafts_ = drafts_.size();
      if (sign != U';') now_.cumulative = false;
      now_.parts_follow = false;
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
  if (skip_value_) {
    skip_value_ = sign == U':';
    return;
  }
  std::vector<Part>& parts = room_.parts;
  parts_of(tokens, text_, catalogue_, parts);
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

void Report::subclause(Parts parts, char32_t sign) {
  taken_.assign(parts.size(), 0);
  each_ = std::any_of(parts.begin(), parts.end(), [](const Part& p) { return p.is(Role::each); });
  std::size_t first_quantity = parts.size();
  bool noise = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    if (part.kind == Part::Kind::quantity && first_quantity == parts.size()) first_quantity = i;
    if (part.kind == Part::Kind::quantity) saw_figure_ = true;
    if (part.kind == Part::Kind::goods && part.known) saw_goods_ = true;
    if (part.is(Role::fluff) && part.to - part.from == 1 && !part.token->lexeme->urgent) ++chat_;
    if (part.is(Role::to) || part.is(Role::can) || part.is(Role::from)) ++chat_;
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
  if (first_quantity == parts.size() && enough(parts)) return;
  if (!verb(parts, first_quantity)) return;
  figures(parts);
  if (sign == U':' && !now_.places.empty() && first_quantity == parts.size()) {
    header_place_ = now_.places.back();
  }
}

void Report::finish() {
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
  std::size_t goods = 0;
  for (const Draft& d : drafts_) goods += d.statement.action != Action::activity;
  out_.statements.reserve(drafts_.size());
  for (Draft& draft : drafts_) {
    Statement& s = draft.statement;
    if (s.action == Action::other) {
      const bool talked = !list_ && (chat_ != 0 || leftover_ != 0);
      if (s.canonical.empty() && !draft.known && talked) continue;
      if (draft.article || s.unit == "元" || noisy_ || asked_ ||
          (verbless && !list_ && leftover_ > (goods <= 1 ? 4 : 4 * goods + 2)))
        continue;
      // 五院 N95 200: a place and goods, and nothing else said, ask for them.
      if (!s.place.empty() && chat_ == 0 && leftover_ <= 4) s.action = Action::need;
    }
    out_.statements.push_back(std::move(s));
  }
  for (const Statement& s : out_.statements) {
    if (s.action == Action::activity) continue;
    out_.intent = s.action;
    break;
  }
  if (out_.intent == Action::other && !out_.statements.empty() && goods == 0)
    out_.intent = Action::activity;
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
