#pragma once

#include "commands/context.h"

/// 设置 日报 20:00 · 设置 日报 关 · 设置 周报 周日 20:00 · 设置 本群 合肥市 某某协会 · 设置 群名 蜀山区物资群 ·
/// 设置 库存 口罩 500只 · 设置 提醒 4小时.
void set_up(Context& ctx, const Statement& said);

/// 静音 2小时, 静音 关: no reminders meanwhile.
void be_quiet(Context& ctx, const Statement& said);
