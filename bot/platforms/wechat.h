#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "commands/message.h"

/// The passive reply of an Official Account, before it is sealed where it is.
std::string wechat_reply(const Message& message, std::string_view account, std::string_view text,
                         std::chrono::sys_seconds now);
