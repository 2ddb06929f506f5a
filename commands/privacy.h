#pragma once

#include <string>
#include <vector>

#include "commands/context.h"
#include "storage/contacts.h"

/// A message without numbers of persons, and whom it named. What is read, recorded, answered and
/// kept is the message without them.
struct Discreet {
  Message message;
  Reading reading;
  std::vector<StoredContact> contacts;
};

/// Empty where the message holds no such number.
std::optional<Discreet> without_numbers(const Message& message, const Policy& policy);

/// 清除联系人 #12.
void clear_contacts(Context& ctx, const Statement& said);

/// 联系人 #12: for coordinators, in a direct message.
void show_contacts(Context& ctx, const Statement& said);

/// What a reply holds in place of an entry's contacts until it leaves: replies are kept, contacts
/// are not kept in them. "" where the entry has none.
std::string contacts_mark(Context& ctx, const Standing& entry);
/// Puts the contacts as they are now in the place of their marks.
std::string with_contacts(Database& database, std::string reply);

/// 删除我的信息: the sender's name and words go, figures stay.
void forget_me(Context& ctx);
