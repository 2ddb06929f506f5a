#include "commands/sums.h"

#include <algorithm>

#include <fmt/format.h>

#include "commands/doubt.h"
#include "commands/report.h"
#include "commands/tally.h"
#include "commands/wording.h"
#include "storage/figures.h"

namespace {

/// What a statement says of one line of the ledger, and what the ledger has.
struct Sum {
  Entry entry;
  Days days;
  Quantity kept;

  Quantity lacks() const { return *entry.quantity - kept; }
};

/// The days of a statement; without a stated day everything up to the message.
Days days_of(const Context& ctx, const Statement& s) {
  Days days{std::nullopt, ctx.day};
  if (s.period == Period::today && !s.up_to) days.from = ctx.day;
  if (s.period == Period::yesterday) days.to = ctx.day - 1;
  if (s.period == Period::yesterday && !s.up_to) days.from = ctx.day - 1;
  if (s.period == Period::stated) {
    days.from = s.from_day;
    if (s.to_day) days.to = std::min(*s.to_day, ctx.day);
  }
  return days;
}

std::optional<Sum> sum_of(Context& ctx, const Statement& s) {
  auto entry = entry_of(ctx, s);
  if (!entry || !entry->quantity) return std::nullopt;
  Sum sum{std::move(*entry), days_of(ctx, s), {}};
  const Entry& e = sum.entry;
  sum.kept = told(ctx.db, e.group, e.kind, e.item, e.unit, e.place, sum.days);
  return sum;
}

std::string words(const Sum& sum) {
  const Entry& e = sum.entry;
  const std::string_view done = e.kind == Kind::adjust ? std::string_view(e.word)
                                : e.kind == Kind::activity ? std::string_view("")
                                                           : verb(e.kind);
  return quoted(fmt::format("{}{} 累计{} {}", e.place, e.item, done, amount(*e.quantity, e.unit)));
}

/// The difference as an entry of the statement's kind, on the statement's last day.
Entry difference(const Context& ctx, const Sum& sum, bool day_stated) {
  Entry e = sum.entry;
  e.quantity = sum.lacks();
  e.said = "补记 " + to_string(*e.quantity) + e.unit;
  e.spoken.reset();
  e.place.clear();
  e.counterpart.clear();
  e.expected.reset();
  e.value.reset();
  e.replaces = e.own_only = false;
  const std::int64_t last = sum.days.to.value_or(ctx.day);
  e.day = last;
  e.time -= std::chrono::days(static_cast<int>(ctx.day - last));
  e.covers_from = sum.days.from;
  // Up to the message, not to the end of its day, where no day was said.
  e.covers_to = day_stated ? last : last - 1;
  return e;
}

}  // namespace

void compare_sums(Context& ctx, const std::vector<Statement>& said) {
  std::vector<std::size_t> lacking;
  for (const Statement& s : said) {
    const auto sum = sum_of(ctx, s);
    if (!sum) return;
    if (sum->lacks() == Quantity{}) {
      ctx.say(words(*sum) + "，与账上一致，已核对。");
    } else if (sum->lacks() < Quantity{}) {
      ctx.say(fmt::format("{}，账上 {}，账上多 {}，请协调员核对。", words(*sum),
                          amount(sum->kept, sum->entry.unit),
                          amount(-sum->lacks(), sum->entry.unit)));
    } else {
      ctx.say(fmt::format("{}，账上 {}，少记 {}。", words(*sum),
                          amount(sum->kept, sum->entry.unit),
                          amount(sum->lacks(), sum->entry.unit)));
      lacking.push_back(static_cast<std::size_t>(&s - said.data()));
    }
  }
  if (lacking.empty()) return;
  // The statement is the message: its sums are settled together.
  std::vector<std::size_t> parts;
  std::size_t nth = 0;
  const auto& all = ctx.reading->statements;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!all[i].cumulative) continue;
    if (std::find(lacking.begin(), lacking.end(), nth) != lacking.end()) parts.push_back(i);
    ++nth;
  }
  const auto number = hold(ctx, "statement", 0, parts);
  ctx.ask(fmt::format("累计数只核对，不计入。要补记差额请发（协调员发 补差 {}）：", number), "补差");
}

void add_difference(Context& ctx, const Question& question) {
  as_held(ctx, question, [](Context& then, std::vector<Statement>& said) {
    std::vector<Entry> recorded;
    for (const Statement& s : said) {
      const auto sum = sum_of(then, s);
      if (!sum) return;
      if (sum->lacks() <= Quantity{}) {
        then.say(words(*sum) + "，账上已经够了，没有补记。");
        continue;
      }
      Entry e = difference(then, *sum, s.period != Period::all);
      const Outcome outcome = then.append(e);
      e.number = outcome.number;
      then.say(fmt::format("{}（补记，{}）", named(e), date_words(e.day)));
      then.reported = true;
      recorded.push_back(std::move(e));
    }
    say_state(then, recorded);
    for (const Entry& e : recorded) then.say(fmt::format("撤销请发：撤销 #{}", e.number));
  });
}

void add_difference(Context& ctx, const Statement& s) {
  const Message& m = ctx.message;
  const auto question = s.ref ? ctx.questions.find_open(m.group, *s.ref)
                              : ctx.questions.latest(m.group, m.user, "statement");
  if (!question || question->kind != "statement") {
    return ctx.refuse("没有等着补差的累计数。请先发一遍累计，例如：累计发放 口罩 5000只", "汇总");
  }
  if (question->user != m.user && !ctx.coordinator) {
    return ctx.refuse("补差要由报累计数的人或协调员来发。", "汇总");
  }
  ctx.questions.close(m.group, question->number);
  add_difference(ctx, *question);
}
