#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "bot/config.h"
#include "bot/http.h"

class Platform;

/// Makes any bytes a callback that is rightly signed and sealed, so that what reads them is reached.
struct Authentic {
  const char* platform;
  PlatformConfig config;
  HttpRequest (*write)(std::string body);
  std::string_view example;  ///< a body that can be read
};

/// Every platform, and every form that its callbacks have.
const std::vector<Authentic>& authentic();

constexpr std::chrono::sys_seconds kAuthenticAt{std::chrono::seconds{1581298200}};

/// Whether a body is read as a message that is whole, or left alone, or refused with a 4xx. Whatever
/// else happens is thrown.
bool survives(const Authentic& one, const Platform& platform, std::string body);
