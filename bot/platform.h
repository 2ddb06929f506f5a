#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bot/config.h"
#include "bot/http.h"
#include "commands/message.h"

/// What a callback of a platform turned out to be: a message, or something that is answered at
/// once (a handshake, an event that is not for us).
struct Callback {
  std::optional<Message> message;
  HttpResponse answer = {};  ///< where there is no message
};

/// One chat platform: bytes of a callback to a Message, a Reply back to bytes. Holds its keys and
/// nothing that changes; called by many threads at once.
class Platform {
 public:
  virtual ~Platform() = default;

  /// Proves who sent the request and reads it. Throws BadRequest (401, 400, 415, 422).
  virtual Callback receive(const HttpRequest& request, std::chrono::sys_seconds now) const = 0;
  /// The response to a callback whose message got this reply.
  virtual HttpResponse answer(const Message& message, const Reply& reply) const = 0;
};

struct PlatformKind {
  std::string_view name;                   ///< /webhook/NAME and the prefix of its ids
  std::span<const std::string_view> keys;  ///< of [platforms.NAME]
  /// Null where this build has no such platform yet. `token` is the bot's own.
  std::unique_ptr<Platform> (*make)(const PlatformConfig& config, const std::string& token);
};

/// Every platform that has a name; generic is the first and always there.
std::span<const PlatformKind> platform_kinds();
/// Null where there is none of that name.
const PlatformKind* platform_kind(std::string_view name);

/// "g1" is "generic:g1"; "onebot:5" stays what it is.
std::string with_prefix(std::string_view id);
/// "generic:g1" is "g1"; others stay as they are.
std::string without_prefix(std::string_view id);
/// "platform:id" with a platform that has a name and an id that is not empty.
bool full_id(std::string_view id);

/// A message's time: as it says, or now where it says nothing or is more than ten minutes ahead.
std::chrono::sys_seconds settled_time(std::optional<std::chrono::sys_seconds> said,
                                      std::chrono::sys_seconds now);

std::unique_ptr<Platform> make_generic(const PlatformConfig& config, const std::string& token);
