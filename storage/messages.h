#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"

/// A message that the bot answered, kept so that its second delivery gets the same answer.
struct StoredMessage {
  std::string group, id;
  std::string event;  ///< "message", "recall", or "edit" with a digest of the text
  std::string user, user_name;
  std::chrono::sys_seconds time, received;
  std::string text;  ///< numbers of persons masked
  std::string reply;
  std::vector<std::int64_t> entries;
};

class Messages {
 public:
  explicit Messages(Database& database) : db_(database) {}

  std::optional<StoredMessage> find(const std::string& group, const std::string& id,
                                    const std::string& event);
  /// Whether anything was stored under the id, whatever the event.
  bool known(const std::string& group, const std::string& id);
  void insert(const StoredMessage& message);
  /// The newest message with the very same text that the same sender had recorded in the group
  /// within `span` of `time`.
  std::optional<StoredMessage> same_text(const StoredMessage& message, std::chrono::seconds span);

 private:
  Database& db_;
};
