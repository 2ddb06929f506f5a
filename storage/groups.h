#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/database.h"

/// What the answer to somebody's next words in a group depends on.
struct Member {
  bool coordinator = false;    ///< of this group
  std::string place;           ///< 我在 P; "" where never said
  std::int64_t in_minute = 0;  ///< messages counted in the minute asked about
  bool rules = false;          ///< the group has names or packs of its own
  bool named_groups = false;   ///< some group was named by chat
  bool linked = false;         ///< some goods were told in two groups
  bool asked = false;          ///< a bare word of theirs may answer a question there
};

/// Who is who in a group.
class Groups {
 public:
  explicit Groups(Database& database) : db_(database) {}

  /// All zero and empty where the user is not known there. `now` is of the minute asked about.
  Member member(const std::string& group, const std::string& user, std::chrono::sys_seconds now);

  /// Counts a message of the member in the minute of `now`. `report` is the message's id where it
  /// reported goods or work, else "".
  void count(const std::string& group, const std::string& user, const std::string& report,
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

  /// 我在 P: where the member is from now on.
  void set_place(const std::string& group, const std::string& user, const std::string& place);

  /// 设置: what a group's setting is; "" where it was never set.
  std::string setting(const std::string& group, const std::string& name);
  /// A group's settings whose names begin so: what follows, and the value.
  std::vector<std::pair<std::string, std::string>> settings(const std::string& group,
                                                            std::string_view prefix);
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
