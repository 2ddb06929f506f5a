#include "commands/parser/jielong.h"

#include <algorithm>
#include <span>

#include "commands/parser/names.h"

namespace {

using View = std::u32string_view;
using Kind = Token::Kind;

constexpr std::size_t kTitle = 60;  ///< code points of a title or name that are kept
constexpr std::size_t kPrivateDigits = 7;

bool one_of(char32_t c, View set) { return set.find(c) != View::npos; }

bool letter_or_digit(char32_t c) {
  return is_digit(c) || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || c == U'*' ||
         (c >= 0x3400 && c <= 0x9FFF) || (c >= 0x20000 && c <= 0x3FFFF) ||
         (c >= 0xC0 && c <= 0x24F);
}

/// Blanks, and signs that set a name apart from what follows it.
bool sets_apart(char32_t c) {
  return !letter_or_digit(c) && !(c >= 0x2460 && c <= 0x24FF) && c != U'%';
}

struct Line {
  std::size_t from = 0, to = 0;
};

std::vector<Line> lines_of(View key) {
  std::vector<Line> lines;
  for (std::size_t from = 0; from <= key.size();) {
    const std::size_t found = key.find(U'\n', from);
    const std::size_t to = found == View::npos ? key.size() : found;
    std::size_t start = from;
    while (start < to && key[start] == U' ') ++start;
    if (start < to) lines.push_back({start, to});
    from = to + 1;
  }
  return lines;
}

/// The value of a circled or bracketed number sign: ① ⑴ ⒈ ❶ are one.
int number_sign(char32_t c) {
  if (c >= 0x2460 && c <= 0x249B) return static_cast<int>((c - 0x2460) % 20) + 1;
  if (c >= 0x24F5 && c <= 0x24FE) return static_cast<int>(c - 0x24F5) + 1;
  if (c >= 0x2776 && c <= 0x2793) return static_cast<int>((c - 0x2776) % 10) + 1;
  return 0;
}

/// A running number at the head of a line: 1. 2、 (3) 4) 5： ⑥, or 7 and a blank where it is its
/// turn. `end` is 0 where there is none.
struct Running {
  std::size_t end = 0;
  int number = 0;
};

Running running_number(View key, Line line, int previous) {
  std::size_t at = line.from;
  if (const int sign = number_sign(key[at])) {
    ++at;
    while (at < line.to && one_of(key[at], U" .、:")) ++at;
    return {at, sign};
  }
  // 一、二、 … 十、
  if (at + 1 < line.to && key[at + 1] == U'、') {
    const int value = key[at] == U'十' ? 10 : character_digit(key[at]);
    if (value > 0 && !is_digit(key[at])) return {at + 2, value};
  }
  const bool opened = key[at] == U'(' || key[at] == U'[';
  if (opened) ++at;
  int number = 0;
  const std::size_t digits = at;
  while (at < line.to && at - digits < 4 && is_digit(key[at])) {
    number = number * 10 + static_cast<int>(key[at++] - U'0');
  }
  if (at == digits || at - digits > 3 || at == line.to || number == 0) return {};
  const char32_t sign = key[at];
  if (opened != (sign == U')' || sign == U']') && opened) return {};
  const char32_t next = at + 1 < line.to ? key[at + 1] : U' ';
  if (one_of(sign, U")]、") || (one_of(sign, U".:,，-") && !is_digit(next))) {
    return {at + 1, number};
  }
  const bool its_turn = number == previous + 1;
  if (one_of(sign, U".:") && its_turn) return {at + 1, number};  // 1.3-101 2份
  // 1 王芳 …; a keycap sign leaves nothing after its digit: 1王芳.
  if (its_turn && !is_digit(sign) && (sign == U' ' || longest_unit(key, at) == 0)) {
    return {at, number};
  }
  return {};
}

bool example(View line) {
  for (const View word : {U"例", U"示例", U"范例", U"格式", U"模板", U"样例"}) {
    if (line.starts_with(word)) return true;
  }
  return false;
}

/// What the head asks people for. Somebody who collects donations may name what they are for.
std::optional<Action> asked_in(View head) {
  const auto says = [&](View word) { return head.find(word) != View::npos; };
  if (says(U"捐") && !says(U"求捐") && !says(U"需捐")) return Action::offer;
  for (const View word : {U"需", U"求", U"缺", U"想要", U"团购", U"订购", U"预订", U"预定"}) {
    if (says(word)) return Action::need;
  }
  // 领口罩的登记一下: to get it; but not 已领, 领导.
  for (std::size_t at = head.find(U'领'); at != View::npos; at = head.find(U'领', at + 1)) {
    const bool done = at > 0 && one_of(head[at - 1], U"已带率认占");
    const char32_t next = at + 1 < head.size() ? head[at + 1] : U' ';
    if (!done && !one_of(next, U"导队先域土了到")) return Action::need;
  }
  return std::nullopt;
}

/// 老张家, 王嫂, 李四: how people call each other in a list.
bool calls_somebody(View word) {
  if (names_person(word)) return true;
  if (word.size() < 2 || word.size() > 5) return false;
  constexpr View kKin = U"家嫂叔婶伯爷奶妈爸姨姐哥弟妹婆公";
  const bool near = word.front() == U'老' || word.front() == U'小' || word.front() == U'阿';
  return kKin.find(word.back()) != View::npos || (near && names_person(word.substr(1)));
}

class ListReader {
 public:
  ListReader(const Text& text, const Catalogue& catalogue, Tokens& room)
      : text_(text), catalogue_(catalogue), room_(room) {
    out_.goods = text;
  }

  std::optional<ListText> read() {
    lines_ = lines_of(text_.key);
    const std::size_t head = head_lines();
    if (head == 0) return std::nullopt;
    title(head);
    if (!entries(head)) return std::nullopt;
    names();
    return std::move(out_);
  }

 private:
  View key(Line line) const { return View(text_.key).substr(line.from, line.to - line.from); }

  void blank(std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) out_.goods.shown[i] = out_.goods.key[i] = U' ';
  }

  /// How many lines stand before the first entry; 0 where this is no 接龙.
  std::size_t head_lines() const {
    std::size_t at = 0;
    bool said = false;
    while (at < lines_.size() && !running_number(text_.key, lines_[at], 0).end) {
      said = said || key(lines_[at]).find(U"接龙") != View::npos;
      ++at;
    }
    if (at < lines_.size()) return said ? at : 0;
    // Without numbers: what stands under #接龙 and its title.
    if (lines_.size() < 3 || !key(lines_[0]).starts_with(U"#接龙")) return 0;
    return key(lines_[0]).size() > 4 ? 1 : 2;
  }

  void title(std::size_t head) {
    std::u32string all;
    for (std::size_t i = 0; i < head; ++i) {
      const Line line = lines_[i];
      if (example(key(line))) {
        blank(line.from, line.to);
        continue;
      }
      all += key(line);
      all += U'\n';
      if (!out_.list.title.empty()) continue;
      std::u32string said = text_.shown.substr(line.from, line.to - line.from);
      while (!said.empty() && one_of(said.front(), U"# ")) said.erase(0, 1);
      if (said.starts_with(U"接龙")) said.erase(0, 2);
      while (!said.empty() && sets_apart(said.front()) && !one_of(said.front(), U"【([「《"))
        said.erase(0, 1);
      std::erase_if(said, [](char32_t sign) { return one_of(sign, U"【】《》「」"); });
      while (!said.empty() && one_of(said.back(), U" :：,，。.!、;")) said.pop_back();
      out_.list.title = to_utf8(View(said).substr(0, kTitle));
    }
    out_.asked = asked_in(all);
  }

  bool entries(std::size_t head) {
    int previous = 0;
    const bool numbered = running_number(text_.key, lines_[head], 0).end != 0;
    for (std::size_t i = head; i < lines_.size(); ++i) {
      const Line line = lines_[i];
      if (example(key(line))) {
        blank(line.from, line.to);
        continue;
      }
      const Running running = running_number(text_.key, line, previous);
      std::size_t from = line.from;
      if (running.end != 0) {
        blank(line.from, running.end);
        from = running.end;
        previous = running.number;
      }
      while (from < line.to && text_.key[from] == U' ') ++from;
      if (example(key({from, line.to}))) {
        blank(line.from, line.to);
      } else if (running.end != 0 || !numbered) {
        out_.entries.push_back({from, line.to});
      } else if (!out_.entries.empty()) {
        out_.entries.back().to = line.to;  // an entry of several lines
      }
    }
    return !out_.entries.empty();
  }

  /// A name that stands alone at the head of an entry goes before anything is read as a figure:
  /// 李四 两箱 is not 四两.
  std::size_t leading_person(const ListText::Range& entry) {
    std::size_t end = entry.from;
    while (end < entry.to && !sets_apart(text_.key[end])) ++end;
    const View word = View(text_.key).substr(entry.from, end - entry.from);
    if (end == entry.to || !calls_somebody(word)) return 0;
    if (catalogue_.find(to_utf8(word)) != nullptr) return 0;
    blank(entry.from, end);
    return word.size();
  }

  /// Splits each entry into a name and what it is about.
  void names() {
    std::vector<std::size_t> leading;
    for (const ListText::Range& entry : out_.entries) leading.push_back(leading_person(entry));
    scan(out_.goods, catalogue_, room_);
    const Tokens& tokens = room_;
    std::size_t at = 0;
    const std::size_t first = out_.entries.front().from;
    for (; at < tokens.list.size() && tokens.list[at].from < first; ++at) {
      goods_in_head_ = goods_in_head_ || tokens.list[at].kind == Kind::item;
    }
    for (std::size_t i = 0; i < out_.entries.size(); ++i) {
      const ListText::Range& entry = out_.entries[i];
      const std::size_t line = std::min(entry.to, text_.key.find(U'\n', entry.from));
      while (at < tokens.list.size() && tokens.list[at].from < entry.from) ++at;
      std::size_t end = at;
      while (end < tokens.list.size() && tokens.list[end].from < line) ++end;
      out_.list.names.push_back(
          name({entry.from, line}, leading[i], std::span(tokens.list).subspan(at, end - at)));
      at = end;
    }
  }

  static bool about_goods(const Token& token) {
    return token.kind == Kind::item || token.kind == Kind::quantity || token.kind == Kind::pack ||
           token.is(Role::verb) || token.is(Role::weak) || token.is(Role::about) ||
           token.is(Role::total) || token.is(Role::each) || token.is(Role::vague) ||
           token.is(Role::metric) || token.is(Role::negates) || token.is(Role::can);
  }

  /// 302 2份, 六组 2份: a figure before the figure that counts.
  static bool numbers_a_home(std::span<const Token> tokens, std::size_t at, View key) {
    const Token& token = tokens[at];
    if (token.kind != Kind::quantity) return false;
    const auto later = [](const Token& t) { return t.kind == Kind::quantity; };
    const auto rest = tokens.subspan(at + 1);
    const auto counted = std::find_if(rest.begin(), rest.end(), later);
    if (counted == rest.end()) return false;
    const View unit = key.substr(token.unit_from, token.unit_to - token.unit_from);
    if (unit.empty()) return counted->blank || counted != rest.begin();
    return unit == U"组" || unit == U"队" || unit == U"班" || unit == U"户" || unit == U"家";
  }

  std::string name(Line line, std::size_t leading, std::span<const Token> tokens) {
    std::size_t count = 0;  // tokens before what the entry is about
    while (count < tokens.size() &&
           (!about_goods(tokens[count]) || (numbers_a_home(tokens, count, text_.key))))
      ++count;
    if (count == 0 && leading == 0) return trailing_name(line, tokens);
    std::size_t end = count == tokens.size() ? line.to : tokens[count].from;
    if (count < tokens.size() && tokens[count].kind == Kind::quantity)
      end = before_unknown_goods(line.from, end);
    blank_remarks(line, tokens);
    if (end <= line.from) return {};
    const bool talk =
        leading == 0 &&
        std::all_of(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(count),
                    [](const Token& t) { return t.is(Role::fluff); });
    if (talk) return {};  // 我也捐20只
    const std::string said = shown_name(line.from, end);
    blank_person(line.from, end);
    return said;
  }

  /// 200只 张医生138…, 2板 已付30元: what is said after the goods is not about goods.
  void blank_remarks(Line line, std::span<const Token> tokens) {
    std::size_t last = tokens.size();
    for (std::size_t i = 1; i < tokens.size(); ++i) {
      const bool pays = one_of(text_.key[tokens[i].from], U"付交转") ||
                        (tokens[i].is(Role::fluff) && i + 1 < tokens.size() &&
                         one_of(text_.key[tokens[i + 1].from], U"付交转"));
      if (pays && tokens[i - 1].kind == Kind::quantity) return blank(tokens[i].from, line.to);
    }
    const auto counts = [](const Token& t) {
      return t.kind == Kind::item || t.kind == Kind::quantity || t.kind == Kind::pack;
    };
    while (last > 0 && !counts(tokens[last - 1])) --last;
    if (last == 0 || last == tokens.size()) return;
    for (std::size_t from = tokens[last - 1].to; from < line.to;) {
      std::size_t end = from;
      while (end < line.to && !sets_apart(text_.key[end])) ++end;
      View word = View(text_.key).substr(from, end - from);
      while (!word.empty() && is_digit(word.back())) word.remove_suffix(1);
      if (goods_in_head_ || calls_somebody(word)) blank(from, end);
      from = end + 1;
    }
  }

  /// 张伟 蜂蜜 2瓶: what stands alone before the figure is goods; where the head names goods, only
  /// after a name.
  std::size_t before_unknown_goods(std::size_t from, std::size_t to) const {
    std::size_t last = to;
    while (last > from && sets_apart(text_.key[last - 1])) --last;
    std::size_t start = last;
    while (start > from && !sets_apart(text_.key[start - 1])) --start;
    const View word = View(text_.key).substr(start, last - start);
    const bool goods = word.size() >= 2 && !calls_somebody(word) && !names_place(word) &&
                       std::none_of(word.begin(), word.end(), is_digit);
    return goods && (!goods_in_head_ || start > from) ? start : to;
  }

  /// 口罩10个 王芳: the name after what it is about.
  std::string trailing_name(Line line, std::span<const Token> tokens) {
    std::size_t last = tokens.size();
    while (last > 0 && !about_goods(tokens[last - 1])) --last;
    if (last == 0 || last == tokens.size()) return {};
    std::size_t from = tokens[last - 1].to;
    std::size_t to = line.to;
    while (from < to && sets_apart(text_.key[from])) ++from;
    while (to > from && sets_apart(text_.key[to - 1])) --to;
    if (!names_person(View(text_.key).substr(from, to - from))) return {};
    blank(from, to);
    return shown_name(from, to);
  }

  /// The name without signs around it, and without digits that may be a telephone number.
  std::string shown_name(std::size_t from, std::size_t to) const {
    std::u32string said;
    for (std::size_t i = from; i < to && said.size() < kTitle;) {
      std::size_t end = i;
      while (end < to && (is_digit(text_.key[end]) || text_.key[end] == U'*')) ++end;
      if (end - i < kPrivateDigits) {
        end = std::max(end, i + 1);
        said += View(text_.shown).substr(i, end - i);
      }
      i = end;
    }
    while (!said.empty() && sets_apart(said.back()) && said.back() != U')') said.pop_back();
    std::size_t skip = 0;
    while (skip < said.size() && sets_apart(said[skip]) && said[skip] != U'(') ++skip;
    return to_utf8(View(said).substr(skip));
  }

  /// Persons and rooms go; a hospital or a village stays, because goods go there.
  void blank_person(std::size_t from, std::size_t to) {
    while (from < to) {
      std::size_t end = from;
      while (end < to && !sets_apart(text_.key[end])) ++end;
      const View word = View(text_.key).substr(from, end - from);
      const bool place = names_place(word) && std::none_of(word.begin(), word.end(), is_digit) &&
                         !names_person(word) && !word.ends_with(U"组");
      if (!place) blank(from, end);
      from = end;
      while (from < to && sets_apart(text_.key[from])) blank(from, from + 1), ++from;
    }
  }

  const Text& text_;
  const Catalogue& catalogue_;
  Tokens& room_;
  std::vector<Line> lines_;
  ListText out_;
  bool goods_in_head_ = false;
};

}  // namespace

namespace {

/// Some programs flatten a list: #接龙 捐赠口罩 1. 老赵 20只 2. 小孙 50只. Puts its entries on
/// lines of their own; false where they count 1, 2 … nowhere in one line.
bool break_lines(Text& text) {
  int next = 1;
  for (std::size_t i = 0; i + 2 < text.key.size(); ++i) {
    if (text.key[i] != U' ' && (text.key[i] != U':' || next != 1)) continue;
    std::size_t at = i + 1;
    int number = 0;
    while (at < text.key.size() && at - i <= 3 && is_digit(text.key[at])) {
      number = number * 10 + static_cast<int>(text.key[at++] - U'0');
    }
    if (at >= text.key.size() || number != next || !one_of(text.key[at], U".、)")) continue;
    text.key[i] = text.shown[i] = U'\n';
    ++next;
  }
  return next > 2;
}

}  // namespace

std::optional<ListText> read_list(const Text& text, const Catalogue& catalogue, Tokens& room) {
  if (text.key.find(U"接龙") == std::u32string::npos) return std::nullopt;
  if (text.key.find(U'\n') != std::u32string::npos) return ListReader(text, catalogue, room).read();
  Text broken = text;
  if (break_lines(broken)) return ListReader(broken, catalogue, room).read();
  return ListReader(text, catalogue, room).read();
}

void tie_to_list(const ListText& list, const Tokens& tokens, Reading& reading) {
  std::vector<ListText::Range> spans;  // in code points of the original
  std::vector<bool> own_verb, figure;
  std::size_t at = 0;
  for (const ListText::Range& entry : list.entries) {
    const Span span = list.goods.original(entry.from, entry.to);
    spans.push_back({span.from, span.to});
    bool verb = false, counts = false;
    for (; at < tokens.list.size() && tokens.list[at].from < entry.to; ++at) {
      const Token& token = tokens.list[at];
      if (token.from < entry.from) continue;
      verb = verb || token.is(Role::verb) || token.is(Role::weak);
      counts = counts || token.kind == Kind::quantity || token.is(Role::vague);
    }
    own_verb.push_back(verb);
    figure.push_back(counts);
  }
  std::vector<Statement> kept;
  for (Statement& s : reading.statements) {
    const std::size_t said = s.quantity ? s.quantity_span.from : s.span.from;
    const auto next =
        std::upper_bound(spans.begin(), spans.end(), said,
                         [](std::size_t p, const auto& span) { return p < span.from; });
    if (next == spans.begin()) continue;  // what the list aims at
    const auto index = static_cast<std::size_t>(next - spans.begin()) - 1;
    s.listed = index;
    figure[index] = false;
    if (list.asked && !own_verb[index] && s.action != Action::activity) s.action = *list.asked;
    kept.push_back(std::move(s));
  }
  reading.statements = std::move(kept);
  reading.list = list.list;
  reading.list->whole = reading.unread.empty();
  for (std::size_t i = 0; i < figure.size(); ++i) {
    if (figure[i]) reading.list->unread.push_back(i);
  }
  if (reading.statements.empty()) {
    // Names alone, as of people who come to help, are no report of goods.
    reading.addressed = false;
    reading.unread.clear();
    return;
  }
  // Who brings something is the giver, whatever verb said so.
  for (Statement& s : reading.statements) {
    const std::string& name = list.list.names[*s.listed];
    if (s.action == Action::offer && s.counterpart.empty()) s.counterpart = name;
  }
  reading.intent = reading.statements.front().action;
  reading.addressed = true;
}
