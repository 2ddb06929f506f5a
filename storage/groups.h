#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

  /// Counts a message of the member in the minute of `now` and says the how-manieth it is.
  std::int64_t count_message(const std::string& group, const std::string& user,
                             std::chrono::sys_seconds now);
  /// Remembers the message with which a member last reported goods or work.
  void reported(const std::string& group, const std::string& user, const std::string& message);
  std::optional<std::string> last_report(const std::string& group, const std::string& user);
  /// The group in which a user last reported, or that the user chose since; else any in which the
  /// user spoke to the bot.
  std::optional<std::string> last_group(const std::string& user);
  /// 进入: direct messages of the user act there, until the next report in another group.
  void enter(const std::string& group, const std::string& user);
  /// Whether anything was ever recorded in the group.
  bool exists(const std::string& group);
  /// Whether anybody else did.
  bool shared(const std::string& group, const std::string& user);

  /// 我在 P: where the member is; "" where never said.
  std::string place(const std::string& group, const std::string& user);
  void set_place(const std::string& group, const std::string& user, const std::string& place);

  /// 设置: what a group's setting is; "" where it was never set.
  std::string setting(const std::string& group, const std::string& name);
  /// Every group with the setting: group and value.
  std::vector<std::pair<std::string, std::string>> with_setting(const std::string& name);

  /// 认领管理: how many wrong codes a user gave in the hour before `now`; one more is noted.
  std::int64_t wrong_codes(const std::string& user, std::chrono::sys_seconds now);
  void note_wrong_code(const std::string& user, std::chrono::sys_seconds now);

  /// Facts about the whole installation, by name.
  std::optional<std::string> fact(const std::string& name);
  void set_fact(const std::string& name, const std::string& text);

 private:
  Database& db_;
};
