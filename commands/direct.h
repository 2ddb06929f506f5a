#pragma once

#include <functional>

#include "commands/command.h"

/// A direct message acts on the group in which its sender last reported, or that they chose by 进入;
/// a sender known in no group has one of their own. `in_group` answers it there.
Reply answer_direct(Database& database, const Message& message, const Reading& reading,
                    const Policy& policy, std::chrono::sys_seconds now,
                    const std::function<Reply(const Message&)>& in_group);
