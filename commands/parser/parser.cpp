#include "commands/parser/parser.h"

#include "commands/parser/acts.h"
#include "commands/parser/grammar.h"
#include "commands/parser/text.h"
#include "commands/parser/tokens.h"

Reading read(std::string_view text, const Catalogue& catalogue, std::int64_t today) {
  const Text folded = fold(text);
  const Tokens tokens = scan(folded, catalogue);
  Reading reading;
  if (auto act = read_act(folded, catalogue, today)) {
    reading = std::move(*act);
  } else if (auto question = read_question(folded, catalogue, today)) {
    reading = std::move(*question);
  } else {
    read_report(folded, tokens, catalogue, reading);
  }
  for (const Span& found : tokens.private_numbers) {
    reading.private_numbers.push_back(folded.original(found.from, found.to));
  }
  return reading;
}
