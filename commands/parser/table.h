#pragma once

#include <optional>
#include <string_view>

#include "commands/parser/catalogue.h"
#include "commands/parser/statement.h"
#include "commands/parser/text.h"

/// A table pasted from a sheet: rows of the same cells under a header, set apart by tabs (or, where
/// every figure stands under goods of the catalogue, by blanks). Reads 单位|口罩(只)|防护服(套) and
/// 物资|数量|单位|接收单位. `bytes` is the message that `text` was folded from. Empty where the
/// message is no table. Linear; never throws.
std::optional<Reading> read_table(std::string_view bytes, const Text& text,
                                  const Catalogue& catalogue);
