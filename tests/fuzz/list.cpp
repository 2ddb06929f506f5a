// Reads any bytes as a 接龙, bare and wrapped as WeChat wraps it. Every entry lies inside the text,
// behind the one before; what is read belongs to an entry; a list said again reads the same.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "commands/parser/jielong.h"
#include "commands/parser/json.h"
#include "commands/parser/parser.h"
#include "commands/parser/wrapping.h"

namespace {

constexpr std::int64_t kToday = 18'312;

void must(bool holds) {
  if (!holds) std::abort();
}

void check_entries(const Text& text, const ListText& list) {
  must(list.entries.size() == list.list.names.size());
  must(list.goods.key.size() == text.key.size() && list.goods.shown.size() == text.key.size());
  std::size_t behind = 0;
  for (const ListText::Range& entry : list.entries) {
    must(behind <= entry.from && entry.from <= entry.to && entry.to <= text.key.size());
    behind = entry.to;
  }
}

void check_reading(const Reading& reading, std::size_t size) {
  if (!reading.list) return;
  const std::size_t entries = reading.list->names.size();
  for (const Statement& s : reading.statements) {
    must(s.listed.has_value() && *s.listed < entries);
    must(s.span.from <= s.span.to && s.span.to <= size);
  }
  must(std::all_of(reading.list->unread.begin(), reading.list->unread.end(),
                   [&](std::size_t at) { return at < entries; }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string given(reinterpret_cast<const char*>(data), size);
  const std::string said = given.find("接龙") == given.npos ? "#接龙 口罩\n" + given : given;
  const Catalogue& catalogue = Catalogue::built_in();
  const Text text = fold(said);
  Tokens room;
  const auto list = read_list(text, catalogue, room);
  if (list) check_entries(text, *list);
  const Reading reading = read(said, catalogue, kToday);
  check_reading(reading, said.size());
  if (const auto wrapped = unwrap(given)) read(wrapped->text, catalogue, kToday);
  if (!reading.list) return 0;
  must(prediction_json("x", reading) == prediction_json("x", read(said, catalogue, kToday)));
  return 0;
}
