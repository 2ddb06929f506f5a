#include "bot/platform_check.h"

#include <algorithm>

#include <fmt/format.h>

#include "bot/platform.h"

namespace {

enum class Want { needed, advised };
enum class Shape { any, token, aes_key, number, corp_id, app_id, long_token, telegram, url };

/// One key: whether it must be there, how it looks, and what for or where to find it.
struct Wanted {
  std::string_view platform, key;
  Want want;
  Shape shape;
  std::string_view why;
};

constexpr Wanted kWanted[] = {
    {"wecom", "corp_id", Want::needed, Shape::corp_id, "我的企业 → 企业ID"},
    {"wecom", "token", Want::needed, Shape::token, "应用 → 接收消息 → Token"},
    {"wecom", "aes_key", Want::needed, Shape::aes_key, "应用 → 接收消息 → EncodingAESKey"},
    {"wecom", "agent_id", Want::advised, Shape::number, "needed for late answers and posts: AgentId"},
    {"wecom", "secret", Want::advised, Shape::any, "needed for late answers and posts: Secret"},
    {"wecom-bot", "token", Want::needed, Shape::token, "智能机器人 → API 模式 → Token"},
    {"wecom-bot", "aes_key", Want::needed, Shape::aes_key,
     "智能机器人 → API 模式 → EncodingAESKey"},
    {"wechat", "app_id", Want::needed, Shape::app_id, "开发接口管理 → AppID"},
    {"wechat", "token", Want::needed, Shape::token, "服务器配置 → Token"},
    {"wechat", "app_secret", Want::advised, Shape::any,
     "needed for answers later than five seconds: AppSecret of a verified account"},
    {"dingtalk", "app_secret", Want::needed, Shape::any, "凭证与基础信息 → Client Secret"},
    {"feishu", "app_id", Want::needed, Shape::any, "凭证与基础信息 → App ID"},
    {"feishu", "app_secret", Want::needed, Shape::any,
     "every answer needs it: 凭证与基础信息 → App Secret"},
    {"feishu", "verification_token", Want::needed, Shape::any, "加密策略 → Verification Token"},
    {"feishu", "encrypt_key", Want::advised, Shape::any,
     "without it the token travels in the plain: 加密策略 → Encrypt Key"},
    {"onebot", "secret", Want::needed, Shape::any, "the token of the implementation's HTTP client"},
    {"onebot", "api", Want::advised, Shape::url,
     "needed for posts: the implementation's HTTP server, like http://127.0.0.1:3000"},
    {"onebot", "access_token", Want::advised, Shape::any, "the token of that HTTP server"},
    {"gateway", "token", Want::needed, Shape::long_token,
     "what stands after ?token= in RECVD_MSG_API, and LOGIN_API_TOKEN"},
    {"gateway", "api", Want::advised, Shape::url,
     "needed for posts: the gateway's address, like http://127.0.0.1:3001"},
    {"telegram", "secret_token", Want::needed, Shape::telegram, "as given to setWebhook"},
    {"telegram", "bot_token", Want::needed, Shape::any, "from @BotFather, like 123456:ABC…"},
    {"slack", "signing_secret", Want::needed, Shape::any, "Basic Information → Signing Secret"},
    {"slack", "bot_token", Want::needed, Shape::any,
     "every answer needs it: OAuth & Permissions, xoxb-…"},
    {"mattermost", "token", Want::needed, Shape::any, "the outgoing webhook's token"},
    {"mattermost", "api", Want::advised, Shape::url,
     "needed for posts: the address of an incoming webhook"},
};

bool all_of(std::string_view text, bool (*holds)(char)) {
  return std::all_of(text.begin(), text.end(), holds);
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_alphanumeric(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Empty where the value has the shape, else what it must be.
std::string_view wrong_shape(Shape shape, std::string_view value) {
  switch (shape) {
    case Shape::any:
      return "";
    case Shape::token:
      return value.size() >= 3 && value.size() <= 32 && all_of(value, is_alphanumeric)
                 ? ""
                 : "must be 3 to 32 letters and digits";
    case Shape::aes_key:
      return value.size() == 43 && all_of(value, is_alphanumeric)
                 ? ""
                 : "must be 43 letters and digits";
    case Shape::number:
      return all_of(value, is_digit) ? "" : "must be a number";
    case Shape::corp_id:
      return value.starts_with("ww") || value.starts_with("wx") ? "" : "must begin with ww or wx";
    case Shape::app_id:
      return value.size() == 18 && value.starts_with("wx") ? "" : "must be wx and 16 hex digits";
    case Shape::long_token:
      return value.size() >= 16 ? "" : "must have 16 characters or more, better 32";
    case Shape::telegram:
      return value.size() <= 256 &&
                     all_of(value, [](char c) { return is_alphanumeric(c) || c == '_' || c == '-'; })
                 ? ""
                 : "must be letters, digits, _ and -";
    case Shape::url:
      return value.starts_with("http://") || value.starts_with("https://")
                 ? ""
                 : "must begin with https:// or http://";
  }
  return "";
}

/// The older callback of group robots has an empty corp_id.
bool may_be_empty(const Wanted& wanted, const PlatformConfig& keys) {
  return wanted.shape == Shape::corp_id && keys.contains("corp_id");
}

void check_mode(const PlatformConfig& keys, PlatformAdvice& advice) {
  const std::string mode = setting(keys, "mode", "secure");
  if (mode != "plain" && mode != "compatible" && mode != "secure") {
    advice.gaps.emplace_back("mode must be plain, compatible or secure");
    return;
  }
  if (mode != "secure") {
    advice.notes.push_back(fmt::format(
        "mode {}: choose 安全模式 in the console; a plain request that is seen can be forged for "
        "five minutes",
        mode));
  }
  const std::string key = setting(keys, "aes_key");
  if (mode == "plain") return;
  if (key.empty()) {
    advice.gaps.emplace_back("aes_key is missing: 服务器配置 → EncodingAESKey");
  } else if (const auto wrong = wrong_shape(Shape::aes_key, key); !wrong.empty()) {
    advice.gaps.push_back(fmt::format("aes_key {}", wrong));
  }
}

}  // namespace

PlatformAdvice check_platform(std::string_view name, const PlatformConfig& keys) {
  PlatformAdvice advice;
  for (const Wanted& wanted : kWanted) {
    if (wanted.platform != name) continue;
    const std::string value = setting(keys, std::string(wanted.key));
    if (value.empty()) {
      if (may_be_empty(wanted, keys)) continue;
      auto& list = wanted.want == Want::needed ? advice.gaps : advice.notes;
      list.push_back(fmt::format("{} is missing: {}", wanted.key, wanted.why));
    } else if (const auto wrong = wrong_shape(wanted.shape, value); !wrong.empty()) {
      advice.gaps.push_back(fmt::format("{} {}: {}", wanted.key, wrong, wanted.why));
    }
  }
  const std::string api = setting(keys, "api");
  if (const auto wrong = wrong_shape(Shape::url, api); !api.empty() && !wrong.empty()) {
    const std::string line = fmt::format("api {}", wrong);
    if (std::none_of(advice.gaps.begin(), advice.gaps.end(),
                     [&](const std::string& gap) { return gap.starts_with(line); })) {
      advice.gaps.push_back(line);
    }
  }
  if (name == "wechat") check_mode(keys, advice);
  return advice;
}
