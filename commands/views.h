#pragma once

#include <span>

#include "commands/context.h"

/// 日报, 日报 昨天, 日报 合肥市, 周报, 简报 2月8日-3月1日, 导出: views over the ledger as an
/// answer. Those of other groups are for coordinators and coordinators' groups.
void show_views(Context& ctx, std::span<const Statement> said);
