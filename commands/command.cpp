#include "commands/command.h"

#include <array>

#include <fmt/format.h>

#include "commands/admin.h"
#include "commands/amend.h"
#include "commands/between.h"
#include "commands/context.h"
#include "commands/digest.h"
#include "commands/direct.h"
#include "commands/doubt.h"
#include "commands/jielong.h"
#include "commands/match.h"
#include "commands/enough.h"
#include "commands/own_names.h"
#include "commands/privacy.h"
#include "commands/parser/parser.h"
#include "commands/parser/text.h"
#include "commands/query.h"
#include "commands/quoted_reply.h"
#include "commands/report.h"
#include "commands/revise.h"
#include "commands/rights.h"
#include "commands/views.h"
#include "commands/wording.h"

namespace {

constexpr std::size_t kReplyBytes = 2000;
constexpr std::chrono::seconds kSameAgain{10};  // see Message::earlier_id

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
    Command{Action::verify, Action::verify, verify},
    Command{Action::query, Action::query, query},
    Command{Action::match, Action::match, match},
    Command{Action::brief, Action::brief, show_views},
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

/// A code that makes coordinators is no part of a text that is kept.
std::string kept_text(const Message& message, const Reading& reading) {
  for (const Statement& s : reading.statements) {
    if (s.action == Action::admin && s.word == "认领管理") return "认领管理 ****";
  }
  return message.text;
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

/// Figures that cannot be made sure are asked about, and nothing is recorded.
void refuse_doubt(Context& ctx, const Reading& reading) {
  const std::string said = reading.unread.empty() ? "" : quoted(reading.unread.front());
  const char* why = "";
  switch (reading.doubt) {
    case Doubt::two_figures:
      why = "一样东西写了两个数，看不出是哪个。请只写一个再发一遍。";
      break;
    case Doubt::parts_differ:
      why = "总数和各处的数对不上。请改好再发一遍，或只写各处的数。";
      break;
    case Doubt::due_and_short:
      why = "应到、实到和短少对不上。请改好再发一遍。";
      break;
    case Doubt::count_differs:
      why = "盘点要写现在一共有多少。只知道差多少的，请写 盘亏 或 盘盈 再发一遍。";
      break;
    default:
      why = "数量要大于 0。请改好数量再发一遍。";
      break;
  }
  ctx.refuse(fmt::format("没有登记：“{}” {}", said, why), "帮助");
}

/// The reply to a message that means the bot; "" where it turned out to be chatter.
void respond(Context& ctx, const Reading& reading) {
  if (ctx.message.event == Event::recall) return recall(ctx);
  if (ctx.message.event == Event::edit && ctx.revises) return edit(ctx);
  if (reading.doubt != Doubt::none) return refuse_doubt(ctx, reading);
  if (!reading.list && said_again(ctx)) return;
  ctx.dispatch(reading.statements);
  if (ctx.refused()) return;
  if (reading.statements.empty()) {
    ctx.say(ctx.message.text.empty() ? text_only() : what_to_type());
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
    ctx.lines.insert(ctx.lines.end(), ctx.notes.begin(), ctx.notes.end());
    ctx.lines.insert(ctx.lines.end(), ctx.asked.begin(), ctx.asked.end());
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
  e.answered = !settled.empty();
  return e;
}

void Context::dispatch(std::span<const Statement> statements) {
  if (reading->list && !statements.empty()) return post_list(*this, statements);
  for (std::size_t i = 0; i < statements.size() && !refused();) {
    const Command* command = command_for(statements[i].action);
    std::size_t end = i + 1;
    while (end < statements.size() && command_for(statements[end].action) == command &&
           right_of(statements[end]).least == right_of(statements[i]).least) {
      ++end;
    }
    const Right right = right_of(statements[i]);
    if (right.least == Least::coordinator && !coordinator) {
      refuse(fmt::format("“{}”只有本群协调员可以用。", right.command), "帮助");
    } else if (command == nullptr) {
      refuse("这个说法还不支持。更多请发：", "帮助");
    } else {
      command->run(*this, statements.subspan(i, end - i));
    }
    i = end;
  }
}

Outcome Context::append(Entry entry, const Change& change) {
  const bool shipment = entry.kind == Kind::in_transit && !entry.place.empty();
  const bool receipt = entry.kind == Kind::received || entry.kind == Kind::distributed;
  const bool amends = entry.kind == Kind::correction || entry.kind == Kind::voided;
  const bool between = shipment || (member.linked && (receipt || amends));
  Outcome outcome;
  if (!between) {
    outcome = ledger.append(std::move(entry), change);
    entries.push_back(outcome.number);
    return outcome;
  }
  outcome = ledger.append(entry, change);
  entries.push_back(outcome.number);
  entry.number = outcome.number;
  if (amends) {
    follow_in_other_group(*this, ledger.root(entry.group, entry.ref));
  } else {
    tell_other_group(*this, entry, outcome);
  }
  return outcome;
}

std::string ledger_item(Database& database, const Catalogue& catalogue, const std::string& group,
                        const std::string& said) {
  if (const Catalogue::Item* item = catalogue.find(said)) return item->name;
  const Rules rules = read_rules(database, group);
  const std::string folded = to_utf8(name_key(said));
  const std::string means = rules.item(folded);
  return means == folded ? quoted(said) : means;
}

namespace {

Reply answer_in_group(Database& database, const Message& message, const Reading& heard,
                      const Policy& policy, std::chrono::sys_seconds now) {
  Context ctx(database, message, policy, now);
  const std::string event = event_key(message);
  const bool known = ctx.messages.known(message.group, message.id);
  const auto first = known ? ctx.messages.find(message.group, message.id, event) : std::nullopt;
  if (first) return {first->reply, first->entries, true};
  if (!message.earlier_id.empty()) {
    const auto earlier = ctx.messages.find(message.group, message.earlier_id, event);
    if (earlier && now - earlier->received < kSameAgain) {
      return {earlier->reply, earlier->entries, true};
    }
  }
  const bool recalled = message.event == Event::recall;
  const bool revises = message.event != Event::message && known;
  if (recalled && !revises) return {};
  // The text that came late is not what the message says any more.
  if (message.event == Event::message && known) return {};
  ctx.member = ctx.groups.member(message.group, message.user, now);
  std::optional<Reading> renamed;
  if (ctx.member.rules) {
    renamed = read_own_names(message.text, ctx.ledger.rules(message.group), policy,
                             policy.day(message.group, message.time), heard);
  } else {
    ctx.ledger.know_no_rules(message.group);
  }
  const Reading& alone = renamed ? *renamed : heard;
  std::optional<Reading> quoting;
  if (!message.quote.empty() && !recalled) quoting = read_quoted_reply(ctx, alone);
  const Reading& reading = quoting ? *quoting : alone;
  if (!revises && !for_the_bot(message, reading)) {
    if (ctx.member.asked) ctx.questions.spoke(message.group, message.user);
    return {};
  }

  if (policy.messages_a_minute > 0 && ctx.member.in_minute >= policy.messages_a_minute) {
    if (ctx.member.in_minute > policy.messages_a_minute) return {.too_many = true};
    ctx.groups.count(message.group, message.user, "", now);
    return {.text = "您发得太快了，这一条没有登记，请一分钟后再发。", .too_many = true};
  }

  ctx.reading = &reading;
  ctx.revises = revises;
  ctx.event = event;
  ctx.stored_text = kept_text(message, reading);
  ctx.day = policy.day(message.group, message.time);
  ctx.coordinator = !message.name_only &&
                    (policy.coordinators.contains(message.user) || ctx.member.coordinator);
  // Refused or not, it is the next message of whom the bot had asked something.
  const bool bare = bare_answer(reading);
  if (ctx.member.asked && message.event == Event::message && !bare) {
    ctx.questions.spoke(message.group, message.user);
  }
  respond_whole(ctx, reading);
  const bool nothing = ctx.lines.empty() && ctx.entries.empty();
  if (ctx.member.asked && bare && (ctx.refused() || nothing)) {
    ctx.questions.spoke(message.group, message.user);
  }
  if (nothing) return {};
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
  if (ctx.forgets_sender) {
    stored.user_name.clear();
    stored.text.clear();
  }
  stored.reply = joined(ctx.lines);
  stored.entries = ctx.entries;
  ctx.messages.insert(stored);
  return {stored.reply, stored.entries, false};
}

}  // namespace

Reply answer(Database& database, const Message& message, const Reading& reading,
             const Policy& policy, std::chrono::sys_seconds now) {
  const auto discreet = without_numbers(message, policy);
  const Message& said = discreet ? discreet->message : message;
  const Reading& heard = discreet ? discreet->reading : reading;
  const auto in_group = [&](const Message& there) {
    Reply reply = answer_in_group(database, there, heard, policy, now);
    if (discreet && !reply.duplicate && !reply.text.empty()) {
      for (const StoredContact& contact : discreet->contacts) {
        Contacts(database).add(there.group, there.id, contact, there.time);
      }
    }
    return reply;
  };
  if (!said.direct) return in_group(said);
  return answer_direct(database, said, heard, policy, now, in_group);
}
