#include "commands/scope.h"

#include "commands/hub.h"
#include "commands/wording.h"

Scope scope_of_group(Database& database, const Policy& policy, const std::string& group) {
  return {name_of(database, policy, group), group, {}};
}

Scope scope_of_all() { return {"全部群", {}, {}}; }

std::optional<Scope> scope_named(Database& database, const Policy& policy,
                                 const std::string& name) {
  if (name == "全部" || name == "所有" || name == "各群" || name == "全部群") return scope_of_all();
  auto groups = groups_of(database, policy, name);
  if (groups.empty()) groups = groups_named(database, policy, name);
  if (groups.empty()) return std::nullopt;
  return Scope{quoted(name), {}, std::move(groups)};
}
