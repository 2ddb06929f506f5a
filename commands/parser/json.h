#pragma once

#include <string>
#include <string_view>

#include "commands/parser/statement.h"

/// One line of `jieli parse --jsonl` (tests/corpus/README.md gives the format).
std::string prediction_json(std::string_view id, const Reading& reading);
