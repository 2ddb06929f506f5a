#pragma once

#include <span>

#include "commands/context.h"
#include "storage/figures.h"
#include "storage/open_entries.h"

/// "口罩：发放 500只，库存 200只，还缺 300只"; only what is not zero.
std::string line_of(const TotalRow& total);

/// "急 三院 口罩 还缺 500只，在途 200只 #12".
std::string need_line(const NeedRow& need);

/// "三院 口罩 500只 #12": who needs or has what.
std::string open_line(const OpenEntry& open);

/// 汇总, 缺口, 库存, 口罩还缺多少, 谁有, 谁需要, 明细, #12, 我的: answers from the kept totals.
void query(Context& ctx, std::span<const Statement> said);
