#pragma once

#include "commands/context.h"

/// 设置 日报 20:00 · 设置 日报 off · 设置 本群 合肥市 某某协会 · 设置 群名 蜀山区物资群.
void set_up(Context& ctx, const Statement& said);
