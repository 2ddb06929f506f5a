#include <algorithm>

#include "commands/parser/report.h"

namespace {

/// 一车, 两船: what brings goods.
bool carries(std::u32string_view unit) {
  return unit == U"车" || unit == U"船" || unit == U"柜" || unit == U"票";
}

/// Nothing stands between a figure and the name behind it that takes them apart.
bool counts_next(Parts parts, std::size_t figure, std::size_t name) {
  for (std::size_t i = figure + 1; i < name; ++i) {
    if (parts[i].is(Role::negates)) return false;
    if (!parts[name].known && (parts[i].is(Role::can) || parts[i].is(Role::when))) return false;
    if (!parts[name].known && parts[i].is(Role::fluff) && parts[i].token->lexeme->word == U"在")
      return false;  // 还有4顶在后车
  }
  return true;
}

/// 刚把60份蔬菜包挂到门上: one figure, right before goods, with none right before it.
bool held(Parts parts, const std::vector<std::size_t>& quantities) {
  const std::size_t at = quantities.front();
  if (quantities.size() != 1 || at == 0 || at + 1 >= parts.size()) return false;
  if (parts[at + 1].kind != Part::Kind::goods || !parts[at + 1].adjacent) return false;
  if (parts[at - 1].is(Role::deal)) return true;  // 王阿姨托我带的20双棉袜
  if (parts[at - 1].is(Role::weak) || parts[at - 1].is(Role::verb))
    return parts[at + 1].known;  // 司机小刘拉着6吨白菜
  if (!parts[at - 1].is(Role::fluff)) return false;
  const auto word = parts[at - 1].token->lexeme->word;
  return word == U"把" || word == U"将" || word == U"的";
}

/// 和, 以及, 又, +: what follows comes on top of what stands before.
bool one_more(Parts between) {
  return std::any_of(between.begin(), between.end(), [](const Part& p) {
    return p.is(Role::joins) || (p.is(Role::fluff) && (p.token->lexeme->word == U"又" ||
                                                       p.token->lexeme->word == U"另外" ||
                                                       p.token->lexeme->word == U"此外"));
  });
}

}  // namespace

/// 口罩100只和|5箱酒精: goods with their figure, and then a figure with its goods. Where the second
/// begins, as a position of `sequence`; its size where the order does not turn.
std::size_t Report::turn(Parts parts, const std::vector<std::size_t>& sequence) const {
  const auto is_quantity = [&](std::size_t s) {
    return parts[sequence[s]].kind == Part::Kind::quantity;
  };
  constexpr std::size_t kLong = 64;  // a list so long has one order
  std::size_t found = sequence.size();
  if (found > kLong) return found;
  for (std::size_t s = 1; s < sequence.size(); ++s) {
    const Part& here = parts[sequence[s]];
    const Part& last = parts[sequence[s - 1]];
    const Parts between = parts.subspan(sequence[s - 1] + 1, sequence[s] - sequence[s - 1] - 1);
    const bool only_joined = std::all_of(between.begin(), between.end(), [](const Part& p) {
      return p.is(Role::joins) || p.is(Role::fluff) || p.is(Role::about);
    });
    if (!only_joined || here.inside || last.inside) continue;
    const bool joined = one_more(between);
    // 5箱酒精 护目镜30副: back again.
    if (!is_quantity(s)) {
      const bool apart = joined || !here.adjacent;
      if (apart && last.known && is_quantity(0) && s > 1 && s + 1 < sequence.size() &&
          is_quantity(s + 1) && is_quantity(s - 2) && here.known)
        return s;
      continue;
    }
    if (!is_quantity(s - 1) || s + 1 >= sequence.size() || is_quantity(s + 1)) continue;
    const Part& next = parts[sequence[s + 1]];
    const bool own = next.adjacent && sequence[s + 1] == sequence[s] + 1 && !next.inside &&
                     (next.known || ((joined || !here.adjacent) && next.to - next.from > 1));
    if (!own) continue;
    if (joined) return s;
    // 口罩 2箱 4000只 手套100双: what follows has its own figure after it.
    const bool last_order = sequence.size() - s > 2 && is_quantity(sequence.size() - 1);
    if (!last_order) found = s;
  }
  return found;
}

/// Pairs the figures of a clause with their goods.
void Report::figures(Parts parts) {
  work(parts);
  pack_sizes(parts);
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
    // 我店出50份米粉: who speaks, and no goods.
    if (i > 0 && part.kind == Part::Kind::goods && !part.known && part.to - part.from == 1 &&
        part.adjacent && parts[i - 1].is(Role::fluff) &&
        speaks_of_us(parts[i - 1].token->lexeme->word))
      continue;
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

/// 床单被套各70套: names of the catalogue, one after the other.
bool Report::members_of(const Part& part, std::vector<Noun>& into) const {
  auto token = std::lower_bound(tokens_.begin(), tokens_.end(), part.from,
                                [](const Token& t, std::size_t at) { return t.from < at; });
  const auto first = token;
  for (; token != tokens_.end() && token->to <= part.to; ++token) {
    if (token->kind != Token::Kind::item) return false;
  }
  if (token - first < 2) return false;
  for (auto one = first; one != token; ++one) {
    into.push_back({surface(one->from, one->to), one->item->name, true, false, one->from, one->to});
  }
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
      if (!parts[i].known && !parts[i].inside && !vague && !label_)
        leftover_ += parts[i].to - parts[i].from;
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
  if (const std::size_t at = turn(parts, sequence); at < sequence.size()) {
    const auto middle = sequence.begin() + static_cast<std::ptrdiff_t>(at);
    const std::vector<std::size_t> after(middle, sequence.end());
    assign(parts, {sequence.begin(), middle});
    return assign(parts, after);
  }
  // The order of a list is one for the whole of it: it ends in a figure (口罩500) or in goods.
  const std::size_t first = sequence.front();
  std::size_t last = sequence.back();
  bool number_first = false;
  if (!is_quantity(last)) {
    // 张三50个口罩: an unknown name before does not make it item-first.
    number_first = is_quantity(first) || (!parts[first].known && parts[last].known);
    // 帐篷和两件军大衣: the figure stands with what follows.
    number_first =
        number_first || (quantities.front() > 0 && parts[last].known && parts[last].adjacent &&
                         parts[quantities.front() - 1].is(Role::joins));
    number_first = number_first || held(parts, quantities);
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
  const Lexeme* word = now_.verb;  // under which the next figure stands
  std::size_t passed = 0;
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
    // 90个没戴口罩, 1000元可以开发票: what is said of them, not what they are.
    if (number_first && chosen != sequence.size() && !counts_next(parts, at, sequence[chosen]))
      continue;
    // 手术衣急缺，请各位乡亲筹集二百件: who is asked stands before the verb, what was named before
    // it.
    if (!number_first && chosen != sequence.size() && !parts[sequence[chosen]].known &&
        (names_known() || unit_key(*quantity.token) == U"元") &&
        std::any_of(parts.begin() + static_cast<std::ptrdiff_t>(sequence[chosen]),
                    parts.begin() + static_cast<std::ptrdiff_t>(at),
                    [](const Part& p) { return p.is(Role::verb); }))
      chosen = sequence.size();
    const std::size_t drafted = drafts_.size();
    std::optional<Noun> own;
    if (chosen != sequence.size()) own = noun(parts[sequence[chosen]]);
    for (; passed < at; ++passed) {
      const Part& part = parts[passed];
      if (part.is(Role::verb) || part.is(Role::weak) || part.is(Role::expected) ||
          part.is(Role::actual))
        word = part.token->lexeme;
    }
    if (settles(parts, at, own ? &*own : nullptr, word)) continue;
    const auto mark_due = [&] {
      if (word == nullptr || word->role != Role::expected) return;
      for (std::size_t d = drafted; d < drafts_.size(); ++d) drafts_[d].due = ++dues_ > 0;
    };
    if (chosen == sequence.size()) {
      // 3箱和20只: as much again of the same goods, and no second measure.
      const bool again = s > 0 && is_quantity(sequence[s - 1]) && now_.last &&
                         now_.pending.empty() &&
                         one_more(parts.subspan(sequence[s - 1], at - sequence[s - 1]));
      const std::optional<Noun> same = again ? now_.last : std::nullopt;
      emit(same ? &*same : nullptr, quantity, approx);
      mark_due();
      continue;
    }
    if (each_ && !number_first) {
      std::vector<Noun> members = std::move(now_.pending);
      now_.pending.clear();
      for (std::size_t k = low; k < high; ++k) {
        if (!members_of(parts[sequence[k]], members)) members.push_back(noun(parts[sequence[k]]));
      }
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
    mark_due();
  }
}
