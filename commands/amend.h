#pragma once

#include <span>

#include "commands/context.h"

/// 更正 #12 450, 更正 #12 给 三院 …: by the sender or a coordinator.
void correct(Context& ctx, std::span<const Statement> said);

/// 撤销, 撤销 #12: by the sender or a coordinator.
void cancel(Context& ctx, std::span<const Statement> said);

/// 收到 #12, 发出 #12, 完成 #12, 加急 #12, 另一批 #12, and the answers to questions.
void refer(Context& ctx, std::span<const Statement> said);

/// 够了, 暂停: closes open needs of a place.
void enough(Context& ctx, std::span<const Statement> said);
