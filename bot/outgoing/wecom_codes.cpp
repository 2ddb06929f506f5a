#include "bot/outgoing/wecom_codes.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

// developer.work.weixin.qq.com/document/path/90313 (global error codes) and the Official Account's
// Global_Return_Code. Judged by errcode alone: the wording of errmsg changes.

namespace {

using nlohmann::json;

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

std::optional<std::int64_t> code_of(const json& answer) {
  const auto found = answer.find("errcode");
  if (found == answer.end() || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

struct Meaning {
  std::int64_t code;
  std::string_view words;  ///< what is to be mended
};

// All of these are parked: trying again would change nothing.
constexpr Meaning kParked[] = {
    {40003, "the user id is wrong"},
    {40008, ""},
    {40013, "the corp id or app id is wrong"},
    {40031, "the user cannot be reached"},
    {40033, ""},
    {40035, ""},
    {40050, "this is not a chat of this application"},
    {40056, "the agent id is wrong"},
    {40058, ""},
    {40091, "the secret is wrong"},
    {40125, "the secret is wrong"},
    {40164, "this machine's address is not in the white list"},
    {40243, "the secret is frozen"},
    {41002, "the corp id or app id is missing"},
    {41004, "the secret is missing"},
    {43004, "the user does not follow the account"},
    {43019, "the user is on the black list"},
    {44002, ""},
    {44004, ""},
    {45002, "the text is too long"},
    {45015, "the user has not written for 48 hours"},
    {45047, "the five answers to the user's last message are used up"},
    {47001, ""},
    {48001, "the account may not do this: it is not verified"},
    {48002, "the application may not do this"},
    {50002, "the user is restricted"},
    {50003, "the application is switched off"},
    {50004, ""},
    {50007, "the account is frozen"},
    {60011, "the application may not see this user"},
    {60020, "this machine's address is not among the trusted ones"},
    {81013, "the user cannot be reached"},
    {82001, "the user cannot be reached"},
    {85002, "the platform forbids words of this text"},
    {86001, "there is no such chat"},
    {86003, "this is not a chat of this application"},
    {86008, "there is no such chat"},
    {86220, "this is not a chat of this application"},
    {89501, "this machine's address waits for the administrator"},
    {89503, "this machine's address waits for the administrator"},
    {89506, "this machine's address was refused by the administrator"},
    {89507, "this machine's address was refused by the administrator"},
    {93000, "the robot was deleted or its key is mistyped"},
    {301002, "the secret is that of another application"},
};

}  // namespace

Delivery judge_wecom(const PostAnswer& answer) {
  if (auto refused = judge_status(answer)) return *std::move(refused);
  const auto body = answered_json(answer);
  const auto code = body ? code_of(*body) : std::nullopt;
  if (!code) return retried("the answer has no errcode");
  std::string why = fmt::format("errcode {}{}", *code, hint_of(*body));
  if (*code == 0) {
    const auto skipped = body->find("invaliduser");
    const bool all_reached = skipped == body->end() || !skipped->is_string() ||
                             skipped->get_ref<const std::string&>().empty();
    return all_reached ? Delivery{} : parked("the user is not in the application's visible range");
  }
  if (*code == -1 || *code == 6000 || *code == 45033) return retried(std::move(why));
  if (*code == 45009 || *code == 45011) return held(std::move(why), std::chrono::seconds{60});
  const auto* const known = std::find_if(std::begin(kParked), std::end(kParked),
                                         [&](const Meaning& one) { return one.code == *code; });
  if (known != std::end(kParked)) {
    if (!known->words.empty()) why.append(": ").append(known->words);
    return parked(std::move(why));
  }
  return *code / 1000 == 93 ? parked(std::move(why)) : retried(std::move(why), 5);
}

bool wecom_token_refused(const PostAnswer& answer) {
  const auto body = answered_json(answer);
  const auto code = body ? code_of(*body) : std::nullopt;
  return code == 40001 || code == 40014 || code == 41001 || code == 42001;
}
