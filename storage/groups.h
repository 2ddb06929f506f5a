#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "storage/database.h"

/// What the answer to somebody's next words in a group depends on.
struct Member {
  bool coordinator = false;    ///< of this group
  std::string place;           ///< 我在 P; "" where never said
  std::int64_t in_minute = 0;  ///< messages counted in the minute asked about
};

/// Who is who in a group.
class Groups {
 public:
  explicit Groups(Database& database) : db_(database) {}

  /// All zero and empty where the user is not known there. `now` is of the minute asked about.
  Member member(const std::string& group, const std::string& user, std::chrono::sys_seconds now);
  void make_coordinator(const std::string& group, const std::string& user);
  void make_volunteer(const std::string& group, const std::string& user);

  /// Counts a message of the member in the minute of `now`. `report` is the message's id where it
  /// reported goods or work, else "".
  void count(const std::string& group, const std::string& user, const std::string& report,
             std::chrono::sys_seconds now);
  /// Remembers the message with which a member last reported goods or work.
  void reported(const std::string& group, const std::string& user, const std::string& message,
                std::chrono::sys_seconds now);
  std::optional<std::string> last_report(const std::string& group, const std::string& user);
  /// The group in which a user last reported.
  std::optional<std::string> last_group(const std::string& user);

  /// 我在 P: where the member is from now on.
  void set_place(const std::string& group, const std::string& user, const std::string& place);

  /// Facts about the whole installation, by name.
  std::optional<std::string> fact(const std::string& name);
  void set_fact(const std::string& name, const std::string& text);

 private:
  Database& db_;
};
