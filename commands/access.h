#pragma once

#include <map>

#include "commands/context.h"

/// 通行 三院 货车进不去，顺丰可到: how a place can be reached, with the day it was said; 通行 三院 正常
/// takes it back. Shown with the place's gaps.
void note_access(Context& ctx, const Statement& said);

/// What was said of the places of a group, by place.
std::map<std::string, std::string> access_of(Database& database, const std::string& group);
