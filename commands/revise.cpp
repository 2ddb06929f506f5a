#include "commands/revise.h"

#include <algorithm>

#include <fmt/format.h>

#include "commands/amend.h"
#include "commands/doubt.h"
#include "commands/jielong.h"
#include "commands/report.h"
#include "commands/stated_sum.h"
#include "commands/sums.h"
#include "commands/tally.h"
#include "commands/target.h"

namespace {

/// What the message recorded and still stands, in order; not what its edits did to that.
std::vector<Standing> recorded_by(Context& ctx) {
  const auto made = ctx.ledger.made_by(ctx.message.group, ctx.message.id);
  std::vector<Standing> found;
  for (const Standing& entry : made) {
    const bool own = (entry.kind == Kind::correction || entry.kind == Kind::voided) &&
                     std::any_of(made.begin(), made.end(),
                                 [&](const Standing& one) { return one.number == entry.ref; });
    if (entry.voided_by == 0 && !own) found.push_back(entry);
  }
  return found;
}

void take_back(Context& ctx, const Standing& target) {
  Entry e = act_on(ctx, Kind::voided, target);
  e.quantity = target.quantity;
  ctx.append(e);
  ctx.say("已撤销 " + named_now(target));
  if (target.kind <= Kind::adjust) say_state(ctx, {as_entry(target)});
}

/// What a reference to the same entry says now of the one that it had made.
std::optional<Change> difference(Context& ctx, const Standing& was, const Statement& s) {
  const auto target = standing_target(ctx, *s.ref);
  if (!target) return std::nullopt;
  Change change;
  if (s.quantity) {
    const auto figure = figure_about(ctx, *target, s);
    if (!figure) return std::nullopt;
    if (figure->kept.quantity != was.quantity) change.quantity = figure->kept.quantity;
    if (figure->kept.unit != was.unit) change.unit = figure->kept.unit;
  }
  if (!s.place.empty() && s.place != was.place) change.place = s.place;
  return change;
}

bool reports(const Statement& s) { return s.action <= Action::activity; }

/// Whether the statement says again what the entry says, with other figures.
bool same_act(const Standing& was, const Statement& s) {
  if (was.ref == 0 && was.kind <= Kind::activity) return reports(s) && !s.zero;
  if (s.action != Action::reference || s.ref != was.ref) return false;
  return (was.kind == Kind::received && s.act == Act::received) ||
         (was.kind == Kind::in_transit && s.act == Act::in_transit) ||
         (was.kind == Kind::done && s.act == Act::done && s.quantity && was.quantity);
}

void say_edited(Context& ctx, const Standing& was) {
  const auto now = ctx.ledger.find(was.group, was.number).value();
  ctx.say("已按修改更正 " + named_now(now));
  Entry state = as_entry(now);
  if (now.kind == Kind::done) state.kind = Kind::need;
  if (state.kind <= Kind::adjust) say_state(ctx, {state});
}

/// Corrects one entry to what the edited text says in its place.
void correct_one(Context& ctx, const Standing& was, const Statement& s) {
  const Standing kept = as_kept(ctx, was);
  std::optional<Change> change;
  if (reports(s)) {
    const auto now = entry_of(ctx, s);
    if (!now) return;
    change = difference(ctx, kept, *now);
  } else {
    change = difference(ctx, kept, s);
  }
  if (!change || encode(*change).empty()) return;
  if (was.kind <= Kind::activity && !can_become(ctx, was, *change)) return;
  Entry e = correction_of(ctx, kept, *change);
  e.said = change->said.value_or("");
  Entry as = e;
  as.kind = change->kind.value_or(was.kind);
  as.ref = was.ref;
  if (ctx.settled.empty() && change->quantity && implausible(ctx, as, was.number)) {
    return hold_implausible(ctx, s, as, was.number);
  }
  ctx.append(e, *change);
  say_edited(ctx, was);
}

}  // namespace

Change difference(Context& ctx, const Standing& was, const Entry& counts) {
  const Entry said = ctx.ledger.said(was.group, was.number).value();
  // What 加急 did to it since is no part of what it says.
  const bool urgent = ctx.ledger.unsettled(was.group, was.number).value().urgent;
  Entry now = counts;
  if (now.spoken) {
    now.item = now.spoken->item;
    now.unit = now.spoken->unit;
    now.place = now.spoken->place;
    now.quantity = now.spoken->quantity;
  }
  Change change;
  if (now.quantity && now.quantity != was.quantity) change.quantity = now.quantity;
  change.unknown = !now.quantity && was.quantity;
  if (now.unit != was.unit) change.unit = now.unit;
  if (now.item != was.item) change.item = now.item;
  if (now.place != was.place) change.place = now.place;
  if (now.kind != was.kind) change.kind = now.kind;
  if (now.counterpart != was.counterpart) change.counterpart = now.counterpart;
  if (now.word != was.word && now.kind == Kind::adjust) change.word = now.word;
  if (now.urgent != urgent) change.urgent = now.urgent;
  if (now.replaces != was.replaces) change.replaces = now.replaces;
  if (now.own_only != was.own_only) change.own_only = now.own_only;
  if (now.expected && now.expected != was.expected) change.expected = now.expected;
  if (now.value && now.value != said.value) change.value = now.value;
  if (encode(change).empty()) return change;
  change.approx = now.approx;
  change.said = now.said;
  return change;
}

void recall(Context& ctx) {
  ctx.questions.close_all_of(ctx.message.group, ctx.message.id);
  for (const Standing& target : recorded_by(ctx)) take_back(ctx, target);
}

void edit(Context& ctx) {
  ctx.questions.close_all_of(ctx.message.group, ctx.message.id);
  if (ctx.reading->list) return post_list(ctx, ctx.reading->statements);
  const std::vector<Standing> was = recorded_by(ctx);
  std::vector<const Statement*> said;
  std::vector<Statement> sums;
  const std::vector<Statement>& all = ctx.reading->statements;
  const std::vector<StatedSum> stated = stated_sums(ctx.message.text, all);
  for (const Statement& s : all) {
    const auto at = static_cast<std::size_t>(&s - all.data());
    if (std::any_of(stated.begin(), stated.end(), [&](const auto& sum) { return sum.at == at; })) {
      continue;
    }
    if (reports(s) && s.cumulative) {
      sums.push_back(s);
    } else {
      said.push_back(&s);
    }
  }
  for (std::size_t i = 0; i < std::max(was.size(), said.size()) && !ctx.refused(); ++i) {
    if (i < was.size() && i < said.size() && same_act(was[i], *said[i])) {
      correct_one(ctx, was[i], *said[i]);
      continue;
    }
    if (i < was.size()) take_back(ctx, was[i]);
  }
  // What is new is read from the message's own statements: a question must find its place there.
  for (std::size_t i = 0; i < said.size() && !ctx.refused(); ++i) {
    if (i < was.size() && same_act(was[i], *said[i])) continue;
    ctx.dispatch(std::span(said[i], 1));
  }
  say_where_unequal(ctx, all, stated);
  compare_sums(ctx, sums);
}

void correct_to(Context& ctx, std::int64_t number, const std::vector<Statement>& said) {
  for (const Statement& s : said) {
    const auto was = standing_target(ctx, number);
    if (!was) return;
    if (s.action == Action::correction) {
      Statement about = s;
      about.ref = number;
      correct(ctx, std::span(&about, 1));
    } else {
      correct_one(ctx, *was, s);
    }
  }
}
