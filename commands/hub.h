#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "commands/command.h"

// Which groups there are, by name, organisation and area: from the config, or set by chat, which
// goes before it.

inline constexpr std::string_view kNameSetting = "name";
inline constexpr std::string_view kOrganisationSetting = "organisation";
inline constexpr std::string_view kAreaSetting = "area";
inline constexpr std::string_view kSummarySetting = "summary";
inline constexpr std::string_view kWeeklySetting = "weekly";  ///< 周日 20:00
inline constexpr std::string_view kAlertSetting = "alerts";   ///< hours, or "off"
inline constexpr std::string_view kQuietSetting = "quiet";    ///< until, in seconds since 1970
inline constexpr std::string_view kSeesAllSetting = "sees_all";  ///< a coordinators' group

/// The organisation of every group of which it is known.
std::map<std::string, std::string> organisations(Database& database, const Policy& policy);

GroupFacts facts_of(Database& database, const Policy& policy, const std::string& group);

/// The group's name for people; its id where it has none.
std::string name_of(Database& database, const Policy& policy, const std::string& group);

/// Groups that are called so, or have this id.
std::vector<std::string> groups_named(Database& database, const Policy& policy,
                                      const std::string& name);

/// Groups of an organisation or area: 合肥 finds 安徽/合肥 and 合肥市.
std::vector<std::string> groups_of(Database& database, const Policy& policy,
                                   const std::string& organisation_or_area);
