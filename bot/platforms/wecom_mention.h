#pragma once

#include <string>
#include <string_view>

/// A WeCom group message without the mention of the bot, whose name the callback does not tell: the
/// only mention, else the one at the very start, else the one at the very end.
std::string without_wecom_mention(std::string_view text);
