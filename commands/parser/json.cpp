#include "commands/parser/json.h"

#include <vector>

#include <nlohmann/json.hpp>

#include "commands/parser/text.h"

namespace {

using nlohmann::ordered_json;

/// The corpora name fewer kinds than the program knows; the rest prints as its nearest.
std::string_view word_of(Action action, Act act, std::string_view word) {
  switch (action) {
    case Action::need:
      return "need";
    case Action::offer:
      return "offer";
    case Action::received:
      return "received";
    case Action::in_transit:
      return "in_transit";
    case Action::distributed:
      return "distributed";
    case Action::stock:
      return "stock";
    case Action::used:
      return "used";
    case Action::adjust:
      return word == "盘盈" ? "stock" : "used";
    case Action::activity:
      return "activity";
    case Action::correction:
      return "correction";
    case Action::cancel:
    case Action::enough:
      return "cancel";
    case Action::query:
    case Action::brief:
    case Action::help:
      return "query";
    case Action::reference:
      if (act == Act::in_transit) return "in_transit";
      if (act == Act::urgent) return "need";
      if (act == Act::received || act == Act::done || act == Act::not_received) return "received";
      return "other";
    default:
      return "other";
  }
}

ordered_json number(Quantity quantity) {
  if (quantity.thousandths % 1000 == 0) return quantity.thousandths / 1000;
  return static_cast<double>(quantity.thousandths) / 1000.0;
}

/// Where each code point of the text begins, and its end.
std::vector<std::size_t> code_points(std::string_view text) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) starts.push_back(i);
  }
  starts.push_back(text.size());
  return starts;
}

std::string_view written(std::string_view text, const std::vector<std::size_t>& starts, Span span) {
  if (text.empty() || span.from >= span.to || span.to >= starts.size()) return {};
  return text.substr(starts[span.from], starts[span.to] - starts[span.from]);
}

/// The unit in the script in which it was written: the end of the figure, where it folds to it.
std::string_view unit_written(std::string_view text, const std::vector<std::size_t>& starts,
                              const Statement& s) {
  const std::u32string unit = fold(s.unit).shown;
  const std::size_t length = unit.size();
  if (length == 0 || s.quantity_span.to - s.quantity_span.from <= length) return {};
  const auto said =
      written(text, starts, {s.quantity_span.to - length, s.quantity_span.to});
  return !said.empty() && fold(said).shown == unit ? said : std::string_view{};
}

/// A name in the script in which the text has it.
std::string as_written(std::string_view text, const std::vector<std::size_t>& starts,
                       const Text& folded, const std::string& name) {
  const std::u32string key = fold(name).shown;
  const auto at = folded.shown.find(key);
  if (key.empty() || at == folded.shown.npos) return name;
  const auto said = written(text, starts, folded.original(at, at + key.size()));
  return said.empty() ? name : std::string(said);
}

ordered_json record(const Statement& s) {
  ordered_json out{{"action", word_of(s.action, s.act, s.word)}, {"item", s.item}};
  if (s.item.empty()) out["item"] = nullptr;
  if (!s.canonical.empty()) out["canonical"] = s.canonical;
  out["quantity"] = number(*s.quantity);
  out["unit"] = s.unit;
  if (s.unit.empty()) out["unit"] = nullptr;
  out["approx"] = s.approx;
  if (s.max) out["max"] = number(*s.max);
  if (s.pack) {
    out["pack"] = {{"per", number(s.pack->per)}, {"unit", s.pack->unit}, {"of", s.pack->of}};
  }
  if (s.alt) out["alt"] = {{"quantity", number(s.alt->quantity)}, {"unit", s.alt->unit}};
  if (s.value) out["value"] = {{"amount", number(s.value->quantity)}, {"unit", s.value->unit}};
  if (s.cumulative) out["cumulative"] = true;
  return out;
}

}  // namespace

std::string prediction_json(std::string_view id, const Reading& reading, std::string_view text) {
  const std::vector<std::size_t> starts = code_points(text);
  const Text folded = fold(text);
  ordered_json out{{"id", id}};
  ordered_json records = ordered_json::array();
  ordered_json metrics = ordered_json::array();
  ordered_json slots = ordered_json::object();
  const Statement* first = nullptr;
  bool receivers = false;
  for (const Statement& s : reading.statements) {
    if (first == nullptr && s.action == reading.intent) first = &s;
    if (!s.place.empty() && !slots.contains("to"))
      slots["to"] = slots["org"] = slots["place"] = as_written(text, starts, folded, s.place);
    if (!s.counterpart.empty() && !slots.contains("from"))
      slots["from"] = slots["person"] = as_written(text, starts, folded, s.counterpart);
    if (s.ref && !slots.contains("ref")) slots["ref"] = std::to_string(*s.ref);
    if (!s.quantity) continue;
    const bool people = s.canonical.empty() && (s.unit == "人" || s.unit == "名" || s.unit == "位" ||
                                                s.unit == "人次");
    if (s.receivers > 0 && !s.receiver_kind.empty() && !receivers) {
      metrics.push_back(
          {{"name", s.receiver_kind}, {"quantity", s.receivers}, {"unit", s.receiver_unit}});
      receivers = true;  // the same for each of their goods
    }
    if (s.action == Action::activity || people) {
      metrics.push_back({{"name", s.item}, {"quantity", number(*s.quantity)}, {"unit", s.unit}});
    } else {
      records.push_back(record(s));
      if (const auto said = written(text, starts, s.item_span); !said.empty()) {
        records.back()["item"] = said;
      }
    }
    ordered_json& printed = s.action == Action::activity || people ? metrics.back() : records.back();
    if (const auto said = unit_written(text, starts, s); !said.empty()) printed["unit"] = said;
  }
  out["intent"] = first ? word_of(first->action, first->act, first->word)
                        : word_of(reading.intent, Act::confirm, "");
  out["records"] = std::move(records);
  out["metrics"] = std::move(metrics);
  out["slots"] = std::move(slots);
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}
