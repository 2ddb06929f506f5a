#include <algorithm>

#include "commands/parser/report.h"

/// ml, 公斤.
bool Report::measured(const std::string& said) const {
  const std::string name = catalogue_.unit(said);
  return catalogue_.grams(name).has_value() || catalogue_.millilitres(name).has_value();
}

/// A bag, a can or a drum that people carry.
bool Report::carried(Quantity quantity, const std::string& said) const {
  const std::string name = catalogue_.unit(said);
  const auto one = catalogue_.grams(name) ? catalogue_.grams(name) : catalogue_.millilitres(name);
  const auto all = one ? multiply(quantity, Quantity::whole(*one)) : std::nullopt;
  return all && *all <= Quantity::whole(50'000);
}

/// 500ml of 20瓶 is what one holds; 500公斤 of 20袋 is all of it.
bool Report::is_size(const Token& size, const Token& count) const {
  if (!measured(unit(size)) || measured(unit(count)) || counts_work(unit_key(count))) return false;
  if (unit_key(count) == U"车" || unit_key(count) == U"船") return false;
  const Quantity value = *size.number.value;
  const Quantity packs = *count.number.value;
  if (packs <= Quantity{} || !carried(value, unit(size))) return false;
  const std::string name = catalogue_.unit(unit(size));
  const auto one = catalogue_.grams(name) ? catalogue_.grams(name) : catalogue_.millilitres(name);
  const auto all = multiply(value, Quantity::whole(*one));
  // A total comes out in whole kilograms or litres for each.
  return !all || all->thousandths % 1000 != 0 ||
         (all->thousandths / 1000) % packs.thousandths != 0;
}

/// The figure right after another, or alone in brackets after it; 0 where there is none.
std::size_t Report::bracketed_or_next(Parts parts, std::size_t i) const {
  const auto figure = [&](std::size_t k) {
    return k < parts.size() && parts[k].kind == Part::Kind::quantity && taken_[k] == 0 &&
           parts[k].token->number.value && parts[k].token->unit_to > parts[k].token->unit_from;
  };
  if (figure(i + 1)) return i + 1;
  const bool opened = i + 3 < parts.size() && parts[i + 1].kind == Part::Kind::open &&
                      parts[i + 3].kind == Part::Kind::close;
  return opened && figure(i + 2) ? i + 2 : 0;
}

/// 20瓶|500ml酒精, 25kg大米|20袋: what one of them holds, told as a figure before the goods.
void Report::pack_sizes(Parts parts) {
  inner_.clear();
  const auto figure = [&](std::size_t i) {
    return i < parts.size() && parts[i].kind == Part::Kind::quantity && taken_[i] == 0 &&
           parts[i].token->number.value && !parts[i].inside &&
           parts[i].token->unit_to > parts[i].token->unit_from;
  };
  const auto past_of = [&](std::size_t i) {
    return i < parts.size() && parts[i].is(Role::fluff) && text_.key[parts[i].from] == U'的' ? i + 1
                                                                                           : i;
  };
  const auto goods = [&](std::size_t i) {
    return i < parts.size() && parts[i].kind == Part::Kind::goods && taken_[i] == 0 &&
           !parts[i].metric;
  };
  // 口罩20箱…: the goods of a figure stand before it.
  bool owned = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].is(Role::joins)) owned = false;
    if (goods(i)) {
      const std::size_t before = i > 1 && past_of(i - 1) == i ? i - 1 : i;
      owned = before == 0 || parts[before - 1].kind != Part::Kind::quantity;
    }
    if (!figure(i)) continue;
    const Token& outer = *parts[i].token;
    const std::size_t noun = past_of(i + 2);
    if (figure(i + 1) && goods(noun) && !owned && measured(unit(outer)) &&
        measured(unit(*parts[i + 1].token))) {
      taken_[i + 1] = 1;  // 3吨25kg大米: in bags of it
      continue;
    }
    if (const std::size_t second = bracketed_or_next(parts, i); owned && second != 0) {
      // 酒精500ml 20瓶, 大米20袋（25kg）: the size, unless it divides into packs that people carry.
      const std::size_t size = measured(unit(outer)) ? i : second;
      const std::size_t count = size == i ? second : i;
      if (is_size(*parts[size].token, *parts[count].token) &&
          !(goods(second + 1) && parts[second + 1].adjacent)) {
        inner_.push_back({parts[count].from,
                          Measure{*parts[size].token->number.value, unit(*parts[size].token)},
                          false});
        taken_[size] = 1;
        i = second;
        continue;
      }
    }
    if (figure(i + 1) && goods(noun) && !owned && !measured(unit(outer)) &&
        !counts_work(unit_key(outer)) && unit_key(outer) != U"车" && unit_key(outer) != U"船" &&
        (parts[noun].adjacent || !figure(noun + 1))) {
      const Token& inner = *parts[i + 1].token;
      const Quantity per = *inner.number.value;
      const Quantity count = *outer.number.value;
      const bool whole = !measured(unit(inner)) && count > Quantity{} &&
                         per.thousandths % count.thousandths == 0 && per > count;
      if (counts_work(unit_key(inner))) continue;
      inner_.push_back({parts[i].from, Measure{per, unit(inner)}, whole});
      taken_[i + 1] = 1;
      ++i;
      continue;
    }
    const std::size_t named = past_of(i + 1);
    if (measured(unit(outer)) && carried(*outer.number.value, unit(outer)) && goods(named) &&
        parts[named].adjacent && figure(named + 1) && !owned) {
      const Token& count = *parts[named + 1].token;
      const bool next = goods(named + 2) && parts[named + 2].adjacent;
      if (next || measured(unit(count)) || counts_work(unit_key(count))) continue;
      inner_.push_back({parts[named + 1].from, Measure{*outer.number.value, unit(outer)}, false});
      taken_[i] = 1;
    }
  }
}

/// 价值3.6万元: of goods with a figure it is their worth; of goods without one it is all that is
/// said of how much they are (药品价值120万元, 价值500万元的牛奶). False where it stands for them.
/// `later`: a figure follows; `before`: so many stand before it in the clause; `goods`: what stands
/// right before it without a figure.
bool Report::worth(Parts parts, std::size_t at, bool later, std::size_t before, const Part* goods) {
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
  // 500ml*20瓶: the figure before was the size.
  if (Draft* draft = last_draft(); draft && draft->line == line_ && !pack.of.empty() &&
      draft->statement.unit == pack.of && measured(pack.of) &&
      !measured(pack.unit)) {
    Statement& s = draft->statement;
    const Pack size{*s.quantity, s.unit, pack.unit};
    s.quantity = pack.per;
    s.unit = pack.unit;
    s.pack = size;
    return;
  }
  Draft* best = nullptr;
  for (std::size_t d = line_drafts_; d < drafts_.size(); ++d) {
    if (!drafts_[d].statement.pack && drafts_[d].statement.unit == pack.of) best = &drafts_[d];
  }
  if (best == nullptr && drafts_.size() > line_drafts_ && !drafts_.back().statement.pack)
    best = &drafts_.back();
  if (best != nullptr) best->statement.pack = std::move(pack);
}
