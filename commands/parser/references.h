#pragma once

#include "commands/parser/cursor.h"

/// 收到 #12 300 #13 200只 …: one word and numbers, each with what is said about it. False where the
/// line is none.
bool read_references(const Text& text, Cursor line, Reading& out);

/// 发放 #, 收到 #: an act on an entry that the speaker has not named yet.
bool lacks_number(Cursor line);
