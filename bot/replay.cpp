#include "bot/replay.h"

#include <chrono>
#include <fstream>
#include <iostream>

#include <fmt/format.h>
#include <unistd.h>

#include "bot/engine.h"
#include "bot/http.h"
#include "bot/ledger_file.h"
#include "bot/platforms/generic_json.h"

namespace {

std::chrono::sys_seconds wall_clock() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// Reads files line by line into batches and counts what became of them.
class Replay {
 public:
  explicit Replay(Engine& engine) : engine_(engine) {}

  void read(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return bad(file, 0, "cannot be read");
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
      if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
      take(file, number, line);
    }
    flush();
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

  void take(const std::string& file, int number, const std::string& line) {
    ++lines_;
    try {
      batch_.push_back(read_generic(line, wall_clock()));
      places_.push_back({file, number});
    } catch (const BadRequest& wrong) {
      bad(file, number, wrong.what());
    }
    if (batch_.size() == Engine::kBatch) flush();
  }

  void flush() {
    std::vector<std::future<Reply>> outcomes = engine_.submit(batch_);
    for (std::size_t i = 0; i < outcomes.size(); ++i) count(outcomes[i], places_[i]);
    batch_.clear();
    places_.clear();
    if (terminal_) std::cerr << fmt::format("\r\033[K{} messages …", lines_) << std::flush;
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
  const bool terminal_ = ::isatty(STDERR_FILENO) != 0;
  std::vector<Message> batch_;
  std::vector<Place> places_;
  std::int64_t lines_ = 0, recorded_ = 0, duplicates_ = 0, silent_ = 0, bad_ = 0;
};

}  // namespace

int replay(Setup& setup, const std::vector<std::string>& files) {
  LedgerFile ledger(setup.config.database);
  setup.policy.messages_a_minute = 0;
  Engine engine([&ledger](Access access, bool again) { return ledger.open(access, again); }, {},
                setup.policy, wall_clock);
  Replay run(engine);
  for (const std::string& file : files) run.read(file);
  return run.finish();
}
