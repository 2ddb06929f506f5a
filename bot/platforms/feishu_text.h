#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "commands/message.h"

/// Reads `content` of a Feishu message (text or post; else no text) with its mentions into
/// `message`. `bot` is the bot's own open_id, "" while it is not known. 422 for a wrong shape.
void read_feishu_text(Message& message, const nlohmann::json& event_message,
                      const std::string& bot);
