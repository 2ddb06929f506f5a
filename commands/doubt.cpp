#include "commands/doubt.h"

#include <algorithm>

#include <fmt/format.h>

#include "commands/amend.h"
#include "commands/own_names.h"
#include "commands/parser/parser.h"
#include "commands/parser/reply.h"
#include "commands/report.h"
#include "commands/revise.h"
#include "commands/sums.h"
#include "commands/tally.h"
#include "commands/wording.h"
#include "storage/figures.h"
#include "storage/plausible.h"

namespace {

constexpr std::chrono::minutes kAnswerWithin{2};
constexpr std::chrono::minutes kSameTextWithin{2};
constexpr std::chrono::hours kSameNeedWithin{24};

/// Whether saying it once more would count once more.
bool counts(const Statement& s) {
  if (s.action == Action::reference && s.quantity) {
    return s.act == Act::received || s.act == Act::in_transit || s.act == Act::done;
  }
  return s.action <= Action::activity && !s.cumulative;
}

std::size_t index_of(const Context& ctx, const Statement& s) {
  return static_cast<std::size_t>(&s - ctx.reading->statements.data());
}

/// The entry as a line to look beside.
Standing line_of(const Entry& e) {
  Standing line;
  line.group = e.group;
  line.item = e.item;
  line.unit = e.unit;
  line.quantity = e.quantity;
  line.place = e.place;
  line.time = e.time;
  line.user = e.user;
  return line;
}

std::optional<std::int64_t> same_open_need(Context& ctx, const Entry& e) {
  // Without a place only the sender's own need can be meant again.
  return ctx.ledger.standings().same_need(line_of(e), kSameNeedWithin,
                                          e.place.empty() ? e.user : "");
}

// Told by the same sender, or with nearly the same figure: perhaps the other end, perhaps not.
std::optional<std::int64_t> perhaps_other_end(Context& ctx, const Entry& e) {
  const bool delivery = e.kind == Kind::distributed || e.kind == Kind::received;
  if (!delivery || e.place.empty() || !e.quantity) return std::nullopt;
  const Standing line = line_of(e);
  auto& standings = ctx.ledger.standings();
  const Kind other = e.kind == Kind::distributed ? Kind::received : Kind::distributed;
  // 应到 500 实到 480 is the other end of the 500.
  const Quantity due = e.expected ? std::max(*e.expected, *e.quantity) : *e.quantity;
  // Within a fifth of what was told: told·4/5 ≤ this ≤ told·6/5.
  const Quantity least{(e.quantity->thousandths * 5 + 5) / 6};
  const Quantity most{e.quantity->thousandths * 5 / 4};
  const auto near = standings.pairable_at(line, other, least, most, false);
  if (!near && due == *e.quantity) return std::nullopt;
  if (standings.pairable_at(line, other, due, due, true)) return std::nullopt;
  if (const auto same = standings.pairable_at(line, other, due, due, false)) return same->number;
  return near ? std::optional(near->number) : std::nullopt;
}

std::optional<Action> choice(std::int64_t digit) {
  switch (digit) {
    case 1:
      return Action::distributed;
    case 2:
      return Action::need;
    case 3:
      return Action::received;
    case 4:
      return Action::offer;
    default:
      return std::nullopt;
  }
}

/// A question that is answered, and where it asked whether goods went: the only place in need.
struct Answered {
  Question question;
  std::optional<std::string> place;
};

/// Before any of them is carried out: the first may meet the need that the others are for, too.
std::vector<Answered> as_asked(Context& ctx, std::vector<Question> questions) {
  std::vector<Answered> answered;
  for (Question& q : questions) {
    std::optional<std::string> place;
    if (q.kind == "place") {
      const auto given = ctx.ledger.find(q.group, q.about);
      if (given) place = only_place_in_need(ctx, given->group, given->item);
    }
    answered.push_back({std::move(q), std::move(place)});
  }
  return answered;
}

/// Records what an answered question had held back.
void record_held(Context& ctx, const Answered& answered, std::optional<Action> as) {
  const Question& question = answered.question;
  if (question.kind == "statement") return add_difference(ctx, question);
  as_held(ctx, question, [&](Context& then, std::vector<Statement>& parts) {
    if (question.kind == "place") return give_to(then, question.about, answered.place);
    if (question.kind == "implausible" && question.about != 0) {
      return correct_to(then, question.about, parts);
    }
    for (Statement& s : parts) {
      if (as) s.action = *as;
    }
    then.dispatch(parts);
  });
}

}  // namespace

std::int64_t hold(Context& ctx, const std::string& kind, std::int64_t about,
                  const std::vector<std::size_t>& parts) {
  Question q;
  q.group = ctx.message.group;
  q.user = ctx.message.user;
  q.kind = kind;
  q.about = about;
  q.message = ctx.message.id;
  q.event = ctx.event;
  q.parts = parts;
  q.asked = ctx.message.time;
  return ctx.questions.ask(q);
}

bool implausible(Context& ctx, const Entry& e, std::int64_t without) {
  return far_beyond(ctx.db, e, without);
}

void hold_implausible(Context& ctx, const Statement& s, const Entry& e, std::int64_t about) {
  const auto number = hold(ctx, "implausible", about, {index_of(ctx, s)});
  const std::string what =
      about == 0 ? e.item + " " + amount(*e.quantity, e.unit)
                 : fmt::format("#{} 改成 {}", about, amount(*e.quantity, e.unit));
  ctx.ask(fmt::format("{} 比以往多得多，先不计入（待确认 {}）。没错请发：", quoted(what), number),
          fmt::format("确认 {}", number));
}

bool in_doubt(Context& ctx, const Statement& s, const Entry& e) {
  if (!ctx.settled.empty()) return false;
  const auto asked = [&](const std::string& kind, std::int64_t about, const std::string& what) {
    hold(ctx, kind, about, {index_of(ctx, s)});
    ctx.ask(fmt::format("{} {}吗？是的话请发：", quoted(e.item), what),
            fmt::format("是 #{}", about));
    return true;
  };
  if (e.kind == Kind::need && !s.replaces && !s.adds) {
    if (const auto same = same_open_need(ctx, e)) {
      return asked("repeat", *same, fmt::format("和 #{} 一样，是另一笔", *same));
    }
  }
  if (const auto sum = covered_by(ctx.db, e)) {
    return asked("covered", *sum, fmt::format("那天的数 #{} 已经补记，是另外一笔", *sum));
  }
  if (const auto other = perhaps_other_end(ctx, e)) {
    return asked("other_end", *other, fmt::format("和 #{} 像是同一批，是另一批", *other));
  }
  if (!implausible(ctx, e)) return false;
  hold_implausible(ctx, s, e, 0);
  return true;
}

bool said_again(Context& ctx) {
  std::vector<std::size_t> parts;
  for (const Statement& s : ctx.reading->statements) {
    if (counts(s)) parts.push_back(index_of(ctx, s));
  }
  if (parts.empty()) return false;
  StoredMessage message;
  message.group = ctx.message.group;
  message.id = ctx.message.id;
  message.user = ctx.message.user;
  message.time = ctx.message.time;
  message.text = ctx.stored_text;
  const auto same = ctx.messages.same_text(message, kSameTextWithin);
  if (!same) return false;
  const auto stands = std::find_if(same->entries.begin(), same->entries.end(), [&](auto number) {
    const auto entry = ctx.ledger.find(message.group, number);
    return entry && entry->voided_by == 0 && entry->kind <= Kind::done;
  });
  if (stands == same->entries.end()) return false;
  hold(ctx, "again", *stands, parts);
  ctx.ask(fmt::format("和 #{} 一样，是另一批吗？是的话请发：", *stands),
          fmt::format("是 #{}", *stands));
  return true;
}

void as_held(Context& ctx, const Question& question,
             const std::function<void(Context&, std::vector<Statement>&)>& record) {
  const auto held = ctx.messages.find(ctx.message.group, question.message, question.event);
  if (!held) return ctx.refuse("那条消息已经不在了，请重新发一遍。", "帮助");
  Message message = ctx.message;
  message.id = held->id;
  message.user = held->user;
  message.user_name = held->user_name;
  message.text = held->text;
  message.time = held->time;
  Context then(ctx.db, message, ctx.policy, ctx.now);
  then.event = question.event;
  then.day = ctx.policy.day(message.group, message.time);
  then.member = ctx.groups.member(message.group, message.user, ctx.now);
  then.coordinator = !message.name_only && (ctx.policy.coordinators.contains(message.user) ||
                                            then.member.coordinator);
  then.settled = question.kind;
  Reading reading = read(held->text, *ctx.policy.catalogue, then.day);
  const Rules& rules = ctx.ledger.rules(message.group);
  if (auto renamed = read_own_names(held->text, rules, ctx.policy, then.day, reading)) {
    reading = std::move(*renamed);
  }
  // What was said under a quotation has its meaning from there, and is about what the question names.
  const bool corrects = std::any_of(
      reading.statements.begin(), reading.statements.end(),
      [](const Statement& s) { return s.action == Action::correction; });
  if (question.kind == "implausible" && question.about != 0 && question.event == "message" &&
      !corrects) {
    reading.statements = read_answer_to_entry(held->text, *ctx.policy.catalogue);
  }
  std::vector<Statement> parts;
  for (const std::size_t part : question.parts) {
    if (part < reading.statements.size()) parts.push_back(reading.statements[part]);
  }
  then.reading = &reading;
  record(then, parts);
  if (then.refused()) return ctx.refuse(then.refusal);
  if (then.reported) ctx.groups.reported(message.group, message.user, message.id);
  ctx.lines.insert(ctx.lines.end(), then.lines.begin(), then.lines.end());
  ctx.notes.insert(ctx.notes.end(), then.notes.begin(), then.notes.end());
  ctx.asked.insert(ctx.asked.end(), then.asked.begin(), then.asked.end());
  ctx.entries.insert(ctx.entries.end(), then.entries.begin(), then.entries.end());
}

bool settle(Context& ctx, const Statement& s) {
  const Message& m = ctx.message;
  std::vector<Question> questions;
  if (s.act == Act::confirm && s.ref) {
    if (auto one = ctx.questions.find_open(m.group, *s.ref)) questions.push_back(std::move(*one));
    if (questions.empty()) {
      ctx.refuse(fmt::format("没有待确认 {}。", *s.ref), "我的");
      return true;
    }
  } else if (s.act != Act::choice && s.ref) {
    auto one = ctx.questions.open_about(m.group, *s.ref, m.user);
    if (!one) one = ctx.questions.open_about(m.group, *s.ref, "");
    if (!one) {
      ctx.refuse(fmt::format("#{} 没有等着回答的问题。", *s.ref), fmt::format("#{}", *s.ref));
      return true;
    }
    questions.push_back(std::move(*one));
  } else {
    questions = ctx.questions.bare(m.group, m.user, m.time - kAnswerWithin);
    // Only as the next message: whatever it means, the next one means nothing.
    ctx.questions.spoke(m.group, m.user);
    const bool digit = s.act == Act::choice;
    std::erase_if(questions, [&](const Question& q) {
      return q.kind == "statement" || q.kind.starts_with("choose") != digit ||
             (s.ref == 4 && q.kind != "choose_of_list");
    });
    if (questions.empty()) return false;
    if (digit && !choice(s.ref.value_or(0))) return false;
  }
  const auto held = [](const Question& q) { return q.kind != "stale"; };
  const bool any_held = std::any_of(questions.begin(), questions.end(), held);
  for (const Answered& answered : as_asked(ctx, std::move(questions))) {
    const Question& question = answered.question;
    if (question.user != m.user && !ctx.coordinator) {
      ctx.refuse("这要由被问的人或协调员来回答。", "帮助");
      return true;
    }
    ctx.questions.close(m.group, question.number);
    if (!held(question)) {
      ctx.say(s.act == Act::no ? fmt::format("不需要了请发：完成 #{}", question.about)
                               : fmt::format("好的，#{} 还需要，继续等。", question.about));
      continue;
    }
    if (s.act == Act::no) continue;
    record_held(ctx, answered, s.act == Act::choice ? choice(*s.ref) : std::nullopt);
    if (ctx.refused()) return true;
  }
  if (s.act == Act::no && any_held) {
    ctx.say("好的，没有另外登记。");
  }
  return true;
}
