#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bot/config.h"
#include "bot/http.h"
#include "bot/outgoing/http.h"
#include "bot/outgoing/kind.h"
#include "bot/outgoing/split.h"
#include "commands/message.h"

/// What a callback of a platform turned out to be: a message, or something that is answered at
/// once (a handshake, an event that is not for us).
struct Callback {
  std::optional<Message> message;
  HttpResponse answer = {};  ///< where there is no message
};

/// One chat platform: bytes of a callback to a Message, a Reply back to bytes. Called by many
/// threads at once.
class Platform {
 public:
  virtual ~Platform() = default;

  /// Proves who sent the request and reads it. Throws BadRequest (400, 401, 405, 413, 415, 422).
  virtual Callback receive(const HttpRequest& request, std::chrono::sys_seconds now) const = 0;
  /// The response to a callback whose message got this reply. A reply without text says nothing,
  /// or comes by another way.
  virtual HttpResponse answer(const Message& message, const Reply& reply,
                              std::chrono::sys_seconds now) const = 0;

  /// How long a callback's answer may take and still carry the reply; what is not recorded by then
  /// is answered without one, and the reply is posted. 0: it never carries one. Empty: any time.
  virtual std::optional<std::chrono::milliseconds> patience(const Message& /*message*/) const {
    return std::nullopt;
  }

  /// What one post may hold, and how often a group may be posted to.
  struct Limits {
    std::size_t most = 0;             ///< 0: any length
    std::int64_t posts_a_minute = 0;  ///< of one group; 0: without limit
    CountedIn unit = CountedIn::bytes;
  };
  virtual Limits limits() const { return {}; }
  /// Whether the answer to a callback carries a reply of any length: whole, or cut with a word on
  /// how to see the rest. Else it carries what one post may hold, and the rest is posted.
  virtual bool answers_any_length() const { return false; }
  /// Posts a text to the group or person that the row's target names. Blocks for some seconds.
  virtual Delivery speak(HttpCaller& caller, const Letter& letter);

  /// Asks the platform who the bot is, where mentions cannot be told without. False where it could
  /// not be learnt this time. Blocks for ten seconds at most.
  virtual bool introduce(HttpCaller& /*caller*/) { return true; }
};

using MakePlatform = std::unique_ptr<Platform>(const PlatformConfig& config,
                                               const std::string& token);

struct PlatformKind {
  std::string_view name;                   ///< /webhook/NAME and the prefix of its ids
  std::span<const std::string_view> keys;  ///< of [platforms.NAME]
  /// `token` is the bot's own.
  MakePlatform* make;
};

/// Every platform that has a name; generic is the first and always there.
std::span<const PlatformKind> platform_kinds();
/// Null where there is none of that name.
const PlatformKind* platform_kind(std::string_view name);

/// "g1" is "generic:g1"; "onebot:5" stays what it is.
std::string with_prefix(std::string_view id);
/// "generic:g1" is "g1"; others stay as they are.
std::string without_prefix(std::string_view id);
/// "onebot:5" is "5": the id as the platform itself has it.
std::string_view own_id(std::string_view id);
/// "platform:id" with a platform that has a name and an id that is not empty.
bool full_id(std::string_view id);

/// The key's value, or what holds where the table has none.
std::string setting(const PlatformConfig& config, const std::string& key,
                    std::string_view otherwise = "");

/// A message's time: as it says, or now where it says nothing or is more than ten minutes ahead.
std::chrono::sys_seconds settled_time(std::optional<std::chrono::sys_seconds> said,
                                      std::chrono::sys_seconds now);

MakePlatform make_generic, make_wecom, make_wecom_bot, make_wechat, make_dingtalk, make_feishu,
    make_onebot, make_gateway, make_telegram, make_slack, make_mattermost;
