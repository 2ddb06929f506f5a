#include "commands/parser/text.h"

#include "commands/parser/fold_table.h"

namespace {

constexpr char32_t kReplacement = 0xFFFD;

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// The code point at `at`, which moves behind it. One byte that begins none is U+FFFD.
char32_t decode(std::string_view bytes, std::size_t& at) {
  const auto bits = [&](std::size_t i) {
    return static_cast<unsigned char>(bytes[at + i]) & 0x3FU;
  };
  const std::size_t left = bytes.size() - at;
  const auto lead = static_cast<unsigned char>(bytes[at]);
  if (lead < 0x80) {
    ++at;
    return lead;
  }
  if (lead >= 0xE0 && lead < 0xF0 && left >= 3 && continues(bytes[at + 1]) &&
      continues(bytes[at + 2])) {
    const char32_t c = (lead & 0x0FU) << 12 | bits(1) << 6 | bits(2);
    if (c >= 0x800 && (c < 0xD800 || c > 0xDFFF)) {
      at += 3;
      return c;
    }
  } else if (lead >= 0xC2 && lead < 0xE0 && left >= 2 && continues(bytes[at + 1])) {
    const char32_t c = (lead & 0x1FU) << 6 | bits(1);
    at += 2;
    return c;
  } else if (lead >= 0xF0 && lead < 0xF5 && left >= 4 && continues(bytes[at + 1]) &&
             continues(bytes[at + 2]) && continues(bytes[at + 3])) {
    const char32_t c = (lead & 0x07U) << 18 | bits(1) << 12 | bits(2) << 6 | bits(3);
    if (c >= 0x10000 && c <= kFoldLast) {
      at += 4;
      return c;
    }
  }
  ++at;
  return kReplacement;
}

FoldEntry entry_of(char32_t c) {
  const std::size_t page = kFoldPage[c >> 8];
  if ((kFoldChanges[page][c >> 6 & 3] >> (c & 63) & 1) == 0) return 0;
  return kFoldEntries[page][c & 0xFF];
}

/// Writes into the three lists of a text side by side. They are kept long enough for one character
/// from each byte that is still to come.
class Folder {
 public:
  Folder(std::string_view bytes, Text& text) : bytes_(bytes), text_(text) { size(bytes.size()); }

  void run() {
    std::uint32_t index = 0;
    for (std::size_t at = 0; at < bytes_.size(); ++index) {
      const char32_t c = decode(bytes_, at);
      const FoldEntry entry = entry_of(c);
      if (entry == 0) {
        put(c, c, index);
      } else if (fold_kind(entry) == FoldKind::one) {
        put(entry, index);
      } else if (fold_kind(entry) == FoldKind::many) {
        sequence(&kFoldSequences[entry & kFoldCharacter], index, bytes_.size() - at);
      }
    }
    origin_[length_] = index;
    text_.shown.resize(length_);
    text_.key.resize(length_);
    text_.origin.resize(length_ + 1);
  }

 private:
  void size(std::size_t length) {
    text_.shown.resize(length);
    text_.key.resize(length);
    text_.origin.resize(length + 1);
    shown_ = text_.shown.data();
    key_ = text_.key.data();
    origin_ = text_.origin.data();
  }

  void put(char32_t shown, char32_t key, std::uint32_t index) {
    shown_[length_] = shown;
    key_[length_] = key;
    origin_[length_] = index;
    ++length_;
  }

  void put(FoldEntry entry, std::uint32_t index) {
    const char32_t c = entry & kFoldCharacter;
    put(c, static_cast<char32_t>(static_cast<std::int32_t>(c) + kFoldLower[entry >> 24]), index);
  }

  void sequence(const FoldEntry* entries, std::uint32_t index, std::size_t bytes_left) {
    const std::size_t count = entries[0];
    if (length_ + count + bytes_left > text_.key.size()) size(2 * (length_ + count + bytes_left));
    for (std::size_t i = 1; i <= count; ++i) put(entries[i], index);
  }

  std::string_view bytes_;
  Text& text_;
  char32_t* shown_ = nullptr;
  char32_t* key_ = nullptr;
  std::uint32_t* origin_ = nullptr;
  std::size_t length_ = 0;
};

}  // namespace

Span Text::original(std::size_t from, std::size_t to) const {
  if (from >= to) return {origin[from], origin[from]};
  return {origin[from], static_cast<std::size_t>(origin[to - 1]) + 1};
}

void fold(std::string_view bytes, Text& into) { Folder(bytes, into).run(); }

Text fold(std::string_view bytes) {
  Text text;
  fold(bytes, text);
  return text;
}

namespace {

/// Writes at most four bytes; where they end.
char* encode(char32_t c, char* to) {
  const auto tail = [&](int shift) { *to++ = static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c < 0x80) {
    *to++ = static_cast<char>(c);
  } else if (c < 0x800) {
    *to++ = static_cast<char>(0xC0 | c >> 6);
    tail(0);
  } else if (c < 0x10000) {
    *to++ = static_cast<char>(0xE0 | c >> 12);
    tail(6);
    tail(0);
  } else {
    *to++ = static_cast<char>(0xF0 | c >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
  return to;
}

}  // namespace

void append_utf8(std::string& out, char32_t c) {
  char bytes[4];
  out.append(bytes, encode(c, bytes));
}

std::string to_utf8(std::u32string_view text) {
  constexpr std::size_t kFew = 32;
  if (text.size() <= kFew) {
    char bytes[4 * kFew];
    char* end = bytes;
    for (const char32_t c : text) end = encode(c, end);
    return {bytes, end};
  }
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
