#pragma once

#include <functional>
#include <istream>
#include <string>

#include "bot/calendar.h"
#include "commands/message.h"

// What other programs keep of a chat, as messages of one group with their own times. The same file
// read again gives the same message ids, so that nothing counts twice.

/// Whose messages a file without groups holds, and in what zone its times are.
struct LogOrigin {
  std::string group;  ///< "generic:g1"
  const Zone* zone = nullptr;
  std::chrono::sys_seconds now;  ///< for rows without a time
};

using TakeMessage = std::function<void(int line, Message message)>;

/// Chat text as WeChat copies it: "张三 2020年2月10日 09:30", the text below, an empty line.
/// Senders are known by name only.
void read_copied_chat(std::istream& in, const LogOrigin& origin, const TakeMessage& take);

/// A table of needs as CSV (commas, semicolons or tabs) with a header row: 物资 数量 单位 地点 时间
/// 联系人 电话 紧急 填报人, in any order, further columns left aside. One need a row. Throws
/// std::runtime_error where there is no column of goods.
void read_needs_table(std::istream& in, const LogOrigin& origin, const TakeMessage& take);

/// Whether text begins like a table of needs: a row of headings, one of them of goods.
bool is_needs_table(const std::string& first_line);
