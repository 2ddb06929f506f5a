#include <algorithm>

#include "commands/parser/names.h"
#include "commands/parser/report.h"

namespace {

/// Whether the word is one of `words`, which are set apart by blanks.
bool listed(std::u32string_view words, std::u32string_view word) {
  for (auto at = words.find(word); at != words.npos; at = words.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || words[at - 1] == U' ') && (end == words.size() || words[end] == U' '))
      return true;
  }
  return false;
}

/// 捐赠, 捐: given, without 可 or 愿.
bool given(const Lexeme& lexeme) {
  for (const std::u32string_view word :
       {U"捐赠", U"捐献", U"捐助", U"捐", U"捐了", U"赠送", U"捐款", U"赞助"}) {
    if (lexeme.word == word) return true;
  }
  return false;
}

constexpr std::u32string_view kLater = U"今晚 明天 明早 明日 后天 预计 即将";

/// 到货, 到站, 运到: comes in by itself, as it does not where somebody takes it in (收到, 签收).
bool comes_in(const Lexeme& lexeme) {
  constexpr std::u32string_view kHands = U"收领拿取买借接签争";
  return lexeme.word.find(U'到') != lexeme.word.npos &&
         kHands.find(lexeme.word.front()) == kHands.npos &&
         lexeme.word.find(U'收') == lexeme.word.npos;
}

bool led_to_place(Parts parts, std::size_t end) {
  return std::any_of(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(end),
                     [](const Part& p) { return p.leads_to_place(); });
}

/// 在送往…的路上; 已到郑州中转: not there yet.
bool passes(Parts after) {
  return std::any_of(after.begin(), after.end(), [](const Part& p) {
    return (p.is(Role::verb) && p.token->lexeme->action == Action::in_transit &&
            listed(U"中转 清关 通关 在途 途中", p.token->lexeme->word)) ||
           (p.is(Role::fluff) && p.token->lexeme->word == U"的路上");
  });
}

}  // namespace

bool led_by(Parts parts, std::size_t main, std::u32string_view words) {
  const Parts before = parts.first(main);
  return std::any_of(before.begin(), before.end(), [&](const Part& p) {
    return p.is(Role::fluff) && listed(words, p.token->lexeme->word);
  });
}

/// 明天有20吨蔬菜送到: there is something, of which the later verb tells what happens to it.
Action Report::there_is(Parts parts, std::size_t main, std::size_t first_quantity) const {
  // 三院只有口罩20只: what is there, and no offer.
  if (parts[main].from > 0 && text_.key[parts[main].from - 1] == U'只') return Action::stock;
  const Parts after = parts.subspan(std::min(first_quantity, parts.size()));
  const auto later = std::find_if(after.begin(), after.end(), [](const Part& p) {
    return p.is(Role::verb) && p.token->lexeme->action != Action::need &&
           p.token->lexeme->action <= Action::distributed;
  });
  if (later == after.end()) return parts[main].token->lexeme->action;
  const bool wish = later != after.begin() &&
                    ((later - 1)->is(Role::can) ||
                     std::u32string_view(U"想愿能可").find(text_.key[later->from - 1]) !=
                         std::u32string_view::npos);
  if (wish) return Action::offer;
  const Action action = later->token->lexeme->action;
  const bool here = action == Action::received || action == Action::distributed;
  return here && led_by(parts, main, kLater) ? Action::in_transit : action;
}

/// What the main verb of the clause says happened, with the words around it.
Action Report::happened(Parts parts, std::size_t main, std::size_t first_quantity) const {
  const Lexeme* lexeme = parts[main].token->lexeme;
  Action action = lexeme->action;
  // 麻烦给我们送20箱水, 请协调…: asks for it; 敬请查收, 请各队… do not lead to a verb of giving.
  const bool gift = action == Action::received || action == Action::distributed ||
                    (action == Action::offer && lexeme->word.starts_with(U"筹"));
  if (gift && main < first_quantity && led_by(parts, main, U"麻烦 请 求 恳请 希望 能否"))
    action = Action::need;
  // 预计26日送达: still on the road.
  if (action == Action::distributed && led_by(parts, main, U"预计 即将"))
    action = Action::in_transit;
  // 货到了，清点下来98床: what came, counted.
  if (action == Action::stock && now_.action == Action::received &&
      (lexeme->word.front() == U'清' || lexeme->word.front() == U'点'))
    action = Action::received;
  // 红会接收:某公司捐赠口罩…: how what came had come.
  if (action == Action::offer && now_.action == Action::received && now_.announced &&
      given(*lexeme) && !led_to_place(parts, main)) {
    action = Action::received;
  }
  // 收到一车物资，里面有雨伞200把: what came.
  if (action == Action::stock && lexeme->word.starts_with(U"里面") &&
      now_.verb_sentence == sentence_ && now_.action == Action::received)
    action = now_.action;
  if (lexeme->word == U"有") action = there_is(parts, main, first_quantity);
  // 今晚8点到货: still on the road.
  if (action == Action::received && led_by(parts, main, kLater) && comes_in(*lexeme))
    action = Action::in_transit;
  if ((action == Action::distributed || action == Action::received) &&
      passes(parts.subspan(main + 1)))
    action = Action::in_transit;
  const auto carried = [&](Parts by) {
    return std::any_of(by.begin(), by.end(), [&](const Part& p) { return names_carrier(key(p)); });
  };
  // 交给德邦: with whom it travels; 货拉拉师傅取走了60箱: who took it along.
  if (action == Action::distributed &&
      ((parts[main].leads_to_place() && carried(parts.subspan(main + 1))) ||
       (lexeme->word.find(U'走') != lexeme->word.npos && carried(parts.first(main)))))
    action = Action::in_transit;
  if (lexeme->word == U"出" && parts[main].to < text_.key.size() &&
      text_.key[parts[main].to] == U':')
    action = Action::distributed;  // 出：防护服45套
  // 运抵并交付, 清关完毕已进仓: the later of the two.
  if (action == Action::in_transit) {
    for (std::size_t i = main + 1; i < parts.size() && i < main + 4; ++i) {
      if (!parts[i].is(Role::verb)) continue;
      const Action then = parts[i].token->lexeme->action;
      if (then == Action::received && i > first_quantity) return then;
      if (then == Action::distributed && (main > first_quantity || i < first_quantity))
        action = then;
    }
  }
  return action;
}
