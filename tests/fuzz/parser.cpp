// Reads any bytes as a message. What is found must lie inside the text, and reading is pure: the
// same text reads the same, whatever was read before it.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "commands/parser/json.h"
#include "commands/parser/parser.h"

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

void inside(const Span& span, std::size_t size) { must(span.from <= span.to && span.to <= size); }

void check(const Reading& reading, std::size_t size) {
  for (const Statement& s : reading.statements) {
    inside(s.span, size);
    inside(s.quantity_span, size);
    inside(s.item_span, size);
    must(!s.max || (s.quantity && s.quantity->thousandths <= s.max->thousandths));
    must(s.action != Action::activity || !s.item.empty());
  }
  for (const Span& number : reading.private_numbers) inside(number, size);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Catalogue& catalogue = Catalogue::built_in();
  const Reading reading = read(text, catalogue, 18'312);
  check(reading, size);  // a code point takes at least a byte
  if (reading.statements.empty()) return 0;
  read("发放N95口罩500只到三院，另需酒精20桶", catalogue, 18'312);
  must(prediction_json("x", reading) == prediction_json("x", read(text, catalogue, 18'312)));
  return 0;
}
