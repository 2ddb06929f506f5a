// Runs what many seeds make through the whole path from text to ledger, on a disk that fails and
// loses power, and holds the ledger against the plain models after each message.
//
//   simulate [--first N] [--seeds N] [--messages N]
//
// A seed that fails is printed with the shortest prefix of its messages that does.

#include <chrono>
#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "commands/command.h"
#include "commands/parser/parser.h"
#include "storage/figures.h"
#include "storage/ledger.h"
#include "storage/schema.h"
#include "tests/failing_database.h"
#include "tests/memory_disk.h"
#include "tests/model_compare.h"
#include "tests/speaker.h"

namespace {

constexpr const char* kFile = "jieli.db";
const std::vector<std::string> kGroups{"generic:g1", "generic:g2", "generic:g3", "generic:g4"};

std::int64_t day_of(std::chrono::sys_seconds time) {
  return std::chrono::floor<std::chrono::days>(time + std::chrono::hours(8))
      .time_since_epoch()
      .count();
}

Policy policy() {
  Policy p;
  p.catalogue = &Catalogue::built_in();
  p.coordinators = {Speaker::kCoordinator};
  p.day = [](const std::string&, std::chrono::sys_seconds time) { return day_of(time); };
  p.group_name = [](const std::string& group) { return group; };
  p.messages_a_minute = 0;
  return p;
}

/// What differs between an entry of the ledger and what the model says was said.
std::string compare_entry(Database& db, const model::Said& expected) {
  const Entry& e = expected.entry;
  const auto found = Ledger(db).said(e.group, e.number);
  if (!found) return fmt::format("\n  #{} is not there", e.number);
  model::Said real{*found, decode_change(db.text("SELECT change FROM entries WHERE grp = $1"
                                                 " AND number = $2",
                                                 {e.group, e.number})
                                             .value_or(""))};
  real.change.said.reset();
  const bool same = found->message == e.message && found->user == e.user && found->time == e.time &&
                    found->day == e.day && real.change.kind == expected.change.kind &&
                    real.change.unit == expected.change.unit;
  // What an act repeats of its target is for readers; what it does follows from its number.
  if (e.kind > Kind::activity && e.kind != Kind::enough) {
    real.entry.item = e.item;
    real.entry.unit = e.unit;
    real.entry.place = e.place;
    if (e.kind != Kind::done) real.entry.quantity = e.quantity;
  }
  const std::string is = model::words(real), should_be = model::words(expected);
  if (same && is == should_be) return "";
  return fmt::format("\n  entry {} of {}\n  model {} of {}", is, found->message, should_be,
                     e.message);
}

/// One seed's world: the bot's ledger on its disk, and beside it what the contract says of it.
class World {
 public:
  /// `thorough` asks at each step what is else asked at the end.
  World(std::uint64_t seed, bool thorough) : speaker_(seed), thorough_(thorough) {
    for (const std::string& name : kGroups) {
      groups_.push_back(std::make_unique<talk::Group>(name, Speaker::kCoordinator, day_of));
    }
    open();
  }

  /// One message, and what may happen to it; what then differs, "" where nothing does.
  std::string step() {
    if (speaker_.chance(10)) restart();
    if (speaker_.chance(5)) lose_power();
    const std::size_t at = std::min<std::size_t>(speaker_.random()() % 6, kGroups.size() - 1);
    if (!answered_.empty() && speaker_.chance(80)) return say_again();
    const Speaker::Utterance u = speaker_.next(*groups_[at], kGroups[at]);
    log_.emplace_back(at, u.message);
    std::string difference;
    try {
      difference = say(at, u) + compare(at);
    } catch (const std::exception& error) {
      difference = fmt::format("\n  throws {}", error.what());
    }
    return difference + (thorough_ && difference.empty() ? end() : "");
  }

  /// What differs at the end, asked in every way.
  std::string end() {
    std::string text;
    for (std::size_t at = 0; at < kGroups.size(); ++at) {
      text += compare(at);
      const model::Model& plain = groups_[at]->ledger();
      for (const std::string place : {"三院", "四院", "一医院"}) {
        text += model::compare_totals(*database_, kGroups[at], plain, {.place = place});
      }
      if (plain.said().empty()) continue;
      const std::int64_t to = plain.said()[plain.said().size() / 2].entry.day;
      text += model::compare_totals(*database_, kGroups[at], plain, {.from = to - 1, .to = to});
    }
    for (const std::string& line : verify(*database_, nullptr)) text += "\n  verify: " + line;
    return text;
  }

  /// The messages of the group that spoke last, one a line.
  std::string told() const {
    std::string text;
    const std::size_t last = log_.back().first;
    for (const auto& [at, m] : log_) {
      if (at != last) continue;
      const char* const event = m.event == Event::message ? ""
                                : m.event == Event::edit  ? "edit of "
                                                          : "recall of ";
      text += fmt::format("\n{} {}{} {}> {}", (m.time - Speaker::kStart).count(), event, m.id,
                          m.user_name, m.text);
    }
    return text;
  }

 private:
  void open() {
    database_ = std::make_unique<FailingDatabase>(open_database(kFile));
    database_->run("PRAGMA wal_autocheckpoint=50");
    migrate(*database_);
  }
  void restart() {
    database_.reset();
    open();
  }
  void lose_power() {
    disk_.power_cut();
    database_.reset();
    disk_.power_on(&speaker_.random());
    open();
  }

  Reply deliver(const Message& message) {
    static const Policy kPolicy = policy();
    const Reading reading = read(message.text, *kPolicy.catalogue, day_of(message.time));
    Transaction transaction(*database_);
    Reply reply = answer(*database_, message, reading, kPolicy, speaker_.now());
    transaction.commit();
    return reply;
  }

  /// Chooses what fails, and when.
  void arm() {
    auto& random = speaker_.random();
    using Operation = MemoryDisk::Operation;
    switch (random() % 5) {
      case 0:
        database_->fail_after(static_cast<std::int64_t>(random() % 60));
        break;
      case 1:
        disk_.fail(Operation::sync, static_cast<std::int64_t>(random() % 2), SQLITE_IOERR_FSYNC);
        break;
      case 2:
        disk_.fail(Operation::truncate, 0, SQLITE_IOERR_TRUNCATE);
        break;
      case 3:
        disk_.fail(Operation::write, static_cast<std::int64_t>(random() % 20), SQLITE_FULL);
        break;
      default:
        disk_.fail(Operation::write, static_cast<std::int64_t>(random() % 20), SQLITE_IOERR_WRITE);
    }
  }

  /// Says it to the bot, where the storage may fail: the ledger is then as before or after, and the
  /// same message again succeeds.
  std::string say(std::size_t at, const Speaker::Utterance& u) {
    const Message& m = u.message;
    std::string difference;
    std::optional<Reply> reply;
    if (speaker_.chance(40)) arm();
    try {
      reply = deliver(m);
    } catch (const StorageError&) {
      if (speaker_.chance(500)) {
        lose_power();
      } else {
        database_.reset();
        open_after_fault();
      }
    }
    disk_.mend();
    database_->fail_after(-1);
    bool kept = false;
    if (!reply) {
      const std::string before = compare(at);
      reply = deliver(m);
      kept = reply->duplicate;  // the commit had reached the disk though it was told to have failed
      if (!kept) difference += before;
    }
    const talk::Made made = groups_[at]->hear(m, u.phrases);
    std::vector<std::int64_t> numbers;
    for (const model::Said& s : made.entries) {
      numbers.push_back(s.entry.number);
      difference += compare_entry(*database_, s);
    }
    if (reply->entries != numbers || (reply->duplicate != made.duplicate && !kept)) {
      difference +=
          fmt::format("\n  made {}{}, the model {}{}\n  reply: {}", fmt::join(reply->entries, " "),
                      reply->duplicate ? " again" : "", fmt::join(numbers, " "),
                      made.duplicate ? " again" : "", reply->text);
    }
    if (made.stored) answered_.push_back({at, m, *reply});
    return difference;
  }

  void open_after_fault() {
    disk_.mend();
    open();
  }

  std::string say_again() {
    const Answered& a = answered_[speaker_.random()() % answered_.size()];
    log_.emplace_back(a.at, a.message);
    const Reply reply = deliver(a.message);
    std::string difference = compare(a.at);
    if (!reply.duplicate || reply.entries != a.reply.entries || reply.text != a.reply.text) {
      difference +=
          fmt::format("\n  {} again: {}\n  first: {}", a.message.id, reply.text, a.reply.text);
    }
    return difference;
  }

  std::string compare(std::size_t at) {
    const talk::Group& group = *groups_[at];
    std::string text = model::compare_totals(*database_, kGroups[at], group.ledger(), {}) +
                       model::compare_needs(*database_, kGroups[at], group.ledger());
    const auto work = group.work();
    for (const MetricRow& row : metrics(*database_, kGroups[at], {})) {
      const auto found = work.find({row.name, row.unit});
      const std::int64_t should_be = found == work.end() ? 0 : found->second;
      if (row.quantity.thousandths != should_be) {
        text += fmt::format("\n  {} {}: ledger {}, model {}", row.name, row.unit,
                            to_string(row.quantity), to_string({should_be}));
      }
    }
    return text;
  }

  struct Answered {
    std::size_t at;
    Message message;
    Reply reply;
  };

  MemoryDisk disk_;
  Speaker speaker_;
  const bool thorough_;
  std::unique_ptr<FailingDatabase> database_;
  std::vector<std::unique_ptr<talk::Group>> groups_;
  std::vector<Answered> answered_;
  std::vector<std::pair<std::size_t, Message>> log_;
};

/// The failure of a seed with the shortest prefix that fails; "" where it passes.
std::string run(std::uint64_t seed, int messages, bool thorough = false) {
  World world(seed, thorough);
  for (int i = 0; i < messages; ++i) {
    const std::string difference = world.step();
    if (!difference.empty()) {
      return fmt::format("seed {} differs after {} messages:{}{}\n", seed, i + 1, world.told(),
                         difference);
    }
  }
  const std::string difference = world.end();
  if (difference.empty()) return "";
  const std::string sooner = thorough ? "" : run(seed, messages, true);
  return sooner.empty() ? fmt::format("seed {} differs at its end:{}\n", seed, difference) : sooner;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t first = 1, seeds = 200;
  int messages = 100, most = 3;
  CLI::App app("Holds the ledger against the plain models, on a disk that fails");
  app.add_option("--first", first, "The first seed");
  app.add_option("--seeds", seeds, "How many seeds");
  app.add_option("--messages", messages, "Messages a seed");
  app.add_option("--failures", most, "Stop after so many seeds that fail");
  CLI11_PARSE(app, argc, argv);
  const auto began = std::chrono::steady_clock::now();
  int failures = 0;
  std::uint64_t done = 0;
  for (; done < seeds && failures < most; ++done) {
    const std::string failure = run(first + done, messages);
    if (!failure.empty()) ++failures;
    std::cout << failure << std::flush;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::cout << fmt::format("{} seeds of {} messages in {:.1f} s: {} differ\n", done, messages,
                           took.count(), failures);
  return failures == 0 ? 0 : 1;
}
