#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "commands/context.h"

/// 共发放口罩500只：三院300只，四院200只: a statement that tells the sum of those beside it.
struct StatedSum {
  std::size_t at = 0;  ///< which of the statements
  Quantity parts;      ///< what the others come to
};

/// Those among a message's statements. They are told in their parts and counted there.
std::vector<StatedSum> stated_sums(const std::string& text, std::span<const Statement> said);

/// Says where the parts do not come to the sum that was stated. Nothing is mended.
void say_where_unequal(Context& ctx, std::span<const Statement> said,
                       const std::vector<StatedSum>& sums);
