#pragma once

#include <optional>
#include <string>

#include "commands/parser/statement.h"
#include "commands/parser/text.h"

/// A forwarded form: labels with colons (单位：… 联系人：… N95口罩：500个). What its fields say of
/// the goods as a whole, and the text with every field on a line of its own, position for position.
struct FormText {
  Text lines;
  std::string place;               ///< 接收单位, 地点 …
  std::string giver;               ///< 捐赠人, 来源 …
  std::optional<Action> happened;  ///< 状态：已发放
  bool urgent = false;             ///< 【急需】
};

/// Empty where the text has fewer than two fields that a form would have. Linear; never throws.
std::optional<FormText> read_form(const Text& text);

/// Gives what was read of `lines` the fields that hold for all of it.
void apply_form(const FormText& form, Reading& reading);
