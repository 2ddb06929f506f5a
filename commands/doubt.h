#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "commands/context.h"

/// Holds statements of this message back until somebody answers; `about` is the entry that the
/// question names, 0 for none. Returns the question's number.
std::int64_t hold(Context& ctx, const std::string& kind, std::int64_t about,
                  const std::vector<std::size_t>& parts);

/// Whether a report must be asked about before it counts: it repeats an open need, is perhaps the
/// other end of a delivery, or is far beyond what was usual. Then it is held and the question said.
bool in_doubt(Context& ctx, const Statement& said, const Entry& entry);

/// The very same text from the same sender within two minutes: holds all its reports and asks.
bool said_again(Context& ctx);

/// Ten times the largest of its kind so far, once there are ten, and at least a thousand.
bool implausible(Context& ctx, const Entry& entry, std::int64_t without = 0);

/// The question of a report far beyond what was usual; `about` is the entry that it would change.
void hold_implausible(Context& ctx, const Statement& said, const Entry& entry, std::int64_t about);

/// 是, 不是, 确认 n, or a digit: answers what was asked. False where nothing was: then it is
/// chatter.
bool settle(Context& ctx, const Statement& said);

/// Runs `record` as if the held message were said now, in its sender's name and at its time, with
/// those of its statements that the question is about.
void as_held(Context& ctx, const Question& question,
             const std::function<void(Context&, std::vector<Statement>&)>& record);
