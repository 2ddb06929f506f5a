#include "bot/platform.h"
#include "bot/platforms/generic_json.h"
#include "bot/platforms/reading.h"
#include "bot/signature.h"

namespace {

/// Anything that can post JSON: a gateway, a script, a test.
class Generic final : public Platform {
 public:
  explicit Generic(std::string token) : token_(std::move(token)) {}

  Callback receive(const HttpRequest& request, std::chrono::sys_seconds now) const override {
    if (!authentic(request, now)) {
      throw BadRequest(401, "send Authorization: Bearer TOKEN, or X-Jieli-Signature");
    }
    if (!request.header("content-type").empty()) only_type(request, "application/json");
    return {.message = read_generic(request.body, now)};
  }

  HttpResponse answer(const Message&, const Reply& reply, std::chrono::sys_seconds) const override {
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
