#include "tests/conversation.h"

#include <chrono>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <unistd.h>

#include "commands/command.h"
#include "commands/digest.h"
#include "commands/parser/parser.h"
#include "storage/figures.h"
#include "storage/matches.h"
#include "storage/schema.h"
#include "tests/reads_back.h"

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::hours kZone{8};  // the scripts live in China
constexpr std::chrono::seconds kBetweenMessages{10};

struct Player {
  std::filesystem::path script;
  std::filesystem::path file;
  std::unique_ptr<Database> db;
  Policy policy;
  std::chrono::sys_seconds now;
  Message last;
  std::string group = "generic:g1";
  Reply reply;
  bool fresh = false;  // a reply that no "<" has been compared with yet
  std::vector<std::string> expected;
  int ids = 0;
  std::vector<std::string> problems;
  int line = 0;

  void problem(const std::string& what) {
    problems.push_back(fmt::format("{}:{}: {}", script.filename().string(), line, what));
  }

  /// Names after "@" are people whom the message mentions.
  static std::vector<Mention> mentions(const std::string& text) {
    std::vector<Mention> found;
    for (std::size_t at = text.find('@'); at != std::string::npos; at = text.find('@', at + 1)) {
      const std::string name = text.substr(at + 1, text.find(' ', at) - at - 1);
      found.push_back({"generic:" + name, name});
    }
    return found;
  }

  void open() {
    db = open_database(file.string());
    migrate(*db);
  }

  void say(Message message) {
    last = message;
    unwrap(message);
    const Reading reading =
        read(message.text, *policy.catalogue, policy.day(message.group, message.time));
    Transaction transaction(*db);
    reply = answer(*db, message, reading, policy, now);
    transaction.commit();
    fresh = true;
  }
};

std::chrono::sys_seconds clock_at(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0;
  std::sscanf(text.c_str(), "%d-%d-%d %d:%d", &year, &month, &day, &hour, &minute);
  const std::chrono::sys_days date{std::chrono::year(year) /
                                   std::chrono::month(static_cast<unsigned>(month)) /
                                   std::chrono::day(static_cast<unsigned>(day))};
  return std::chrono::sys_seconds(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) -
         kZone;
}

std::int64_t day_number(const std::string& date) {
  return std::chrono::floor<std::chrono::days>(clock_at(date + " 00:00") + kZone)
      .time_since_epoch()
      .count();
}

std::string number_words(const std::optional<Quantity>& quantity) {
  return quantity ? to_string(*quantity) : "null";
}

std::string figure(const TotalRow& t, const std::string& name) {
  if (name == "needed") return to_string(t.needed);
  if (name == "outstanding") return to_string(t.outstanding);
  if (name == "unknown") return std::to_string(t.unknown);
  if (name == "offered") return to_string(t.offered);
  if (name == "in_transit") return to_string(t.in_transit);
  if (name == "received") return to_string(t.received);
  if (name == "distributed") return to_string(t.distributed);
  if (name == "used") return to_string(t.used);
  if (name == "lost") return to_string(t.lost);
  if (name == "stock") return to_string(t.stock);
  return "no such figure: " + name;
}

std::string figure(const NeedRow& n, const std::string& name) {
  if (name == "quantity") return number_words(n.quantity);
  if (name == "fulfilled") return to_string(n.fulfilled);
  if (name == "promised") return to_string(n.promised);
  if (name == "in_transit") return to_string(n.in_transit);
  if (name == "outstanding") return number_words(n.outstanding);
  if (name == "urgent") return n.urgent ? "yes" : "no";
  if (name == "verified") return n.verified ? "yes" : "no";
  if (name == "place") return n.place.value_or("null");
  if (name == "status") return n.status;
  return "no such figure: " + name;
}

std::string figure(const EntryRow& e, const std::string& name) {
  if (name == "kind") return e.kind;
  if (name == "item") return e.item.value_or("null");
  if (name == "quantity") return number_words(e.quantity);
  if (name == "unit") return e.unit;
  if (name == "place") return e.place.value_or("null");
  if (name == "counterpart") return e.counterpart.value_or("null");
  if (name == "user") return e.user.substr(e.user.find(':') + 1);
  if (name == "approx") return e.approx ? "yes" : "no";
  if (name == "value") return number_words(e.value);
  if (name == "voided_by") return e.voided_by ? std::to_string(*e.voided_by) : "null";
  return "no such figure: " + name;
}

std::string figure(const Match& m, const std::string& name) {
  if (name == "state") return std::string(word(m.state));
  if (name == "quantity") return to_string(m.quantity);
  return "no such figure: " + name;
}

template <typename Row>
void compare(Player& p, const Row& row, std::istringstream& words) {
  std::string name, value;
  while (words >> name >> value) {
    const std::string is = figure(row, name);
    if (is != value) p.problem(fmt::format("{} is {}, expected {}", name, is, value));
  }
}

void totals_line(Player& p, std::istringstream& words) {
  std::string name, extra;
  words >> name;
  const auto slash = name.find('/');
  TotalsQuery query{.group = p.group, .item = name.substr(0, slash)};
  std::string unit = slash == std::string::npos ? "" : name.substr(slash + 1);
  std::streampos at = words.tellg();
  while (words >> extra) {
    if (extra.starts_with("at:")) {
      query.place = extra.substr(3);
    } else if (extra.starts_with("from:")) {
      query.days.from = day_number(extra.substr(5));
    } else if (extra.starts_with("to:")) {
      query.days.to = day_number(extra.substr(3));
    } else {
      words.clear();
      words.seekg(at);
      break;
    }
    at = words.tellg();
  }
  for (const TotalRow& row : totals(*p.db, query)) {
    if (unit.empty() || row.unit == unit) return compare(p, row, words);
  }
  p.problem("no line for " + name);
}

void check(Player& p, const std::string& text) {
  std::istringstream words(text);
  std::string what;
  words >> what;
  if (what == "totals") return totals_line(p, words);
  if (what == "lines") {
    std::size_t count = 0;
    words >> count;
    const auto rows = totals(*p.db, {.group = p.group});
    if (rows.size() != count) p.problem(fmt::format("{} lines", rows.size()));
    return;
  }
  if (what == "need" || what == "entry") {
    char hash = 0;
    std::int64_t number = 0;
    words >> hash >> number;
    if (what == "need") {
      for (const auto& row : needs(*p.db, p.group, std::nullopt, NeedStatus::all)) {
        if (row.id == number) return compare(p, row, words);
      }
    } else {
      for (const auto& row : entries(*p.db, p.group, std::nullopt, number - 1, 1)) {
        if (row.id == number) return compare(p, row, words);
      }
    }
    return p.problem(fmt::format("there is no {} #{}", what, number));
  }
  if (what == "match") {
    std::int64_t id = 0;
    words >> id;
    if (const auto found = Matches(*p.db).find(id)) return compare(p, *found, words);
    return p.problem(fmt::format("there is no match {}", id));
  }
  if (what == "made") {
    std::vector<std::int64_t> numbers;
    for (std::int64_t n = 0; words >> n;) numbers.push_back(n);
    if (numbers != p.reply.entries) {
      p.problem(fmt::format("made {}", p.reply.entries.size()) +
                (p.reply.entries.empty() ? "" : fmt::format(", first #{}", p.reply.entries[0])));
    }
    return;
  }
  if (what == "metric") {
    std::string name, unit, value;
    words >> name >> unit >> value;
    for (const auto& row : metrics(*p.db, p.group, {})) {
      if (row.name != name || row.unit != unit) continue;
      if (to_string(row.quantity) != value) p.problem(name + " is " + to_string(row.quantity));
      return;
    }
    if (value != "0") p.problem("no metric " + name + " " + unit);
    return;
  }
  p.problem("unknown check: " + text);
}

/// The 简报 of each group, and of all, is read back to the ledger's figures.
void read_back(Player& p) {
  std::vector<std::optional<std::string>> scopes{std::nullopt};
  for (const std::string& group : group_ids(*p.db)) scopes.emplace_back(group);
  for (const auto& group : scopes) {
    const Brief made = brief(*p.db, group, {}, p.policy);
    for (const auto& problem : not_read_back(made, *p.policy.catalogue)) p.problem(problem);
  }
}

std::vector<std::string> reply_lines(const Player& p) {
  std::vector<std::string> lines;
  std::istringstream text(p.reply.text);
  for (std::string line; std::getline(text, line);) lines.push_back("< " + line);
  if (lines.empty()) lines.emplace_back("<");
  return lines;
}

}  // namespace

std::vector<std::string> play(const std::filesystem::path& script, bool update) {
  Player p;
  p.script = script;
  p.file = std::filesystem::temp_directory_path() /
           fmt::format("jieli-chat-{}-{}.db", script.stem().string(), ::getpid());
  p.now = clock_at("2020-02-10 09:00");
  p.policy.catalogue = &Catalogue::built_in();
  p.policy.day = [](const std::string&, std::chrono::sys_seconds time) {
    return std::int64_t{
        std::chrono::floor<std::chrono::days>(time + kZone).time_since_epoch().count()};
  };
  p.policy.group_name = [&p](const std::string& group) {
    const auto found = p.policy.groups.find(group);
    return found == p.policy.groups.end() ? "测试群" : found->second.name;
  };
  p.open();

  std::ifstream in(script);
  std::vector<std::string> output;
  std::vector<std::string> expected;
  const auto settle = [&] {
    if (p.fresh && !expected.empty() && !update && expected != reply_lines(p)) {
      std::string got;
      for (const auto& line : reply_lines(p)) got += "\n    " + line;
      p.problem("the reply is" + got);
    }
    expected.clear();
    p.fresh = false;
  };
  for (std::string line; std::getline(in, line);) {
    ++p.line;
    const bool reply_line = line == "<" || line.starts_with("< ");
    if (reply_line) {
      if (!update) expected.push_back(line);
      continue;
    }
    if (line.empty() || line.starts_with("#")) {
      settle();
      output.push_back(line);
      continue;
    }
    settle();
    output.push_back(line);
    if (line.starts_with("at ")) {
      p.now = clock_at(line.substr(3));
    } else if (line == "restart") {
      p.db.reset();
      p.open();
    } else if (line == "again") {
      p.say(p.last);
      if (!p.reply.duplicate) p.problem("was not taken for a duplicate");
      if (update) {
        for (const auto& text : reply_lines(p)) output.push_back(text);
      }
    } else if (line.starts_with("coordinator ")) {
      p.policy.coordinators.insert("generic:" + line.substr(12));
    } else if (line.starts_with("group ")) {
      std::istringstream words(line.substr(6));
      std::string id;
      GroupFacts facts;
      words >> id >> facts.name >> facts.organisation >> facts.area;
      p.group = "generic:" + id;
      if (!facts.name.empty()) p.policy.groups[p.group] = facts;
    } else if (line.starts_with("code ")) {
      p.policy.claim_code_hash = sha256_hex(line.substr(5));
    } else if (line.starts_with("= ")) {
      check(p, line.substr(2));
    } else if (const auto at = line.find("> "); at != std::string::npos) {
      Message m;
      m.platform = "generic";
      m.id = fmt::format("m{}", ++p.ids);
      m.group = p.group;
      m.user_name = line.substr(0, at);
      if (m.user_name.ends_with("@")) {
        m.user_name.pop_back();
        m.mentioned = true;
      }
      if (m.user_name.ends_with("~")) {
        m.user_name.pop_back();
        m.direct = true;
        m.group = "generic:direct-" + m.user_name;
      }
      m.user = "generic:" + m.user_name;
      m.text = line.substr(at + 2);
      for (std::size_t slash = 0; (slash = m.text.find("\\n", slash)) != std::string::npos;) {
        m.text.replace(slash, 2, "\n");
      }
      m.mentions = Player::mentions(m.text);
      p.now += kBetweenMessages;
      m.time = p.now;
      if (m.text == "(recall)") {
        m.id = p.last.id;
        m.event = Event::recall;
        m.text.clear();
      }
      if (m.text.starts_with("(quote ")) {
        const auto end = m.text.find(") ");
        m.quote = m.text.substr(7, end - 7);
        if (m.quote == "bot") m.quote = p.reply.text;
        m.text.erase(0, end + 2);
      }
      if (m.text.starts_with("(edit) ")) {
        m.id = p.last.id;
        m.event = Event::edit;
        m.text.erase(0, 7);
      }
      p.say(std::move(m));
      if (update) {
        for (const auto& text : reply_lines(p)) output.push_back(text);
      }
    } else {
      p.problem("cannot be read: " + line);
    }
  }
  settle();
  for (const auto& difference : verify(*p.db, nullptr)) p.problem(difference);
  read_back(p);
  p.db.reset();
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(p.file.string() + end);
  if (update) {
    std::ofstream out(script);
    for (const auto& line : output) out << line << "\n";
  }
  return p.problems;
}
