#include "commands/parser/parser.h"

#include "commands/parser/acts.h"
#include "commands/parser/grammar.h"
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

}  // namespace

Reading read(std::string_view text, const Catalogue& catalogue, std::int64_t today) {
  thread_local Workspace kept;
  Workspace own;
  auto& [folded, tokens] = text.size() <= kKept ? kept : own;
  fold(text, folded);
  scan(folded, catalogue, tokens);
  Reading reading;
  if (auto act = read_act(folded, catalogue, today)) {
    reading = std::move(*act);
  } else if (auto question = read_question(folded, tokens, catalogue, today)) {
    reading = std::move(*question);
  } else if (tokens.figures || tokens.goods) {  // else there is nothing to report on
    read_report(folded, tokens, catalogue, reading);
  }
  for (const Span& found : tokens.private_numbers) {
    reading.private_numbers.push_back(folded.original(found.from, found.to));
  }
  return reading;
}
