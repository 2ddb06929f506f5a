#include "storage/effects.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

void Effects::total(const std::string& unit, const std::string& place, std::int64_t day,
                    Sum measure, std::int64_t delta) {
  total_of("", unit, place, day, measure, delta);
}

void Effects::total_of(const std::string& item, const std::string& unit, const std::string& place,
                       std::int64_t day, Sum measure, std::int64_t delta) {
  if (delta == 0) return;
  auto at = std::find_if(totals.begin(), totals.end(), [&](const OnTotals& t) {
    return t.item == item && t.unit == unit && t.place == place && t.day == day;
  });
  if (at == totals.end()) at = totals.insert(at, {item, unit, place, day, {}});
  at->delta[static_cast<std::size_t>(measure)] += delta;
}

// Written with each entry and read back when one is lifted: "e", "t" or "m", then numbers, each with
// a space behind it, and texts, each behind its length.
std::string Effects::encode() const {
  std::string out;
  const auto number = [&](auto value) {
    const fmt::format_int digits(value);
    out.append(digits.data(), digits.size()) += ' ';
  };
  const auto text = [&](const std::string& value) {
    number(value.size());
    out += value;
  };
  for (const OnEntry& e : entries) {
    out += 'e';
    number(e.number);
    number(static_cast<int>(e.field));
    number(e.delta);
  }
  for (const OnTotals& t : totals) {
    out += 't';
    text(t.item);
    text(t.unit);
    text(t.place);
    number(t.day);
    for (const std::int64_t delta : t.delta) number(delta);
  }
  for (const OnMetric& m : metrics) {
    out += 'm';
    text(m.name);
    text(m.unit);
    number(m.day);
    number(m.delta);
  }
  return out;
}

Effects Effects::decode(std::string_view from) {
  const auto must = [](bool holds) {
    if (!holds) throw std::runtime_error("what an entry did cannot be read");
  };
  const auto number = [&] {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(from.data(), from.data() + from.size(), value);
    must(error == std::errc{} && end != from.data() + from.size() && *end == ' ');
    from.remove_prefix(static_cast<std::size_t>(end - from.data()) + 1);
    return value;
  };
  const auto text = [&] {
    const auto size = static_cast<std::uint64_t>(number());
    must(size <= from.size());
    std::string value(from.substr(0, size));
    from.remove_prefix(size);
    return value;
  };
  Effects effects;
  while (!from.empty()) {
    const char what = from.front();
    from.remove_prefix(1);
    if (what == 'e') {
      OnEntry& e = effects.entries.emplace_back();
      e.number = number();
      e.field = static_cast<Field>(number());
      e.delta = number();
    } else if (what == 't') {
      OnTotals& t = effects.totals.emplace_back();
      t.item = text();
      t.unit = text();
      t.place = text();
      t.day = number();
      for (std::int64_t& delta : t.delta) delta = number();
    } else {
      must(what == 'm');
      OnMetric& m = effects.metrics.emplace_back();
      m.name = text();
      m.unit = text();
      m.day = number();
      m.delta = number();
    }
  }
  return effects;
}
