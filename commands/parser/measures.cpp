#include <algorithm>

#include "commands/parser/report.h"

/// 价值3.6万元: of goods with a figure it is their worth; of goods without one it is all that is
/// said of how much they are (药品价值120万元, 价值500万元的牛奶). False where it stands for them.
/// `later`: a figure follows; `before`: so many stand before it in the clause; `goods`: what stands
/// right before it without a figure.
bool Report::worth(Parts parts, std::size_t at, bool later, std::size_t before, const Part* goods) {
  const auto value = parts[at].token->number.value;
  if (!value) return true;
  const Measure worth{*value, unit(*parts[at].token)};
  if (later) {
    now_.worth = worth;
    return true;
  }
  const bool goods_after = at + 2 < parts.size() && text_.key[parts[at + 1].from] == U'的' &&
                           parts[at + 2].kind == Part::Kind::goods && parts[at + 2].known;
  if ((goods != nullptr && goods->known) || goods_after) return false;
  if (before == 1) {
    now_.worth = worth;
    return true;
  }
  if (Draft* draft = last_draft(); draft && draft->line == line_) draft->statement.value = worth;
  return true;
}

/// （一箱2000只）: one container and what it holds, told as two figures.
void Report::single_pack(Parts parts) {
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const Part& one = parts[i];
    const Part& per = parts[i + 1];
    if (one.kind != Part::Kind::quantity || per.kind != Part::Kind::quantity || !per.adjacent)
      continue;
    if (one.token->number.value != Quantity{1000} || !per.token->number.value) continue;
    const std::string of = unit(*one.token);
    for (std::size_t d = drafts_.size(); d > line_drafts_; --d) {
      Statement& s = drafts_[d - 1].statement;
      if (s.unit != of) continue;
      s.pack = Pack{*per.token->number.value, unit(*per.token), of};
      s.alt.reset();
      break;
    }
  }
}

void Report::pack(const Part& part) {
  if (!part.token->number.value) return;
  const Token& token = *part.token;
  Pack pack{*token.number.value, unit(token), surface(token.of_from, token.of_to)};
  Draft* best = nullptr;
  for (std::size_t d = line_drafts_; d < drafts_.size(); ++d) {
    if (!drafts_[d].statement.pack && drafts_[d].statement.unit == pack.of) best = &drafts_[d];
  }
  if (best == nullptr && drafts_.size() > line_drafts_ && !drafts_.back().statement.pack)
    best = &drafts_.back();
  if (best != nullptr) best->statement.pack = std::move(pack);
}

/// 应到500 实到480: the second figure is what came of the first.
bool Report::settle(const Part& actual) {
  Draft* draft = last_draft();
  if (draft == nullptr || draft->line != line_ ||
      (draft->statement.action != Action::received && draft->statement.action != Action::stock))
    return false;
  if (draft->statement.expected || !actual.token->number.value) return false;
  if (draft->statement.action == Action::received)
    draft->statement.expected = draft->statement.quantity;
  draft->statement.quantity = actual.token->number.value;
  if (draft->statement.unit.empty()) draft->statement.unit = unit(*actual.token);
  return true;
}
