#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <variant>

#include "bot/outgoing/kind.h"

/// A platform's access token: asked for when it is first needed, kept, and renewed before it ends.
/// Any thread may call; one asks while the others wait for its answer.
class AccessToken {
 public:
  struct Given {
    std::string token;
    std::chrono::seconds lives;
  };
  /// Asks the platform for one; else what is to become of the post that needed it.
  using Ask = std::function<std::variant<Given, Delivery>(HttpCaller&)>;

  /// `margin` is how long before its end a token is renewed.
  AccessToken(Ask ask, std::chrono::seconds margin) : ask_(std::move(ask)), margin_(margin) {}

  std::variant<std::string, Delivery> get(HttpCaller& caller);
  /// The platform did not take this one: the next get() asks anew.
  void refused(const std::string& token);

 private:
  const Ask ask_;
  const std::chrono::seconds margin_;
  std::mutex mutex_;
  std::string token_;
  std::chrono::steady_clock::time_point until_;
};

/// Posts with a token; where the platform refuses it, once more with a new one. `special` is set
/// where `is_special` says so of the answer.
Delivery post_with_token(AccessToken& token, HttpCaller& caller,
                         const std::function<PostRequest(const std::string&)>& write,
                         Delivery (*judge)(const PostAnswer&),
                         bool (*token_refused)(const PostAnswer&), bool* special = nullptr,
                         bool (*is_special)(const PostAnswer&) = nullptr);

/// Asks for a token: `read` finds it in an answer that is JSON. What else is answered is judged.
std::variant<AccessToken::Given, Delivery> ask_token(
    HttpCaller& caller, const PostRequest& request,
    std::optional<AccessToken::Given> (*read)(const nlohmann::json&),
    Delivery (*judge)(const PostAnswer&));
