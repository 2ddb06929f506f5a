#pragma once

#include <string_view>

#include "commands/parser/catalogue.h"
#include "commands/parser/statement.h"

/// Reads one message. Pure: no clock, no I/O, no global state; the same text and catalogue give the
/// same reading. Never throws and never logs; time is linear in the text. `text` may hold any
/// bytes; invalid UTF-8 reads as U+FFFD. `today` (days since 1970-01-01) only completes dates that
/// leave out the year.
Reading read(std::string_view text, const Catalogue& catalogue, std::int64_t today = 0);
