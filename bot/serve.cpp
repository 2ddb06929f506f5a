#include "bot/serve.h"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include "bot/api.h"
#include "bot/attachments.h"
#include "bot/engine.h"
#include "bot/json.h"
#include "bot/ledger_file.h"
#include "bot/log.h"
#include "bot/matchmaker.h"
#include "bot/platforms.h"
#include "bot/poster.h"
#include "bot/server.h"
#include "bot/signature.h"
#include "bot/webhooks.h"
#include "commands/alerts.h"
#include "commands/bulletin.h"
#include "commands/digest.h"
#include "commands/stale.h"
#include "storage/contacts.h"
#include "storage/forgetting.h"

namespace {

constexpr std::size_t kTokenBytes = 24;
constexpr std::size_t kClaimBytes = 8;
constexpr auto kStopTime = std::chrono::milliseconds(900);

std::chrono::sys_seconds wall_clock() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

/// A secret on the terminal is for the operator; in a log it would be for everybody.
void show_secret(std::string_view what, const std::string& secret, const std::string& file) {
  if (::isatty(STDERR_FILENO) != 0) {
    std::cerr << what << ": " << secret << "  (" << file << ")\n";
  } else {
    log_info(fmt::format("{} is in {}", what, file));
  }
}

std::string settle_token(const Config& config, const LedgerFile& ledger) {
  const char* const given = std::getenv("JIELI_TOKEN");
  if (given != nullptr && *given != '\0') return given;
  if (!config.token.empty()) return config.token;
  std::string token = ledger.secret("token", kTokenBytes);
  show_secret("token", token, ledger.beside("token"));
  return token;
}

std::string settle_claim_code(const LedgerFile& ledger) {
  const std::string code = ledger.secret("claim-code", kClaimBytes);
  show_secret("code for 认领管理", code, ledger.beside("claim-code"));
  return sha256_hex(code);
}

/// Blocked in every thread, so that the main thread can wait for them.
sigset_t block_stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow fails the write, not the program
  return set;
}

PosterWorld poster_world(Engine& engine, const Policy& policy, const Config& config,
                         const Platforms& platforms) {
  PosterWorld world;
  world.write = [&engine](const std::function<void(Database&)>& work) { engine.write(work); };
  world.now = wall_clock;
  world.random = [source = std::mt19937_64(std::random_device{}())]() mutable {
    return std::uniform_real_distribution<double>(0.0, 1.0)(source);
  };
  world.make_brief = [&policy](Database& database, const std::string& group, const Days& days) {
    const Brief made = brief(database, group, days, policy);
    const bool daily = days.from == days.to;
    return MadeBrief{daily ? made.text : bulletin(made, *policy.catalogue), dump(to_json(made))};
  };
  world.remind = [](Database& database, std::chrono::sys_seconds now) {
    raise_alerts(database, now);
  };
  world.daily = [&config, &policy](Database& database, std::chrono::sys_seconds now) {
    if (config.stale_days > 0) ask_about_stale(database, policy, now, config.stale_days);
    if (config.contact_days > 0) {
      Contacts(database).remove_before(now - std::chrono::days(config.contact_days));
    }
    if (config.retention_days > 0) {
      forget_idle_groups(database, now - std::chrono::days(config.retention_days));
    }
  };
  world.schedules = [&config](Database& database) { return schedules(config, database); };
  world.schedule_of = [&config](Database& database, const std::string& group) {
    return schedule_of(config, database, group);
  };
  world.post_to_platform = [&platforms](HttpCaller& caller, const Claimed& row,
                                        std::chrono::sys_seconds now) {
    return platforms.speak(caller, row, now);
  };
  world.post_file = [&engine, &policy, &config](HttpCaller& caller, const Claimed& row,
                                                std::chrono::sys_seconds now) {
    const auto attachment = decode_attachment(row.post.attachment);
    if (!attachment) return parked("this version does not know such files");
    PostedFile file;
    engine.with_reader([&](Database& database) { file = make_file(database, *attachment, policy); });
    return post_file(caller, config, row, file, now);
  };
  world.posts_a_minute = [&platforms](const std::string& target) {
    return platforms.posts_a_minute(target);
  };
  return world;
}

/// What was acknowledged is durable, so a stop that hangs (the database is locked by others, say)
/// may be cut short: what is in flight gets no answer and will be sent again.
void end_within_a_second() {
  std::thread([] {
    std::this_thread::sleep_for(kStopTime);
    // Without the log, which may be gone by now.
    constexpr std::string_view kWhy = "stopping took too long; ending now\n";
    std::ignore = ::write(STDERR_FILENO, kWhy.data(), kWhy.size());
    ::_exit(0);
  }).detach();
}

}  // namespace

int serve(Setup& setup, const std::optional<std::string>& listen) {
  Config& config = setup.config;
  if (listen) config.listen = *listen;
  if (!listen_address(config.listen)) {
    throw Failure(fmt::format("\"{}\" is not HOST:PORT, like 127.0.0.1:8080", config.listen));
  }
  if (config.database == ":memory:") throw Failure("serve needs a database file, not :memory:");
  sigset_t signals = block_stop_signals();
  start_log();

  LedgerFile ledger(config.database);
  { const auto probe = ledger.open(Access::write, false); }  // makes the folder and the file
  const ServeLock lock(ledger);
  const std::string token = settle_token(config, ledger);
  setup.policy.claim_code_hash = settle_claim_code(ledger);

  setup.policy.matchmaker = true;
  Engine engine([&ledger](Access access, bool again) { return ledger.open(access, again); },
                [&ledger] { ledger.check(); }, setup.policy, wall_clock);
  if (const auto why = engine.trouble()) {
    throw Failure(fmt::format("the ledger cannot be written: {}", *why));
  }
  Server server;
  Platforms platforms(config, token);
  std::unique_ptr<Poster> poster;
  std::unique_ptr<Matchmaker> matchmaker;
  Webhooks webhooks(engine, wall_clock, [&poster] { poster->notify(); },
                    [&matchmaker] { matchmaker->notify(); });
  platforms.each([&](const std::string& name, const Platform& platform) {
    webhooks.add(server, platform, name);
  });
  add_api(server, {engine, setup.policy, token, config.database});
  poster = std::make_unique<Poster>(config,
                                    poster_world(engine, setup.policy, config, platforms));
  matchmaker = std::make_unique<Matchmaker>(engine, setup.policy, wall_clock,
                                            [&poster] { poster->notify(); });
  platforms.introduce();
  const int port = server.start(config.listen);
  log_info(
      fmt::format("listening on {}:{}", config.listen.substr(0, config.listen.rfind(':')), port));

  int signal = 0;
  sigwait(&signals, &signal);
  log_info("stopping");
  end_within_a_second();
  server.stop();
  matchmaker->stop();
  poster->stop();
  platforms.stop();
  engine.stop();
  return 0;
}
