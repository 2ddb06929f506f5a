// Scores the parser against the labelled messages in tests/corpus: item, quantity and unit of a
// record must agree. The floors are what was reached, less a little.

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "commands/parser/parser.h"
#include "commands/parser/text.h"

namespace {

using nlohmann::json;

struct Score {
  int right = 0, extra = 0, missed = 0;
  int intents = 0, intents_right = 0;
  int chatter = 0, chatter_recorded = 0;

  double precision() const { return right + extra == 0 ? 1 : double(right) / (right + extra); }
  double recall() const { return right + missed == 0 ? 1 : double(right) / (right + missed); }
  double f1() const { return 2 * precision() * recall() / (precision() + recall()); }
  int metrics_right = 0, metrics_extra = 0, metrics_missed = 0;
  double metrics() const {
    const int wrong = metrics_extra + metrics_missed;
    return metrics_right + wrong == 0 ? 1 : 2.0 * metrics_right / (2 * metrics_right + wrong);
  }
  double intent() const { return intents == 0 ? 1 : double(intents_right) / intents; }
};

const Catalogue& catalogue() { return Catalogue::built_in(); }

/// The catalogue's name by exact alias, else by the longest alias that ends the phrase.
std::string canonical(const std::string& name) {
  const std::u32string key = name_key(name);
  for (std::size_t from = 0; from + 2 <= key.size(); ++from) {
    if (const auto* item = catalogue().find(to_utf8(key.substr(from)))) return item->name;
  }
  return {};
}

bool same_item(const json& gold, const Statement& s) {
  if (gold["item"].is_null()) return true;
  std::vector<std::string> names{gold["item"]};
  for (const auto& other : gold.value("item_ok", json::array())) names.push_back(other);
  for (const std::string& name : names) {
    if (name_key(name) == name_key(s.item)) return true;
  }
  const std::string meant = canonical(names.front());
  return !meant.empty() && meant == (s.canonical.empty() ? canonical(s.item) : s.canonical);
}

bool same_unit(const json& gold, const Statement& s) {
  if (gold["unit"].is_null()) return true;
  if (catalogue().unit(gold["unit"].get<std::string>()) == catalogue().unit(s.unit)) return true;
  for (const auto& other : gold.value("unit_ok", json::array())) {
    if (!other.is_null() && catalogue().unit(other.get<std::string>()) == catalogue().unit(s.unit))
      return true;
  }
  return false;
}

bool same_figure(const json& figure, Quantity quantity) {
  return !figure.is_null() && std::llround(figure.get<double>() * 1000) == quantity.thousandths;
}

std::string action_word(const Statement& s) {
  switch (s.action) {
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
    case Action::adjust:
      return "used";
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
    default:
      return "other";
  }
}

void score_records(const json& expect, const Reading& reading, Score& score) {
  std::vector<const Statement*> left;
  for (const Statement& s : reading.statements) {
    if (s.quantity && s.action != Action::activity) left.push_back(&s);
  }
  const auto take = [&](const json& gold) {
    const auto found = std::find_if(left.begin(), left.end(), [&](const Statement* s) {
      return same_figure(gold["quantity"], *s->quantity) && same_unit(gold, *s) &&
             same_item(gold, *s);
    });
    if (found == left.end()) return false;
    left.erase(found);
    return true;
  };
  // Required records choose first; optional ones only explain what is left.
  for (const bool optional : {false, true}) {
    for (const json& gold : expect["records"]) {
      if (gold["quantity"].is_null() || gold.value("optional", false) != optional) continue;
      const bool hit = take(gold);
      if (!optional) ++(hit ? score.right : score.missed);
    }
  }
  for (const Statement* s : left) {
    const auto explains = [&](const json& other) {
      return same_figure(other["quantity"], *s->quantity);
    };
    bool either = false;
    for (const json& metric : expect.value("metrics", json::array())) {
      either = either || (metric.value("either", false) && explains(metric));
    }
    for (const json& gold : expect["records"]) {
      either = either || (gold.contains("alt") && gold["alt"].is_object() && explains(gold["alt"]));
    }
    score.extra += !either;
  }
}

/// Counts of people, visits, places (receivers among them); what may be either is free.
void score_metrics(const json& expect, const Reading& reading, Score& score) {
  std::vector<Statement> left;
  for (const Statement& s : reading.statements) {
    if (s.quantity && s.action == Action::activity) left.push_back(s);
    if (s.receivers == 0 || s.receiver_kind.empty()) continue;
    Statement places;
    places.quantity = Quantity::whole(s.receivers);
    places.unit = s.receiver_unit;
    const bool told = std::any_of(left.begin(), left.end(), [&](const Statement& other) {
      return other.action == Action::other && other.quantity == places.quantity;
    });
    if (!told) left.push_back(std::move(places));
  }
  for (const json& gold : expect.value("metrics", json::array())) {
    const auto found = std::find_if(left.begin(), left.end(), [&](const Statement& s) {
      return same_figure(gold["quantity"], *s.quantity) && same_unit(gold, s);
    });
    const bool hit = found != left.end();
    if (hit) left.erase(found);
    if (hit || !gold.value("either", false)) ++(hit ? score.metrics_right : score.metrics_missed);
  }
  score.metrics_extra += static_cast<int>(left.size());
}

Score score(const std::string& file) {
  std::ifstream in(std::string(JIELI_TESTS) + "/corpus/" + file);
  REQUIRE(in);
  Score total;
  for (std::string line; std::getline(in, line);) {
    const json message = json::parse(line);
    const json& expect = message["expect"];
    const Reading reading = read(message["text"].get<std::string>(), catalogue());
    score_records(expect, reading, total);
    score_metrics(expect, reading, total);

    std::set<std::string> accepted{expect["intent"].get<std::string>()};
    for (const auto& other : expect.value("intent_ok", json::array()))
      accepted.insert(other.get<std::string>());
    Statement main;
    main.action = reading.intent;
    if (!accepted.contains("*")) {
      ++total.intents;
      total.intents_right += accepted.contains(action_word(main));
    }
    const bool chatter = expect["intent"] == "other" && expect["records"].empty() &&
                         expect.value("metrics", json::array()).empty();
    if (chatter) {
      ++total.chatter;
      total.chatter_recorded += std::any_of(
          reading.statements.begin(), reading.statements.end(),
          [](const Statement& s) { return s.quantity && s.action != Action::activity; });
    }
  }
  return total;
}

}  // namespace

TEST_CASE("the labelled messages are read as well as before", "[parser][corpus]") {
  const auto [file, f1, precision, intent, metrics] =
      GENERATE(table<std::string, double, double, double, double>({
          {"seed-dev.jsonl", 0.99, 0.99, 0.95, 0.90},
          {"chat-dev.jsonl", 0.99, 0.985, 0.99, 0.85},
          {"real-dev.jsonl", 0.99, 0.97, 0.97, 0.90},
          {"own-reports.jsonl", 0.965, 0.965, 0.95, 0.90},
          {"own-epidemic.jsonl", 0.97, 0.98, 0.95, 0.75},
          {"own-flood.jsonl", 0.94, 0.95, 0.95, 0.70},
          {"own-wards.jsonl", 0.94, 0.96, 0.90, 0.75},
          {"own-quake.jsonl", 0.965, 0.96, 0.95, 0.70},
          {"own-spring.jsonl", 0.97, 0.97, 0.95, 0.75},
          {"own-summer.jsonl", 0.98, 0.98, 0.97, 0.75},
          {"own-rivers.jsonl", 0.97, 0.98, 0.95, 0.90},
          {"own-harbour.jsonl", 0.94, 0.93, 0.90, 0.90},
          {"own-steppe.jsonl", 0.97, 0.99, 0.95, 0.90},
          {"own-winter.jsonl", 0.88, 0.94, 0.87, 0.85},
      }));
  const Score reached = score(file);
  INFO(file << ": F1 " << reached.f1() << ", precision " << reached.precision() << ", recall "
            << reached.recall() << ", intent " << reached.intent() << ", metrics "
            << reached.metrics());
  CHECK(reached.f1() >= f1);
  CHECK(reached.precision() >= precision);
  CHECK(reached.intent() >= intent);
  CHECK(reached.metrics() >= metrics);
  // own-spring: 发了3条围巾都不够戴, read as handed out.
  CHECK(reached.chatter_recorded <= (file == "own-spring.jsonl" ? 1 : 0));
}

TEST_CASE("chatter that names goods and figures is left alone", "[parser][corpus]") {
  const Score reached = score("own-chatter.jsonl");
  CHECK(reached.chatter == 433);
  CHECK(reached.chatter_recorded <= 1);  // 那个医院才分到3000个口罩
  CHECK(reached.intent() >= 0.98);
}
