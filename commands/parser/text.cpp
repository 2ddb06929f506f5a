#include "commands/parser/text.h"

#include <array>

#include <utf8proc.h>

#include "commands/parser/script_table.h"

namespace {

constexpr char32_t kReplacement = 0xFFFD;

char32_t decode(std::string_view bytes, std::size_t& at) {
  utf8proc_int32_t c = 0;
  const auto* from = reinterpret_cast<const utf8proc_uint8_t*>(bytes.data()) + at;
  const auto used = utf8proc_iterate(from, static_cast<utf8proc_ssize_t>(bytes.size() - at), &c);
  if (used <= 0) {
    ++at;
    return kReplacement;
  }
  at += static_cast<std::size_t>(used);
  return static_cast<char32_t>(c);
}

char32_t simplified(char32_t c) {
  if (c >= kScriptFirst && c <= kScriptLast) return kScriptTable[c - kScriptFirst];
  return c;
}

/// Characters that people do not see: joiners, marks of direction, variation selectors.
bool invisible(char32_t c) {
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || c == 0x2060 ||
         c == 0xFEFF || (c >= 0xFE00 && c <= 0xFE0F) || c == 0x00AD || c == 0x20E3;
}

/// Some signs must not become what they look like: a full-width comma never groups digits, and
/// circled numbers count list entries, not goods.
bool kept(char32_t c) {
  return c == U'，' || (c >= 0x2460 && c <= 0x24FF) || (c >= 0x2776 && c <= 0x2793);
}

class Folder {
 public:
  explicit Folder(std::size_t bytes) {
    text_.shown.reserve(bytes);
    text_.key.reserve(bytes);
    text_.origin.reserve(bytes + 1);
  }

  void add(char32_t c, std::uint32_t index) {
    if (c < 0x80) return put(c == '\t' || c == 0 ? U' ' : c, index);
    if (c >= 0x4E00 && c <= 0x9FFF) return put(simplified(c), index);
    if (invisible(c)) return;
    if (kept(c)) return put(c, index);
    if (c >= 0x1F000 || (c >= 0x2600 && c <= 0x27BF)) return put(U' ', index);  // pictures
    const auto* property = utf8proc_get_property(static_cast<utf8proc_int32_t>(c));
    // Canonical decompositions would take accents off their letters; only look-alikes are folded.
    if (property->decomp_type == 0) return put(simplified(c), index);
    std::array<utf8proc_int32_t, 32> parts{};
    int last_boundclass = 0;
    const auto count = utf8proc_decompose_char(
        static_cast<utf8proc_int32_t>(c), parts.data(), parts.size(),
        static_cast<utf8proc_option_t>(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT), &last_boundclass);
    if (count <= 0 || count > static_cast<utf8proc_ssize_t>(parts.size())) return put(c, index);
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      put(simplified(static_cast<char32_t>(parts[i])), index);
    }
  }

  Text take(std::uint32_t end) {
    text_.origin.push_back(end);
    return std::move(text_);
  }

 private:
  void put(char32_t c, std::uint32_t index) {
    if (c == U'\r') c = U'\n';
    if (c == U'—' || c == U'–' || c == U'−' || c == U'‐' || c == U'─') c = U'-';
    if (c == U'×' || c == U'✖' || c == U'✕') c = U'*';
    text_.shown.push_back(c);
    const bool ascii_upper = c >= U'A' && c <= U'Z';
    char32_t lower = ascii_upper ? c + 32 : c;
    if (c > 0x7F && (c < 0x2E80 || c > 0xABFF)) {
      lower = static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c)));
    }
    text_.key.push_back(lower);
    text_.origin.push_back(index);
  }

  Text text_;
};

}  // namespace

Span Text::original(std::size_t from, std::size_t to) const {
  if (from >= to) return {origin[from], origin[from]};
  return {origin[from], static_cast<std::size_t>(origin[to - 1]) + 1};
}

Text fold(std::string_view bytes) {
  Folder folder(bytes.size());
  std::uint32_t index = 0;
  for (std::size_t at = 0; at < bytes.size(); ++index) folder.add(decode(bytes, at), index);
  return folder.take(index);
}

void append_utf8(std::string& out, char32_t c) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto count = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), bytes.data());
  out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(count));
}

std::string to_utf8(std::u32string_view text) {
  std::string out;
  out.reserve(text.size() * 3);
  for (const char32_t c : text) append_utf8(out, c);
  return out;
}

std::u32string name_key(std::string_view bytes) {
  std::u32string key = fold(bytes).key;
  std::erase_if(key, [](char32_t c) { return c == U' ' || c == U'\n'; });
  return key;
}
