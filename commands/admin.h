#pragma once

#include <span>

#include "commands/context.h"

/// 帮助: what to type.
void help(Context& ctx, std::span<const Statement> said);

/// 认领管理 CODE, 授权 @某, 取消授权 @某, 我在 P.
void administer(Context& ctx, std::span<const Statement> said);

/// One line that shows what to type, for a report that could not be read.
std::string what_to_type();
/// The answer to a picture, a voice message and the like.
std::string text_only();
