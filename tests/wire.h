#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bot/config.h"
#include "commands/message.h"

/// Something said in the group of a test.
struct Said {
  std::string id;  ///< digits, for platforms that have numbers
  std::string user, text;
  Event event = Event::message;
  std::int64_t at = 0;  ///< UNIX seconds
};

/// The request by which a platform tells it.
struct Wire {
  std::string path;
  std::vector<std::string> headers;
  std::string body;
};

/// How one platform says things: every message mentions the bot where the platform has mentions.
struct Speech {
  std::string platform;
  PlatformConfig config;
  Wire (*write)(const Said&);
  bool edits = false, recalls = false, groups = true;
};

/// Every platform; the generic webhook first.
std::vector<Speech> speeches();
