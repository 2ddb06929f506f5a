#pragma once

#include "commands/context.h"

/// 规格 口罩 1箱=2000只, 规格 社区防疫包=口罩50只+酒精2瓶, 别名 八四=84消毒液, 地点 一医院=孝感一医院:
/// a group's own names and packs, for all of its entries.
void name(Context& ctx, const Statement& said);
