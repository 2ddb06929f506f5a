#include <algorithm>

#include "commands/parser/report.h"

namespace {

/// 一车, 两船: what brings goods.
bool carries(std::u32string_view unit) { return unit == U"车" || unit == U"船" || unit == U"柜"; }

}  // namespace

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
