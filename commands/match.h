#pragma once

#include "commands/context.h"

/// 匹配, 匹配 口罩, 匹配 孝感一医院: the best proposals, a line each; 确认 匹配 3, 确认 匹配 全部,
/// 拒绝 匹配 3 太远, 发出 匹配 3, 联系人 匹配 3: what people decide.
void match(Context& ctx, std::span<const Statement> said);
