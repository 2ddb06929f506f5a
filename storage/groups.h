#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "storage/database.h"

/// Who is who in a group: roles, and what a member's next words depend on.
class Groups {
 public:
  explicit Groups(Database& database) : db_(database) {}

  /// What has to be known before a message is read: found in one statement.
  struct Standing {
    bool coordinator = false;  ///< by 认领管理 or 授权
    bool rules = false;        ///< the group has names or packs of its own
  };
  Standing standing(const std::string& group, const std::string& user);
  void make_coordinator(const std::string& group, const std::string& user);
  void make_volunteer(const std::string& group, const std::string& user);

  /// Counts a message of the member in the minute of `now` and says the how-manieth it is.
  std::int64_t count_message(const std::string& group, const std::string& user,
                             std::chrono::sys_seconds now);
  /// Remembers the message with which a member last reported goods or work.
  void reported(const std::string& group, const std::string& user, const std::string& message,
                std::chrono::sys_seconds now);
  std::optional<std::string> last_report(const std::string& group, const std::string& user);
  /// The group in which a user last reported.
  std::optional<std::string> last_group(const std::string& user);

  /// 我在 P: where the member is; "" where never said.
  std::string place(const std::string& group, const std::string& user);
  void set_place(const std::string& group, const std::string& user, const std::string& place);

  /// Facts about the whole installation, by name.
  std::optional<std::string> fact(const std::string& name);
  void set_fact(const std::string& name, const std::string& text);

 private:
  Database& db_;
};
