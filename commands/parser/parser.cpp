#include "commands/parser/parser.h"

#include <algorithm>

#include "commands/parser/acts.h"
#include "commands/parser/contacts.h"
#include "commands/parser/cursor.h"
#include "commands/parser/form.h"
#include "commands/parser/grammar.h"
#include "commands/parser/jielong.h"
#include "commands/parser/table.h"
#include "commands/parser/text.h"
#include "commands/parser/tokens.h"

namespace {

/// The days over which a message adds up: 截至2月9日累计, 2月1日-2月9日共计, 今天累计.
void date_sums(const Text& text, std::int64_t today, Reading& reading) {
  const bool sums = std::any_of(reading.statements.begin(), reading.statements.end(),
                                [](const Statement& s) { return s.cumulative; });
  if (!sums) return;
  const std::u32string_view key = text.key;
  const bool up_to = key.find(U"截至") != key.npos || key.find(U"截止") != key.npos;
  const SaidDays days = days_in(key, today);
  for (Statement& s : reading.statements) {
    if (!s.cumulative) continue;
    s.up_to = up_to;
    s.period = days.period;
    // One date alone is the last day.
    if (days.from != days.to) s.from_day = days.from;
    s.to_day = days.to;
  }
}

/// What the reading of one message needs and the next one can use again.
struct Workspace {
  Text text;
  Tokens tokens;
};

/// A thread keeps no more room than for messages of this length.
constexpr std::size_t kKept = 4096;

void read_goods(std::string_view bytes, const Text& text, const Tokens& tokens,
                const Catalogue& catalogue, Reading& reading) {
  if (auto table = tokens.lines != 0 ? read_table(bytes, text, catalogue) : std::nullopt) {
    reading = std::move(*table);
  } else if (const auto form = tokens.colons > 1 ? read_form(text) : std::nullopt) {
    read_report(form->lines, scan(form->lines, catalogue), catalogue, reading);
    apply_form(*form, reading);
  } else {
    read_report(text, tokens, catalogue, reading);
  }
}
/// 是, 不是 and 3 are answers without any cue; longer messages are none.
constexpr std::size_t kShort = 8;

}  // namespace

Reading read(std::string_view text, const Catalogue& catalogue, std::int64_t today) {
  thread_local Workspace kept;
  Workspace own;
  auto& [folded, tokens] = text.size() <= kKept ? kept : own;
  fold(text, folded);
  scan(folded, catalogue, tokens);
  auto contacts = contacts_of(folded, tokens.private_numbers);
  std::vector<Span> private_numbers;
  for (const Span& found : tokens.private_numbers) {
    private_numbers.push_back(folded.original(found.from, found.to));
  }
  const bool may_act = tokens.marks.has(Cue::act) || folded.key.size() <= kShort;
  const bool may_ask = tokens.marks.has(Cue::question) || (tokens.marks.name && !tokens.figures);
  const bool may_list = tokens.marks.has(Cue::list);
  Reading reading;
  if (const auto list = may_list ? read_list(folded, catalogue, tokens) : std::nullopt) {
    scan(list->goods, catalogue, tokens);
    read_report(list->goods, tokens, catalogue, reading, list->entries.front().from);
    tie_to_list(*list, tokens, reading);
  } else if (auto act = may_act ? read_act(folded, catalogue, today) : std::nullopt) {
    reading = std::move(*act);
  } else if (auto question =
                 may_ask ? read_question(folded, tokens, catalogue, today) : std::nullopt) {
    reading = std::move(*question);
  } else if (tokens.figures || tokens.marks.name) {  // else there is nothing to report on
    read_goods(text, folded, tokens, catalogue, reading);
    date_sums(folded, today, reading);
  }
  reading.contacts = std::move(contacts);
  reading.private_numbers = std::move(private_numbers);
  return reading;
}
