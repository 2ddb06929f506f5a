#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bot/crypto.h"
#include "bot/platforms/posts.h"
#include "bot/platforms/reading.h"

// 飞书: custom group robots (自定义机器人使用指南), reply and send (回复消息, 发送消息), codes
// (服务端通用错误码). Errors come with any status; the code decides first.

using nlohmann::json;

namespace {

constexpr std::string_view kType = "application/json; charset=utf-8";

/// < is syntax there: <at user_id="all"> would ring the whole group.
std::string plain(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '<') {
      result += "＜";
    } else {
      result += c;
    }
  }
  return result;
}

PostRequest request(std::string url, const json& body, const std::string& token = "") {
  PostRequest made{
      .url = std::move(url), .content_type = std::string(kType), .body = write_json(body)};
  if (!token.empty()) made.headers.emplace_back("Authorization", "Bearer " + token);
  return made;
}

std::optional<std::int64_t> code_of(const PostAnswer& answer) {
  const auto body = answered_json(answer);
  const json* const code = body ? find(*body, "code") : nullptr;
  if (code == nullptr || !code->is_number_integer()) return std::nullopt;
  return code->get<std::int64_t>();
}

template <std::size_t N>
bool among(std::int64_t code, const std::array<std::int64_t, N>& codes) {
  return std::find(codes.begin(), codes.end(), code) != codes.end();
}

}  // namespace

PostRequest write_feishu_robot(const Outgoing& outgoing, const Letter& letter) {
  json body = {{"msg_type", "text"}, {"content", {{"text", plain(letter.text)}}}};
  if (!outgoing.secret.empty()) {
    const std::string at = fmt::to_string(letter.now.time_since_epoch().count());
    body["timestamp"] = at;
    // The secret is in the key, the message is empty.
    body["sign"] = base64(hmac_sha256(at + "\n" + outgoing.secret, ""));
  }
  return request(outgoing.url, body);
}

Delivery judge_feishu(const PostAnswer& answer) {
  constexpr std::array<std::int64_t, 3> kBusy = {230020, 230049, 11232};
  const auto code = code_of(answer);
  if (!code) {
    if (auto refused = judge_status(answer)) return *std::move(refused);
    return retried("the answer is not the platform's");
  }
  if (*code == 0) return {};
  std::string why = fmt::format("code {}", *code);
  if (*code == 99991400 || answer.status == 429) {
    if (answer.retry_seconds) {
      return held(std::move(why), std::chrono::seconds{*answer.retry_seconds});
    }
    return retried(std::move(why));
  }
  if (among(*code, kBusy) || answer.status >= 500) return retried(std::move(why));
  if (*code == 19021) {
    return retried(std::move(why) + ": look at the secret and this machine's clock", 2);
  }
  if (*code == 230002) why += ": the bot is not in the group";
  if (*code == 99991672) why += ": the application lacks a permission";
  if (*code == 230025 || *code == 19036) why += ": the text is too long";
  return parked(std::move(why));
}

bool feishu_token_refused(const PostAnswer& answer) {
  constexpr std::array<std::int64_t, 5> kRefused = {99991661, 99991663, 99991664, 99991665,
                                                    99991668};
  const auto code = code_of(answer);
  return code && among(*code, kRefused);
}

bool feishu_reply_impossible(const PostAnswer& answer) {
  constexpr std::array<std::int64_t, 3> kGone = {230011, 230050, 230111};
  const auto code = code_of(answer);
  return code && among(*code, kGone);
}

std::optional<AccessToken::Given> read_feishu_token(const json& answer) {
  const json* const token = find(answer, "tenant_access_token");
  const json* const lives = find(answer, "expire");
  if (token == nullptr || !token->is_string() || lives == nullptr || !lives->is_number_integer()) {
    return std::nullopt;
  }
  return AccessToken::Given{token->get<std::string>(),
                            std::chrono::seconds{lives->get<std::int64_t>()}};
}

PostRequest feishu_token(std::string_view api, std::string_view app_id, std::string_view secret) {
  return request(std::string(api) + "/open-apis/auth/v3/tenant_access_token/internal",
                 {{"app_id", app_id}, {"app_secret", secret}});
}

PostRequest feishu_bot_info(std::string_view api, const std::string& token) {
  PostRequest made{.url = std::string(api) + "/open-apis/bot/v3/info", .method = "GET"};
  made.headers.emplace_back("Authorization", "Bearer " + token);
  return made;
}

PostRequest write_feishu_reply(std::string_view api, const std::string& token,
                               std::string_view message, std::string_view uuid,
                               std::string_view text) {
  return request(
      fmt::format("{}/open-apis/im/v1/messages/{}/reply", api, message),
      {{"msg_type", "text"}, {"content", write_json({{"text", plain(text)}})}, {"uuid", uuid}},
      token);
}

PostRequest write_feishu(std::string_view api, const std::string& token, std::string_view chat,
                         std::string_view uuid, std::string_view text) {
  return request(std::string(api) + "/open-apis/im/v1/messages?receive_id_type=chat_id",
                 {{"receive_id", chat},
                  {"msg_type", "text"},
                  {"content", write_json({{"text", plain(text)}})},
                  {"uuid", uuid}},
                 token);
}
