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
  /// Every entry that a message made, its edits included.
  std::vector<std::int64_t> entries_of(const std::string& group, const std::string& id);
  /// Every entry that the sender's messages in the group made since a time.
  std::vector<std::int64_t> entries_since(const std::string& group, const std::string& user,
                                          std::chrono::sys_seconds since);
  /// The id of the newest message in the group, said since a time, that begins with `text` (the
  /// whole of it unless `cut`); of `user`, or of anybody where empty.
  std::optional<std::string> saying(const std::string& group, const std::string& user,
                                    std::string_view text, bool cut,
                                    std::chrono::sys_seconds since);

 private:
  std::vector<std::int64_t> made(std::string_view sql, std::initializer_list<Value> values);

  Database& db_;
};
