#include "commands/message.h"

#include "commands/parser/wrapping.h"

void unwrap(Message& message) {
  auto said = unwrap(std::string_view(message.text));
  if (!said) return;
  message.text = std::move(said->text);
  if (message.quote.empty()) message.quote = std::move(said->quote);
}
