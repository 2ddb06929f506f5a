#include "commands/parser/acts.h"

#include "commands/parser/amend.h"
#include "commands/parser/clause.h"
#include "commands/parser/cursor.h"
#include "commands/parser/names.h"
#include "commands/parser/references.h"

namespace {

/// 刚才的不算, 上一条作废, 刚发的那条帮我撤回一下: which one, and that it does not count, in any
/// order; nothing else may be said.
bool takes_back_the_last(std::u32string_view key) {
  if (key.find_first_of(U"算作撤取删效略") == key.npos) return false;
  std::u32string rest(key);
  const auto cut = [&](std::initializer_list<std::u32string_view> words) {
    bool any = false;
    for (const auto word : words) {
      for (auto at = rest.find(word); at != rest.npos; at = rest.find(word)) {
        rest.erase(at, word.size());
        any = true;
      }
    }
    return any;
  };
  const bool done = rest.ends_with(U"取消了") || rest.ends_with(U"撤了");  // a plan, most likely
  const bool said = cut({U"登记", U"上报", U"发的", U"报的", U"说的", U"填的", U"写的", U"记的"});
  const bool back = cut({U"撤了", U"撤掉", U"不算数", U"不算", U"别算", U"不作数", U"作废", U"撤销",
                         U"撤消", U"撤回", U"取消", U"删除", U"删掉", U"删了", U"无效", U"忽略"});
  const bool one = cut({U"上面那条", U"上面这条", U"上一条", U"上条", U"前一条", U"那一条", U"那条",
                        U"这条", U"一条"});
  const bool last = cut({U"刚才", U"刚刚", U"刚发", U"刚报", U"刚"});
  cut({U"发错群了", U"发错群", U"发错了", U"发重复了", U"重复了", U"发重了", U"帮我", U"帮忙",
       U"麻烦",     U"一下",   U"信息",   U"消息",     U"数据",   U"的",     U"请",   U"把",
       U"先",       U"我",     U"都",     U"给",       U"了",     U"吧",     U"哈",   U"啊",
       U"，",       U",",      U"。",     U"!",        U" "});
  return back && (one || last) && rest.empty() && (!done || said || one);
}

/// 撤销, 撤回上一条, 取消刚才那条登记; #21 重复了，删掉.
bool read_cancel(Cursor cursor, Reading& out) {
  const auto says = [&](std::u32string_view word) {
    return cursor.key().find(word) != std::u32string_view::npos;
  };
  if (cursor.key().size() > 20) return false;
  Statement s;
  s.action = Action::cancel;
  s.word = "撤销";
  if (const auto ref = cursor.reference()) {
    if (!says(U"删") && !says(U"重复") && !says(U"作废") && !says(U"撤")) return false;
    s.ref = ref;
    out.statements.push_back(std::move(s));
    return true;
  }
  if (takes_back_the_last(cursor.key())) {
    out.statements.push_back(std::move(s));
    return true;
  }
  const auto word =
      cursor.take_any({U"撤销", U"撤消", U"撤回", U"作废", U"取消", U"删除", U"删掉"});
  if (word.empty()) return false;
  const bool last = says(U"上一条") || says(U"上条") || says(U"刚才") || says(U"刚刚") ||
                    says(U"前一条") || says(U"那条") || says(U"这条") || says(U"最后一条");
  if (!last && (!cursor.done() || word == U"取消" || word.starts_with(U"删"))) return false;
  out.statements.push_back(std::move(s));
  return true;
}

bool read_match(Cursor cursor, Reading& out) {
  const auto word = cursor.take_any({U"确认", U"拒绝", U"发出", U"取消", U"联系人"});
  cursor.blanks();
  if (!cursor.take(U"匹配")) return false;
  const bool apart =
      cursor.done() || cursor.peek() == U' ' || cursor.peek() == U'#' || is_digit(cursor.peek());
  if (!apart) return false;  // 匹配不上
  cursor.blanks();
  Statement s;
  s.action = Action::match;
  s.word = to_utf8(word.empty() ? U"匹配" : word);
  Cursor number = cursor;
  number.take(U"#");
  if (const auto ref = number.number()) {
    s.ref = ref;
    cursor = number;
    cursor.blanks();
  }
  s.rest = cursor.rest();
  const bool all = word == U"确认" && s.rest == "全部";
  if (s.rest.size() > 60 || (!word.empty() && !s.ref && !all)) return false;
  // 匹配 3 没问题: talk about one, not a question.
  if (word.empty() && s.ref) return false;
  out.statements.push_back(std::move(s));
  return true;
}

/// 2小时, 30分钟, 1天; 关.
bool read_span(Cursor cursor, Statement& s) {
  if (!cursor.take_any({U"关", U"取消", U"结束"}).empty()) return cursor.done();
  const auto number = cursor.number();
  if (!number || *number <= 0 || *number > 10'000) return false;
  cursor.blanks();
  const auto unit = cursor.take_any({U"小时", U"分钟", U"天"});
  s.quantity = Quantity{*number * 1000};
  s.unit = to_utf8(unit);
  return !unit.empty() && cursor.done();
}

bool read_admin(const Text& text, Cursor cursor, Reading& out) {
  const std::size_t start = cursor.at();
  const auto word = cursor.take_any({U"认领管理", U"取消授权", U"授权", U"设置", U"规格", U"别名",
                                     U"地点", U"我在", U"进入", U"清除联系人", U"联系人",
                                     U"删除我的信息", U"同一批", U"补差", U"通行", U"静音"});
  if (word.empty()) return false;
  const bool blank = cursor.peek() == U' ';
  cursor.blanks();
  if (cursor.key().size() > 120) return false;
  Statement s;
  s.action = Action::admin;
  s.word = to_utf8(word);
  s.rest = cursor.rest();
  s.span = text.original(start, cursor.end());
  const bool equals = cursor.key().find(U'=') != std::u32string_view::npos;
  if (word == U"规格" || word == U"别名" || word == U"地点") {
    // Without "=" it is one only where it stands alone: forms have such words as labels.
    const bool alone = blank && word != U"地点" && text.key.find(U'\n') == text.key.npos;
    if (!equals && !alone) return false;
  } else if (word == U"我在") {
    const bool place = names_place(cursor.key());
    if (cursor.done() || cursor.key().size() > 20 || (!blank && !place)) return false;
    if (cursor.key().find(U' ') != std::u32string_view::npos && !place) return false;
    s.place = s.rest;
  } else if (word == U"补差") {
    s.ref = cursor.reference();
    if (!s.ref) s.ref = cursor.number();
    if (!cursor.done()) return false;
  } else if (word == U"清除联系人" || word == U"联系人") {
    s.ref = cursor.reference();
    if (!s.ref || !cursor.done()) return false;
  } else if (word == U"删除我的信息") {
    if (!cursor.done()) return false;
  } else if (word == U"静音") {
    if (!read_span(cursor, s)) return false;
  } else if (word != U"认领管理" && !blank && cursor.peek() != U'@') {
    return false;
  } else if (cursor.done() && word != U"认领管理") {
    return false;
  }
  out.statements.push_back(std::move(s));
  return true;
}

/// 够了, 三院口罩够了, 三院 暂停 口罩, 恢复 口罩, 只收热食.
bool read_enough(const Text& text, Cursor cursor, const Catalogue& catalogue, Reading& out) {
  // 停 复 只收 够: words that have none of these say nothing of the kind.
  if (cursor.key().size() > 30 || cursor.key().find_first_of(U"停复收够") == cursor.key().npos)
    return false;
  Statement s;
  s.action = Action::enough;
  const std::u32string_view shown =
      std::u32string_view(text.shown).substr(cursor.at(), cursor.end() - cursor.at());
  std::u32string said;
  std::size_t lead = std::u32string::npos;
  for (const std::u32string_view word :
       {U"暂停接收", U"暂停收", U"暂停", U"恢复接收", U"恢复", U"只收"}) {
    lead = cursor.key().find(word);
    if (lead == std::u32string::npos) continue;
    // The word takes no part in the names around it; what stands before it may be the place alone.
    said = shown;
    said.replace(lead, word.size(), U" ");
    s.word = to_utf8(word.substr(0, 2));
    break;
  }
  if (s.word.empty()) {
    const auto at = cursor.key().find(U"够了");
    if (at == std::u32string_view::npos) return false;
    Cursor after(text, cursor.at() + at + 2, cursor.end());
    after.separators();
    const bool thanks =
        after.done() ||
        !after.take_any({U"别", U"不用", U"不要", U"谢", U"多谢", U"请", U"先"}).empty();
    if (!thanks) return false;
    s.word = "够了";
    said = shown.substr(0, at);
  }
  const Text part = fold(to_utf8(said));
  const Tokens tokens = scan(part, catalogue);
  std::vector<Statement> found;
  for (const Part& piece : parts_of(tokens.list, part, catalogue)) {
    const std::string name =
        to_utf8(std::u32string_view(part.shown).substr(piece.from, piece.to - piece.from));
    const bool goods = piece.kind == Part::Kind::goods;
    if (piece.kind == Part::Kind::place) {
      s.place = name;
    } else if (goods && (piece.known || (s.word == "只收" && piece.from >= lead && name != "快递" &&
                                         name != "微信"))) {
      if (s.word != "够了" && piece.from < lead) return false;
      s.item = name;
      s.canonical = piece.item ? piece.item->name : "";
      found.push_back(s);
    } else if (goods || piece.kind == Part::Kind::quantity || piece.is(Role::asks) ||
               piece.is(Role::negates) || piece.is(Role::verb)) {
      return false;
    }
  }
  if (s.word != "够了" && found.empty()) return false;
  if (found.empty()) found.push_back(s);
  for (Statement& statement : found) {
    if (statement.place.empty()) statement.place = s.place;
    out.statements.push_back(std::move(statement));
  }
  return true;
}

/// 今天无发放: nothing, said as a report.
bool read_nothing(Cursor cursor, Reading& out) {
  const auto day = cursor.take_any({U"今天", U"今日", U"昨天", U"昨日", U"本日"});
  if (day.empty()) return false;
  cursor.blanks();
  const auto none = cursor.take_any({U"无", U"没有", U"没", U"未"});
  if (none.empty()) return false;
  cursor.take_any({U"任何"});
  cursor.take_any({U"物资"});
  const auto verb = longest_lexeme(cursor.key(), 0);
  // 今天没收到: chatter; 今天无到货 reports.
  if (verb.length != 0 && none != U"无" && verb.lexeme->action == Action::received) return false;
  if (verb.length == 0 || (verb.lexeme->role != Role::verb && verb.lexeme->role != Role::weak))
    return false;
  cursor.move(cursor.at() + verb.length);
  cursor.take_any({U"任何"});
  cursor.take_any({U"物资", U"货"});
  if (!cursor.done()) return false;
  Statement s;
  s.action = verb.lexeme->action;
  s.word = to_utf8(verb.lexeme->word);
  s.zero = true;
  s.period = day.front() == U'昨' ? Period::yesterday : Period::today;
  out.statements.push_back(std::move(s));
  return true;
}

/// 是, 不是, 3: answers to a question, chatter at any other time.
bool read_answer(Cursor cursor, Reading& out) {
  if (cursor.key().size() > 2) return false;
  Statement s;
  s.action = Action::reference;
  Cursor word = cursor;
  if (!word.take_any({U"是的", U"是"}).empty() && word.done()) {
    s.act = Act::yes;
  } else if (word = cursor; word.take(U"不是") && word.done()) {
    s.act = Act::no;
  } else if (word = cursor; word.key().size() <= 2) {
    s.ref = word.number();
    if (!s.ref || !word.done()) return false;
    s.act = Act::choice;
  } else {
    return false;
  }
  s.word = cursor.rest();
  out.statements.push_back(std::move(s));
  return true;
}

/// 撤销请发：撤销 #12: a line of the bot's own, copied back as it is.
void skip_label(Cursor& cursor) {
  Cursor after = cursor;
  if (after.take_any({U"撤销请发:", U"恢复请发:", U"撤回更正请发:"}).empty()) return;
  after.blanks();
  cursor = after;
}

}  // namespace

std::optional<Reading> read_act(const Text& text, const Catalogue& catalogue, std::int64_t) {
  Reading out;
  const Cursor whole(text, 0, text.key.size());
  if (whole.done()) return std::nullopt;
  out.addressed = true;
  if (read_answer(whole, out)) {
    out.addressed = false;
    out.intent = Action::other;
    return out;
  }
  // Several lines may be several commands; what is none among them is named as unread.
  bool first = true;
  std::size_t begin = whole.at();
  while (begin < whole.end() && out.statements.size() < 100) {
    std::size_t end = begin;
    while (end < whole.end() && text.key[end] != U'\n') ++end;
    Cursor line(text, begin, end);
    begin = end + 1;
    if (line.done()) continue;
    skip_label(line);
    const std::size_t before = out.statements.size();
    const bool read = read_match(line, out) || read_correction(text, line, catalogue, out) ||
                      read_references(text, line, out) || read_cancel(line, out) ||
                      read_admin(text, line, out) || read_enough(text, line, catalogue, out) ||
                      read_nothing(line, out);
    if (!read) out.statements.resize(before);
    if (!read && first && !lacks_number(line)) return std::nullopt;
    if (!read) out.unread.push_back(line.rest());
    first = false;
  }
  for (Statement& s : out.statements) {
    if (s.span.to == 0) s.span = text.original(whole.at(), whole.end());
  }
  if (!out.statements.empty()) out.intent = out.statements.front().action;
  return out;
}

std::span<const std::u32string_view> act_cues() {
  static constexpr std::u32string_view kCues[] = {
      U"#",    U"@",      U"匹配", U"更正", U"修正",   U"纠正",   U"订正",   U"改正", U"更改",
      U"修改", U"错了",   U"写错", U"打错", U"填错",   U"看错",   U"有误",   U"确认", U"撤销",
      U"撤消", U"撤回",   U"作废", U"取消", U"删除",   U"删掉",   U"授权",   U"设置", U"认领管理",
      U"规格", U"别名",   U"地点", U"我在", U"进入",   U"清除",   U"补差",   U"暂停", U"同一批",
      U"恢复", U"只收",   U"够了", U"无",   U"没",     U"未",     U"不是",   U"不对", U"改成",
      U"改为", U"改到",   U"应为", U"应是", U"应该是", U"更正为", U"而是",   U"实际", U"不算",
      U"别算", U"不作数", U"删了", U"无效", U"忽略",   U"通行",   U"联系人", U"静音"};
  return kCues;
}
