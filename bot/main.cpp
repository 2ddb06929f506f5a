#include <cstdio>
#include <fstream>
#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "bot/calendar.h"
#include "bot/chat.h"
#include "bot/export.h"
#include "bot/json.h"
#include "bot/ledger_file.h"
#include "bot/picture.h"
#include "bot/platform.h"
#include "bot/read_aloud.h"
#include "bot/replay.h"
#include "bot/serve.h"
#include "bot/setup.h"
#include "bot/try_platform.h"
#include "bot/workbook.h"
#include "commands/brief.h"

namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

struct Options {
  std::string config, database, listen, group, user = "me", role = "volunteer";
  std::string date, from, to, format = "text", out, file;
  std::vector<std::string> files;
  bool jsonl = false, with_contacts = false;
};

std::optional<std::string> given(const std::string& value) {
  return value.empty() ? std::nullopt : std::optional(value);
}

std::unique_ptr<Setup> setup_of(const Options& options) {
  return load_setup(given(options.config), given(options.database));
}

int run_chat(const Options& options) {
  const auto setup = setup_of(options);
  ChatOptions how;
  how.group = with_prefix(options.group.empty() ? "demo" : options.group);
  how.user = with_prefix(options.user);
  how.coordinator = options.role == "coordinator";
  how.prompt = ::isatty(STDIN_FILENO) != 0;
  return chat(*setup, how, std::cin, std::cout);
}

int run_parse(const Options& options) {
  const auto setup = setup_of(options);
  const Catalogue& catalogue = *setup->policy.catalogue;
  return options.jsonl ? read_lines(catalogue, std::cin, std::cout)
                       : read_aloud(catalogue, std::cin, std::cout);
}

Days days_of(const Options& options) {
  const auto day = [](const std::string& text) {
    return text.empty() ? std::nullopt : parse_day(text);
  };
  if (!options.date.empty()) return {day(options.date), day(options.date)};
  return {day(options.from), day(options.to)};
}

void put(const std::string& file, const std::string& text) {
  if (file.empty()) {
    std::cout << text;
    return;
  }
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text << std::flush;
  if (!out) throw Failure(fmt::format("cannot write {}", file));
}

ExportScope scope_of(const Options& options) {
  return {options.group.empty() ? std::nullopt : std::optional(with_prefix(options.group)),
          days_of(options)};
}

/// How far a long work is, on a terminal only; `all` where that is known.
class Progress {
 public:
  explicit Progress(std::string_view what) : what_(what) {}
  ~Progress() {
    if (said_) std::cerr << "\r\033[K" << std::flush;
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void operator()(std::int64_t done, std::optional<std::int64_t> all = {}) {
    if (!terminal_) return;
    said_ = true;
    std::cerr << fmt::format("\r\033[K{}{} {}", done, all ? fmt::format(" of {}", *all) : "", what_)
              << std::flush;
  }

 private:
  const std::string_view what_;
  const bool terminal_ = ::isatty(STDERR_FILENO) != 0;
  bool said_ = false;
};

int run_summary(const Options& options) {
  const auto setup = setup_of(options);
  LedgerFile ledger(setup->config.database);
  const auto database = ledger.open(Access::read, true);
  const ExportScope scope = scope_of(options);
  if (options.format == "xlsx") {
    if (options.out.empty()) throw Failure("a workbook needs a file: add --out FILE");
    write_workbook(options.out, *database, scope, setup->policy, {}, {});
    return 0;
  }
  if (options.format == "png") {
    if (options.out.empty() && ::isatty(STDOUT_FILENO) != 0) {
      throw Failure("a picture needs a file: add --out FILE");
    }
    const Scope of = scope.group ? scope_of_group(*database, setup->policy, *scope.group)
                                 : scope_of_all();
    put(options.out, picture(picture_data(*database, of, scope.days, setup->policy)));
    return 0;
  }
  const Brief made = brief(*database, scope.group, scope.days, setup->policy);
  std::string text = options.format == "json" ? dump(to_json(made)) : made.text;
  if (!text.ends_with('\n')) text += '\n';
  put(options.out, text);
  return 0;
}

int run_export(const Options& options) {
  const auto setup = setup_of(options);
  LedgerFile ledger(setup->config.database);
  const auto database = ledger.open(Access::read, true);
  const ExportScope scope = scope_of(options);
  Progress progress("entries");
  const auto tell = [&](std::int64_t done) { progress(done); };
  if (options.format == "csv") {
    export_csv(options.out, *database, scope, setup->policy, tell);
  } else if (options.format == "xlsx") {
    write_workbook(options.out, *database, scope, setup->policy,
                   {.entries = true, .contacts = options.with_contacts}, tell);
  } else {
    export_json(options.out, *database, scope, setup->policy, tell);
  }
  return 0;
}

/// Written beside its target and renamed: whoever finds the target finds all of it.
int run_backup(const Options& options) {
  const auto setup = setup_of(options);
  LedgerFile ledger(setup->config.database);
  const auto database = ledger.open(Access::read, true);
  const std::string partial = options.file + ".partial";
  std::remove(partial.c_str());
  try {
    database->backup(partial);
  } catch (const StorageError&) {
    std::remove(partial.c_str());
    throw;
  }
  if (std::rename(partial.c_str(), options.file.c_str()) != 0) {
    throw Failure(fmt::format("cannot write {}", options.file));
  }
  std::cerr << fmt::format("{} is a copy of {}\n", options.file, ledger.path());
  return 0;
}

int run_verify(const Options& options) {
  const auto setup = setup_of(options);
  LedgerFile ledger(setup->config.database);
  const auto database = ledger.open(Access::read, true);
  std::vector<std::string> differences;
  {
    Progress progress("entries");
    differences =
        verify(*database, [&](std::int64_t done, std::int64_t all) { progress(done, all); });
  }
  for (const std::string& difference : differences) std::cout << difference << "\n";
  std::cerr << (differences.empty() ? std::string("the totals equal the ledger\n")
                                    : fmt::format("{} differences\n", differences.size()));
  return differences.empty() ? 0 : kFailed;
}

int run_check_config(const Options& options) {
  const ConfigReport report = report_config(options.file);
  std::cerr << report.problems << report.notes;
  return report.problems.empty() ? 0 : kFailed;
}

int run_replay(const Options& options) {
  const auto setup = setup_of(options);
  return replay(
      *setup, options.files,
      options.group.empty() ? std::nullopt : std::optional(with_prefix(options.group)));
}

int run_platform_test(const Options& options) {
  const auto setup = setup_of(options);
  return try_platform(*setup, options.file, options.to);
}

int run_serve(const Options& options) {
  const auto setup = setup_of(options);
  return serve(*setup, given(options.listen));
}

std::string day_or_nothing(const std::string& text) {
  return parse_day(text) ? "" : "not a date like 2020-02-10: " + text;
}

/// The words of the command line; `run` becomes what was asked for.
void describe(CLI::App& app, Options& options, int (*&run)(const Options&)) {
  app.require_subcommand(1);
  const auto command = [&](const char* name, const char* help, int (*what)(const Options&)) {
    CLI::App* const sub = app.add_subcommand(name, help);
    sub->callback([&run, what] { run = what; });
    return sub;
  };
  const auto stored = [&](CLI::App* sub) {
    sub->add_option("--config", options.config, "TOML file (config/jieli.toml documents it)");
    sub->add_option("--database", options.database, "path of the ledger (data/jieli.db)");
    return sub;
  };
  const auto period = [&](CLI::App* sub) {
    const CLI::Validator date(day_or_nothing, "YYYY-MM-DD");
    auto* const from = sub->add_option("--from", options.from, "first day")->check(date);
    auto* const to = sub->add_option("--to", options.to, "last day")->check(date);
    sub->add_option("--date", options.date, "one day")->check(date)->excludes(from)->excludes(to);
    sub->add_option("--group", options.group, "id of a group; left out: all groups");
  };

  CLI::App* sub = stored(command("serve", "Serve until stopped", run_serve));
  sub->add_option("--listen", options.listen, "HOST:PORT (127.0.0.1:8080)");

  sub = stored(command("chat", "Talk to the bot on the terminal", run_chat));
  sub->add_option("--group", options.group, "id of the group (demo)");
  sub->add_option("--user", options.user, "id of the speaker (me)");
  sub->add_option("--role", options.role)->check(CLI::IsMember({"volunteer", "coordinator"}));

  sub = command("parse", "Show what a text on stdin is understood as", run_parse);
  sub->add_option("--config", options.config, "TOML file, for its catalogue");
  sub->add_flag("--jsonl", options.jsonl, "{\"id\",\"text\"} a line in, JSON a line out");

  sub = stored(command("replay", "Record files of messages; twice changes nothing", run_replay));
  sub->add_option("FILE", options.files,
                  "JSON of the generic webhook, one a line; chat copied from WeChat; a CSV of needs")
      ->required();
  sub->add_option("--group", options.group, "id of the group of a copied chat or a table");

  sub = stored(command("summary", "Print the brief of some days", run_summary));
  period(sub);
  sub->add_option("--format", options.format)
      ->check(CLI::IsMember({"text", "json", "png", "xlsx"}));
  sub->add_option("--out", options.out, "file to write; left out: stdout");

  sub = stored(command("export", "Write the ledger to a file", run_export));
  period(sub);
  sub->add_option("--format", options.format)
      ->required()
      ->check(CLI::IsMember({"csv", "xlsx", "json"}));
  sub->add_option("--out", options.out, "file to write")->required();
  sub->add_flag("--with-contacts", options.with_contacts,
                "names and telephone numbers too, as a sheet of their own (xlsx)");

  sub = stored(command("backup", "Copy the ledger while the bot runs", run_backup));
  sub->add_option("FILE", options.file)->required();

  stored(command("verify", "Recompute every total from the entries and compare", run_verify));

  CLI::App* const platform = app.add_subcommand("platform", "Chat platforms");
  platform->require_subcommand(1);
  sub = stored(platform->add_subcommand("test", "Post one line to a group, and say what came of it"));
  sub->callback([&run] { run = run_platform_test; });
  sub->add_option("NAME", options.file, "a table of [platforms], or of [outgoing]")->required();
  sub->add_option("--to", options.to, "id of a group, or direct-ID of a person");

  sub = command("check-config", "Name every problem of a config file", run_check_config);
  sub->add_option("FILE", options.file)->required();
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  int (*run)(const Options&) = nullptr;
  CLI::App app("Jieli (接力): a chat bot that keeps the ledger of relief supplies", "jieli");
  describe(app, options, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error, std::cout, std::cerr);
    return code == 0 ? 0 : kUsage;
  }
  try {
    return run(options);
  } catch (const StorageError& failed) {
    std::cerr << "jieli: " << failed.what() << "\n";
    if (failed.fault == StorageFault::corrupt) {
      std::cerr << "jieli: the file is damaged or not a ledger of Jieli: restore a backup\n";
    }
  } catch (const std::exception& failed) {
    std::cerr << "jieli: " << failed.what() << "\n";
  }
  return kFailed;
}
