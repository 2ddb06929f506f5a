#include "commands/quoted_reply.h"

#include <algorithm>

#include <fmt/format.h>

#include "commands/parser/private.h"
#include "commands/parser/reply.h"
#include "commands/wording.h"

namespace {

constexpr std::chrono::hours kQuotable{72};
constexpr std::size_t kMostNumbers = 50;

bool digit(char c) { return c >= '0' && c <= '9'; }

/// The first #n of a line; 0 where there is none.
std::int64_t first_number(std::string_view line) {
  for (auto at = line.find('#'); at != line.npos; at = line.find('#', at + 1)) {
    std::int64_t number = 0;
    std::size_t end = at + 1;
    while (end < line.size() && end - at <= 15 && digit(line[end])) {
      number = number * 10 + (line[end++] - '0');
    }
    if (number > 0) return number;
  }
  return 0;
}

/// The entries that an answer of the bot is about: the first of each line. What it shows to be
/// copied counts only where nothing else names one.
std::vector<std::int64_t> numbers_in(std::string_view quote) {
  std::vector<std::int64_t> told, shown;
  while (!quote.empty() && told.size() + shown.size() < kMostNumbers) {
    const auto end = quote.find('\n');
    const std::string_view line = quote.substr(0, end);
    quote.remove_prefix(end == quote.npos ? quote.size() : end + 1);
    const std::int64_t number = first_number(line);
    if (number == 0) continue;
    const auto says = [&](std::string_view word) { return line.find(word) != line.npos; };
    const bool to_copy = says("请发") || says("可发") || says("照旧保留");
    auto& list = to_copy ? shown : told;
    if (std::find(list.begin(), list.end(), number) == list.end()) list.push_back(number);
  }
  return told.empty() ? shown : told;
}

/// The number that an answer of the bot gives for taking back what it did.
std::int64_t way_back(std::string_view quote) {
  constexpr std::string_view kShown = "请发：撤销 #";
  const auto at = quote.rfind(kShown);
  return at == quote.npos ? 0 : first_number(quote.substr(at));
}

/// What the quoted message itself had recorded: one's own; a coordinator may quote anybody.
std::vector<std::int64_t> made_by(Context& ctx, std::string_view quote) {
  const Message& m = ctx.message;
  bool cut = false;
  for (const std::string_view dots : {"…", "..."}) {
    if (!quote.ends_with(dots)) continue;
    quote.remove_suffix(dots.size());
    cut = quote.size() >= 12;
  }
  const bool coordinator = !m.name_only && (ctx.policy.coordinators.contains(m.user) ||
                                            ctx.member.coordinator);
  std::vector<std::string> texts{masked(quote)};
  for (const std::string_view colon : {"：", ": ", ":"}) {
    if (!m.user_name.empty() && quote.starts_with(m.user_name + std::string(colon))) {
      texts.push_back(masked(quote.substr(m.user_name.size() + colon.size())));
    }
  }
  for (const std::string& text : texts) {
    const auto since = m.time - kQuotable;
    auto id = ctx.messages.saying(m.group, m.user, text, cut, since);
    if (!id && coordinator) id = ctx.messages.saying(m.group, "", text, cut, since);
    if (id) return ctx.messages.entries_of(m.group, *id);
  }
  return {};
}

std::vector<std::int64_t> quoted_entries(Context& ctx) {
  std::vector<std::int64_t> numbers = numbers_in(ctx.message.quote);
  if (numbers.empty()) numbers = made_by(ctx, ctx.message.quote);
  std::vector<std::int64_t> stand;
  for (const auto number : numbers) {
    const auto s = ctx.ledger.find(ctx.message.group, number);
    if (s && s->voided_by == 0 && s->kind != Kind::voided) stand.push_back(number);
  }
  return stand.empty() ? numbers : stand;
}

bool without_number(const Statement& s) {
  return !s.ref && (s.action == Action::correction || s.action == Action::cancel);
}

/// 是 under a question of the bot that says "是 #12".
std::optional<Reading> answer_to_question(const Message& message, const Reading& alone) {
  const Statement& s = alone.statements.front();
  if (s.ref || (s.act != Act::yes && s.act != Act::no)) return std::nullopt;
  const auto at = message.quote.find("是 #");
  if (at == std::string::npos) return std::nullopt;
  Reading reading = alone;
  reading.statements.front().ref = first_number(std::string_view(message.quote).substr(at));
  return reading;
}

}  // namespace

std::optional<Reading> read_quoted_reply(Context& ctx, const Reading& alone) {
  const auto& said = alone.statements;
  std::vector<Statement> about;
  if (!said.empty() && std::all_of(said.begin(), said.end(), without_number)) {
    about = said;
  } else if (said.size() == 1 && said.front().action == Action::reference &&
             (said.front().act == Act::yes || said.front().act == Act::no)) {
    return answer_to_question(ctx.message, alone);
  } else {
    const bool speaks = std::any_of(said.begin(), said.end(), [](const Statement& s) {
      const bool digit = s.action == Action::reference && s.act == Act::choice;
      return s.action != Action::other && !digit;
    });
    if (speaks || ctx.message.quote.find("请回数字") != std::string::npos) return std::nullopt;
    about = read_answer_to_entry(ctx.message.text, *ctx.policy.catalogue);
  }
  if (about.empty()) return std::nullopt;
  const std::vector<std::int64_t> numbers = quoted_entries(ctx);
  if (numbers.empty()) return std::nullopt;

  Reading reading = alone;
  reading.statements.clear();
  reading.unread.clear();
  reading.addressed = true;
  reading.intent = about.front().action;
  for (Statement& s : about) {
    if (s.action == Action::correction) {
      ctx.quoted = numbers;  // which of them is decided where it is corrected
      reading.statements.push_back(std::move(s));
      continue;
    }
    if (s.quantity && numbers.size() > 1) return std::nullopt;
    if (s.action == Action::cancel && way_back(ctx.message.quote) != 0) {
      s.ref = way_back(ctx.message.quote);
      reading.statements.push_back(std::move(s));
      continue;
    }
    for (const auto number : numbers) {
      s.ref = number;
      reading.statements.push_back(s);
    }
  }
  return reading;
}
