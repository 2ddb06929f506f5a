#include "commands/hub.h"

#include <algorithm>
#include <map>
#include <set>

#include "commands/parser/text.h"
#include "storage/groups.h"

namespace {

std::string from_config(const Policy& policy, const std::string& group,
                        std::string GroupFacts::* fact) {
  const auto found = policy.groups.find(group);
  return found == policy.groups.end() ? "" : found->second.*fact;
}

/// One fact of every group of which it is known, chat before config.
std::map<std::string, std::string> known(Database& database, const Policy& policy,
                                         std::string_view setting,
                                         std::string GroupFacts::* fact) {
  std::map<std::string, std::string> all;
  for (const auto& [group, facts] : policy.groups) {
    if (!(facts.*fact).empty()) all[group] = facts.*fact;
  }
  for (auto& [group, value] : Groups(database).with_setting(std::string(setting))) {
    all[group] = std::move(value);
  }
  return all;
}

/// 安徽省 and 安徽, 合肥市 and 合肥 are the same.
std::u32string area_key(std::string_view area) {
  std::u32string key = name_key(area);
  if (key.size() > 2 && std::u32string_view(U"省市县区").find(key.back()) != std::u32string::npos) {
    key.pop_back();
  }
  return key;
}

bool within(const std::string& area, const std::u32string& asked) {
  std::size_t from = 0;
  while (from <= area.size()) {
    const std::size_t to = std::min(area.find('/', from), area.size());
    if (area_key(std::string_view(area).substr(from, to - from)) == asked) return true;
    from = to + 1;
  }
  return false;
}

}  // namespace

std::map<std::string, std::string> organisations(Database& database, const Policy& policy) {
  return known(database, policy, kOrganisationSetting, &GroupFacts::organisation);
}

GroupFacts facts_of(Database& database, const Policy& policy, const std::string& group) {
  Groups groups(database);
  const auto fact = [&](std::string_view name, std::string GroupFacts::* of) {
    std::string said = groups.setting(group, std::string(name));
    return said.empty() ? from_config(policy, group, of) : said;
  };
  return {fact(kNameSetting, &GroupFacts::name), fact(kOrganisationSetting, &GroupFacts::organisation),
          fact(kAreaSetting, &GroupFacts::area)};
}

std::string name_of(Database& database, const Policy& policy, const std::string& group) {
  const std::string said = Groups(database).setting(group, std::string(kNameSetting));
  return said.empty() ? policy.group_name(group) : said;
}

std::vector<std::string> groups_named(Database& database, const Policy& policy,
                                      const std::string& name) {
  const std::u32string key = name_key(name);
  std::vector<std::string> found;
  for (const auto& [group, is] : known(database, policy, kNameSetting, &GroupFacts::name)) {
    if (name_key(is) == key) found.push_back(group);
  }
  return found;
}

std::vector<std::string> groups_of(Database& database, const Policy& policy,
                                   const std::string& organisation_or_area) {
  const std::u32string asked = area_key(organisation_or_area);
  const std::u32string organisation = name_key(organisation_or_area);
  std::set<std::string> found;
  for (const auto& [group, area] : known(database, policy, kAreaSetting, &GroupFacts::area)) {
    if (within(area, asked)) found.insert(group);
  }
  for (const auto& [group, is] :
       known(database, policy, kOrganisationSetting, &GroupFacts::organisation)) {
    if (name_key(is) == organisation) found.insert(group);
  }
  return {found.begin(), found.end()};
}
