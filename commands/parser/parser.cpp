#include "commands/parser/parser.h"

#include "commands/parser/acts.h"
#include "commands/parser/contacts.h"
#include "commands/parser/form.h"
#include "commands/parser/grammar.h"
#include "commands/parser/jielong.h"
#include "commands/parser/table.h"
#include "commands/parser/text.h"
#include "commands/parser/tokens.h"

Reading read(std::string_view text, const Catalogue& catalogue, std::int64_t today) {
  const Text folded = fold(text);
  const Tokens tokens = scan(folded, catalogue);
  Reading reading;
  if (const auto list = read_list(folded, catalogue)) {
    const Tokens goods = scan(list->goods, catalogue);
    read_report(list->goods, goods, catalogue, reading, list->entries.front().from);
    tie_to_list(*list, goods, reading);
  } else if (auto act = read_act(folded, catalogue, today)) {
    reading = std::move(*act);
  } else if (auto question = read_question(folded, catalogue, today)) {
    reading = std::move(*question);
  } else if (auto table = read_table(text, folded, catalogue)) {
    reading = std::move(*table);
  } else if (const auto form = read_form(folded)) {
    read_report(form->lines, scan(form->lines, catalogue), catalogue, reading);
    apply_form(*form, reading);
  } else {
    read_report(folded, tokens, catalogue, reading);
  }
  reading.contacts = contacts_of(folded, tokens.private_numbers);
  for (const Span& found : tokens.private_numbers) {
    reading.private_numbers.push_back(folded.original(found.from, found.to));
  }
  return reading;
}
