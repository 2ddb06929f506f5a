#pragma once

#include <span>
#include <string>

#include "commands/context.h"

/// 够了, 暂停 口罩: closes the open needs of a place. 只收 热食: those of everything else. 恢复 口罩: the
/// place takes it again.
void enough(Context& ctx, std::span<const Statement> said);

/// Tells whoever offers or sends goods that a place wants no more of them, and who still does.
void say_where_enough(Context& ctx, const Entry& entry);
