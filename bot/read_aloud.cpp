#include "bot/read_aloud.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <vector>

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

/// What a character of the message is part of, by weight: what comes later in the list lies above.
enum class Part : char { none, statement, place, item, quantity, hidden };

/// How each is shown on a terminal: the figure bold green, goods cyan, a place yellow, what else
/// belongs to the statement underlined, numbers of persons dim.
std::string_view style(Part part) {
  constexpr std::string_view kStyles[] = {"\x1b[0m", "\x1b[0;4m", "\x1b[0;4;33m",
                                          "\x1b[0;4;36m", "\x1b[0;1;4;32m", "\x1b[0;2m"};
  return kStyles[static_cast<std::size_t>(part)];
}

/// The message once more, with what was understood of it in colour.
void show(std::string_view text, const Reading& reading, std::ostream& out) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) starts.push_back(i);
  }
  std::vector<Part> parts(starts.size(), Part::none);
  const auto mark = [&](Span span, Part part) {
    for (std::size_t i = span.from; i < std::min(span.to, parts.size()); ++i)
      parts[i] = std::max(parts[i], part);
  };
  for (const Statement& s : reading.statements) {
    mark(s.span, Part::statement);
    mark(s.item_span, Part::item);
    mark(s.quantity_span, Part::quantity);
    if (const auto at = s.place.empty() ? text.npos : text.find(s.place); at != text.npos) {
      const auto from = std::lower_bound(starts.begin(), starts.end(), at) - starts.begin();
      const auto to =
          std::lower_bound(starts.begin(), starts.end(), at + s.place.size()) - starts.begin();
      mark({static_cast<std::size_t>(from), static_cast<std::size_t>(to)}, Part::place);
    }
  }
  for (const Span& number : reading.private_numbers) mark(number, Part::hidden);
  Part now = Part::none;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    if (parts[i] != now) out << style(now = parts[i]);
    out << text.substr(starts[i],
                       (i + 1 < starts.size() ? starts[i + 1] : text.size()) - starts[i]);
  }
  if (now != Part::none) out << style(Part::none);
  if (!text.ends_with('\n')) out << '\n';
}

bool terminal(const std::ostream& out) { return &out == &std::cout && isatty(STDOUT_FILENO) == 1; }

}  // namespace

int read_aloud(const Catalogue& catalogue, std::istream& in, std::ostream& out) {
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (const auto said = unwrap(text)) text = said->text;
  const Reading reading = read(text, catalogue);
  if (terminal(out)) show(text, reading, out);
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
    out << prediction_json(json["id"].get_ref<const std::string&>(), read(text, catalogue), text)
        << "\n";
  }
  return code;
}
