#pragma once

#include <chrono>
#include <string>

#include "commands/command.h"
#include "commands/parser/parser.h"
#include "storage/database.h"
#include "storage/schema.h"

/// A bot in memory, with groups and people that need no set-up. Messages come ten seconds apart.
struct ChatRoom {
  std::unique_ptr<Database> db = open_database(":memory:");
  Policy policy;
  std::chrono::sys_seconds now{std::chrono::sys_days(std::chrono::year{2020} / 2 / 10)};
  int ids = 0;

  ChatRoom() {
    migrate(*db);
    policy.catalogue = &Catalogue::built_in();
    policy.messages_a_minute = 0;
    policy.day = [](const std::string&, std::chrono::sys_seconds time) {
      return std::int64_t{
          std::chrono::floor<std::chrono::days>(time + std::chrono::hours(8)).time_since_epoch().count()};
    };
    policy.group_name = [](const std::string& group) { return group; };
  }

  Message message(const std::string& group, const std::string& user, const std::string& text) {
    Message m;
    m.platform = "generic";
    m.id = "m" + std::to_string(++ids);
    m.group = "generic:" + group;
    m.user = "generic:" + user;
    m.user_name = user;
    m.text = text;
    m.time = now += std::chrono::seconds(10);
    return m;
  }

  Reply say(const Message& m) {
    Transaction transaction(*db);
    const Reply reply = answer(*db, m, read(m.text, *policy.catalogue), policy, now);
    transaction.commit();
    return reply;
  }
  Reply say(const std::string& group, const std::string& user, const std::string& text) {
    return say(message(group, user, text));
  }
};
