#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// A place to post to, `[outgoing.NAME]`.
struct Outgoing {
  std::string kind;  ///< wecom-robot, dingtalk-robot, feishu-robot, webhook
  std::string url;
  std::string secret;  ///< "": unsigned
};

/// `[groups."platform:id"]`.
struct GroupConfig {
  std::string name, organisation, area;
  std::vector<int> summary;          ///< minutes after local midnight, in order
  std::vector<std::string> post_to;  ///< names of outgoing, or "platform:group"
  bool picture = false;
};

/// `[platforms.NAME]`: the keys as they stand; each platform checks its own.
using PlatformConfig = std::map<std::string, std::string>;

struct Config {
  std::string listen = "127.0.0.1:8080";
  std::string database = "data/jieli.db";
  std::string token;  ///< "": from JIELI_TOKEN, else made and kept with the data
  std::string timezone = "Asia/Shanghai";
  std::string catalogue;       ///< a file; "": the one compiled in
  int messages_a_minute = 60;  ///< of one user, recorded; 0: no limit
  int retention_days = 180;    ///< names and texts, after a group's last message; 0: kept
  int stale_days = 7;          ///< a need untouched so long is asked about; 0: never
  int contact_days = 90;       ///< telephone numbers, after they were said; 0: kept
  int match_hours = 48;        ///< a confirmed match waits so long for its shipment; 0: for ever
  int transit_hours = 48;      ///< then a match's shipment is asked about; 0: never
  std::set<std::string> coordinators;
  std::map<std::string, PlatformConfig> platforms;
  std::map<std::string, Outgoing> outgoing;
  std::map<std::string, GroupConfig> groups;
};

/// Something that cannot stay as it is in a config file.
struct ConfigProblem {
  int line = 0;
  std::string text;  ///< what is wrong and what to write instead
};

struct ConfigResult {
  Config config;
  std::vector<ConfigProblem> problems;  ///< empty: the config holds
  std::vector<ConfigProblem> gaps;      ///< what a platform lacks; the bot starts all the same
  std::vector<ConfigProblem> notes;     ///< what could be better
};

/// HOST:PORT, the port 0 to 65535.
bool listen_address(std::string_view text);

/// Reads TOML. Every problem is found in one go; an unknown key is one.
ConfigResult read_config(std::string_view toml);
