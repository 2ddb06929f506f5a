#include "bot/read_aloud.h"

#include <iostream>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "commands/parser/json.h"
#include "commands/parser/parser.h"
#include "commands/parser/wrapping.h"

namespace {

std::string_view name(Action action) {
  constexpr std::string_view kNames[] = {
      "need",   "offer",    "received",   "in_transit", "distributed", "stock",  "used",
      "adjust", "activity", "correction", "cancel",     "reference",   "enough", "verify",
      "query",  "match",    "brief",      "help",       "admin",       "other"};
  return kNames[static_cast<std::size_t>(action)];
}

std::string amount(const Statement& s) {
  if (s.unknown) return " (no number)";
  if (!s.quantity) return "";
  std::string text = fmt::format(" {}{}", s.approx ? "about " : "", to_string(*s.quantity));
  if (s.max) text += fmt::format("-{}", to_string(*s.max));
  return text + s.unit;
}

std::string line(const Statement& s) {
  std::string text{name(s.action)};
  if (!s.word.empty()) text += fmt::format(" [{}]", s.word);
  if (s.ref) text += fmt::format(" #{}", *s.ref);
  if (!s.item.empty()) text += " " + s.item;
  if (!s.canonical.empty() && s.canonical != s.item) text += fmt::format(" (= {})", s.canonical);
  text += amount(s);
  if (s.pack) {
    text += fmt::format(", {}{} in one {}", to_string(s.pack->per), s.pack->unit,
                        s.pack->of.empty() ? "pack" : s.pack->of);
  }
  if (s.alt) text += fmt::format(", also {}{}", to_string(s.alt->quantity), s.alt->unit);
  if (s.value) text += fmt::format(", worth {}{}", to_string(s.value->quantity), s.value->unit);
  if (s.expected) text += fmt::format(", expected {}", to_string(*s.expected));
  if (!s.place.empty()) text += " → " + s.place;
  if (s.from_hub) text += " → us";
  if (!s.counterpart.empty()) text += ", with " + s.counterpart;
  if (s.urgent) text += ", urgent";
  if (s.replaces) text += ", replaces";
  if (s.adds) text += ", adds";
  if (s.cumulative) text += ", cumulative";
  if (!s.rest.empty()) text += fmt::format(", \"{}\"", s.rest);
  return text;
}

}  // namespace

int read_aloud(const Catalogue& catalogue, std::istream& in, std::ostream& out) {
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (const auto said = unwrap(text)) text = said->text;
  const Reading reading = read(text, catalogue);
  for (const Statement& statement : reading.statements) out << line(statement) << "\n";
  for (const std::string& part : reading.unread) out << "not understood: " << part << "\n";
  if (reading.statements.empty() && reading.unread.empty()) out << "nothing for the bot\n";
  return 0;
}

int read_lines(const Catalogue& catalogue, std::istream& in, std::ostream& out) {
  int code = 0;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const auto json = nlohmann::json::parse(line, nullptr, false);
    const bool sound = json.is_object() && json.contains("id") && json["id"].is_string() &&
                       json.contains("text") && json["text"].is_string();
    if (!sound) {
      std::cerr << fmt::format("line {}: write {{\"id\":\"…\",\"text\":\"…\"}}\n", number);
      code = 1;
      continue;
    }
    auto text = json["text"].get<std::string>();
    if (const auto said = unwrap(text)) text = said->text;
    out << prediction_json(json["id"].get_ref<const std::string&>(), read(text, catalogue)) << "\n";
  }
  return code;
}
