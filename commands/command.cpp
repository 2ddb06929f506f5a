#include "commands/command.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "commands/admin.h"
#include "commands/amend.h"
#include "commands/context.h"
#include "commands/digest.h"
#include "commands/doubt.h"
#include "commands/jielong.h"
#include "commands/parser/parser.h"
#include "commands/query.h"
#include "commands/quoted_reply.h"
#include "commands/report.h"
#include "commands/revise.h"
#include "commands/wording.h"

namespace {

constexpr std::size_t kReplyBytes = 2000;

struct Command {
  Action first, last;  ///< the kinds of statement that it takes, as they follow in Action
  void (*run)(Context&, std::span<const Statement>);
};

// Every kind of statement and who answers it; a new command is its function and one line here.
constexpr std::array kCommands{
    Command{Action::need, Action::activity, report},
    Command{Action::correction, Action::correction, correct},
    Command{Action::cancel, Action::cancel, cancel},
    Command{Action::reference, Action::reference, refer},
    Command{Action::enough, Action::enough, enough},
    Command{Action::query, Action::query, query},
    Command{Action::brief, Action::brief, show_brief},
    Command{Action::help, Action::help, help},
    Command{Action::admin, Action::admin, administer},
    Command{Action::other, Action::other, ask_kind},
};

const Command* command_for(Action action) {
  for (const Command& command : kCommands) {
    if (action >= command.first && action <= command.last) return &command;
  }
  return nullptr;
}

/// Numbers of persons never reach the disk: the spans that the parser found, and what looks like
/// one.
std::string stored_text(const Message& message, const Reading& reading) {
  std::string text;
  std::size_t at = 0;
  for (std::size_t i = 0; i < message.text.size();) {
    std::size_t next = i + 1;
    while (next < message.text.size() &&
           (static_cast<unsigned char>(message.text[next]) & 0xc0) == 0x80) {
      ++next;
    }
    const auto within =
        std::find_if(reading.private_numbers.begin(), reading.private_numbers.end(),
                     [&](const Span& span) { return at >= span.from && at < span.to; });
    if (within == reading.private_numbers.end() || at < within->from + 3 || at + 4 >= within->to) {
      text.append(message.text, i, next - i);
    } else {
      text += '*';
    }
    i = next;
    ++at;
  }
  return masked(text);
}

/// A whole message for the reply: lines joined, cut at a line end where a phone would not show
/// more.
std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    if (text.size() + line.size() > kReplyBytes) {
      text += "\n…";
      break;
    }
    text += (text.empty() ? "" : "\n") + line;
  }
  return text;
}

std::string event_key(const Message& message) {
  if (message.event == Event::recall) return "recall";
  if (message.event == Event::edit) return "edit " + sha256_hex(message.text);
  return "message";
}

bool for_the_bot(const Message& message, const Reading& reading) {
  return !reading.statements.empty() || reading.addressed || message.mentioned || message.direct;
}

/// 是, 不是 or a digit alone: means something only right after a question.
bool bare_answer(const Reading& reading) {
  if (reading.statements.size() != 1) return false;
  const Statement& s = reading.statements.front();
  if (s.action != Action::reference) return false;
  return s.act == Act::choice || (!s.ref && (s.act == Act::yes || s.act == Act::no));
}

/// The reply to a message that means the bot; "" where it turned out to be chatter.
void respond(Context& ctx, const Reading& reading) {
  if (ctx.message.event == Event::recall) return recall(ctx);
  if (ctx.message.event == Event::edit && ctx.revises) return edit(ctx);
  if (!reading.list && said_again(ctx)) return;
  ctx.dispatch(reading.statements);
  if (ctx.refused()) return;
  if (reading.statements.empty()) {
    ctx.say(what_to_type());
  } else if (!reading.unread.empty() && reading.addressed) {
    std::string parts;
    for (const std::string& part : reading.unread) {
      parts += (parts.empty() ? "" : "；") + quoted(part);
    }
    ctx.say("没看懂：" + parts);
  }
}

/// Whether a refusal comes before anything is written: reports first settle all that they may be
/// refused for, and a question writes nothing.
bool refused_first(const Context& ctx, const Reading& reading) {
  if (ctx.revises) return false;
  if (reading.statements.empty()) return true;
  const Command* const only = command_for(reading.statements.front().action);
  return only != nullptr && (only->run == report || only->run == query) &&
         std::all_of(reading.statements.begin(), reading.statements.end(),
                     [&](const Statement& s) { return command_for(s.action) == only; });
}

/// A refusal keeps nothing of the message, however much of it had been recorded by then.
void respond_whole(Context& ctx, const Reading& reading) {
  std::optional<Savepoint> attempt;
  if (!refused_first(ctx, reading)) attempt.emplace(ctx.db);
  respond(ctx, reading);
  if (!ctx.refused()) {
    if (attempt) attempt->keep();
    return;
  }
  if (!attempt && !ctx.entries.empty()) throw std::logic_error("refused after it was recorded");
  ctx.lines = {ctx.refusal};
  ctx.entries.clear();
  ctx.reported = false;
}

}  // namespace

Entry Context::entry(Kind kind) const {
  Entry e;
  e.group = message.group;
  e.message = message.id;
  e.user = message.user;
  e.user_name = message.user_name;
  e.time = message.time;
  e.day = day;
  e.kind = kind;
  return e;
}

void Context::dispatch(const std::vector<Statement>& statements) {
  if (reading->list && !statements.empty()) return post_list(*this, statements);
  for (std::size_t i = 0; i < statements.size() && !refused();) {
    const Command* command = command_for(statements[i].action);
    std::size_t end = i + 1;
    while (end < statements.size() && command_for(statements[end].action) == command) ++end;
    if (command == nullptr) {
      refuse("这个说法还不支持。更多请发：帮助");
    } else {
      command->run(*this, std::span(statements).subspan(i, end - i));
    }
    i = end;
  }
}

Outcome Context::append(Entry entry, const Change& change) {
  Outcome outcome = ledger.append(std::move(entry), change);
  entries.push_back(outcome.number);
  return outcome;
}

std::string ledger_item(Database& /*database*/, const Catalogue& catalogue,
                        const std::string& /*group*/, const std::string& said) {
  const Catalogue::Item* item = catalogue.find(said);
  return item == nullptr ? quoted(said) : item->name;
}

Reply answer(Database& database, const Message& message, const Reading& alone, const Policy& policy,
             std::chrono::sys_seconds now) {
  Context ctx(database, message, policy, now);
  const std::string event = event_key(message);
  if (const auto first = ctx.messages.find(message.group, message.id, event)) {
    return {first->reply, first->entries, true};
  }
  const bool recalled = message.event == Event::recall;
  const bool revises =
      message.event != Event::message && ctx.messages.answered(message.group, message.id);
  if (recalled && !revises) return {};
  std::optional<Reading> quoting;
  if (!message.quote.empty() && !recalled) quoting = read_quoted_reply(ctx, alone);
  const Reading& reading = quoting ? *quoting : alone;
  if (!revises && !for_the_bot(message, reading)) {
    ctx.questions.spoke(message.group, message.user);
    return {};
  }

  ctx.member = ctx.groups.member(message.group, message.user, now);
  if (policy.messages_a_minute > 0 && ctx.member.in_minute >= policy.messages_a_minute) {
    if (ctx.member.in_minute > policy.messages_a_minute) return {.too_many = true};
    ctx.groups.count(message.group, message.user, "", now);
    return {.text = "您发得太快了，这一条没有登记，请一分钟后再发。", .too_many = true};
  }

  ctx.reading = &reading;
  ctx.revises = revises;
  ctx.stored_text = stored_text(message, reading);
  ctx.day = policy.day(message.group, message.time);
  ctx.coordinator = policy.coordinators.contains(message.user) || ctx.member.coordinator;
  // Refused or not, it is the next message of whom the bot had asked something.
  const bool bare = bare_answer(reading);
  if (message.event == Event::message && !bare) ctx.questions.spoke(message.group, message.user);
  respond_whole(ctx, reading);
  if (ctx.lines.empty() && ctx.entries.empty()) {
    if (bare) ctx.questions.spoke(message.group, message.user);
    return {};
  }
  ctx.groups.count(message.group, message.user, ctx.reported ? message.id : "", now);

  StoredMessage stored;
  stored.group = message.group;
  stored.id = message.id;
  stored.event = event;
  stored.user = message.user;
  stored.user_name = message.user_name;
  stored.time = message.time;
  stored.received = now;
  stored.text = ctx.stored_text;
  stored.reply = joined(ctx.lines);
  stored.entries = ctx.entries;
  ctx.messages.insert(stored);
  return {stored.reply, stored.entries, false};
}
