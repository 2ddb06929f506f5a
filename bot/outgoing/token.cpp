#include "bot/outgoing/token.h"

#include <nlohmann/json.hpp>

std::variant<std::string, Delivery> AccessToken::get(HttpCaller& caller) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (!token_.empty() && now < until_) return token_;
  auto answer = ask_(caller);
  if (const auto* const failed = std::get_if<Delivery>(&answer)) return *failed;
  const Given& given = std::get<Given>(answer);
  token_ = given.token;
  until_ = now + std::max(given.lives - margin_, given.lives / 2);
  return token_;
}

void AccessToken::refused(const std::string& token) {
  const std::lock_guard lock(mutex_);
  if (token == token_) token_.clear();
}

Delivery post_with_token(AccessToken& token, HttpCaller& caller,
                         const std::function<PostRequest(const std::string&)>& write,
                         Delivery (*judge)(const PostAnswer&),
                         bool (*token_refused)(const PostAnswer&), bool* special,
                         bool (*is_special)(const PostAnswer&)) {
  for (bool renewed = false;; renewed = true) {
    const auto found = token.get(caller);
    if (const auto* const failed = std::get_if<Delivery>(&found)) return *failed;
    const std::string& value = std::get<std::string>(found);
    const PostOutcome outcome = caller.post(write(value));
    if (!outcome.answer) return unanswered(outcome);
    if (special != nullptr) *special = is_special(*outcome.answer);
    if (!token_refused(*outcome.answer)) return judge(*outcome.answer);
    token.refused(value);
    if (renewed) {
      Delivery delivery = judge(*outcome.answer);
      delivery.outcome = Delivery::Outcome::park;
      delivery.why += ": the platform takes no token, look at the secret in the config";
      return delivery;
    }
  }
}

std::variant<AccessToken::Given, Delivery> ask_token(
    HttpCaller& caller, const PostRequest& request,
    std::optional<AccessToken::Given> (*read)(const nlohmann::json&),
    Delivery (*judge)(const PostAnswer&)) {
  const PostOutcome outcome = caller.post(request);
  if (!outcome.answer) return unanswered(outcome);
  if (const auto body = answered_json(*outcome.answer)) {
    if (auto given = read(*body); given && !given->token.empty()) return *std::move(given);
  }
  Delivery delivery = judge(*outcome.answer);
  if (delivery.outcome == Delivery::Outcome::sent) delivery.outcome = Delivery::Outcome::retry;
  delivery.why = "asking for a token: " + delivery.why;
  return delivery;
}
