#include "tests/model_compare.h"

#include <fmt/format.h>

#include "storage/figures.h"

namespace model {

namespace {

Figures figures(const TotalRow& t) {
  return {t.needed.thousandths,      t.outstanding.thousandths, t.unknown,
          t.offered.thousandths,     t.in_transit.thousandths,  t.received.thousandths,
          t.distributed.thousandths, t.used.thousandths,        t.lost.thousandths,
          t.stock.thousandths};
}

NeedFigures figures(const NeedRow& n) {
  const auto raw = [](const std::optional<Quantity>& q) {
    return q ? std::optional(q->thousandths) : std::nullopt;
  };
  return {.item = n.item,
          .unit = n.unit,
          .place = n.place.value_or(""),
          .quantity = raw(n.quantity),
          .outstanding = raw(n.outstanding),
          .fulfilled = n.fulfilled.thousandths,
          .in_transit = n.in_transit.thousandths,
          .urgent = n.urgent,
          .status = n.status};
}

std::string words(const NeedFigures& n) {
  return fmt::format("{}{} at '{}' asked {} given {} left {} on the road {}{} {}", n.item, n.unit,
                     n.place, n.quantity.value_or(-1), n.fulfilled, n.outstanding.value_or(-1),
                     n.in_transit, n.urgent ? " urgent" : "", n.status);
}

}  // namespace

std::string words(const Said& s) {
  const Entry& e = s.entry;
  std::string text = fmt::format(
      "#{} {} {:.1f}h {}", e.number, e.user_name,
      std::chrono::duration<double, std::ratio<3600>>(e.time.time_since_epoch()).count(),
      word(e.kind));
  if (e.ref != 0) text += fmt::format(" of #{}", e.ref);
  text += fmt::format(" {}{}", e.item, e.unit);
  if (e.quantity) text += " " + to_string(*e.quantity);
  if (!e.place.empty()) text += " at " + e.place;
  if (!e.counterpart.empty()) text += " donor " + e.counterpart;
  if (e.kind == Kind::adjust) text += " " + e.word;
  if (e.urgent) text += " urgent";
  if (e.replaces) text += " replaces";
  if (e.own_only) text += " own";
  if (e.unpaired) text += " unpaired";
  if (s.change.quantity) text += " -> " + to_string(*s.change.quantity);
  if (s.change.item) text += " -> item " + *s.change.item;
  if (s.change.place) text += " -> place '" + *s.change.place + "'";
  return text;
}

std::string compare_totals(Database& db, const std::string& group, const Model& plain,
                           const Part& part) {
  TotalsQuery query{.group = group, .place = part.place, .days = {part.from, part.to}};
  std::map<Line, Figures> real;
  for (const TotalRow& t : totals(db, query)) real[{t.item, t.unit}] = figures(t);
  auto expected = plain.totals(part);
  std::string text;
  for (const auto& [line, f] : real) expected.try_emplace(line);
  for (const auto& [line, f] : expected) {
    if (!real.contains(line) && !part.place)
      text += fmt::format("\n  {}{} is not listed", line.first, line.second);
    for (std::size_t m = 0; m < f.size(); ++m) {
      if (real[line][m] == f[m]) continue;
      text += fmt::format("\n  {}{} {}: ledger {}, model {}", line.first, line.second,
                          kMeasureNames[m], static_cast<double>(real[line][m]) / 1000.,
                          static_cast<double>(f[m]) / 1000.);
    }
  }
  if (!text.empty() && part.place) text += "\n  (place " + *part.place + ")";
  if (!text.empty() && part.to) text += fmt::format("\n  (days to {})", *part.to);
  return text;
}

std::string compare_needs(Database& db, const std::string& group, const Model& plain) {
  std::map<std::int64_t, NeedFigures> real;
  for (const NeedRow& n : needs(db, group, std::nullopt, NeedStatus::all)) real[n.id] = figures(n);
  const auto expected = plain.needs();
  std::string text;
  for (const auto& [number, n] : expected) {
    if (!real.contains(number)) {
      text += fmt::format("\n  need #{} is not listed", number);
    } else if (real[number] != n) {
      text += fmt::format("\n  need #{}: ledger {}\n  {:>13} {}", number, words(real[number]),
                          "model", words(n));
    }
  }
  for (const auto& [number, n] : real) {
    if (!expected.contains(number)) text += fmt::format("\n  need #{} should not be", number);
  }
  return text;
}

}  // namespace model
