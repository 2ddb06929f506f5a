#include <algorithm>

#include "commands/parser/names.h"
#include "commands/parser/report.h"

namespace {

bool acts(const Part& part) { return part.is(Role::verb) || part.is(Role::weak); }

/// 捐, 捐了, 可捐: given or promised, whoever tells it.
bool gift(const Lexeme& lexeme) {
  return lexeme.action == Action::need ||
         (lexeme.action == Action::offer && lexeme.word.find(U'捐') != std::u32string_view::npos);
}

/// 满100元可以, 超过5个就: from what figure on something holds.
bool threshold(Parts parts, std::size_t i) {
  if (i == 0 || i + 1 >= parts.size() || parts[i].kind != Part::Kind::quantity) return false;
  const Part& before = parts[i - 1];
  if (!before.is(Role::about)) return false;
  const auto word = before.token->lexeme->word;
  const bool bound = word == U"超过" || word == U"超" || word == U"不到" || word == U"至少";
  return bound && parts[i + 1].is(Role::can);
}

}  // namespace

/// Whether the clause tells of what is only supposed (如果, 等…再), or of what others say.
bool Report::unreal(Parts parts, std::size_t first_quantity) {
  const auto first =
      std::find_if(parts.begin(), parts.end(), [](const Part& p) { return acts(p); });
  const bool asks = first != parts.end() && first->token->lexeme->action == Action::need;
  // 如果能协调到，我们需要200只: what is asked for is asked for all the same.
  if (supposed_ == sentence_ && !asks) return true;
  const bool when =
      std::any_of(parts.begin(), parts.end(), [](const Part& p) { return p.is(Role::when); });
  const std::u32string_view said = std::u32string_view(text_.key).substr(
      parts.front().from, parts.back().to - parts.front().from);
  const bool waited = said.starts_with(U"等了") || said.starts_with(U"等到了");
  const bool later = !waited && (said.front() == U'等' || said.front() == U'待') &&
                     (said.find_first_of(U"再就才后") != said.npos || said.back() == U'了');
  if (when || later) {
    supposed_ = sentence_;
    return true;
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (threshold(parts, i)) return true;
    // 某某捐了100万个给日本: news of the world.
    if (i > 0 && parts[i - 1].leads_to_place() && names_country(key(parts[i]))) return true;
    if (!parts[i].is(Role::says) || i > first_quantity) continue;
    if (i > 0 && parts[i - 1].kind == Part::Kind::place && !parts[i - 1].person &&
        !names_others(key(parts[i - 1])))
      continue;  // 三院说收到500只
    // 主任说还缺20套: passed on for them; 药店说明天有500个: hearsay.
    const auto told =
        std::find_if(parts.begin() + static_cast<std::ptrdiff_t>(i), parts.end(), acts);
    return told == parts.end() || !gift(*told->token->lexeme);
  }
  return false;
}
