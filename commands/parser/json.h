#pragma once

#include <string>
#include <string_view>

#include "commands/parser/statement.h"

/// One line of `jieli parse --jsonl`: {"id", "intent", "records": [{"action", "item", "canonical",
/// "quantity", "unit", "approx", …}], "metrics": [{"name", "quantity", "unit"}], "slots": {…}}.
/// Statements without a figure are only in the intent and the slots. With the message's `text`,
/// items are printed in the script in which they were written.
std::string prediction_json(std::string_view id, const Reading& reading,
                            std::string_view text = {});
