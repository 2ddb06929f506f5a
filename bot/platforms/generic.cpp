#include "bot/platform.h"
#include "bot/platforms/generic_json.h"
#include "bot/signature.h"

namespace {

bool json_type(std::string_view type) {
  const std::string_view name = type.substr(0, type.find(';'));
  constexpr std::string_view kJson = "application/json";
  std::size_t length = name.size();
  while (length > 0 && name[length - 1] == ' ') --length;
  if (length != kJson.size()) return false;
  for (std::size_t i = 0; i < length; ++i) {
    const char c = name[i] >= 'A' && name[i] <= 'Z' ? static_cast<char>(name[i] + 32) : name[i];
    if (c != kJson[i]) return false;
  }
  return true;
}

/// Anything that can post JSON: a gateway, a script, a test.
class Generic final : public Platform {
 public:
  explicit Generic(std::string token) : token_(std::move(token)) {}

  Callback receive(const HttpRequest& request, std::chrono::sys_seconds now) const override {
    if (!authentic(request, now)) {
      throw BadRequest(401, "send Authorization: Bearer TOKEN, or X-Jieli-Signature");
    }
    const std::string_view type = request.header("content-type");
    if (!type.empty() && !json_type(type)) {
      throw BadRequest(415, "send Content-Type: application/json");
    }
    return {.message = read_generic(request.body, now)};
  }

  HttpResponse answer(const Message&, const Reply& reply) const override {
    if (reply.too_many && reply.text.empty()) {
      throw BadRequest(429, "the user sent too many messages in this minute; nothing was recorded");
    }
    return {.body = write_generic(reply)};
  }

 private:
  bool authentic(const HttpRequest& request, std::chrono::sys_seconds now) const {
    constexpr std::string_view kBearer = "Bearer ";
    const std::string_view authorization = request.header("authorization");
    if (authorization.starts_with(kBearer)) {
      return same_secret(authorization.substr(kBearer.size()), token_);
    }
    return signature_holds(request.header("x-jieli-signature"), token_, request.body,
                           now.time_since_epoch().count());
  }

  const std::string token_;
};

}  // namespace

std::unique_ptr<Platform> make_generic(const PlatformConfig&, const std::string& token) {
  return std::make_unique<Generic>(token);
}
