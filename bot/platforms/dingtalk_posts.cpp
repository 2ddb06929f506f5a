#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bot/crypto.h"
#include "bot/platforms/posts.h"
#include "bot/platforms/reading.h"

// 钉钉: custom group robots, session webhooks, and the robot's own API (open.dingtalk.com/document:
// custom-robots-send-group-messages, the-robot-sends-a-group-message, 全局错误码).

using nlohmann::json;
using std::chrono::seconds;

namespace {

constexpr std::string_view kType = "application/json; charset=utf-8";

PostRequest request(std::string url, const json& body, const std::string& token = "") {
  PostRequest made{
      .url = std::move(url), .content_type = std::string(kType), .body = write_json(body)};
  if (!token.empty()) made.headers.emplace_back("x-acs-dingtalk-access-token", token);
  return made;
}

std::string message_parameter(std::string_view text) { return write_json({{"content", text}}); }

/// errcode is a number, in some documents a string of digits.
std::optional<std::int64_t> errcode(const json& body) {
  const json* const code = find(body, "errcode");
  return code == nullptr ? std::nullopt : decimal(id_text(*code), true);
}

std::string word(const json& body, const char* name) {
  const json* const value = find(body, name);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

Delivery judge_errcode(std::int64_t code, const std::string& message) {
  std::string why = fmt::format("errcode {}", code);
  switch (code) {
    case 0:
      return {};
    case -1:
    case 90002:
      return retried(std::move(why));
    case 130101:
    case 410100:
      return held(std::move(why) + ": too many posts", seconds{600});
    case 310000:
      if (message.find("timestamp") != std::string::npos) {
        return retried(std::move(why) + ": set this machine's clock", 2);
      }
      return parked(std::move(why) + ": look at the robot's secret, keywords and addresses");
    case 400101:
      return parked(std::move(why) + ": the robot's address is wrong");
    case 460101:
      return parked(std::move(why) + ": the text is too long");
    default:
      return parked(std::move(why));
  }
}

/// The API's answers: a status, and a code in words.
Delivery judge_code(const PostAnswer& answer, const std::string& code) {
  std::string why = fmt::format("HTTP {} {}", answer.status, code.substr(0, 100));
  for (const std::string_view busy : {"QpsLimit", "QpmLimit", "too.fast", "tooFast"}) {
    if (code.find(busy) != std::string::npos) return retried(std::move(why));
  }
  if (code == "unknown.send.result") return retried(std::move(why), 2);
  return parked(std::move(why));
}

}  // namespace

PostRequest write_dingtalk_robot(const Outgoing& outgoing, const Letter& letter) {
  std::string url = outgoing.url;
  if (!outgoing.secret.empty()) {
    const std::string at =
        fmt::format("{}", std::chrono::milliseconds(letter.now.time_since_epoch()).count());
    std::string sign;
    for (const char c : base64(hmac_sha256(outgoing.secret, at + "\n" + outgoing.secret))) {
      sign += c == '+' ? "%2B" : c == '/' ? "%2F" : c == '=' ? "%3D" : std::string(1, c);
    }
    url += fmt::format("{}timestamp={}&sign={}", url.find('?') == std::string::npos ? '?' : '&', at,
                       sign);
  }
  json body = {{"msgtype", "text"}, {"text", {{"content", letter.text}}}};
  // The platform says one key once; each part of a cut text has its own.
  if (!letter.row.post.key.empty()) {
    body["msgUuid"] =
        hex(sha256(fmt::format("{} {}", letter.row.post.key, letter.row.parts_sent))).substr(0, 32);
  }
  return request(std::move(url), body);
}

Delivery judge_dingtalk(const PostAnswer& answer) {
  const auto body = answered_json(answer);
  if (body) {
    if (word(*body, "punish") == "deny" || find(*body, "status") != nullptr) {
      const json* const status = find(*body, "status");
      if (status != nullptr && *status == 1111) return held("too many calls", seconds{300});
    }
    const std::string code = word(*body, "code");
    const bool busy = answer.status == 408 || answer.status == 429 || answer.status >= 500;
    if (!code.empty() && answer.status >= 400 && !busy) return judge_code(answer, code);
  }
  if (auto refused = judge_status(answer)) return *std::move(refused);
  if (!body) return retried("the answer is not the platform's");
  if (find(*body, "processQueryKey") != nullptr || find(*body, "accessToken") != nullptr) return {};
  const auto code = errcode(*body);
  return code ? judge_errcode(*code, word(*body, "errmsg")) : parked("the answer has no errcode");
}

bool dingtalk_token_refused(const PostAnswer& answer) {
  const auto body = answered_json(answer);
  return answer.status == 401 ||
         (body && (word(*body, "code") == "InvalidAuthentication" ||
                   word(*body, "code") == "invalidParameter.token.invalid"));
}

bool dingtalk_session_gone(const PostAnswer& answer) {
  const auto body = answered_json(answer);
  return body && errcode(*body) == 300001;
}

std::optional<AccessToken::Given> read_dingtalk_token(const json& answer) {
  const json* const lives = find(answer, "expireIn");
  if (lives == nullptr || !lives->is_number_integer()) return std::nullopt;
  return AccessToken::Given{word(answer, "accessToken"),
                            std::chrono::seconds{lives->get<std::int64_t>()}};
}

PostRequest dingtalk_token(std::string_view api, std::string_view robot, std::string_view secret) {
  return request(std::string(api) + "/v1.0/oauth2/accessToken",
                 {{"appKey", robot}, {"appSecret", secret}});
}

PostRequest write_dingtalk_session(std::string url, std::string_view text) {
  return request(std::move(url), {{"msgtype", "text"}, {"text", {{"content", text}}}});
}

PostRequest write_dingtalk_group(std::string_view api, const std::string& token,
                                 std::string_view robot, std::string_view group,
                                 std::string_view text) {
  return request(std::string(api) + "/v1.0/robot/groupMessages/send",
                 {{"robotCode", robot},
                  {"openConversationId", group},
                  {"msgKey", "sampleText"},
                  {"msgParam", message_parameter(text)}},
                 token);
}

PostRequest write_dingtalk_user(std::string_view api, const std::string& token,
                                std::string_view robot, std::string_view user,
                                std::string_view text) {
  return request(std::string(api) + "/v1.0/robot/oToMessages/batchSend",
                 {{"robotCode", robot},
                  {"userIds", json::array({user})},
                  {"msgKey", "sampleText"},
                  {"msgParam", message_parameter(text)}},
                 token);
}
