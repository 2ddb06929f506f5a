#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

enum class Event { message, edit, recall };

struct Mention {
  std::string user;  ///< "platform:id"
  std::string name;
};

/// One chat message, whatever platform it came from.
struct Message {
  std::string platform;   ///< "generic"
  std::string id;         ///< the platform's own message id
  std::string group;      ///< "platform:id"
  std::string user;       ///< "platform:id"
  std::string user_name;  ///< as shown, may be empty
  std::string text;       ///< UTF-8
  std::string quote;      ///< the text replied to
  std::vector<Mention> mentions;
  std::chrono::sys_seconds time;  ///< said at, never more than ten minutes ahead of receipt
  Event event = Event::message;
  bool mentioned = false;
  bool direct = false;
  /// The platform tells of the sender only a name that the sender can change: never more than a
  /// volunteer.
  bool name_only = false;
  /// The id that this message would have had a moment ago, where its platform gives none and it was
  /// made from the clock: one that arrived under it within ten seconds is this one.
  std::string earlier_id;
  /// What its platform needs to answer it, and what to speak into its group at any later time. Only
  /// the platform reads them.
  std::string way_back, group_way;
};

/// Takes out of the text what a chat program wrapped around it (commands/parser/wrapping.h); what
/// it quotes becomes the message's quote, unless its platform told one.
void unwrap(Message& message);

/// What the bot answers.
struct Reply {
  std::string text;                   ///< "" says nothing
  std::vector<std::int64_t> entries;  ///< every number that the message made
  bool duplicate = false;  ///< the message was here before; text and entries are the first's
  bool too_many = false;   ///< beyond what a user may send in a minute: nothing was recorded
};
