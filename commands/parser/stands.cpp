#include "commands/parser/frames.h"
#include "commands/parser/names.h"
#include "commands/parser/scanner.h"
#include "commands/parser/trie.h"

namespace {

/// Endings that turn goods into a name: 口罩厂, 酒精公司.
bool names_maker(std::u32string_view key, std::size_t at) {
  static const Trie makers = [] {
    std::vector<Trie::Word> words;
    for (const auto* word : {U"厂", U"公司", U"店", U"企业", U"车间", U"集团", U"协会", U"中心",
                             U"医院", U"市场", U"机构", U"行业"}) {
      words.push_back({word, 0});
    }
    return Trie(std::move(words));
  }();
  return makers.longest(key, at).length != 0;
}

}  // namespace

LexemeHit Scanner::lexeme_here() const {
  const LexemeHit hit = lexeme_at(at_);
  if (hit.length < 2) return hit;
  const std::size_t tail = at_ + hit.length - 1;
  const bool cuts_goods = marks_.item(tail) > 1;
  const LexemeHit inner = lexeme_at(tail);
  const bool cuts_verb = hit.lexeme->role == Role::weak && inner.length > 1 &&
                         (inner.lexeme->role == Role::verb || inner.lexeme->role == Role::weak);
  if (!cuts_goods && !cuts_verb) return hit;
  const auto shorter = longest_lexeme(key_.substr(0, tail), at_);
  return shorter.length == 0 ? hit : shorter;
}

bool Scanner::item_stands(std::size_t length) const {
  const std::size_t end = at_ + length;
  const char32_t next = end < key_.size() ? key_[end] : U'\0';
  if (names_maker(key_, end)) return false;
  if (is_digit(key_[at_]) && is_digit(before())) return false;
  if (letter(key_[end - 1]) && letter(next)) return false;
  if (letter(key_[at_]) && letter(before())) return false;
  if (is_digit(key_[end - 1])) {
    if (is_digit(next) || next == U'.' || next == U'%' || next == U':' || next == U'/' ||
        next == U'*')
      return false;
    if (is_digit(key_[at_])) {
      if (marks_.unit(end) != 0 || frame_unit(key_, marks_, end) != 0 ||
          one_of(next, U"万千百+-余多wk"))
        return false;
      if (next == U'消') return true;
      if (last() && (last()->kind == Kind::item || last()->kind == Kind::quantity)) return false;
      if (last() && last()->kind == Kind::word && !blank_) return false;
      if (one_of(next, U"\n,，、;。!?)") || next == 0)
        return !last() || last()->sign != 0 || verb_before();
    }
  }
  if (length > 1) return true;
  const bool left = !last() || blank_ || last()->kind != Kind::word;
  std::size_t after = end;
  while (after < key_.size() && (key_[after] == U' ' || key_[after] == U':')) ++after;
  if (marks_[after].lexeme != nullptr && marks_[after].lexeme->role == Role::about)
    after += marks_.lexeme(after);  // 盐 约10袋
  const bool figure = numeral_at(after).end != after;
  const bool right = end >= key_.size() || figure || one_of(next, U"\n,，、;。!?()");
  const bool counted = last() && last()->kind == Kind::quantity;
  return left && (figure || (right && (counted || verb_before())));
}

bool Scanner::number_follows() const {
  const Numeral numeral = read_numeral(key_, at_);
  return numeral.end > at_ + 1 && marks_.unit(numeral.end) != 0;
}

bool Scanner::goods_or_figure(std::size_t at, bool* figure) const {
  while (at < key_.size() && key_[at] == U' ') ++at;
  if (at >= key_.size()) return false;
  const LexemeHit lexeme = lexeme_at(at);
  if (lexeme.length != 0 &&
      (lexeme.lexeme->role == Role::about || lexeme.lexeme->role == Role::total)) {
    at += lexeme.length;
  } else if (lexeme.length > 1 && lexeme.lexeme->role == Role::fluff &&
             lexeme.lexeme->word.ends_with(U"物资")) {
    at += lexeme.length;  // 协调防疫物资口罩…
  }
  if (at < key_.size() && key_[at] == U'#') return true;
  const Numeral numeral = numeral_at(at);
  if (numeral.end != at && frame_unit(key_, marks_, numeral.end) == 0 &&
      (numeral.digits || marks_.unit(numeral.end) != 0)) {
    if (figure != nullptr) *figure = true;
    return true;
  }
  const auto length = marks_.item(at);
  return length > 1 || (length == 1 && numeral_at(at + 1).end != at + 1);
}

bool Scanner::preposition_before(Role role) const {
  for (std::size_t i = out_.list.size(); i > 0 && i + 6 > out_.list.size(); --i) {
    const Token& token = out_.list[i - 1];
    if (token.sign != 0 || token.kind == Kind::quantity) return false;
    if (token.is(role)) return i < out_.list.size();
  }
  return false;
}

bool Scanner::counted_before() const {
  for (std::size_t i = out_.list.size(); i > 0 && i + 5 > out_.list.size(); --i) {
    if (out_.list[i - 1].sign != 0) return false;
    if (out_.list[i - 1].kind == Kind::quantity) return true;
  }
  return false;
}

bool Scanner::unknown_goods(std::size_t at) const {
  for (std::size_t i = at; i < at + 7 && i < key_.size(); ++i) {
    if (one_of(key_[i], U" \n,，、;。!?:()我你他这那")) return false;
    if (!is_digit(key_[i])) continue;
    const Numeral numeral = read_numeral(key_, i);
    const std::size_t unit = marks_.unit(numeral.end);
    return i >= at + 2 && unit != 0 && key_[numeral.end] != U'个' &&
           !counts_work(key_.substr(numeral.end, unit)) &&
           frame_unit(key_, marks_, numeral.end) == 0;
  }
  return false;
}

bool Scanner::lexeme_stands(const LexemeHit& hit) const {
  // 即: only before a second measure; 即热饭 is a name.
  if (hit.lexeme->word == U"即") return read_numeral(key_, at_ + 1).end != at_ + 1;
  const std::size_t end = at_ + hit.length;
  if (end < key_.size() && key_[end] == U'所' && hit.lexeme->word.ends_with(U"派出")) return false;
  if (hit.lexeme->role == Role::can && hit.length == 1) {  // 能量棒, 可乐
    const Lexeme* next = marks_[end].lexeme;
    return next != nullptr && next->role != Role::negates && next->role != Role::joins;
  }
  if (hit.lexeme->word == U"和" && last() && last()->kind == Kind::word && !blank_) {
    // 协和医院, 泰和县, 和平路: part of a name.
    if (one_of(before(), U"协颐永泰太中共柔祥瑞") ||
        (end < key_.size() && one_of(key_[end], U"平睦谐县田")))
      return false;
  }
  if (hit.lexeme->word == U"爱心" && end + 1 < key_.size() && one_of(key_[end], U"人企市商网车团"))
    return false;  // 爱心人士
  if (hit.lexeme->role == Role::skip_label && last() && last()->kind == Kind::word && !blank_) {
    return end < key_.size() && (key_[end] == U':' || key_[end] == U'1' || key_[end] == U'0' ||
                                 key_[end] == U' ');  // 卫星电话3部
  }
  if (hit.lexeme->role != Role::weak) return true;
  const Token* prev = last();
  const bool start = !prev || prev->kind == Kind::wall || prev->kind == Kind::colon ||
                     prev->kind == Kind::list || prev->kind == Kind::close ||
                     prev->kind == Kind::open;
  if (goods_or_figure(end)) return true;
  const char32_t c = hit.lexeme->word.front();
  const bool asker = prev && prev->kind == Kind::word && one_of(c, U"要需缺求") &&
                     names_place(key_.substr(prev->from, prev->to - prev->from));
  if ((hit.length > 1 || asker || (start && one_of(c, U"缺领送发要"))) && unknown_goods(end))
    return true;
  if (hit.length == 1 && c == U'送' && preposition_before()) return true;
  if (c == U'捐' || (c == U'缺' && !one_of(peek(1), U"点席勤失陷"))) return true;
  if (hit.length == 1 && one_of(c, U"有要用差求需")) return start && c == U'需' && peek(1) == U' ';
  const char32_t next = end < key_.size() ? key_[end] : U'\0';
  const bool ends = next == 0 || one_of(next, U"\n,，、;。!给(");
  if (prev && !start && (prev->kind == Kind::quantity || prev->kind == Kind::item) && ends)
    return true;
  if (hit.length > 1 && ends && hit.lexeme->word.ends_with(U"了") && counted_before()) return true;
  const bool fluff = prev && (prev->is(Role::fluff) || prev->is(Role::hub));
  if (hit.length == 1 && c == U'发') {
    return (start || fluff) && !ends && !one_of(next, U"烧热现生展布表言起送动挥票改热明");
  }
  if (hit.length == 1 && (c == U'送' || c == U'运')) {
    const bool counted = prev && prev->kind == Kind::quantity;
    return (start || fluff || counted) && !one_of(next, U"来礼餐行营气动输货");
  }
  if (hit.length == 1 && c == U'收') return (start || fluff) && (next == U':' || next == U' ');
  if (hit.length == 1) return start && next == U' ';
  const std::u32string_view said = hit.lexeme->word;
  if (said == U"出发") return preposition_before(Role::from);  // 从合肥出发
  if (said == U"路上") return prev && (prev->kind == Kind::quantity || prev->is(Role::fluff));
  if (said == U"捐款" || said == U"链接" || said == U"协调" || said == U"还要" || said == U"还有")
    return false;
  return next != 0 && !ends;
}
