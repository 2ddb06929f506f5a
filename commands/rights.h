#pragma once

#include <string_view>

#include "commands/parser/statement.h"

/// Who may use a command.
enum class Least {
  anybody,
  own,         ///< on an entry: its sender, or a coordinator of the group
  asked,       ///< whom the bot asked, or a coordinator of the group
  coordinator  ///< of the group, or named in the config
};

/// One row of the table of rights.
struct Right {
  std::string_view command;  ///< as it is typed
  Least least;
};

/// The row of a statement. Every statement has one: a new action, act or command without a row does
/// not compile or is refused.
Right right_of(const Statement& statement);
