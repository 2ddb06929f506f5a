#include <algorithm>

#include "commands/parser/report.h"

// What was due, what of it came and what is short of it: 应到500 实到480, 收到480（应到500）,
// 收到480，短少20. All of them are one receipt.

namespace {

/// 少了 is only short of something that came; 短少 is a loss by itself, too.
bool tells_short(std::u32string_view word) {
  return word == U"短少" || word.starts_with(U"少") || word.starts_with(U"短了");
}

/// 缺20只, 差20只 after what came, and no more than that: short of it, not asked for.
bool may_tell_short(const Lexeme& word) {
  return word.role == Role::weak && (word.word == U"缺" || word.word == U"差");
}

bool same_goods(const Statement& s, const Noun* noun) {
  if (noun == nullptr) return true;
  return s.item == noun->surface || (!s.canonical.empty() && s.canonical == noun->canonical);
}

}  // namespace

/// The receipt of these goods that a figure completes.
Draft* Report::receipt(const Noun* noun, bool due, const std::string& unit) {
  for (std::size_t d = drafts_.size(); d > 0; --d) {
    Draft& draft = drafts_[d - 1];
    Statement& s = draft.statement;
    if (s.action != Action::received || draft.due != due || !same_goods(s, noun)) continue;
    if (!due && draft.line != line_) break;
    if (!s.unit.empty() && !unit.empty() && s.unit != unit) continue;
    return &draft;
  }
  return nullptr;
}

/// Takes a figure under `word` that says what was due, what came of it or what is short; false
/// where it counts goods like any other.
bool Report::settles(Parts parts, std::size_t at, const Noun* noun, const Lexeme* word) {
  const Token& token = *parts[at].token;
  if (word == nullptr || !token.number.value || counts_work(unit_key(token))) return false;
  const bool due = word->role == Role::expected;
  const bool came = !due && (word->role == Role::actual || word->action == Action::received);
  const Quantity value = *token.number.value;
  const std::string said = unit(token);
  const bool named = noun != nullptr || !now_.pending.empty();
  const Draft* shipment = may_tell_short(*word) && !named ? receipt(nullptr, false, said) : nullptr;
  const bool lacks = (word->action == Action::adjust && tells_short(word->word)) ||
                     (shipment != nullptr && shipment->sentence == sentence_ &&
                      value < *shipment->statement.quantity);
  if (!due && !lacks && (!came || (dues_ == 0 && word->role != Role::actual && !bare_due_)))
    return false;
  Draft* draft = noun == nullptr && named ? nullptr : receipt(noun, came, said);
  if (draft != nullptr) {
    Statement& s = draft->statement;
    if (s.unit.empty()) s.unit = said;
    if (came) {
      s.expected = s.quantity;
      s.quantity = value;
      draft->due = false;
      --dues_;
    } else {
      const Quantity whole = lacks ? *s.quantity + value : value;
      if (s.expected && s.expected != whole)
        doubt(Doubt::due_and_short, surface(parts.front().from, parts[at].to));
      s.expected = whole;
    }
    return true;
  }
  // 收到480只，应到500只，实到480只: said before.
  if (Draft* told = receipt(noun, false, said);
      came && word->role == Role::actual && !named && told && told->statement.expected) {
    if (told->statement.quantity != value)
      doubt(Doubt::due_and_short, surface(parts.front().from, parts[at].to));
    return true;
  }
  // 账面500只，实际480只: the count is what is there.
  if (Draft* count = last_draft(); word->role == Role::actual && !named && count &&
                                   count->line == line_ &&
                                   count->statement.action == Action::stock) {
    count->statement.quantity = value;
    if (count->statement.unit.empty()) count->statement.unit = said;
    return true;
  }
  if (lacks && word->role == Role::weak) {
    if (noun != nullptr) now_.pending.push_back(*noun);  // 手套少了3盒，实际277盒
    leftover_ += 2;
    return true;
  }
  if (named || now_.last || header_ || !drafts_.empty() || lacks) return false;
  (due ? bare_due_ : bare_came_) = Measure{value, said};
  return true;
}

/// 应到500 实到480, and no goods: of the shipment that is open.
void Report::settle_bare() {
  if (!bare_due_ || !bare_came_ || !drafts_.empty()) return;
  Statement s;
  s.action = Action::reference;
  s.act = Act::received;
  s.word = "收到";
  s.quantity = bare_came_->quantity;
  s.unit = bare_came_->unit.empty() ? bare_due_->unit : bare_came_->unit;
  s.expected = bare_due_->quantity;
  if (now_.places.size() == 1) s.place = now_.places.front();
  out_.statements.push_back(std::move(s));
}
