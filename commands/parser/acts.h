#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "commands/parser/catalogue.h"
#include "commands/parser/statement.h"
#include "commands/parser/text.h"
#include "commands/parser/tokens.h"

/// Messages that are commands as a whole: references (收到 #12), corrections, 撤销, 匹配, set-up.
/// Empty where the message is none.
std::optional<Reading> read_act(const Text& text, const Catalogue& catalogue, std::int64_t today);

/// Questions and requests for reports: 汇总, 口罩还缺多少, 谁有护目镜, 日报. Empty where it is
/// none.
std::optional<Reading> read_question(const Text& text, const Tokens& tokens,
                                     const Catalogue& catalogue, std::int64_t today);

// A message without any of these is no act (unless it is as short as 是) and no question; whoever
// adds a word to either adds it here.
std::span<const std::u32string_view> act_cues();
std::span<const std::u32string_view> question_cues();
