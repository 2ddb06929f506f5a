#include "bot/platform.h"

#include <array>

namespace {

using Keys = std::span<const std::string_view>;

constexpr std::string_view kGenericPrefix = "generic:";

constexpr std::array<std::string_view, 6> kWecom = {"api",    "corp_id", "agent_id",
                                                    "secret", "token",   "aes_key"};
constexpr std::array<std::string_view, 3> kWecomBot = {"api", "token", "aes_key"};
constexpr std::array<std::string_view, 6> kWechat = {"api",   "app_id",  "app_secret",
                                                     "token", "aes_key", "mode"};
constexpr std::array<std::string_view, 2> kDingtalk = {"api", "app_secret"};
constexpr std::array<std::string_view, 5> kFeishu = {"api", "app_id", "app_secret",
                                                     "verification_token", "encrypt_key"};
constexpr std::array<std::string_view, 3> kOnebot = {"api", "secret", "access_token"};
constexpr std::array<std::string_view, 2> kGateway = {"api", "token"};
constexpr std::array<std::string_view, 3> kTelegram = {"api", "secret_token", "bot_token"};
constexpr std::array<std::string_view, 3> kSlack = {"api", "signing_secret", "bot_token"};
constexpr std::array<std::string_view, 2> kMattermost = {"api", "token"};

// A new platform adds its file in bot/platforms/ and its function here.
constexpr std::array kKinds{
    PlatformKind{"generic", Keys{}, make_generic},
    PlatformKind{"wecom", kWecom, make_wecom},
    PlatformKind{"wecom-bot", kWecomBot, make_wecom_bot},
    PlatformKind{"wechat", kWechat, make_wechat},
    PlatformKind{"dingtalk", kDingtalk, make_dingtalk},
    PlatformKind{"feishu", kFeishu, make_feishu},
    PlatformKind{"onebot", kOnebot, make_onebot},
    PlatformKind{"gateway", kGateway, make_gateway},
    PlatformKind{"telegram", kTelegram, make_telegram},
    PlatformKind{"slack", kSlack, make_slack},
    PlatformKind{"mattermost", kMattermost, make_mattermost},
};

}  // namespace

Delivery Platform::speak(HttpCaller& /*caller*/, const Letter& /*letter*/) {
  return parked("this platform cannot be posted to: name an [outgoing] in post_to");
}

std::span<const PlatformKind> platform_kinds() { return kKinds; }

const PlatformKind* platform_kind(std::string_view name) {
  for (const PlatformKind& kind : kKinds) {
    if (kind.name == name) return &kind;
  }
  return nullptr;
}

bool full_id(std::string_view id) {
  const std::size_t colon = id.find(':');
  return colon != std::string_view::npos && colon + 1 < id.size() &&
         platform_kind(id.substr(0, colon)) != nullptr;
}

std::string with_prefix(std::string_view id) {
  if (full_id(id)) return std::string(id);
  return std::string(kGenericPrefix).append(id);
}

std::string_view own_id(std::string_view id) { return id.substr(id.find(':') + 1); }

std::string without_prefix(std::string_view id) {
  if (id.starts_with(kGenericPrefix)) id.remove_prefix(kGenericPrefix.size());
  return std::string(id);
}

std::string setting(const PlatformConfig& config, const std::string& key,
                    std::string_view otherwise) {
  const auto found = config.find(key);
  return found == config.end() || found->second.empty() ? std::string(otherwise) : found->second;
}

std::chrono::sys_seconds settled_time(std::optional<std::chrono::sys_seconds> said,
                                      std::chrono::sys_seconds now) {
  constexpr std::chrono::minutes kAhead{10};
  return said && *said <= now + kAhead ? *said : now;
}
