#pragma once

#include "commands/parser/catalogue.h"
#include "commands/parser/statement.h"
#include "commands/parser/text.h"
#include "commands/parser/tokens.h"

/// Reports of goods and work: tokens to statements. Fills statements, intent, addressed, unread.
void read_report(const Text& text, const Tokens& tokens, const Catalogue& catalogue, Reading& out);

/// No message makes more statements; what follows is left unread.
inline constexpr std::size_t kMaxStatements = 100;
