#pragma once

#include <istream>
#include <ostream>
#include <string>

#include "bot/setup.h"

struct ChatOptions {
  std::string group = "generic:demo";
  std::string user = "generic:me";
  bool coordinator = false;
  bool prompt = false;  ///< the input is a terminal
};

/// One message a line (a line that ends in "\" goes on), the bot's replies on `out`. Returns the
/// exit code. Throws Failure or StorageError.
int chat(Setup& setup, const ChatOptions& options, std::istream& in, std::ostream& out);
