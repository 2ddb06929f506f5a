#include "storage/entry.h"

#include <array>
#include <utility>

namespace {

constexpr std::array<std::pair<Kind, std::string_view>, 22> kWords{{
    {Kind::need, "need"},
    {Kind::offer, "offer"},
    {Kind::in_transit, "in_transit"},
    {Kind::received, "received"},
    {Kind::distributed, "distributed"},
    {Kind::stock, "stock"},
    {Kind::used, "used"},
    {Kind::adjust, "adjust"},
    {Kind::activity, "activity"},
    {Kind::done, "done"},
    {Kind::urgent, "urgent"},
    {Kind::another, "another"},
    {Kind::enough, "enough"},
    {Kind::missing, "not_received"},
    {Kind::none_left, "none_left"},
    {Kind::blocked, "blocked"},
    {Kind::verified, "verified"},
    {Kind::doubtful, "doubtful"},
    {Kind::match, "match"},
    {Kind::correction, "correction"},
    {Kind::voided, "void"},
    {Kind::admin, "admin"},
}};

}  // namespace

std::string_view word(Kind kind) {
  for (const auto& [known, text] : kWords) {
    if (known == kind) return text;
  }
  throw std::logic_error("a kind without a word");
}

std::optional<Kind> kind_from(std::string_view text) {
  for (const auto& [kind, known] : kWords) {
    if (known == text) return kind;
  }
  return std::nullopt;
}
