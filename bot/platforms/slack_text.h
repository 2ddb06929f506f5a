#pragma once

#include <string>
#include <string_view>

/// Slack's text as people see it: <…> taken apart, then &lt; &gt; &amp; decoded. Mentions of `bot`
/// are taken out and told by `mentioned`.
std::string plain_slack_text(std::string_view text, const std::string& bot, bool& mentioned);
