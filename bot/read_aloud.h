#pragma once

#include <istream>
#include <ostream>

#include "commands/parser/catalogue.h"

/// `jieli parse`: the whole of `in` as one message, its statements in words.
int read_aloud(const Catalogue& catalogue, std::istream& in, std::ostream& out);

/// `jieli parse --jsonl`: a line {"id","text"} in, a line of what was understood out. Bad lines are
/// named on stderr and make the exit code 1.
int read_lines(const Catalogue& catalogue, std::istream& in, std::ostream& out);
