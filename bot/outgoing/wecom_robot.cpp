#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bot/outgoing/kind.h"

// Kind `wecom-robot`: the webhook of a WeCom group robot (企业微信 消息推送, formerly 群机器人).
// developer.work.weixin.qq.com/document/path/91770: text up to 2048 bytes, 20 posts a minute, the
// answer is always HTTP 200 with an errcode. The key stands in the address, which nothing here
// shows.

namespace {

using nlohmann::json;

constexpr std::size_t kMostText = 2048;
/// The platform cannot tell repeats: a post whose answer was lost is sent again, and says so.
constexpr std::string_view kRepeat = "\n（重发：上一次可能已送达）";

/// The number by which the platform finds the request: the only part of errmsg worth keeping.
std::string hint_of(const json& answer) {
  const auto found = answer.find("errmsg");
  if (found == answer.end() || !found->is_string()) return "";
  const auto& message = found->get_ref<const std::string&>();
  const auto start = message.find("hint: [");
  if (start == std::string::npos) return "";
  const auto digits = message.substr(start + 7, 40);
  return fmt::format(", hint {}", digits.substr(0, digits.find_first_not_of("0123456789")));
}

}  // namespace

PostRequest write_wecom_robot(const Outgoing& outgoing, const Letter& letter) {
  std::string text = letter.text;
  if (letter.row.repeat && text.size() + kRepeat.size() <= kMostText) text += kRepeat;
  PostRequest request;
  request.url = outgoing.url;
  request.body = json{{"msgtype", "text"}, {"text", {{"content", text}}}}.dump(
      -1, ' ', false, json::error_handler_t::replace);
  return request;
}

Delivery judge_wecom_robot(const PostAnswer& answer) {
  if (auto refused = judge_status(answer)) return *std::move(refused);
  Delivery delivery;
  delivery.outcome = Delivery::Outcome::retry;
  // Refuses depth before it can grow: dump() and copies of deep JSON recurse.
  const auto shallow = [](int depth, json::parse_event_t, json&) { return depth < 32; };
  const json body = json::parse(answer.body, shallow, false);
  const auto found = body.is_object() ? body.find("errcode") : body.end();
  if (found == body.end() || !found->is_number_integer()) {
    delivery.why = "the answer has no errcode";
    return delivery;
  }
  const auto code = found->get<std::int64_t>();
  if (code == 0) return Delivery{};
  delivery.why = fmt::format("errcode {}{}", code, hint_of(body));
  switch (code) {
    case -1:
    case 6000:
    case 45033:
      return delivery;
    case 45009:
      delivery.outcome = Delivery::Outcome::hold;
      delivery.after = std::chrono::seconds{60};
      return delivery;
    case 93000:
      delivery.outcome = Delivery::Outcome::park;
      delivery.why += ": the robot was deleted or its key is mistyped";
      return delivery;
    case 85002:
      delivery.outcome = Delivery::Outcome::park;
      delivery.why += ": the platform forbids words of this text";
      return delivery;
    case 40008:
    case 40033:
    case 40035:
    case 40058:
    case 44004:
    case 45002:
    case 47001:
    case 48002:
      delivery.outcome = Delivery::Outcome::park;
      return delivery;
    default:
      break;
  }
  if (code / 1000 == 93) {
    delivery.outcome = Delivery::Outcome::park;
    return delivery;
  }
  delivery.most_tries = 5;
  return delivery;
}
