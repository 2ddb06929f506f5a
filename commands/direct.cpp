#include "commands/direct.h"

#include <fmt/format.h>

#include "commands/digest.h"
#include "commands/hub.h"
#include "commands/privacy.h"
#include "commands/wording.h"
#include "storage/groups.h"
#include "storage/messages.h"

namespace {

constexpr std::string_view kHowToChoose = "您还没有选群，先单独记着。要记到群里请发：进入 群名";

std::string event_key(const Message& message) {
  if (message.event == Event::recall) return "recall";
  return message.event == Event::edit ? "edit " + sha256_hex(message.text) : "message";
}

/// The group of one person: the conversation itself, unless others speak in it too.
std::string own_group(Groups& groups, const Message& message) {
  if (!groups.shared(message.group, message.user)) return message.group;
  return fmt::format("{}:direct-{}", message.platform,
                     message.user.substr(message.user.find(':') + 1));
}

/// 进入 群名, said alone.
const Statement* enters(const Reading& reading) {
  if (reading.statements.size() != 1) return nullptr;
  const Statement& s = reading.statements.front();
  return s.action == Action::admin && s.word == "进入" ? &s : nullptr;
}

std::string enter(Database& database, const Policy& policy, const Message& message,
                  const Statement& s) {
  const std::string name = quoted(s.rest);
  auto found = groups_named(database, policy, name);
  Groups groups(database);
  if (found.empty()) {
    // By its id, where it has no name.
    const std::string id =
        name.find(':') == std::string::npos ? message.platform + ":" + name : name;
    if (groups.exists(id)) found.push_back(id);
  }
  if (found.empty()) return fmt::format("没有叫“{}”的群，请核对群名。", name);
  if (found.size() > 1) {
    std::string which;
    for (const std::string& group : found) which += "\n进入 " + group;
    return fmt::format("有 {} 个群叫“{}”，请发其中一行：{}", found.size(), name, which);
  }
  groups.enter(found.front(), message.user);
  return fmt::format("好的，您私聊发的都记到 {}。", name_of(database, policy, found.front()));
}

}  // namespace

Reply answer_direct(Database& database, const Message& message, const Reading& reading,
                    const Policy& policy, std::chrono::sys_seconds now,
                    const std::function<Reply(const Message&)>& in_group) {
  Messages messages(database);
  Groups groups(database);
  const std::string event = event_key(message);
  if (const auto first = messages.find(message.group, message.id, event)) {
    return {with_contacts(database, first->reply), first->entries, true};
  }
  // Kept under its own key beside what the group keeps of it: `text` is where it went.
  StoredMessage kept;
  kept.group = message.group;
  kept.id = message.id;
  kept.event = event;
  kept.user = message.user;
  kept.time = message.time;
  kept.received = now;

  Reply reply;
  if (const Statement* s = enters(reading); s != nullptr && message.event == Event::message) {
    reply.text = enter(database, policy, message, *s);
  } else {
    const auto original = message.event == Event::message
                              ? std::nullopt
                              : messages.find(message.group, message.id, "message");
    const auto last = groups.last_group(message.user);
    const std::string own = own_group(groups, message);
    Message there = message;
    there.group = original ? original->text : last.value_or(own);
    there.id = message.group + "/" + message.id;
    kept.text = there.group;
    reply = in_group(there);
    if (!reply.text.empty()) {
      if (there.group == own) {
        reply.text += "\n" + std::string(kHowToChoose);
      } else if (!reply.entries.empty()) {
        reply.text += fmt::format("\n记在 {}。换群请发：进入 群名",
                                  quoted(name_of(database, policy, there.group)));
      }
    }
  }
  kept.reply = reply.text;
  kept.entries = reply.entries;
  if (!reply.text.empty() || !reply.entries.empty()) messages.insert(kept);
  reply.text = with_contacts(database, std::move(reply.text));
  return reply;
}
