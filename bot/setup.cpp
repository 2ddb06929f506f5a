#include "bot/setup.h"

#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "bot/attachments.h"
#include "bot/calendar.h"
#include "bot/schedule.h"

namespace {

std::string problem_lines(const std::string& file, const std::vector<ConfigProblem>& problems) {
  std::string lines;
  for (const ConfigProblem& problem : problems) {
    lines += fmt::format("{}:{}: {}\n", file, problem.line, problem.text);
  }
  return lines;
}

std::unique_ptr<Catalogue> load_catalogue(const std::string& file) {
  try {
    return std::make_unique<Catalogue>(read_file(file));
  } catch (const std::invalid_argument& wrong) {
    throw Failure(fmt::format("the catalogue {} cannot be used: {}", file, wrong.what()));
  }
}

Policy make_policy(const Config& config, const Catalogue& catalogue) {
  Policy policy;
  policy.catalogue = &catalogue;
  policy.coordinators = config.coordinators;
  policy.messages_a_minute = config.messages_a_minute;
  policy.match_hours = config.match_hours;
  policy.transit_hours = config.transit_hours;
  policy.day = [zone = Zone(config.timezone)](const std::string&, std::chrono::sys_seconds at) {
    return zone.day(at);
  };
  for (const auto& [id, group] : config.groups) {
    policy.groups[id] = {group.name, group.organisation, group.area};
  }
  policy.can_post = [groups = config.groups](const std::string& group) {
    const auto found = groups.find(group);
    return !brief_targets(group, found == groups.end() ? GroupConfig{} : found->second).empty();
  };
  policy.can_speak = [](const std::string& group) { return !group.starts_with("generic:"); };
  policy.can_attach = [config](const std::string& group, Attachment::Kind kind) {
    return takes(config, group, kind);
  };
  std::map<std::string, std::string> names;
  for (const auto& [id, group] : config.groups) {
    if (!group.name.empty()) names.emplace(id, group.name);
  }
  policy.group_name = [names = std::move(names)](const std::string& group) {
    const auto found = names.find(group);
    if (found != names.end()) return found->second;
    const std::size_t colon = group.find(':');
    return colon == std::string::npos ? group : group.substr(colon + 1);
  };
  return policy;
}

}  // namespace

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in.is_open() || in.bad()) throw Failure(fmt::format("cannot read {}", path));
  return text;
}

ConfigReport report_config(const std::string& file) {
  const ConfigResult result = read_config(read_file(file));
  ConfigReport report;
  std::string& lines = report.problems;
  lines = problem_lines(file, result.problems) + problem_lines(file, result.gaps);
  report.notes = problem_lines(file, result.notes);
  if (!result.config.catalogue.empty()) {
    try {
      load_catalogue(result.config.catalogue);
    } catch (const Failure& failed) {
      lines += fmt::format("{}: {}\n", file, failed.what());
    }
  }
  return report;
}

std::unique_ptr<Setup> load_setup(const std::optional<std::string>& file,
                                  const std::optional<std::string>& database) {
  auto setup = std::make_unique<Setup>();
  if (file) {
    ConfigResult result = read_config(read_file(*file));
    if (!result.problems.empty()) {
      std::string lines = problem_lines(*file, result.problems);
      lines.pop_back();
      throw Failure(lines);
    }
    setup->config = std::move(result.config);
  }
  if (database) setup->config.database = *database;
  if (!setup->config.catalogue.empty()) {
    setup->own_catalogue = load_catalogue(setup->config.catalogue);
  }
  setup->policy = make_policy(setup->config,
                              setup->own_catalogue ? *setup->own_catalogue : Catalogue::built_in());
  return setup;
}
