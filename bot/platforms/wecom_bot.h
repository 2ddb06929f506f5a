#pragma once

#include <string>
#include <string_view>

#include "bot/platforms/wechat_seal.h"

/// {"encrypt","msgsignature","timestamp","nonce"}
std::string wecom_bot_envelope(const SealedReply& reply);
/// The reply to a message, before it is sealed: a stream that is finished at once.
std::string wecom_bot_reply(std::string_view stream_id, std::string_view text);
/// The greeting, before it is sealed; the platform takes a text at no other time.
std::string wecom_bot_greeting(std::string_view text);
