#include "bot/config.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "bot/calendar.h"
#include "bot/platform.h"
#include "bot/platform_check.h"

namespace {

constexpr std::string_view kTopKeys[] = {
    "listen",       "database",  "token",    "timezone", "catalogue", "messages_a_minute",
    "retention_days", "contact_days", "stale_days", "match_hours",
    "transit_hours", "coordinators", "platforms", "outgoing", "groups"};
constexpr std::string_view kOutgoingKeys[] = {"kind", "url", "secret"};
constexpr std::string_view kOutgoingKinds[] = {"wecom-robot", "dingtalk-robot", "feishu-robot",
                                               "webhook"};
constexpr std::string_view kGroupKeys[] = {"name",    "organisation", "area",
                                           "summary", "post_to",      "picture"};
using Names = std::span<const std::string_view>;

/// How many single-letter changes lead from one word to the other.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t i = 0; i < row.size(); ++i) row[i] = i;
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t changed = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

/// "did you mean …", or all that would do.
std::string advice(std::string_view name, Names known) {
  const auto nearest =
      std::min_element(known.begin(), known.end(), [&](std::string_view a, std::string_view b) {
        return distance(name, a) < distance(name, b);
      });
  if (nearest == known.end()) return "leave it out";
  if (distance(name, *nearest) <= std::max<std::size_t>(2, nearest->size() / 3)) {
    return fmt::format("did you mean \"{}\"?", *nearest);
  }
  return fmt::format("known are: {}", fmt::join(known, ", "));
}

/// One pass over the document. Methods named like keys read their tables.
class Reader {
 public:
  ConfigResult read(const toml::table& root) {
    check_keys(root, "", kTopKeys);
    text(root, "listen", config_.listen);
    text(root, "database", config_.database);
    text(root, "token", config_.token);
    text(root, "timezone", config_.timezone);
    text(root, "catalogue", config_.catalogue);
    check_values(root);
    span(root, "retention_days", "days", config_.retention_days);
    span(root, "contact_days", "days", config_.contact_days);
    span(root, "stale_days", "days", config_.stale_days);
    span(root, "match_hours", "hours", config_.match_hours);
    span(root, "transit_hours", "hours", config_.transit_hours);
    coordinators(root);
    each_table(root, "platforms", &Reader::platform);
    each_table(root, "outgoing", &Reader::outgoing);
    each_table(root, "groups", &Reader::group);
    std::stable_sort(problems_.begin(), problems_.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    return {std::move(config_), std::move(problems_), std::move(gaps_), std::move(notes_)};
  }

 private:
  static int line(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

  void problem(const toml::node& node, std::string what) {
    problems_.push_back({line(node), std::move(what)});
  }

  void check_keys(const toml::table& table, std::string_view where, Names known) {
    for (const auto& [key, value] : table) {
      if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
      problems_.push_back({static_cast<int>(key.source().begin.line),
                           fmt::format("unknown key \"{}\"{}: {}", key.str(),
                                       where.empty() ? "" : fmt::format(" in [{}]", where),
                                       advice(key.str(), known))});
    }
  }

  /// The node, if it is there and a string; a problem where it is something else.
  const toml::node* text(const toml::table& table, std::string_view key, std::string& into) {
    const toml::node* const node = table.get(key);
    if (node == nullptr) return nullptr;
    const auto value = node->value_exact<std::string>();
    if (!value) {
      problem(*node, fmt::format("{} must be a string in quotes", key));
      return nullptr;
    }
    into = *value;
    return node;
  }

  /// Calls `take` with each string of a list.
  template <typename Take>
  void texts(const toml::table& table, std::string_view key, std::string_view example,
             const Take& take) {
    const toml::node* const node = table.get(key);
    if (node == nullptr) return;
    if (!node->is_array()) {
      return problem(*node, fmt::format("{} must be a list like {}", key, example));
    }
    for (const toml::node& one : *node->as_array()) {
      const auto value = one.value_exact<std::string>();
      if (value) {
        take(one, *value);
      } else {
        problem(one, fmt::format("{} must be a list of strings like {}", key, example));
      }
    }
  }

  void check_values(const toml::table& root) {
    if (const auto* node = root.get("listen"); node && !listen_address(config_.listen)) {
      problem(*node, fmt::format("listen \"{}\" is not HOST:PORT, like \"127.0.0.1:8080\"",
                                 config_.listen));
    }
    if (const auto* node = root.get("database"); node && config_.database.empty()) {
      problem(*node, "database is empty: write a path, like \"data/jieli.db\"");
    }
    if (const auto* node = root.get("timezone")) {
      try {
        const Zone zone(config_.timezone);
      } catch (const std::invalid_argument&) {
        problem(*node, fmt::format("there is no time zone \"{}\": write a name like "
                                   "\"Asia/Shanghai\"",
                                   config_.timezone));
      }
    }
    if (const auto* node = root.get("messages_a_minute")) {
      const auto value = node->value_exact<std::int64_t>();
      if (value && *value >= 0 && *value <= 1'000'000) {
        config_.messages_a_minute = static_cast<int>(*value);
      } else {
        problem(*node, "messages_a_minute must be a whole number; 0 is without limit");
      }
    }
  }

  void span(const toml::table& root, std::string_view key, std::string_view unit, int& into) {
    const toml::node* const node = root.get(key);
    if (node == nullptr) return;
    const auto value = node->value_exact<std::int64_t>();
    if (value && *value >= 0 && *value <= 36'500) {
      into = static_cast<int>(*value);
    } else {
      problem(*node, fmt::format("{} must be a whole number of {}; 0 is never", key, unit));
    }
  }

  void coordinators(const toml::table& root) {
    texts(root, "coordinators", "[\"generic:u9\"]",
          [this](const toml::node& node, const std::string& id) {
            if (!full_id(id)) return not_an_id(node, "coordinators", id);
            config_.coordinators.insert(id);
          });
  }

  void not_an_id(const toml::node& node, std::string_view key, const std::string& id) {
    std::vector<std::string_view> names;
    for (const PlatformKind& kind : platform_kinds()) names.push_back(kind.name);
    problem(node, fmt::format("{} \"{}\" is not PLATFORM:ID, like \"generic:{}\"; platforms are {}",
                              key, id, id.substr(id.find(':') + 1), fmt::join(names, ", ")));
  }

  using Read = void (Reader::*)(const std::string& name, const toml::table& table);
  void each_table(const toml::table& root, std::string_view key, Read read_table) {
    const toml::node* const node = root.get(key);
    if (node == nullptr) return;
    if (!node->is_table()) {
      return problem(*node, fmt::format("{} must be tables like [{}.NAME]", key, key));
    }
    for (const auto& [name, value] : *node->as_table()) {
      if (value.is_table()) {
        (this->*read_table)(std::string(name.str()), *value.as_table());
      } else {
        problems_.push_back({static_cast<int>(name.source().begin.line),
                             fmt::format("\"{}\" in [{}] must be a table: write [{}.NAME] above it",
                                         name.str(), key, key)});
      }
    }
  }

  void platform(const std::string& name, const toml::table& table) {
    const PlatformKind* const kind = platform_kind(name);
    if (kind == nullptr) {
      std::vector<std::string_view> names;
      for (const PlatformKind& one : platform_kinds()) names.push_back(one.name);
      return problem(table, fmt::format("unknown platform \"{}\": {}", name, advice(name, names)));
    }
    check_keys(table, "platforms." + name, kind->keys);
    PlatformConfig& keys = config_.platforms[name];
    for (const auto& [key, value] : table) {
      if (value.is_integer()) {  // agent_id = 1000002
        keys[std::string(key.str())] = fmt::to_string(*value.value_exact<std::int64_t>());
      } else {
        text(table, key.str(), keys[std::string(key.str())]);
      }
    }
    const PlatformAdvice advice = check_platform(name, keys);
    const auto tell = [&](const std::vector<std::string>& lines, std::vector<ConfigProblem>& to) {
      for (const std::string& line : lines) {
        to.push_back({this->line(table), fmt::format("[platforms.{}] {}", name, line)});
      }
    };
    tell(advice.gaps, gaps_);
    tell(advice.notes, notes_);
  }

  void outgoing(const std::string& name, const toml::table& table) {
    check_keys(table, "outgoing." + name, kOutgoingKeys);
    Outgoing& target = config_.outgoing[name];
    const toml::node* const kind = text(table, "kind", target.kind);
    const toml::node* const url = text(table, "url", target.url);
    text(table, "secret", target.secret);
    if (table.get("kind") == nullptr) {
      problem(table,
              fmt::format("[outgoing.{}] needs kind: {}", name, fmt::join(kOutgoingKinds, ", ")));
    }
    if (kind && std::find(std::begin(kOutgoingKinds), std::end(kOutgoingKinds), target.kind) ==
                    std::end(kOutgoingKinds)) {
      problem(*kind, fmt::format("unknown kind \"{}\": {}", target.kind,
                                 advice(target.kind, kOutgoingKinds)));
    }
    if (table.get("url") == nullptr) {
      problem(table, fmt::format("[outgoing.{}] needs url", name));
    }
    if (url && !target.url.starts_with("https://") && !target.url.starts_with("http://")) {
      problem(*url, fmt::format("url \"{}\" must begin with https:// or http://", target.url));
    }
  }

  void group(const std::string& id, const toml::table& table) {
    if (!full_id(id)) not_an_id(table, "[groups] id", id);
    check_keys(table, fmt::format("groups.\"{}\"", id), kGroupKeys);
    GroupConfig& group = config_.groups[id];
    text(table, "name", group.name);
    text(table, "organisation", group.organisation);
    text(table, "area", group.area);
    texts(table, "summary", "[\"20:00\"]", [&](const toml::node& node, const std::string& time) {
      const auto minute = parse_minute(time);
      if (!minute) return problem(node, fmt::format("summary \"{}\" is not a time (HH:MM)", time));
      group.summary.push_back(*minute);
    });
    if (!group.summary.empty() && table.get("post_to") == nullptr) note_silence(table, id);
    std::sort(group.summary.begin(), group.summary.end());
    group.summary.erase(std::unique(group.summary.begin(), group.summary.end()),
                        group.summary.end());
    texts(table, "post_to", "[\"NAME\"]", [&](const toml::node& node, const std::string& target) {
      if (!config_.outgoing.contains(target) && !full_id(target)) {
        return problem(node, fmt::format("post_to \"{}\" is neither an [outgoing.NAME] nor "
                                         "PLATFORM:GROUP{}",
                                         target, nearest_outgoing(target)));
      }
      group.post_to.push_back(target);
    });
    if (const toml::node* node = table.get("picture")) {
      const auto value = node->value_exact<bool>();
      if (!value) problem(*node, "picture must be true or false");
      group.picture = value.value_or(false);
    }
  }

  /// These platforms let nobody speak unasked.
  void note_silence(const toml::table& table, const std::string& id) {
    if (!id.starts_with("wecom-bot:") && !id.starts_with("wechat:")) return;
    notes_.push_back({line(table),
                      fmt::format("[groups.\"{}\"] has a summary, but {} cannot be posted to "
                                  "unasked: name an [outgoing] in post_to",
                                  id, id.substr(0, id.find(':')))});
  }

  std::string nearest_outgoing(std::string_view target) const {
    std::vector<std::string_view> names;
    for (const auto& [name, outgoing] : config_.outgoing) names.push_back(name);
    return names.empty() ? "" : ": " + advice(target, names);
  }

  Config config_;
  std::vector<ConfigProblem> problems_, gaps_, notes_;
};

}  // namespace

bool listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view host = text.substr(0, colon);
  const bool bracketed = host.front() == '[' && host.back() == ']';
  if (host.find(':') != std::string_view::npos && !bracketed) return false;
  const std::string_view digits = text.substr(colon + 1);
  int port = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return error == std::errc{} && end == digits.data() + digits.size() && port >= 0 &&
         port <= 65535 && digits.front() != '-';
}

ConfigResult read_config(std::string_view text) {
  try {
    return Reader().read(toml::parse(text));
  } catch (const toml::parse_error& error) {
    ConfigResult result;
    result.problems.push_back({static_cast<int>(error.source().begin.line),
                               fmt::format("this is not TOML: {}", error.description())});
    return result;
  }
}
