#pragma once

#include <span>

#include "commands/context.h"

/// 汇总, 缺口, 库存, 口罩还缺多少, 谁有, 谁需要, 明细, #12, 我的: answers from the kept totals.
void query(Context& ctx, std::span<const Statement> said);
