#include "commands/privacy.h"

#include <fmt/format.h>

#include "commands/parser/contacts.h"
#include "commands/parser/parser.h"
#include "commands/parser/private.h"
#include "commands/target.h"
#include "commands/wording.h"
#include "storage/forgetting.h"

namespace {

constexpr std::string_view kMarkBegin = "\x01";
constexpr std::string_view kMarkEnd = "\x02";
constexpr char kMarkGroup = '\x03';

std::vector<StoredContact> contacts_in(const std::string& text) {
  const Text folded = fold(text);
  std::vector<Span> spans;
  std::vector<StoredContact> found;
  for (const PrivateNumber& number : private_numbers(folded)) {
    if (!number.telephone) continue;
    spans.push_back({number.from, number.to});
    found.push_back({"", number.digits});
  }
  const std::vector<Contact> named = contacts_of(folded, spans);
  for (std::size_t i = 0; i < found.size() && named.size() == found.size(); ++i) {
    found[i].name = named[i].name;
  }
  return found;
}

std::string message_of(Context& ctx, const Standing& entry) {
  const auto said = ctx.ledger.said(entry.group, entry.number);
  return said ? said->message : "";
}

}  // namespace

std::optional<Discreet> without_numbers(const Message& message, const Policy& policy) {
  std::string text = masked(message.text);
  std::string name = masked(message.user_name);
  if (text == message.text && name == message.user_name) return std::nullopt;
  Discreet discreet{message, {}, contacts_in(message.text)};
  discreet.message.text = std::move(text);
  discreet.message.user_name = std::move(name);
  discreet.message.quote = masked(message.quote);
  discreet.reading = read(discreet.message.text, *policy.catalogue,
                          policy.day(message.group, message.time));
  return discreet;
}

void clear_contacts(Context& ctx, const Statement& s) {
  const auto target = ctx.ledger.find(ctx.message.group, s.ref.value_or(0));
  if (!target) return ctx.refuse(fmt::format("本群没有 #{}，请核对编号。", s.ref.value_or(0)));
  if (!may_change(ctx, *target)) return;
  if (Contacts(ctx.db).remove(target->group, message_of(ctx, *target)) == 0) {
    return ctx.refuse(fmt::format("#{} 没有存联系人。", target->number));
  }
  Entry e = ctx.entry(Kind::admin);
  e.word = fmt::format("清除联系人 #{}", target->number);
  e.said = e.word;
  const Outcome outcome = ctx.append(std::move(e));
  ctx.say(fmt::format("#{} 已清除 #{} 的联系人，数量不变。", outcome.number, target->number));
}

void show_contacts(Context& ctx, const Statement& s) {
  if (!ctx.message.direct) return ctx.refuse("联系人只在私聊里给协调员，请私聊我发。");
  const auto target = ctx.ledger.find(ctx.message.group, s.ref.value_or(0));
  if (!target) return ctx.refuse(fmt::format("本群没有 #{}，请核对编号。", s.ref.value_or(0)));
  const std::string mark = contacts_mark(ctx, *target);
  if (mark.empty()) return ctx.refuse(fmt::format("#{} 没有存联系人。", target->number));
  ctx.say(mark);
}

std::string contacts_mark(Context& ctx, const Standing& entry) {
  const std::string message = message_of(ctx, entry);
  if (Contacts(ctx.db).of_message(entry.group, message).empty()) return {};
  return fmt::format("#{} 联系人：{}{}{}{}{}", entry.number, kMarkBegin, entry.group, kMarkGroup,
                     message, kMarkEnd);
}

std::string with_contacts(Database& database, std::string reply) {
  for (std::size_t from = 0; (from = reply.find(kMarkBegin, from)) != std::string::npos;) {
    const std::size_t to = reply.find(kMarkEnd, from);
    if (to == std::string::npos) break;
    std::string text;
    const std::string mark = reply.substr(from + 1, to - from - 1);
    const std::size_t cut = std::min(mark.find(kMarkGroup), mark.size() - 1);
    for (const StoredContact& contact :
         Contacts(database).of_message(mark.substr(0, cut), mark.substr(cut + 1))) {
      text += (text.empty() ? "" : "、") + (contact.name.empty() ? "" : contact.name + " ") +
              contact.number;
    }
    if (text.empty()) text = "已清除";
    reply.replace(from, to + 1 - from, text);
    from += text.size();
  }
  return reply;
}

void forget_me(Context& ctx) {
  ctx.forgets_sender = true;
  Entry e = ctx.entry(Kind::admin);
  e.user_name.clear();
  e.word = "删除我的信息";
  e.said = e.word;
  const Outcome outcome = ctx.append(std::move(e));
  const std::int64_t messages = forget_user(ctx.db, ctx.message.user);
  ctx.say(fmt::format("#{} 已删除您的称呼、联系人和 {} 条消息的原文；登记的数量保留。",
                      outcome.number, messages));
}
