#include "commands/attachment.h"

#include <sstream>

#include <fmt/format.h>

namespace {

constexpr std::string_view kPicture = "picture";
constexpr std::string_view kWorkbook = "workbook";
constexpr std::string_view kOpen = "-";

std::string end_of(const std::optional<std::int64_t>& day) {
  return day ? std::to_string(*day) : std::string(kOpen);
}

bool read_end(const std::string& word, std::optional<std::int64_t>& day) {
  if (word == kOpen) return true;
  std::istringstream in(word);
  std::int64_t number = 0;
  if (!(in >> number) || !in.eof()) return false;
  day = number;
  return true;
}

}  // namespace

std::string encode(const Attachment& a) {
  return fmt::format("{} {} {} {}", a.kind == Attachment::Kind::picture ? kPicture : kWorkbook,
                     end_of(a.days.from), end_of(a.days.to), a.of);
}

std::optional<Attachment> decode_attachment(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::string kind, from, to;
  Attachment a;
  if (!(in >> kind >> from >> to) || (kind != kPicture && kind != kWorkbook)) return std::nullopt;
  a.kind = kind == kPicture ? Attachment::Kind::picture : Attachment::Kind::workbook;
  if (!read_end(from, a.days.from) || !read_end(to, a.days.to)) return std::nullopt;
  std::getline(in >> std::ws, a.of);
  return a;
}
