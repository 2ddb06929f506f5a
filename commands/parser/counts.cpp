#include "commands/parser/frames.h"
#include "commands/parser/names.h"
#include "commands/parser/scanner.h"

bool Scanner::number(char32_t c) {
  if (!marks_[at_].number) return false;
  const bool sized_half =
      c == U'半' && marks_.unit(at_ + 1) != 0 && frame_unit(key_, marks_, at_ + 1) == 0;
  const bool negative = c == U'-' && is_digit(peek(1)) && minus();
  if (!is_digit(c) && character_digit(c) < 0 && !one_of(c, U"十百千几数拾佰仟上万") &&
      !sized_half && !negative) {
    if (c == U'每') {
      if (const auto end = rate(c); end != 0) return push(Kind::frame, end - at_), true;
      return each_holds();
    }
    if (c == U'*' || c == U'x') return times();
    return false;
  }
  if (sized_half) return half();
  if (is_digit(c)) {
    const Frame frame = read_frame(key_, marks_, at_);
    if (frame.end != at_) {
      if (frame.private_number) out_.private_numbers.push_back({at_, frame.end});
      push(Kind::frame, frame.end - at_);
      return true;
    }
    if (list_number()) return true;
  }
  if (c == U'百' && peek(1) == U'分' && peek(2) == U'之') {
    const Numeral share = read_numeral(key_, at_ + 3);
    return push(Kind::frame, share.end - at_), true;
  }
  if (const auto end = rate(c); end != 0) return push(Kind::frame, end - at_), true;
  Numeral numeral = read_numeral(key_, at_);
  if (numeral.end == at_) return false;
  if (c == U'0' && is_digit(peek(1))) {  // 08车: no count begins with a nought
    push(Kind::frame, numeral.end - at_ + marks_.unit(numeral.end));
    return true;
  }
  if (before() == U'第') return word(numeral.end - at_), true;
  if (numeral.end < key_.size() && key_[numeral.end] == U'比') {  // 1比99
    const Numeral other = read_numeral(key_, numeral.end + 1);
    if (other.end > numeral.end + 1) return push(Kind::frame, other.end - at_), true;
  }
  if (c == U'三' && peek(1) == U'餐') return word(2), true;
  if (idiom(numeral)) return word(4), true;
  if (given_name(numeral) || numbers_place(numeral)) return word(numeral.end - at_), true;
  std::size_t end = numeral.end;
  while (end < key_.size() && key_[end] == U' ' && end < numeral.end + 1) ++end;
  if (const auto length = frame_unit(key_, marks_, numeral.end);
      length != 0 && by_length(numeral)) {
    return quantity(numeral, numeral.end, length);
  } else if (length != 0) {
    const bool brand = letter(key_[numeral.end]) && marks_.item(numeral.end + length) > 1;
    if (brand) {  // 3M口罩
      word(numeral.end + length - at_);
    } else {
      push(Kind::frame, numeral.end + length - at_);
    }
    return true;
  }
  if (numeral.indefinite) {
    push(Kind::frame, numeral.end - at_ + marks_.unit(numeral.end));
    return true;
  }
  const std::size_t unit = unit_length(end, numeral);
  if (unit == 0 && model(numeral)) return true;
  if (unit == 0 && !numeral.digits) {
    const bool stands = numeral.magnitude && numeral.end - at_ >= 2 && bare_ends(numeral.end);
    if (!stands) return false;
  }
  return quantity(numeral, end, unit);
}

bool Scanner::idiom(const Numeral& numeral) const {
  if (numeral.digits || numeral.end != at_ + 1 || at_ + 4 > key_.size()) return false;
  const auto figure = [&](std::size_t at) {
    return character_digit(key_[at]) >= 0 || one_of(key_[at], U"百千万");
  };
  return figure(at_ + 2) && !figure(at_ + 3) && ideograph(key_[at_ + 3]) &&
         marks_.unit(at_ + 3) == 0;
}

bool Scanner::given_name(const Numeral& numeral) const {
  if (numeral.digits || numeral.end != at_ + 1 || at_ == 0 || blank_) return false;
  if (!last() || last()->kind != Kind::word || last()->to - last()->from != 1) return false;
  return names_person(key_.substr(at_ - 1, 2)) && numeral.end < key_.size() &&
         one_of(key_[numeral.end], U"家身 ");
}

bool Scanner::numbers_place(const Numeral& numeral) const {
  constexpr std::size_t kDigits = 3;  // 3社区 may be three of them
  if (!numeral.digits || numeral.end - at_ < kDigits || marks_.unit(numeral.end) != 0) return false;
  const Token* prev = last();
  const bool begins = !prev || prev->sign != 0 || prev->is(Role::to) || prev->is(Role::verb) ||
                      prev->is(Role::weak) || prev->is(Role::fluff) || prev->is(Role::joins);
  return begins && (names_kind_of_place(key_.substr(numeral.end, 2)) ||
                    names_kind_of_place(key_.substr(numeral.end, 3)));
}

bool Scanner::by_length(const Numeral& numeral) const {
  if (last() && last()->is(Role::metric) && before() == U'长')  // 服务时长300小时
    return key_.substr(numeral.end).starts_with(U"小时");
  constexpr std::u32string_view kLong = U"缆线绳管带布网膜索链";
  return last() && !blank_ && key_[numeral.end] == U'米' &&
         (last()->kind == Kind::word || last()->kind == Kind::item) && one_of(before(), kLong) &&
         !is_digit(numeral.end + 1 < key_.size() ? key_[numeral.end + 1] : U'\0');
}

bool Scanner::bare_ends(std::size_t end) const {
  if (end >= key_.size() || one_of(key_[end], U" \n,，、;。!?()")) return true;
  return marks_.item(end) > 0 || marks_.lexeme(end) > 0;
}

bool Scanner::list_number() {
  std::size_t length = 0;
  while (is_digit(peek(length)) && length < 4) ++length;
  if (length > 3 || is_digit(peek(length))) return false;
  const Token* prev = last();
  const bool line = !prev || prev->sign == U'\n';
  const bool opened = prev && prev->kind == Kind::open;
  const bool start = line || (prev && prev->kind == Kind::colon && peek(length) == U')') ||
                     (prev && prev->kind == Kind::wall && prev->sign != U'.') || opened;
  if (!start && !blank_) return false;
  const char32_t sign = peek(length);
  if (opened && sign == U')' &&
      (out_.list.size() == 1 || out_.list[out_.list.size() - 2].sign == U'\n')) {
    push(Kind::list, length);
    return true;
  }
  const bool colon = prev && (prev->kind == Kind::colon || prev->kind == Kind::wall);
  if (sign == U')' && !opened && (line || colon)) {
    push(Kind::list, length + 1);
    return true;
  }
  if (sign == U'、' && !line) return false;
  if (sign != U'.' && sign != U'、') return false;
  const char32_t next = peek(length + 1);
  if (is_digit(next) && !(line && marks_.item(at_ + length + 1) > 2)) {
    if (sign == U'.' || !line) return false;
  }
  push(Kind::list, length + 1);
  return true;
}

std::size_t Scanner::unit_length(std::size_t at, const Numeral& numeral) const {
  std::size_t unit = marks_.unit(at);
  if (unit == 0) return 0;
  if (key_[at] == U'两' && at > numeral.end && marks_.unit(at + 1) != 0) return 0;  // 405 两份
  if (letter(key_[at]) && at + unit < key_.size() && letter(key_[at + unit])) return 0;
  const LexemeHit word = lexeme_at(at);
  if (word.length > unit && word.role != Role::weak) return 0;  // 两部分
  const std::size_t item = marks_.item(at);
  // 5桶装方便面? 300面罩: the name wins, unless what is left after the unit is a name too
  // (20副护目镜).
  if (item > unit && marks_.item(at + unit) == 0 && numeral.digits && (item > 2 || unit == 1)) {
    return unit == 1 && item == 2 && !one_of(key_[at], U"面盒套口") ? unit : 0;
  }
  if (at > numeral.end && unit == 1) {
    // A blank before the unit (500 只): fine, but not before a longer word that starts like one.
    const LexemeHit lexeme = lexeme_at(at);
    if (lexeme.length > unit) return 0;
  }
  return unit;
}

bool Scanner::model(const Numeral& numeral) {
  if (!numeral.digits || numeral.end >= key_.size() || !letter(key_[numeral.end])) return false;
  if (!is_digit(key_[numeral.end - 1])) return false;  // 5千N95
  if (key_[numeral.end] == U'x') return false;
  std::size_t end = numeral.end;
  while (end < key_.size() && end - at_ < 40 && (letter(key_[end]) || is_digit(key_[end]))) ++end;
  word(end - at_);
  return true;
}

bool Scanner::half() {
  Numeral numeral;
  numeral.end = at_ + 1;
  numeral.value = Quantity{500};
  return quantity(numeral, at_ + 1, marks_.unit(at_ + 1));
}

bool Scanner::quantity(Numeral numeral, std::size_t unit_from, std::size_t unit) {
  const std::size_t unit_to = unit == 0 ? numeral.end : unit_from + unit;
  if (unit == 0) unit_from = numeral.end;
  std::size_t end = unit_to;
  const auto at = [&](std::size_t i) { return i < key_.size() ? key_[i] : U'\0'; };
  if (unit != 0 && at(end) == U'半' && numeral.value && !frame_unit(key_, marks_, end + 1)) {
    numeral.value = *numeral.value + Quantity{500};
    ++end;
  }
  if (unit != 0 && (at(end) == U'多' || at(end) == U'余') && at(end + 1) != U'少') {
    numeral.approx = true;
    ++end;
  }
  const bool size =
      letter(at(end + 1)) && (at(end + 2) == U'码' || letter(at(end + 2)));  // 10包/L码
  if (unit != 0 && at(end) == U'/' && marks_.unit(end + 1) != 0 && !size) {
    const std::size_t of = end + 1;
    const std::size_t length = marks_.unit(of);
    return pack(numeral, unit_from, unit_to, of, of + length, of + length);
  }
  if (unit != 0 && at(end) == U'装' && !one_of(at(end + 1), U"车箱")) {  // 24粒装
    const std::size_t of = end + 1 + (at(end + 1) == U'的' ? 1 : 0);
    if (sizes(key_.substr(unit_from, unit), of))
      return pack(numeral, unit_from, unit_to, end, end, of);
    word(end + 1 - at_);
    return true;
  }
  if (unit == 0 && at(end) == U'(') {  // 20(箱)
    const std::size_t bracketed = marks_.unit(end + 1);
    if (bracketed != 0 && at(end + 1 + bracketed) == U')') {
      figure(Kind::quantity, end + bracketed + 2 - at_, numeral, end + 1, end + 1 + bracketed);
      return true;
    }
  }
  if (unit != 0 && blank_ && last() && last()->kind == Kind::quantity && !last()->blank &&
      last()->unit_from == last()->unit_to && last()->number.digits &&
      last()->to - last()->from >= 3 && out_.list.size() > 1 &&
      out_.list[out_.list.size() - 2].kind == Kind::item) {
    out_.list.back().kind = Kind::word;  // 口罩8210 60只: the first is the model
  }
  figure(Kind::quantity, end - at_, numeral, unit_from, unit_to);
  if (unit > 1 && one_of(key_[unit_from], U"大小") && key_[unit_from + 1] != U'时')
    ++out_.list.back().unit_from;  // 6大桶: 桶
  return true;
}

/// 25公斤装, and 50只装, 24瓶装 before goods: how much one of them holds, and no kind of goods.
bool Scanner::sizes(std::u32string_view unit, std::size_t of) const {
  for (const std::u32string_view measure :
       {U"kg", U"公斤", U"千克", U"斤", U"克", U"g", U"升", U"l", U"ml", U"毫升"}) {
    if (unit == measure) return true;
  }
  return marks_.item(of) > 1 && !counts_work(unit);
}

bool Scanner::pack(const Numeral& per, std::size_t unit_from, std::size_t unit_to,
                   std::size_t of_from, std::size_t of_to, std::size_t end) {
  Token& token = figure(Kind::pack, end - at_, per, unit_from, unit_to);
  token.of_from = static_cast<Token::Position>(of_from);
  token.of_to = static_cast<Token::Position>(of_to);
  return true;
}

std::size_t Scanner::rate(char32_t c) const {
  if (c != U'每' && c != U'一') return 0;
  std::size_t at = at_ + 1;
  for (const std::u32string_view of :
       {U"个人", U"个医生", U"个护士", U"户", U"人", U"天", U"位", U"名", U"家", U"小时", U"个月",
        U"周", U"日", U"次", U"顿"}) {
    if (!key_.substr(at).starts_with(of)) continue;
    at += of.size();
    for (std::size_t gap = 0; gap < 4 && at < key_.size(); ++gap, ++at) {
      const Numeral numeral = read_numeral(key_, at);
      if (numeral.end != at) return numeral.end + marks_.unit(numeral.end);
      if (one_of(key_[at], U"\n,，、;。!?:()")) break;
    }
    return c == U'每' ? at_ + 1 + of.size() : 0;
  }
  return 0;
}

bool Scanner::each_holds() {
  const std::size_t of = at_ + 1;
  const std::size_t of_length = marks_.unit(of);
  if (of_length == 0) return false;
  std::size_t at = of + of_length;
  while (at < key_.size() && at < of + of_length + 2 && one_of(key_[at], U" 有是约含装:")) ++at;
  const Numeral numeral = read_numeral(key_, at);
  if (numeral.end == at || numeral.indefinite) return false;
  const std::size_t unit = marks_.unit(numeral.end);
  if (unit == 0) return false;
  return pack(numeral, numeral.end, numeral.end + unit, of, of + of_length, numeral.end + unit);
}

bool Scanner::times() {
  if (!is_digit(peek(1)) && peek(1) != U' ') return false;
  const std::size_t at = at_ + 1;
  const Numeral numeral = read_numeral(key_, at);
  if (numeral.end == at) {
    if (peek() != U'*') return false;
    ++at_;
    return true;
  }
  if (last() && last()->kind == Kind::quantity && !blank_ && last()->unit_to != last()->unit_from) {
    const std::size_t unit = marks_.unit(numeral.end);
    const Token& whole = out_.list.back();
    if (unit != 0) {
      return pack(numeral, numeral.end, numeral.end + unit, whole.unit_from, whole.unit_to,
                  numeral.end + unit);
    }
  }
  ++at_;  // a separator
  blank_ = true;
  return true;
}
