#include "commands/hub.h"

#include <algorithm>
#include <set>

#include "commands/parser/text.h"
#include "storage/groups.h"

namespace {

std::string from_config(const Policy& policy, const std::string& group,
                        std::string GroupFacts::* fact) {
  const auto found = policy.groups.find(group);
  return found == policy.groups.end() ? "" : found->second.*fact;
}

/// Every group for which one of the facts is known, chat before config.
std::set<std::string> known(Database& database, const Policy& policy) {
  std::set<std::string> all;
  for (const auto& [group, facts] : policy.groups) all.insert(group);
  for (const auto name : {kNameSetting, kOrganisationSetting, kAreaSetting}) {
    for (auto& [group, value] : Groups(database).with_setting(std::string(name))) {
      all.insert(std::move(group));
    }
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
  for (const std::string& group : known(database, policy)) {
    const std::string is = facts_of(database, policy, group).name;
    if (!is.empty() && name_key(is) == key) found.push_back(group);
  }
  return found;
}

std::vector<std::string> groups_of(Database& database, const Policy& policy,
                                   const std::string& organisation_or_area) {
  const std::u32string asked = area_key(organisation_or_area);
  const std::u32string organisation = name_key(organisation_or_area);
  std::vector<std::string> found;
  for (const std::string& group : known(database, policy)) {
    const GroupFacts facts = facts_of(database, policy, group);
    const bool ours = !facts.organisation.empty() && name_key(facts.organisation) == organisation;
    if (ours || (!facts.area.empty() && within(facts.area, asked))) found.push_back(group);
  }
  return found;
}
