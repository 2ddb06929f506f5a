#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/command.h"

/// Which groups a view is over: one, several (an organisation's, an area's), or all.
struct Scope {
  std::string title;                 ///< for people
  std::optional<std::string> group;  ///< one
  std::vector<std::string> groups;   ///< several; empty too where all are meant

  bool all() const { return !group && groups.empty(); }
};

Scope scope_of_group(Database& database, const Policy& policy, const std::string& group);
Scope scope_of_all();

/// What people call an organisation, an area or a group: 合肥市, 某某协会, 全部. Empty where there
/// is none of that name.
std::optional<Scope> scope_named(Database& database, const Policy& policy, const std::string& name);
