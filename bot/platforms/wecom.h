#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "commands/message.h"

/// The passive reply before it is sealed: an application's, or that of the older group robot
/// callback, which has an empty receive id.
std::string wecom_reply(const Message& message, std::string_view corp_id, std::string_view text,
                        std::chrono::sys_seconds now);
