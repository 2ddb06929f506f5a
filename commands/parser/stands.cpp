#include <algorithm>

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

/// 现货, 闲置: what kind of goods these are.
bool describes(std::u32string_view word) {
  for (const std::u32string_view kind :
       {U"现货", U"全新", U"闲置", U"多余", U"新鲜", U"爱心", U"各类", U"各种"}) {
    if (word == kind) return true;
  }
  return false;
}

/// 三院说, 三院反馈: words that tell who speaks, and only after a place (小说, 客户反馈).
bool speaks(std::u32string_view word) {
  for (const std::u32string_view speech :
       {U"反馈", U"回复", U"来电", U"来报", U"反映", U"告知", U"报告", U"介绍"}) {
    if (word == speech) return true;
  }
  return false;
}

}  // namespace

LexemeHit Scanner::lexeme_here() const {
  const LexemeHit hit = lexeme_at(at_);
  if (hit.length < 2) return hit;
  const std::size_t tail = at_ + hit.length - 1;
  const bool cuts_goods = marks_.item(tail) > 1;
  const LexemeHit inner = lexeme_at(tail);
  const auto hub_at = [&](std::size_t at) {
    const LexemeHit hub = lexeme_at(at);
    return hub.length > 1 && hub.role == Role::hub;
  };
  const bool cuts_hub = hub_at(tail);  // 到|仓库, not 到仓|库
  const bool cuts_verb = hit.role == Role::weak && inner.length > 1 &&
                         !hub_at(tail + inner.length - 1) &&
                         (inner.role == Role::verb || inner.role == Role::weak);
  if (!cuts_goods && !cuts_hub && !cuts_verb) return hit;
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
      const bool counted = last() && last()->kind == Kind::quantity &&
                           last()->unit_to != last()->unit_from && !blank_;  // 12桶84
      if (last() && (last()->kind == Kind::item || last()->kind == Kind::quantity) && !counted)
        return false;
      if (last() && last()->kind == Kind::word && !blank_) return false;
      if (one_of(next, U"\n,，、;。!?)") || next == 0)
        return !last() || last()->sign != 0 || verb_before();
    }
  }
  if (length > 1) return true;
  const bool left = !last() || blank_ || last()->kind != Kind::word;
  std::size_t after = end;
  while (after < key_.size() && (key_[after] == U' ' || key_[after] == U':')) ++after;
  const Role sum = marks_[after].role;
  if (sum == Role::about || sum == Role::total || sum == Role::covers)
    after += marks_.lexeme(after);  // 盐 约10袋
  if ((sum == Role::verb || sum == Role::weak) && (!last() || last()->sign != 0))
    after += marks_.lexeme(after);  // 米还剩半袋
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
      (lexeme.role == Role::about || lexeme.role == Role::total)) {
    at += lexeme.length;
  } else if (lexeme.length > 1 && lexeme.role == Role::fluff &&
             lexeme.lexeme->word.ends_with(U"物资")) {
    at += lexeme.length;  // 协调防疫物资口罩…
  } else if (lexeme.length > 1 && lexeme.role == Role::fluff &&
             describes(lexeme.lexeme->word)) {
    at += lexeme.length;  // 有现货口罩…
  }
  if (at < key_.size() && key_[at] == U'#') return true;
  if (key_[at] == U'半' && marks_.unit(at + 1) != 0 && frame_unit(key_, marks_, at + 1) == 0) {
    if (figure != nullptr) *figure = true;
    return true;  // 还有半箱
  }
  const Numeral numeral = numeral_at(at);
  if (numeral.end != at && frame_unit(key_, marks_, numeral.end) == 0 &&
      (numeral.digits || marks_.unit(numeral.end) != 0)) {
    if (figure != nullptr) *figure = true;
    return true;
  }
  const auto length = marks_.item(at);
  if (length != 1) return length > 1;
  const LexemeHit sum = lexeme_at(at + 1);  // 送粥共计430碗
  const bool total =
      sum.length != 0 && (sum.lexeme->role == Role::total || sum.lexeme->role == Role::covers);
  const std::size_t count = at + 1 + (total ? sum.length : 0);
  return numeral_at(count).end != count;
}

bool Scanner::preposition_before(Role role) const {
  for (std::size_t i = out_.list.size(); i > 0 && i + 6 > out_.list.size(); --i) {
    const Token& token = out_.list[i - 1];
    if (token.sign != 0 || token.kind == Kind::quantity) return false;
    if (token.is(role)) return i < out_.list.size();
  }
  return false;
}

bool Scanner::counted_before(bool goods) const {
  for (std::size_t i = out_.list.size(); i > 0 && i + 5 > out_.list.size(); --i) {
    if (out_.list[i - 1].sign != 0) return false;
    const Token& token = out_.list[i - 1];
    if (token.kind != Kind::quantity) continue;
    return !goods || !counts_work(key_.substr(token.unit_from, token.unit_to - token.unit_from));
  }
  return false;
}

bool Scanner::unknown_goods(std::size_t at) const {
  for (std::size_t i = at; i < at + 7 && i < key_.size(); ++i) {
    const LexemeHit sum = lexeme_at(i);
    if (i > at && sum.length != 0 &&
        (sum.lexeme->role == Role::total || sum.lexeme->role == Role::covers)) {
      const Numeral numeral = read_numeral(key_, i + sum.length);
      return numeral.digits && marks_.unit(numeral.end) != 0;
    }
    if (key_[i] == U' ' && i > at && i + 1 < key_.size() && is_digit(key_[i + 1])) continue;
    if (one_of(key_[i], U" \n,，、;。!?:()我你他这那")) return false;
    if (!is_digit(key_[i])) continue;
    const Numeral numeral = read_numeral(key_, i);
    const std::size_t unit = marks_.unit(numeral.end);
    const bool name = i >= at + 2 || (i == at + 1 && names_thing(key_[at]));  // 送粥430碗
    return name && unit != 0 && key_[numeral.end] != U'个' &&
           !counts_work(key_.substr(numeral.end, unit)) &&
           frame_unit(key_, marks_, numeral.end) == 0;
  }
  return false;
}

bool Scanner::work_counted(std::size_t at) const {
  while (at < key_.size() && key_[at] == U' ') ++at;
  const Numeral numeral = read_numeral(key_, at);
  return numeral.end != at && counts_work(key_.substr(numeral.end, marks_.unit(numeral.end)));
}

bool Scanner::lexeme_stands(const LexemeHit& hit) const {
  // 即: only before a second measure; 即热饭 is a name.
  const std::u32string_view said = key_.substr(at_, hit.length);
  const char32_t c = said.front();
  if (c == U'即' && hit.length == 1) return read_numeral(key_, at_ + 1).end != at_ + 1;
  const std::size_t end = at_ + hit.length;
  if (end < key_.size() && key_[end] == U'所' && said.ends_with(U"派出")) return false;
  if (hit.role == Role::can && hit.length == 1) {  // 能量棒, 可乐
    const Role next = marks_[end].role;
    return next != Role::none && next != Role::negates && next != Role::joins;
  }
  if (c == U'和' && hit.length == 1 && last() && last()->kind == Kind::word && !blank_) {
    // 协和医院, 泰和县, 和平路: part of a name.
    if (one_of(before(), U"协颐永泰太中共柔祥瑞") ||
        (end < key_.size() && one_of(key_[end], U"平睦谐县田")))
      return false;
  }
  // 100只+5箱酒精, 3箱零20只: between two figures; 零件, 加油 and 并发放 are other words.
  if (hit.length == 1 && hit.role == Role::joins && one_of(c, U"+加并零")) {
    const std::size_t figure = end < key_.size() && key_[end] == U' ' ? end + 1 : end;
    if (!last() || numeral_at(figure).end == figure) return false;
    const bool sum = c == U'+' || c == U'加';
    return (last()->kind == Kind::quantity && last()->unit_to != last()->unit_from) ||
           (sum && last()->kind == Kind::item);
  }
  if (c == U'为' && hit.length == 1 && last() && last()->kind == Kind::word && !blank_ &&
      one_of(before(), U"华认成作以行称名人视较极"))
    return false;  // 华为, 作为
  if (c == U'爱' && said == U"爱心" && end + 1 < key_.size() &&
      one_of(key_[end], U"人企市商网车团公家机志"))
    return false;  // 爱心人士
  if (hit.role == Role::skip_label && work_counted(end)) return false;  // 接听电话150通
  if (hit.role == Role::skip_label && last() && last()->kind == Kind::word && !blank_) {
    const bool spaced = end + 1 < key_.size() && key_[end] == U' ' && is_digit(key_[end + 1]);
    return end < key_.size() &&
           (key_[end] == U':' || key_[end] == U'1' || key_[end] == U'0' || spaced);  // 卫星电话3部
  }
  // 三院、四院每家100只; but 发放到居民，每家5只 says how much one household gets.
  if (c == U'每' && hit.lexeme->role == Role::each) {
    return last() && last()->kind == Kind::word && !blank_ &&
           names_place(key_.substr(last()->from, last()->to - last()->from));
  }
  if (said.ends_with(U"高速") && end < key_.size() && one_of(key_[end], U"口路收卡服交"))
    return false;  // 在高速口卡点
  if (said == U"含")
    return (!last() || last()->sign != 0) && end < key_.size() && !one_of(key_[end], U"氯碘酒醇片");
  if (hit.role == Role::each && hit.length == 1 && one_of(peek(1), U"界位级方国族部单"))
    return false;                                                      // 社会各界
  if (said == U"功率" && one_of(before(), U"大小高低")) return false;  // 大功率照明灯
  if (hit.role == Role::says) return says_stands(end);
  // 给值班的师傅, 新增的: what people do says who they are.
  if (hit.role == Role::noise && end < key_.size() && key_[end] == U'的' &&
      one_of(c, U"值报确治出新"))
    return false;
  if (hit.role == Role::noise && one_of(c, U"值出治确疑重密阳") &&
      (preposition_before() || (last() && last()->is(Role::to))))
    return false;  // 给出院患者
  if (hit.role == Role::fluff && one_of(c, U"反回来告报介") && speaks(said)) {
    return last() && last()->kind == Kind::word && !blank_ &&
           names_place(key_.substr(last()->from, last()->to - last()->from));
  }
  if (hit.role != Role::weak) return true;
  const Token* prev = last();
  const bool start = !prev || prev->kind == Kind::wall || prev->kind == Kind::colon ||
                     prev->kind == Kind::list || prev->kind == Kind::close ||
                     prev->kind == Kind::open;
  if (hit.length == 1 && one_of(c, U"进入")) return start && peek(1) == U':';
  if (c == U'走') return carrier_follows(end);  // 走的邮政EMS
  if (hit.length == 1 && one_of(c, U"出添")) return gives_out(end, start);
  // 缺司机2名, 招护士3人: people are asked for like goods.
  const Lexeme* next_word = marks_[end].lexeme;
  if (hit.lexeme->action == Action::need && next_word != nullptr &&
      next_word->role == Role::metric && next_word->action == Action::other)
    return true;
  if (goods_or_figure(end)) return true;
  const bool asker = prev && prev->kind == Kind::word && one_of(c, U"要需缺求") &&
                     names_place(key_.substr(prev->from, prev->to - prev->from));
  if ((hit.length > 1 || asker || (start && one_of(c, U"缺领送发要"))) && unknown_goods(end))
    return true;
  if (hit.length == 1 && c == U'送' && preposition_before()) return true;
  if (hit.length == 1 && one_of(c, U"发派配补") && preposition_before() && marks_.item(end) > 1)
    return true;
  if (c == U'捐' || (c == U'缺' && !one_of(peek(1), U"点席勤失陷"))) return true;
  if (hit.length == 1 && one_of(c, U"有要用差求需")) return start && c == U'需' && peek(1) == U' ';
  const char32_t next = end < key_.size() ? key_[end] : U'\0';
  const bool ends = next == 0 || one_of(next, U"\n,，、;。!给(");
  if (prev && !start && (prev->kind == Kind::quantity || prev->kind == Kind::item) && ends)
    return true;
  if (hit.length > 1 && ends && said.back() == U'了' && counted_before()) return true;
  const bool fluff = prev && (prev->is(Role::fluff) || prev->is(Role::hub));
  if (hit.length == 1 && one_of(c, U"发送运") && prev &&
      (prev->kind == Kind::quantity || prev->kind == Kind::item) && place_follows(end))
    return true;  // 口罩500只发三院
  if (hit.length == 1 && c == U'发') {
    return (start || fluff) && !ends && !one_of(next, U"烧热现生展布表言起送动挥票改热明");
  }
  if (hit.length == 1 && (c == U'送' || c == U'运')) {
    const bool counted = prev && prev->kind == Kind::quantity;
    return (start || fluff || counted) && !one_of(next, U"来礼餐行营气动输货");
  }
  if (hit.length == 1 && c == U'收') return (start || fluff) && (next == U':' || next == U' ');
  if (hit.length == 1) return start && next == U' ';
  if (said == U"出发") return preposition_before(Role::from) || (ends && counted_before(true));
  if (said == U"路上") return prev && (prev->kind == Kind::quantity || prev->is(Role::fluff));
  if (said == U"捐款" || said == U"链接" || said == U"协调" || said == U"还要" || said == U"还有")
    return false;
  return next != 0 && !ends;
}

/// 说, 称, 听 as verbs: 说明书, 小说, 听装 are other words.
bool Scanner::says_stands(std::size_t end) const {
  const char32_t next = end < key_.size() ? key_[end] : U'\0';
  const bool tomorrow = next == U'明' && end + 1 < key_.size() && one_of(key_[end + 1], U"天早晚");
  if (one_of(next, U"明话法辞服唱呼装力课") && !tomorrow) return false;
  if (key_[at_] == U'听') {
    const Token* prev = last();
    const bool start = !prev || prev->sign != 0 || prev->is(Role::fluff);
    return start && !marks_[end].unit_length && !marks_[end].number;
  }
  return !one_of(before(), key_[at_] == U'称' ? U"职名号宣简对俗堪" : U"小传解学演");
}

/// 我们合作社出萝卜20吨, 又给方舱添了30个: somebody or a preposition before, goods behind.
bool Scanner::gives_out(std::size_t end, bool start) const {
  const Token* prev = last();
  const char32_t next = end < key_.size() ? key_[end] : U'\0';
  if (key_[at_] == U'添') return preposition_before() && goods_or_figure(end);
  if (start) return next == U':';
  if (!goods_or_figure(end) && !unknown_goods(end)) return false;
  if (prev->is(Role::fluff)) return one_of(key_[prev->from], U"我你们愿可再又也还");
  if (prev->kind != Kind::word || blank_) return false;
  const auto who = key_.substr(prev->from, prev->to - prev->from);
  return names_giver(who) || names_place(who);
}

/// The word up to the next sign, blank or digit.
std::u32string_view Scanner::run_of(std::size_t from) const {
  constexpr std::size_t kLongest = 14;
  std::size_t to = from;
  while (to < key_.size() && to - from < kLongest && !one_of(key_[to], U" \n,，、;。!?:()") &&
         !is_digit(key_[to])) {
    ++to;
  }
  return key_.substr(from, to - from);
}

bool Scanner::place_follows(std::size_t from) const { return names_place(run_of(from)); }

bool Scanner::carrier_follows(std::size_t from) const {
  while (from < key_.size() && key_[from] == U' ') ++from;
  return names_carrier(run_of(from));
}
