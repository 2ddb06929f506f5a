#pragma once

#include <vector>

#include "commands/parser/statement.h"
#include "commands/parser/text.h"

/// Who is behind the telephone numbers of a message: 联系人：张医生 电话：138…, 张医生 138…,
/// 收货人李主任（138…）. `numbers` are positions of `text`, in order. Linear; never throws.
std::vector<Contact> contacts_of(const Text& text, const std::vector<Span>& numbers);
