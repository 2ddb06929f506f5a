#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "storage/database.h"

/// Something that the bot asked and that counts nothing until it is answered.
struct Question {
  std::string group;
  std::int64_t number = 0;         ///< 待确认 n: counted from 1 in each group
  std::string user;                ///< who was asked
  std::string kind;  ///< again, repeat, other_end, implausible, choose, choose_of_list,
                                   ///< place, covered, statement
  std::int64_t about = 0;          ///< the entry that the question names, 0 where it names none
  std::string message, event;      ///< the message that was held back
  std::vector<std::size_t> parts;  ///< which of its statements
  std::chrono::sys_seconds asked;  ///< message time
};

class Questions {
 public:
  explicit Questions(Database& database) : db_(database) {}

  /// Stores it as open and gives it its number. A bare 是 may answer it next.
  std::int64_t ask(const Question& question);
  std::optional<Question> find_open(const std::string& group, std::int64_t number);
  /// The newest open one that names the entry; of `user`, or of anybody where empty.
  std::optional<Question> open_about(const std::string& group, std::int64_t entry,
                                     const std::string& user);
  /// The open ones that a bare word of this sender may answer, asked after `since`: all those of
  /// one message, in their order.
  std::vector<Question> bare(const std::string& group, const std::string& user,
                             std::chrono::sys_seconds since);
  /// The newest open one of this kind that the user was asked.
  std::optional<Question> latest(const std::string& group, const std::string& user,
                                 const std::string& kind);
  /// Open needs of all groups where nothing was said about the item at the place since `since`, nor
  /// was it asked (kind "stale"): group and number.
  std::vector<std::pair<std::string, std::int64_t>> untouched_needs(
      std::chrono::sys_seconds since);
  /// What had been asked about a message that is no more what it was.
  void close_all_of(const std::string& group, const std::string& message);
  void close(const std::string& group, std::int64_t number);
  /// The sender said something else: a bare word answers nothing any more.
  void spoke(const std::string& group, const std::string& user);

 private:
  Database& db_;
};
