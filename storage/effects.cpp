#include "storage/effects.h"

#include <algorithm>

#include <nlohmann/json.hpp>

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

std::string Effects::encode() const {
  auto json = nlohmann::json::array();
  for (const OnEntry& e : entries) {
    json.push_back({"e", e.number, static_cast<int>(e.field), e.delta});
  }
  for (const OnTotals& t : totals) {
    if (t.item.empty()) {
      json.push_back({"t", t.unit, t.place, t.day, t.delta});
    } else {
      json.push_back({"o", t.unit, t.place, t.day, t.delta, t.item});
    }
  }
  for (const OnMetric& m : metrics) json.push_back({"m", m.name, m.unit, m.day, m.delta});
  if (json.empty()) return {};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Effects Effects::decode(std::string_view text) {
  Effects effects;
  if (text.empty()) return effects;
  for (const auto& row : nlohmann::json::parse(text)) {
    const auto& what = row.at(0).get_ref<const std::string&>();
    if (what == "e") {
      effects.entries.push_back({row.at(1), static_cast<Field>(row.at(2).get<int>()), row.at(3)});
    } else if (what == "t") {
      effects.totals.push_back({"", row.at(1), row.at(2), row.at(3), row.at(4)});
    } else if (what == "o") {
      effects.totals.push_back({row.at(5), row.at(1), row.at(2), row.at(3), row.at(4)});
    } else {
      effects.metrics.push_back({row.at(1), row.at(2), row.at(3), row.at(4)});
    }
  }
  return effects;
}
