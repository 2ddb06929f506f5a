#include <nlohmann/json.hpp>

#include "bot/platforms/posts.h"
#include "bot/platforms/reading.h"

// 企业微信 (developer.work.weixin.qq.com/document/path/91039, 90236, 90248, 101138) and the
// 微信公众号 customer service message. Secrets and tokens stand in addresses, which nothing logs.

using nlohmann::json;

namespace {

PostRequest request(std::string url, const json& body) {
  return {.url = std::move(url), .body = write_json(body)};
}

std::string escaped(std::string_view value) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string result;
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (kPlain.find(c) != std::string_view::npos) {
      result += c;
    } else {
      result += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return result;
}

std::string with_token(std::string_view api, std::string_view path, const std::string& token) {
  return std::string(api).append(path).append("?access_token=").append(escaped(token));
}

}  // namespace

std::optional<AccessToken::Given> read_wecom_token(const json& answer) {
  const json* const token = find(answer, "access_token");
  const json* const lives = find(answer, "expires_in");
  if (token == nullptr || !token->is_string() || lives == nullptr || !lives->is_number_integer()) {
    return std::nullopt;
  }
  return AccessToken::Given{token->get<std::string>(),
                            std::chrono::seconds{lives->get<std::int64_t>()}};
}

PostRequest wecom_token(std::string_view api, std::string_view corp_id, std::string_view secret) {
  return {.url = std::string(api) + "/cgi-bin/gettoken?corpid=" + escaped(corp_id) +
                 "&corpsecret=" + escaped(secret),
          .method = "GET"};
}

PostRequest write_wecom_user(std::string_view api, const std::string& token, std::string_view user,
                             std::string_view agent_id, std::string_view text) {
  // Repeats within two minutes are swallowed: longer than one row is tried again after a lost
  // answer, shorter than the same question is asked again.
  return request(with_token(api, "/cgi-bin/message/send", token),
                 {{"touser", user},
                  {"msgtype", "text"},
                  {"agentid", decimal(agent_id).value_or(0)},
                  {"text", {{"content", text}}},
                  {"safe", 0},
                  {"enable_duplicate_check", 1},
                  {"duplicate_check_interval", 120}});
}

PostRequest write_wecom_chat(std::string_view api, const std::string& token, std::string_view chat,
                             std::string_view text) {
  return request(
      with_token(api, "/cgi-bin/appchat/send", token),
      {{"chatid", chat}, {"msgtype", "text"}, {"text", {{"content", text}}}, {"safe", 0}});
}

PostRequest write_wecom_bot(std::string url, std::string_view text) {
  return request(std::move(url), {{"msgtype", "markdown"}, {"markdown", {{"content", text}}}});
}

PostRequest wechat_token(std::string_view api, std::string_view app_id, std::string_view secret) {
  // Unlike /cgi-bin/token it does not end the token that another instance holds.
  return request(std::string(api) + "/cgi-bin/stable_token",
                 {{"grant_type", "client_credential"}, {"appid", app_id}, {"secret", secret}});
}

PostRequest write_wechat(std::string_view api, const std::string& token, std::string_view user,
                         std::string_view text) {
  return request(with_token(api, "/cgi-bin/message/custom/send", token),
                 {{"touser", user}, {"msgtype", "text"}, {"text", {{"content", text}}}});
}
