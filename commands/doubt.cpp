#include "commands/doubt.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "commands/parser/parser.h"
#include "commands/report.h"
#include "commands/wording.h"
#include "storage/figures.h"

namespace {

constexpr std::chrono::minutes kAnswerWithin{2};
constexpr std::chrono::minutes kSameTextWithin{2};
constexpr std::chrono::hours kSameNeedWithin{24};
constexpr Quantity kPlausibleBelow = Quantity::whole(1000);
constexpr int kTimesUsual = 10;
constexpr std::int64_t kUsualAfter = 10;

bool reports(const Statement& s) { return s.action <= Action::activity; }

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
  // Within a fifth of what was told: told·4/5 ≤ this ≤ told·6/5.
  const Quantity least{(e.quantity->thousandths * 5 + 5) / 6};
  const Quantity most{e.quantity->thousandths * 5 / 4};
  const auto near = standings.pairable_at(line, other, least, most, false);
  if (!near) return std::nullopt;
  if (standings.pairable_at(line, other, *e.quantity, *e.quantity, true)) return std::nullopt;
  const auto same = standings.pairable_at(line, other, *e.quantity, *e.quantity, false);
  return same ? same->number : near->number;
}

/// Records what was held back, in the name and at the time of the message that said it.
void record_held(Context& ctx, const Question& question, std::optional<Action> as) {
  const auto held = ctx.messages.find(ctx.message.group, question.message, "message");
  if (!held) return ctx.refuse("那条消息已经不在了，请重新发一遍。");
  Message message = ctx.message;
  message.id = held->id;
  message.user = held->user;
  message.user_name = held->user_name;
  message.text = held->text;
  message.time = held->time;
  Reading reading = read(held->text, *ctx.policy.catalogue);
  std::vector<Statement> parts;
  for (const std::size_t part : question.parts) {
    if (part >= reading.statements.size()) continue;
    Statement& s = reading.statements[part];
    if (as) s.action = *as;
    parts.push_back(s);
  }
  reading.statements = std::move(parts);

  Context then(ctx.db, message, ctx.policy, ctx.now);
  then.reading = &reading;
  then.member = ctx.groups.member(message.group, message.user, ctx.now);
  then.coordinator = ctx.coordinator;
  then.settled = true;
  then.day = ctx.policy.day(message.group, message.time);
  then.dispatch(reading.statements);
  if (then.refused()) return ctx.refuse(then.refusal);
  if (then.reported) ctx.groups.reported(message.group, message.user, message.id, ctx.now);
  ctx.lines.insert(ctx.lines.end(), then.lines.begin(), then.lines.end());
  ctx.entries.insert(ctx.entries.end(), then.entries.begin(), then.entries.end());
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

}  // namespace

std::int64_t hold(Context& ctx, const std::string& kind, std::int64_t about,
                  const std::vector<std::size_t>& parts) {
  Question q;
  q.group = ctx.message.group;
  q.user = ctx.message.user;
  q.kind = kind;
  q.about = about;
  q.message = ctx.message.id;
  q.parts = parts;
  q.asked = ctx.message.time;
  return ctx.questions.ask(q);
}

bool implausible(Context& ctx, const Entry& e, std::int64_t without) {
  if (!e.quantity || *e.quantity < kPlausibleBelow || e.ref != 0) return false;
  // What is below a hundred makes nothing plausible that has to be looked at here: an index holds
  // the others alone.
  const auto largest = ctx.db.integer(
      "SELECT max(quantity) FROM standing WHERE grp = $1 AND item = $2 AND unit = $3 AND kind = $4"
      " AND voided_by = 0 AND ref IS NULL AND quantity >= 100000 AND number <> $5",
      {e.group, e.item, e.unit, word(e.kind), without});
  if (largest && *e.quantity < Quantity{*largest}.times(kTimesUsual)) return false;
  const auto many = ctx.db.integer(
      "SELECT count(*) FROM (SELECT 1 FROM standing WHERE grp = $1 AND item = $2 AND unit = $3"
      " AND kind = $4 AND voided_by = 0 AND ref IS NULL AND number <> $5 AND quantity IS NOT NULL"
      " LIMIT $6) AS some",
      {e.group, e.item, e.unit, word(e.kind), without, kUsualAfter});
  return many == kUsualAfter;
}

bool in_doubt(Context& ctx, const Statement& s, const Entry& e) {
  if (ctx.settled) return false;
  const std::vector<std::size_t> part{index_of(ctx, s)};
  if (e.kind == Kind::need && !s.replaces && !s.adds) {
    if (const auto same = same_open_need(ctx, e)) {
      hold(ctx, "repeat", *same, part);
      ctx.say(fmt::format("{} 和 #{} 一样，是另一笔吗？是的话请发：", quoted(e.item), *same));
      ctx.say(fmt::format("是 #{}", *same));
      return true;
    }
  }
  if (const auto other = perhaps_other_end(ctx, e)) {
    hold(ctx, "other_end", *other, part);
    ctx.say(fmt::format("{} 和 #{} 像是同一批，是另一批吗？是的话请发：", quoted(e.item), *other));
    ctx.say(fmt::format("是 #{}", *other));
    return true;
  }
  if (implausible(ctx, e)) {
    const auto number = hold(ctx, "implausible", 0, part);
    ctx.say(fmt::format("{} {} 比以往多得多，先不计入（待确认 {}）。没错请发：", quoted(e.item),
                        amount(*e.quantity, e.unit), number));
    ctx.say(fmt::format("确认 {}", number));
    return true;
  }
  return false;
}

bool said_again(Context& ctx) {
  std::vector<std::size_t> parts;
  for (const Statement& s : ctx.reading->statements) {
    if (reports(s)) parts.push_back(index_of(ctx, s));
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
    return entry && entry->voided_by == 0 && entry->kind <= Kind::activity;
  });
  if (stands == same->entries.end()) return false;
  hold(ctx, "again", *stands, parts);
  ctx.say(fmt::format("和 #{} 一样，是另一批吗？是的话请发：", *stands));
  ctx.say(fmt::format("是 #{}", *stands));
  return true;
}

void compare_statement(Context& ctx, const Statement& s) {
  const auto entry = entry_of(ctx, s);
  if (!entry || !entry->quantity) return;
  if (entry->kind == Kind::activity) {
    Quantity kept;
    for (const MetricRow& row : metrics(ctx.db, entry->group, {})) {
      if (row.name == entry->item && row.unit == entry->unit) kept = row.quantity;
    }
    ctx.say(fmt::format("{} 累计 {}，账上 {}；累计数只核对，不计入。", quoted(entry->item),
                        amount(*entry->quantity, entry->unit), amount(kept, entry->unit)));
    return;
  }
  TotalRow kept;
  std::optional<std::string> place;
  if (!entry->place.empty()) place = entry->place;
  for (const auto& row :
       totals(ctx.db, {.group = entry->group, .item = entry->item, .place = place, .days = {}})) {
    if (row.unit == entry->unit) kept = row;
  }
  Quantity known = kept.distributed;
  if (entry->kind == Kind::received) known = kept.received;
  if (entry->kind == Kind::used) known = kept.used;
  if (entry->kind == Kind::need) known = kept.needed;
  if (entry->kind == Kind::offer) known = kept.offered;
  const Quantity stated = *entry->quantity;
  const std::string what = quoted(
      fmt::format("{} 累计{} {}", entry->item, verb(entry->kind), amount(stated, entry->unit)));
  if (stated == known) return ctx.say(what + "，与账上一致。");
  ctx.say(fmt::format("{}，账上 {}，{} {}；累计数只核对，不计入。", what,
                      amount(known, entry->unit), stated > known ? "少记" : "多记",
                      amount(stated > known ? stated - known : known - stated, entry->unit)));
}

bool settle(Context& ctx, const Statement& s) {
  const Message& m = ctx.message;
  std::optional<Question> question;
  if (s.act == Act::confirm && s.ref) {
    question = ctx.questions.find_open(m.group, *s.ref);
    if (!question) {
      ctx.refuse(fmt::format("没有待确认 {}。", *s.ref));
      return true;
    }
  } else if (s.act != Act::choice && s.ref) {
    question = ctx.questions.open_about(m.group, *s.ref, m.user);
    if (!question) question = ctx.questions.open_about(m.group, *s.ref, "");
    if (!question) {
      ctx.refuse(fmt::format("#{} 没有等着回答的问题。", *s.ref));
      return true;
    }
  } else {
    question = ctx.questions.bare(m.group, m.user, m.time - kAnswerWithin);
    const bool digit = s.act == Act::choice;
    if (!question || (question->kind == "choose") != digit) return false;
    if (digit && !choice(s.ref.value_or(0))) return false;
  }
  if (question->user != m.user && !ctx.coordinator) {
    ctx.refuse("这要由被问的人或协调员来回答。");
    return true;
  }
  ctx.questions.close(m.group, question->number);
  if (s.act == Act::no) {
    ctx.say("好的，没有另外登记。");
    return true;
  }
  record_held(ctx, *question, s.act == Act::choice ? choice(*s.ref) : std::nullopt);
  return true;
}
