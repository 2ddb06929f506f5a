// Build-time tool: prints how every code point is folded (fold_table.h), from OpenCC's
// traditional-to-simplified mapping and utf8proc's compatibility decompositions.

#include <array>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include <opencc/SimpleConverter.hpp>
#include <utf8proc.h>

#include "commands/parser/fold_table.h"

namespace {

constexpr utf8proc_ssize_t kLongestSequence = 4;

std::string encode(char32_t c) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto count = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes.data());
  return {reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(count)};
}

/// The code point of a text of exactly one, else 0.
char32_t single(const std::string& text) {
  utf8proc_int32_t c = 0;
  const auto size = static_cast<utf8proc_ssize_t>(text.size());
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  return utf8proc_iterate(bytes, size, &c) == size ? static_cast<char32_t>(c) : 0;
}

char32_t simplified(char32_t c) {
  static const opencc::SimpleConverter converter("t2s.json");
  if (c < 0x3400 || c > 0x9FFF) return c;
  const char32_t to = single(converter.Convert(encode(c)));
  if (to == 0 || to > 0xFFFF || to == c) return c;
  return simplified(to);  // to the end, so that what is folded folds to itself
}

/// Characters that people do not see: joiners, marks of direction, variation selectors, tags.
bool invisible(char32_t c) {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || c == 0x2060 ||
         c == 0xFEFF || (c >= 0xFE00 && c <= 0xFE0F) || c == 0x00AD || c == 0x20E3 ||
         (c >= 0xE0000 && c <= 0xE0FFF);
}

/// Some signs must not become what they look like: a full-width comma never groups digits, and
/// circled numbers count list entries, not goods.
bool kept(char32_t c) {
  return c == U'，' || (c >= 0x2460 && c <= 0x24FF) || (c >= 0x2776 && c <= 0x2793);
}

bool picture(char32_t c) { return (c >= 0x1F000 && c <= 0x1FFFF) || (c >= 0x2600 && c <= 0x27BF); }

/// Canonical decompositions would take accents off their letters; only look-alikes are folded.
/// Whole phrases in one character (U+FDFA) stay: they would make a text many times longer.
std::vector<char32_t> look_alikes(char32_t c) {
  const auto* property = utf8proc_get_property(static_cast<utf8proc_int32_t>(c));
  std::array<utf8proc_int32_t, 32> parts{};
  int last_boundclass = 0;
  const auto count = property->decomp_type == 0
                         ? 0
                         : utf8proc_decompose_char(
                               static_cast<utf8proc_int32_t>(c), parts.data(), parts.size(),
                               static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT),
                               &last_boundclass);
  if (count <= 0 || count > kLongestSequence) return {c};
  return {parts.begin(), parts.begin() + count};
}

std::vector<char32_t> folded(char32_t c) {
  if (c == U'\t' || c == 0) return {U' '};
  if (invisible(c)) return {};
  if (c < 0x80 || kept(c)) return {c};
  if (picture(c)) return {U' '};
  std::vector<char32_t> to = look_alikes(c);
  for (char32_t& part : to) part = simplified(part);
  return to;
}

char32_t one_sign(char32_t c) {
  if (c == U'\r') return U'\n';
  if (c == U'—' || c == U'–' || c == U'−' || c == U'‐' || c == U'─') return U'-';
  if (c == U'×' || c == U'✖' || c == U'✕') return U'*';
  return c;
}

class Table {
 public:
  void add(char32_t c) {
    const std::vector<char32_t> to = folded(c);
    if (to.empty()) return set(c, static_cast<FoldEntry>(FoldKind::none) << 21);
    if (to.size() == 1) {
      const FoldEntry entry = one(to[0]);
      return set(c, entry == c ? 0 : entry);
    }
    const auto [at, added] = known_.try_emplace(to, sequences_.size());
    if (added) {
      sequences_.push_back(static_cast<FoldEntry>(to.size()));
      for (const char32_t part : to) sequences_.push_back(one(part));
    }
    set(c, static_cast<FoldEntry>(at->second) | static_cast<FoldEntry>(FoldKind::many) << 21);
  }

  void print() const {
    std::map<std::vector<FoldEntry>, std::size_t> pages;
    std::vector<const std::vector<FoldEntry>*> order;
    std::printf("#include \"commands/parser/fold_table.h\"\n\nconst std::uint8_t kFoldPage[] = {");
    for (const auto& page : pages_) {
      const auto [at, added] = pages.try_emplace(page, pages.size());
      if (added) order.push_back(&at->first);
      std::printf("%zu,", at->second);
    }
    std::printf("};\nstatic_assert(%zu <= 256);\nconst FoldEntry kFoldEntries[][256] = {\n",
                pages.size());
    for (const auto* page : order) {
      std::printf("{");
      for (const FoldEntry entry : *page) std::printf("0x%X,", entry);
      std::printf("},\n");
    }
    std::printf("};\nconst std::uint64_t kFoldChanges[][4] = {\n");
    for (const auto* page : order) {
      std::array<std::uint64_t, 4> bits{};
      for (std::size_t c = 0; c < page->size(); ++c) {
        if ((*page)[c] != 0) bits[c / 64] |= std::uint64_t{1} << c % 64;
      }
      std::printf("{");
      for (const std::uint64_t word : bits) std::printf("0x%llXU,", static_cast<unsigned long long>(word));
      std::printf("},\n");
    }
    std::printf("};\nconst FoldEntry kFoldSequences[] = {");
    for (const FoldEntry entry : sequences_) std::printf("0x%X,", entry);
    std::printf("};\nconst std::int32_t kFoldLower[] = {");
    for (const std::int32_t delta : deltas_) std::printf("%d,", delta);
    std::printf("};\nstatic_assert(%zu <= 256);\n", deltas_.size());
  }

 private:
  void set(char32_t c, FoldEntry entry) { pages_[c >> 8][c & 0xFF] = entry; }

  FoldEntry one(char32_t c) {
    c = one_sign(c);
    const auto lower = utf8proc_tolower(static_cast<utf8proc_int32_t>(c));
    const std::int32_t delta = lower - static_cast<std::int32_t>(c);
    std::size_t at = 0;
    while (at < deltas_.size() && deltas_[at] != delta) ++at;
    if (at == deltas_.size()) deltas_.push_back(delta);
    return static_cast<FoldEntry>(c) | static_cast<FoldEntry>(at) << 24;
  }

  std::vector<std::vector<FoldEntry>> pages_{(kFoldLast + 1) / 256, std::vector<FoldEntry>(256, 0)};
  std::vector<FoldEntry> sequences_;
  std::map<std::vector<char32_t>, std::size_t> known_;
  std::vector<std::int32_t> deltas_{0};
};

}  // namespace

int main() {
  Table table;
  for (char32_t c = 0; c <= kFoldLast; ++c) table.add(c);
  table.print();
}
