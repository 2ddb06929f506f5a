#include "commands/parser/reply.h"

#include <algorithm>

#include "commands/parser/names.h"
#include "commands/parser/parser.h"
#include "commands/parser/text.h"
#include "commands/parser/tokens.h"

namespace {

using View = std::u32string_view;
using Kind = Token::Kind;

constexpr std::size_t kAnswer = 40;  ///< code points; what is longer speaks for itself

void trim(View& text) {
  constexpr View kAround = U" \n,，.。!:;~";
  while (!text.empty() && kAround.find(text.front()) != View::npos) text.remove_prefix(1);
  while (!text.empty() && kAround.find(text.back()) != View::npos) text.remove_suffix(1);
}

/// The reading of a command about #1, its number taken off again.
std::vector<Statement> about_first(View command, View rest, const Catalogue& catalogue) {
  std::u32string text(command);
  text += U" #1 ";
  text += rest;
  Reading reading = read(to_utf8(text), catalogue);
  if (reading.statements.size() != 1 || !reading.unread.empty()) return {};
  Statement& s = reading.statements.front();
  if (s.ref != 1) return {};
  s.ref.reset();
  return std::move(reading.statements);
}

std::vector<Statement> act(View text, const Catalogue& catalogue) {
  for (const View word : {U"这条", U"这个", U"那条", U"全部", U"都", U"全"}) {
    if (text.starts_with(word)) text.remove_prefix(word.size());
  }
  for (const View word : {U"撤销", U"撤消", U"撤回", U"作废", U"取消", U"删除", U"删掉", U"不算", U"删了"}) {
    if (!text.starts_with(word)) continue;
    View rest = text.substr(word.size());
    for (const View tail : {U"这条", U"这个", U"了", U"吧", U"掉"}) {
      if (rest.starts_with(tail)) rest.remove_prefix(tail.size());
    }
    if (rest.empty()) return about_first(U"撤销", U"", catalogue);
  }
  for (const View word : {U"没有收到", U"没收到", U"未收到", U"已完成", U"完成", U"加急", U"另一批",
                          U"核实", U"存疑", U"无货", U"受阻"}) {
    if (text.starts_with(word)) return about_first(word, text.substr(word.size()), catalogue);
  }
  // 收到 alone is what people say to anything; with a figure it is about the goods.
  for (const View word : {U"已收到", U"收到", U"签收", U"发出", U"发货"}) {
    if (!text.starts_with(word)) continue;
    View rest = text.substr(word.size());
    trim(rest);
    if (!rest.empty() && is_digit(rest.front())) return about_first(word, rest, catalogue);
  }
  return {};
}

/// 三院 in 给三院, 改到三院的.
View place_in(View body, bool changes) {
  for (const View to : {U"给", U"到", U"送", U"往"}) {
    if (!body.starts_with(to)) continue;
    body.remove_prefix(to.size());
    trim(body);
    if (body.ends_with(U'的')) body.remove_suffix(1);
    const bool short_name = body.size() >= 2 && body.size() <= 15;
    if (short_name && (changes || names_place(body))) return body;
  }
  return {};
}

std::vector<Statement> correction(View text, const Catalogue& catalogue) {
  // What only says that something is wrong, before and between what is right.
  std::u32string body(text);
  bool changes = false;
  for (const View cue :
       {U"打错了", U"写错了", U"发错了", U"说错了", U"错了", U"不对", U"更正为", U"更正", U"改成",
        U"改为", U"应该是", U"应为", U"实际是", U"实际", U"数量", U"改"}) {
    for (auto at = body.find(cue); at != View::npos; at = body.find(cue, at)) {
      body.replace(at, cue.size(), cue.size(), U' ');
      changes = true;
    }
  }
  View rest = body;
  trim(rest);
  if (rest.starts_with(U'是')) {
    rest.remove_prefix(1);
    changes = true;
  }
  if (rest.starts_with(U'*')) rest.remove_prefix(1);
  if (const View place = place_in(rest, changes); !place.empty()) {
    return about_first(U"更正", U"给 " + std::u32string(place), catalogue);
  }
  const std::string said = to_utf8(rest);
  const Text folded = fold(said);
  const Tokens tokens = scan(folded, catalogue);
  bool figure = false;
  for (const Token& token : tokens.list) {
    const bool small = token.kind == Kind::wall || token.kind == Kind::colon ||
                       token.kind == Kind::item || token.is(Role::fluff) ||
                       token.is(Role::negates) || token.is(Role::about) || token.is(Role::after) ||
                       token.is(Role::total);
    figure = figure || token.kind == Kind::quantity;
    if (!small && token.kind != Kind::quantity) {
      const bool alone = tokens.list.size() == 1 && changes;
      return alone ? about_first(U"更正", rest, catalogue) : std::vector<Statement>{};
    }
  }
  const bool item_alone = changes && tokens.list.size() == 1;
  if (!figure && !item_alone) return {};
  return about_first(U"更正", rest, catalogue);
}

}  // namespace

std::vector<Statement> read_answer_to_entry(std::string_view text, const Catalogue& catalogue) {
  const Text folded = fold(text);
  View words = folded.key;
  trim(words);
  constexpr View kAsks = U"?吗呢\n#";
  if (words.empty() || words.size() > kAnswer || words.find_first_of(kAsks) != View::npos)
    return {};
  if (auto said = act(words, catalogue); !said.empty()) return said;
  return correction(words, catalogue);
}
