#pragma once

#include "commands/context.h"

/// 认领管理 CODE: the first coordinator. Five wrong codes lock the sender out for an hour.
void claim(Context& ctx, const Statement& said);

/// 授权 @某, 取消授权 @某: whom the message mentions.
void authorise(Context& ctx, const Statement& said);
