#pragma once

#include <span>
#include <string>
#include <vector>

#include "commands/command.h"
#include "storage/groups.h"
#include "storage/ledger.h"
#include "storage/lists.h"
#include "storage/messages.h"
#include "storage/questions.h"

/// What a handler may use while it answers one message. There is no clock and no network here on
/// purpose; the dispatcher opened the transaction, resolved the role and checked it.
struct Context {
  Context(Database& database, const Message& said, const Policy& policies,
          std::chrono::sys_seconds clock)
      : db(database),
        message(said),
        policy(policies),
        now(clock),
        ledger(database),
        groups(database),
        lists(database),
        questions(database),
        messages(database) {}

  Database& db;
  const Message& message;
  const Reading* reading = nullptr;  ///< of the message
  std::string stored_text;           ///< the message as it is kept: numbers of persons masked
  std::string event = "message";     ///< the key of its event (StoredMessage::event)
  const Policy& policy;
  std::chrono::sys_seconds now;
  Ledger ledger;
  Groups groups;
  Lists lists;
  Questions questions;
  Messages messages;
  Member member;  ///< the sender, in this group
  bool coordinator = false;
  std::int64_t day = 0;  ///< of the message, in the group's zone

  /// The kind of the question (Question::kind) while a held message is recorded after its answer:
  /// what is in doubt is settled then.
  std::string settled;

  /// The entries that a quoted message names or made, where this one answers it.
  std::vector<std::int64_t> quoted;

  /// An edit or recall of a message that the bot had answered.
  bool revises = false;

  std::vector<std::string> lines;     ///< the reply so far
  std::vector<std::string> notes;     ///< what follows at its end: what else came of it
  std::vector<std::string> asked;     ///< questions and what to answer: they end the reply
  std::vector<std::int64_t> entries;  ///< numbers made so far
  std::string refusal;                ///< nothing of the message is kept, this is the answer
  bool reported = false;              ///< goods or work were recorded
  bool forgets_sender = false;        ///< of this message, too, neither name nor text is kept

  void say(std::string line) { lines.push_back(std::move(line)); }
  /// A question and a line that answers it when it is copied back as it is.
  void ask(std::string what, std::string answer) {
    asked.push_back(std::move(what));
    asked.push_back(std::move(answer));
  }
  /// `next` is a line that helps on when it is copied back as it is.
  void refuse(std::string why, const std::string& next = "") {
    if (refusal.empty()) refusal = next.empty() ? std::move(why) : why + "\n" + next;
  }
  bool refused() const { return !refusal.empty(); }

  /// Hands statements to the commands that take them, until one refuses.
  void dispatch(std::span<const Statement> statements);

  /// An entry of this message, with everything but what it says filled in.
  Entry entry(Kind kind) const;
  /// Appends it and notes its number.
  Outcome append(Entry entry, const Change& change = {});
};
