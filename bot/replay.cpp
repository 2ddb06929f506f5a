#include "bot/replay.h"

#include <chrono>
#include <fstream>
#include <iostream>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "bot/calendar.h"
#include "bot/chat_log.h"
#include "bot/engine.h"
#include "bot/http.h"
#include "bot/ledger_file.h"
#include "bot/platforms/generic_json.h"

namespace {

std::chrono::sys_seconds wall_clock() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// Reads files into batches and counts what became of them. While one batch is recorded, the next
/// is read.
class Replay {
 public:
  Replay(Engine& engine, const Zone& zone, std::optional<std::string> group)
      : engine_(engine), zone_(zone), group_(std::move(group)) {}

  void read(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return bad(file, 0, "cannot be read");
    file_ = file;
    std::string line;
    while (std::getline(in, line) && blank(line)) {
    }
    in.clear();
    in.seekg(0);
    if (line.find_first_not_of(" \t") == line.find('{') && line.find('{') != line.npos) {
      read_json(in);
    } else {
      read_log(in, line);
    }
    flush();
    settle();
  }

  int finish() const {
    if (terminal_) std::cerr << "\r\033[K";
    std::cerr << fmt::format(
        "{} messages: {} recorded, {} seen before, {} not for the bot or asked "
        "back, {} bad\n",
        lines_, recorded_, duplicates_, silent_, bad_);
    return bad_ == 0 ? 0 : 1;
  }

 private:
  struct Place {
    std::string file;
    int line;
  };

  void bad(const std::string& file, int line, std::string_view why) {
    ++bad_;
    if (terminal_) std::cerr << "\r\033[K";
    std::cerr << (line == 0 ? fmt::format("{}: {}\n", file, why)
                            : fmt::format("{}:{}: {}\n", file, line, why));
  }

  static bool blank(const std::string& line) {
    return line.find_first_not_of(" \t\r") == std::string::npos;
  }

  void read_json(std::istream& in) {
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
      if (blank(line)) continue;
      try {
        take(number, read_generic(line, wall_clock()));
      } catch (const BadRequest& wrong) {
        ++lines_;
        bad(file_, number, wrong.what());
      }
    }
  }

  /// What another program kept: it names no group.
  void read_log(std::istream& in, const std::string& first_line) {
    if (!group_) return bad(file_, 0, "names no group; add --group ID");
    const LogOrigin origin{*group_, &zone_, wall_clock()};
    const std::int64_t before = lines_;
    const auto each = [this](int line, Message message) { take(line, std::move(message)); };
    if (is_needs_table(first_line)) {
      read_needs_table(in, origin, each);
    } else {
      read_copied_chat(in, origin, each);
    }
    if (lines_ == before) {
      bad(file_, 0, "has no messages: neither the webhook's JSON, nor copied chat, nor a table");
    }
  }

  void take(int line, Message message) {
    ++lines_;
    batch_.push_back(std::move(message));
    places_.push_back({file_, line});
    if (batch_.size() == Engine::kBatch) flush();
  }

  void flush() {
    auto outcomes = engine_.submit(batch_);
    settle();
    outcomes_ = std::move(outcomes);
    waiting_ = std::exchange(places_, {});
    batch_.clear();
    if (terminal_) std::cerr << fmt::format("\r\033[K{} messages …", lines_) << std::flush;
  }

  void settle() {
    for (std::size_t i = 0; i < outcomes_.size(); ++i) count(outcomes_[i], waiting_[i]);
    outcomes_.clear();
  }

  void count(std::future<Reply>& outcome, const Place& place) {
    try {
      const Reply reply = outcome.get();
      ++(reply.duplicate ? duplicates_ : reply.entries.empty() ? silent_ : recorded_);
    } catch (const StorageError& failed) {
      // The rest would fail as well; what was committed stays, and a second run goes on from it.
      throw StorageError(
          failed.fault, fmt::format("stopped at {}:{}: {}", place.file, place.line, failed.what()));
    } catch (const std::exception& failed) {
      bad(place.file, place.line, failed.what());
    }
  }

  Engine& engine_;
  const Zone& zone_;
  const std::optional<std::string> group_;
  std::string file_;
  const bool terminal_ = ::isatty(STDERR_FILENO) != 0;
  std::vector<Message> batch_;
  std::vector<Place> places_, waiting_;
  std::vector<std::future<Reply>> outcomes_;  // of the batch before
  std::int64_t lines_ = 0, recorded_ = 0, duplicates_ = 0, silent_ = 0, bad_ = 0;
};

}  // namespace

int replay(Setup& setup, const std::vector<std::string>& files,
           const std::optional<std::string>& group) {
  LedgerFile ledger(setup.config.database);
  setup.policy.messages_a_minute = 0;
  Engine engine([&ledger](Access access, bool again) { return ledger.open(access, again); }, {},
                setup.policy, wall_clock);
  const Zone zone(setup.config.timezone);
  Replay run(engine, zone, group);
  for (const std::string& file : files) run.read(file);
  return run.finish();
}
