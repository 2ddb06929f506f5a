#pragma once

#include "commands/parser/catalogue.h"
#include "commands/parser/cursor.h"

/// 更正 #12 450只, #8 改成 20箱, 更正：口罩不是500只，是450只. False where the line is no
/// correction.
bool read_correction(const Text& text, Cursor line, const Catalogue& catalogue, Reading& out);
