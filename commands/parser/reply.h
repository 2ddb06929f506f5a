#pragma once

#include <string_view>
#include <vector>

#include "commands/parser/catalogue.h"
#include "commands/parser/statement.h"

/// What an answer to a quoted message says about the entry that was quoted: 改成450, 450只, 给三院,
/// 撤销, 完成, 收到300. The statements carry no number; empty where the words are about no entry.
std::vector<Statement> read_answer_to_entry(std::string_view text, const Catalogue& catalogue);
