#include "bot/json.h"

#include "bot/calendar.h"
#include "bot/platform.h"

namespace {

using nlohmann::json;

template <typename T>
json maybe(const std::optional<T>& value) {
  return value ? json(*value) : json(nullptr);
}
json maybe(const std::optional<Quantity>& value) { return value ? to_json(*value) : json(nullptr); }

json group_of(const std::optional<std::string>& group) {
  return group ? json(without_prefix(*group)) : json(nullptr);
}

json day(const std::optional<std::int64_t>& value) {
  return value ? json(print_day(*value)) : json(nullptr);
}

template <typename Row>
json list(const std::vector<Row>& rows) {
  json result = json::array();
  for (const Row& row : rows) result.push_back(to_json(row));
  return result;
}

}  // namespace

json to_json(Quantity quantity) {
  if (quantity.thousandths % 1000 == 0) return quantity.thousandths / 1000;
  // The nearest double; dump() writes the shortest decimal that reads back as it, which has three
  // places at most while there are no more than 15 digits.
  return static_cast<double>(quantity.thousandths) / 1000.0;
}

json to_json(const TotalRow& row) {
  return {{"group", group_of(row.group)},
          {"item", row.item},
          {"unit", row.unit},
          {"needed", to_json(row.needed)},
          {"outstanding", to_json(row.outstanding)},
          {"unknown", row.unknown},
          {"offered", to_json(row.offered)},
          {"in_transit", to_json(row.in_transit)},
          {"received", to_json(row.received)},
          {"distributed", to_json(row.distributed)},
          {"used", to_json(row.used)},
          {"lost", to_json(row.lost)},
          {"stock", to_json(row.stock)}};
}

json to_json(const NeedRow& row) {
  return {{"group", without_prefix(row.group)},
          {"id", row.id},
          {"item", row.item},
          {"unit", row.unit},
          {"place", maybe(row.place)},
          {"quantity", maybe(row.quantity)},
          {"fulfilled", to_json(row.fulfilled)},
          {"promised", to_json(row.promised)},
          {"in_transit", to_json(row.in_transit)},
          {"outstanding", maybe(row.outstanding)},
          {"urgent", row.urgent},
          {"verified", row.verified},
          {"status", row.status},
          {"time", print_rfc3339(row.time)}};
}

json to_json(const EntryRow& row) {
  return {{"id", row.id},
          {"kind", row.kind},
          {"item", maybe(row.item)},
          {"quantity", maybe(row.quantity)},
          {"unit", row.unit},
          {"said", row.said},
          {"place", maybe(row.place)},
          {"counterpart", maybe(row.counterpart)},
          {"approx", row.approx},
          {"value", maybe(row.value)},
          {"time", print_rfc3339(row.time)},
          {"user", without_prefix(row.user)},
          {"text", row.text},
          {"ref", maybe(row.ref)},
          {"voided_by", maybe(row.voided_by)}};
}

json to_json(const MetricRow& row) {
  return {{"name", row.name}, {"quantity", to_json(row.quantity)}, {"unit", row.unit}};
}

json to_json(const Brief& brief) {
  return {{"group", group_of(brief.group)},   {"from", day(brief.days.from)},
          {"to", day(brief.days.to)},         {"gaps", list(brief.gaps)},
          {"totals", list(brief.totals)},     {"metrics", list(brief.metrics)},
          {"corrections", brief.corrections}, {"text", brief.text}};
}

json to_json(const MatchView& view) {
  const Match& m = view.match;
  json reasons = json::array();
  constexpr std::string_view kComma = "，";
  for (std::size_t from = 0; from < m.reason.size();) {
    const std::size_t to = std::min(m.reason.find(kComma, from), m.reason.size());
    reasons.push_back(m.reason.substr(from, to - from));
    from = to + kComma.size();
  }
  return {{"id", m.id},
          {"item", m.item},
          {"unit", m.unit},
          {"quantity", to_json(m.quantity)},
          {"from", view.from},
          {"to", view.to},
          {"state", word(m.state)},
          {"from_group", without_prefix(m.from_group)},
          {"to_group", without_prefix(m.need_group)},
          {"offer", m.from == 0 ? json(nullptr) : json(m.from)},
          {"need", m.need},
          {"cost", view.cost},
          {"reasons", std::move(reasons)},
          {"access", view.access}};
}

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}
