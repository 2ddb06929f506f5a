#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bot/outgoing/split.h"
#include "bot/platforms/mattermost.h"
#include "bot/platforms/posts.h"
#include "bot/platforms/reading.h"

// Platforms that are posted to with one call: OneBot, a WeChat gateway, Telegram, Slack,
// Mattermost.

using nlohmann::json;
using std::chrono::seconds;

namespace {

PostRequest request(std::string url, const json& body, std::string_view bearer = "") {
  PostRequest made{.url = std::move(url), .body = write_json(body)};
  if (!bearer.empty()) made.headers.emplace_back("Authorization", fmt::format("Bearer {}", bearer));
  return made;
}

std::string word(const json& body, const char* name) {
  const json* const value = find(body, name);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

/// Some of a platform's own words, for the operator.
std::string quoted(const std::string& words) {
  constexpr std::size_t kMost = 120;
  const auto parts = split(words, kMost);
  return parts.empty() ? std::string() : parts.front();
}

/// An id that the platform writes as a number.
json as_number(std::string_view id) {
  const auto number = decimal(id, true);
  return number ? json(*number) : json(id);
}

json text_segment(std::string_view text) {
  return json::array({{{"type", "text"}, {"data", {{"text", text}}}}});
}

constexpr std::string_view kDirect = "direct-";

/// 429: all of the account waits where a time is told.
std::optional<Delivery> judge_busy(const PostAnswer& answer) {
  if (answer.status != 429 || !answer.retry_seconds) return judge_status(answer);
  return held("HTTP 429", seconds{*answer.retry_seconds});
}

bool listed(const json& task, const char* name) {
  const json* const list = find(task, name);
  return list != nullptr && list->is_array() && !list->empty();
}

}  // namespace

PostRequest write_onebot(std::string_view api, std::string_view access_token,
                         std::string_view group, std::string_view text) {
  const bool direct = group.starts_with(kDirect);
  if (direct) group.remove_prefix(kDirect.size());
  return request(
      std::string(api) + (direct ? "/send_private_msg" : "/send_group_msg"),
      {{direct ? "user_id" : "group_id", as_number(group)}, {"message", text_segment(text)}},
      access_token);
}

PostRequest write_onebot_12(std::string_view api, std::string_view access_token,
                            std::string_view group, std::string_view text) {
  const bool direct = group.starts_with(kDirect);
  if (direct) group.remove_prefix(kDirect.size());
  json params = {{"detail_type", direct ? "private" : "group"}, {"message", text_segment(text)}};
  params[direct ? "user_id" : "group_id"] = group;
  return request(std::string(api) + "/", {{"action", "send_message"}, {"params", params}},
                 access_token);
}

Delivery judge_onebot(const PostAnswer& answer) {
  if (auto refused = judge_status(answer)) return *std::move(refused);
  const auto body = answered_json(answer);
  const json* const code = body ? find(*body, "retcode") : nullptr;
  if (code == nullptr || !code->is_number_integer()) return retried("the answer is not OneBot's");
  const auto number = code->get<std::int64_t>();
  const std::string status = word(*body, "status");
  if ((status == "ok" && number == 0) || (status == "async" && number == 1)) return {};
  std::string why =
      fmt::format("retcode {} {}", number, quoted(word(*body, "wording") + word(*body, "message")));
  if (number == 400 || number == 1400) return parked(std::move(why));
  if (number < 10000) return retried(std::move(why), 3);
  switch (number / 1000) {  // OneBot 12
    case 20:
    case 34:
      return retried(std::move(why), 3);
    case 31:
    case 32:
    case 33:
      return retried(std::move(why));
    default:
      return parked(std::move(why));
  }
}

PostRequest write_gateway(std::string_view api, std::string_view token, std::string_view name,
                          bool is_room, std::string_view text) {
  return request(
      fmt::format("{}/webhook/msg/v2?token={}", api, token),
      {{"to", name}, {"isRoom", is_room}, {"data", {{"type", "text"}, {"content", text}}}});
}

Delivery judge_gateway(const PostAnswer& answer) {
  const auto body = answered_json(answer);
  if (answer.status == 401 && body && word(*body, "message").find("login") != std::string::npos) {
    Delivery delivery = retried("the gateway is logged out: scan its code again");
    delivery.after = seconds{300};
    return delivery;
  }
  if (auto refused = judge_status(answer)) return *std::move(refused);
  const json* const success = body ? find(*body, "success") : nullptr;
  if (success == nullptr || !success->is_boolean())
    return retried("the answer is not the gateway's");
  const json* const task = find(*body, "task");
  if (task == nullptr || !task->is_object()) {
    return *success == true ? Delivery{} : parked(quoted(word(*body, "message")));
  }
  if (*success == true && !listed(*task, "sentFailed") && !listed(*task, "notFound")) return {};
  if (listed(*task, "reject")) return parked("the gateway does not take the request");
  if (listed(*task, "notFound")) {
    Delivery delivery = retried("群名不存在或已改名", 4);
    delivery.after = seconds{60};
    return delivery;
  }
  Delivery delivery = retried("the gateway could not send it", 3);
  delivery.after = seconds{60};
  return delivery;
}

PostRequest write_telegram(std::string_view api, std::string_view bot_token, std::string_view chat,
                           const json* thread, std::string_view text) {
  json body = {{"chat_id", as_number(chat)}, {"text", text}};
  if (thread != nullptr) body["message_thread_id"] = *thread;
  return request(fmt::format("{}/bot{}/sendMessage", api, bot_token), body);
}

Delivery judge_telegram(const PostAnswer& answer) {
  const auto body = answered_json(answer);
  const json* const parameters = body ? find(*body, "parameters") : nullptr;
  const json* const wait =
      parameters != nullptr && parameters->is_object() ? find(*parameters, "retry_after") : nullptr;
  if (answer.status == 429 && wait != nullptr && wait->is_number_integer()) {
    return held("HTTP 429", seconds{std::clamp<std::int64_t>(wait->get<std::int64_t>(), 1, 3600)});
  }
  if (auto refused = judge_status(answer)) {
    if (body) refused->why += ": " + quoted(word(*body, "description"));
    return *std::move(refused);
  }
  const json* const ok = body ? find(*body, "ok") : nullptr;
  return ok != nullptr && *ok == true ? Delivery{} : retried("the answer is not Telegram's");
}

std::string telegram_moved_to(const PostAnswer& answer) {
  const auto body = answered_json(answer);
  const json* const parameters = body ? find(*body, "parameters") : nullptr;
  if (answer.status != 400 || parameters == nullptr || !parameters->is_object()) return {};
  const json* const id = find(*parameters, "migrate_to_chat_id");
  return id == nullptr ? std::string() : id_text(*id);
}

PostRequest write_slack(std::string_view api, std::string_view bot_token, std::string_view channel,
                        std::string_view thread, std::string_view text) {
  std::string escaped;  // a raw <!channel> in an item's name would call everybody
  for (const char c : text) {
    escaped += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
  }
  json body = {{"channel", channel}, {"text", escaped}, {"unfurl_links", false}, {"mrkdwn", false}};
  if (!thread.empty()) body["thread_ts"] = thread;
  PostRequest made = request(std::string(api) + "/chat.postMessage", body, bot_token);
  made.content_type = "application/json; charset=utf-8";
  return made;
}

Delivery judge_slack(const PostAnswer& answer) {
  constexpr std::array<std::string_view, 5> kPassing = {
      "ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable"};
  if (auto refused = judge_busy(answer)) return *std::move(refused);
  const auto body = answered_json(answer);
  const json* const ok = body ? find(*body, "ok") : nullptr;
  if (ok == nullptr || !ok->is_boolean()) return retried("the answer is not Slack's");
  if (*ok == true) return {};
  const std::string error = word(*body, "error");
  const bool passing = std::find(kPassing.begin(), kPassing.end(), error) != kPassing.end();
  return passing ? retried(quoted(error)) : parked(quoted(error));
}

PostRequest write_mattermost(std::string_view api, std::string_view text) {
  return request(std::string(api), {{"text", calling_nobody(text)}});
}

Delivery judge_mattermost(const PostAnswer& answer) {
  return judge_busy(answer).value_or(Delivery{});
}
