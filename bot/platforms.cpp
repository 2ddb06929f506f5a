#include "bot/platforms.h"

#include <vector>

#include <fmt/format.h>

#include "bot/log.h"

Platforms::Platforms(const Config& config, const std::string& token) {
  for (const PlatformKind& kind : platform_kinds()) {
    const auto found = config.platforms.find(std::string(kind.name));
    if (found == config.platforms.end() && kind.name != "generic") continue;
    platforms_.emplace(
        kind.name,
        kind.make(found == config.platforms.end() ? PlatformConfig{} : found->second, token));
  }
}

void Platforms::each(const std::function<void(const std::string&, const Platform&)>& take) const {
  for (const auto& [name, platform] : platforms_) take(name, *platform);
}

Platform* Platforms::of(std::string_view target) const {
  const auto found = platforms_.find(target.substr(0, target.find(':')));
  return found == platforms_.end() ? nullptr : found->second.get();
}

Delivery Platforms::speak(HttpCaller& caller, const Claimed& row,
                          std::chrono::sys_seconds now) const {
  Platform* const platform = of(row.post.target);
  if (platform == nullptr) return parked("the config has no table of this platform");
  const Platform::Limits limits = platform->limits();
  return deliver_part(row, split(row.post.text, limits.most, limits.unit), now,
                      [&](const Letter& letter) { return platform->speak(caller, letter); });
}

std::int64_t Platforms::posts_a_minute(const std::string& target) const {
  const Platform* const platform = of(target);
  return platform == nullptr ? 0 : platform->limits().posts_a_minute;
}

void Platforms::introduce() {
  introducing_ = std::thread([this] {
    std::map<std::string, Platform*> unknown;
    for (const auto& [name, platform] : platforms_) unknown.emplace(name, platform.get());
    for (int round = 0; !unknown.empty() && !stopping_; ++round) {
      std::erase_if(unknown, [&](const auto& one) { return one.second->introduce(caller_); });
      for (const auto& [name, platform] : unknown) {
        if (round == 0 && !stopping_) {
          log_warning(fmt::format("{} does not tell yet who the bot is; asking again", name));
        }
      }
      const int tenths = unknown.empty() ? 0 : std::min(10 << std::min(round, 6), 600);
      for (int i = 0; i < tenths && !stopping_; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
      }
    }
  });
}

void Platforms::stop() {
  stopping_ = true;
  caller_.cancel();
  if (introducing_.joinable()) introducing_.join();
}
