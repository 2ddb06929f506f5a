#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "commands/context.h"

/// 够了, 暂停 口罩: closes the open needs of a place. 只收 热食: those of everything else. 恢复 口罩: the
/// place takes it again.
void enough(Context& ctx, std::span<const Statement> said);

/// Tells whoever offers or sends goods that a place wants no more of them, and who still does.
void say_where_enough(Context& ctx, const Entry& entry);

/// What places of a group want no more (够了, 暂停) or want alone (只收): of one item, of one place,
/// where they are named.
std::vector<std::string> surplus_lines(Database& database, const std::string& group,
                                       const std::optional<std::string>& item,
                                       const std::optional<std::string>& place);
