#pragma once

#include <string_view>

// One line each on stderr. Control characters are escaped and long lines cut, so that nothing in
// them can pass for a line of its own. Never give these a user's text, a token or a signature.

void log_info(std::string_view line);
void log_warning(std::string_view line);
void log_error(std::string_view line);

/// Call once, before the first line.
void start_log();
