#include "commands/parser/parser.h"

#include "commands/parser/acts.h"
#include "commands/parser/contacts.h"
#include "commands/parser/form.h"
#include "commands/parser/grammar.h"
#include "commands/parser/jielong.h"
#include "commands/parser/table.h"
#include "commands/parser/text.h"
#include "commands/parser/tokens.h"

namespace {

/// What the reading of one message needs and the next one can use again.
struct Workspace {
  Text text;
  Tokens tokens;
};

/// A thread keeps no more room than for messages of this length.
constexpr std::size_t kKept = 4096;

void read_goods(std::string_view bytes, const Text& text, const Tokens& tokens,
                const Catalogue& catalogue, Reading& reading) {
  if (auto table = read_table(bytes, text, catalogue)) {
    reading = std::move(*table);
  } else if (const auto form = read_form(text)) {
    read_report(form->lines, scan(form->lines, catalogue), catalogue, reading);
    apply_form(*form, reading);
  } else {
    read_report(text, tokens, catalogue, reading);
  }
}

}  // namespace

Reading read(std::string_view text, const Catalogue& catalogue, std::int64_t today) {
  thread_local Workspace kept;
  Workspace own;
  auto& [folded, tokens] = text.size() <= kKept ? kept : own;
  fold(text, folded);
  scan(folded, catalogue, tokens);
  Reading reading;
  if (const auto list = read_list(folded, catalogue)) {
    const Tokens goods = scan(list->goods, catalogue);
    read_report(list->goods, goods, catalogue, reading, list->entries.front().from);
    tie_to_list(*list, goods, reading);
  } else if (auto act = read_act(folded, catalogue, today)) {
    reading = std::move(*act);
  } else if (auto question = read_question(folded, tokens, catalogue, today)) {
    reading = std::move(*question);
  } else if (tokens.figures || tokens.goods) {  // else there is nothing to report on
    read_goods(text, folded, tokens, catalogue, reading);
  }
  reading.contacts = contacts_of(folded, tokens.private_numbers);
  for (const Span& found : tokens.private_numbers) {
    reading.private_numbers.push_back(folded.original(found.from, found.to));
  }
  return reading;
}
