#pragma once

#include <string>

#include "commands/matching/board.h"

/// Why this giving should go to that asking, in a few words: 同县，已等2天，已核实.
std::string reason(const BoardLine& line, std::size_t giving, std::size_t asking, Quantity amount);

/// "1箱+20只": a share in whole containers and what is left.
std::string in_containers(const BoardLine::Side& giving, Quantity amount, const std::string& unit);
