#pragma once

#include "commands/context.h"

/// 汇总 安徽, 缺口 合肥, 缺口 全部, and in a coordinators' group 谁有, 谁需要 and the bare questions:
/// over several groups, what passed between them counted once. False where the question is about
/// the group itself.
bool query_groups(Context& ctx, const Statement& said);
