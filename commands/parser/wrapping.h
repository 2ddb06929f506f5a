#pragma once

#include <optional>
#include <string>
#include <string_view>

/// What somebody typed, taken out of what a chat program wrapped around it.
struct Unwrapped {
  std::string text;
  std::string quote;  ///< the text answered to, "" where there is none
};

/// Unwraps WeChat's `appmsg` XML (a 接龙 or an answer is its title; a shared link says nothing) and
/// a quotation set above an answer (「李四：发放 口罩 500 只」, a line of dashes, the answer).
/// Empty where nothing is wrapped. Never throws; linear.
std::optional<Unwrapped> unwrap(std::string_view text);
