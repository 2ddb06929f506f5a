#pragma once

#include <cstddef>
#include <optional>

#include "commands/parser/catalogue.h"
#include "commands/parser/statement.h"
#include "commands/parser/text.h"
#include "commands/parser/tokens.h"

/// Reports of goods and work: tokens to statements. Fills statements, intent, addressed, unread.
/// `list`: the text is a 接龙, of which only what is about goods is left, and where its entries
/// begin.
void read_report(const Text& text, const Tokens& tokens, const Catalogue& catalogue, Reading& out,
                 std::optional<std::size_t> list = std::nullopt);

/// No message makes more statements; what follows is left unread.
inline constexpr std::size_t kMaxStatements = 100;
inline constexpr std::size_t kMaxListed = 1000;  ///< of a 接龙
