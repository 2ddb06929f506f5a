#pragma once

#include <span>

#include "commands/context.h"

/// 更正 #12 450, 更正 #12 给 三院 …: by the sender or a coordinator.
void correct(Context& ctx, std::span<const Statement> said);

/// 核实 #12, 存疑 #12: by a coordinator.
void verify(Context& ctx, std::span<const Statement> said);

/// 撤销, 撤销 #12: by the sender or a coordinator.
void cancel(Context& ctx, std::span<const Statement> said);

/// 收到 #12, 发出 #12, 完成 #12, 加急 #12, 另一批 #12 …, and the answers to questions.
void refer(Context& ctx, std::span<const Statement> said);

/// The answer to 给 P 的?: gives a delivery of the pool to the place that was asked about; refused where
/// there is none.
void give_to(Context& ctx, std::int64_t number, const std::optional<std::string>& place);

/// Whether an entry may become what the change says; else the refusal says why not.
bool can_become(Context& ctx, const Standing& target, const Change& change);

/// A correction of an entry (as_kept), with the values that it leaves.
Entry correction_of(Context& ctx, const Standing& kept, const Change& change);
