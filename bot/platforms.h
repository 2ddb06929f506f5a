#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "bot/platform.h"

/// The platforms of a config, generic among them, by their names.
class Platforms {
 public:
  Platforms(const Config& config, const std::string& token);
  Platforms(const Platforms&) = delete;
  Platforms& operator=(const Platforms&) = delete;
  ~Platforms() { stop(); }

  void each(const std::function<void(const std::string&, const Platform&)>& take) const;
  /// Posts the part of a row whose turn it is to its target, "platform:group".
  Delivery speak(HttpCaller& caller, const Claimed& row, std::chrono::sys_seconds now) const;
  std::int64_t posts_a_minute(const std::string& target) const;

  /// Asks each platform who the bot is, on a thread of its own, until each has told.
  void introduce();
  void stop();

 private:
  Platform* of(std::string_view target) const;

  std::map<std::string, std::unique_ptr<Platform>, std::less<>> platforms_;
  HttpCaller caller_;
  std::atomic<bool> stopping_{false};
  std::thread introducing_;
};
