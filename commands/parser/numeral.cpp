#include "commands/parser/numeral.h"

#include <cstdint>
#include <limits>

namespace {

// Values are kept in 10^-9 while they are put together: 0.0003万 is exactly 3.
__extension__ using Wide = __int128;
constexpr Wide kOne = 1'000'000'000;
constexpr Wide kMost = 1'000'000'000'000'000'000;  // far above any Quantity, and far below overflow
constexpr Wide kCeiling = kMost * kOne;

// Nobody writes a number with more digits in characters; a bound keeps a scan linear.
constexpr int kMaxCharacters = 24;

int multiplier(char32_t c) {
  switch (c) {
    case U'十':
    case U'拾':
      return 10;
    case U'百':
    case U'佰':
      return 100;
    case U'千':
    case U'仟':
      return 1000;
    default:
      return 0;
  }
}

bool letter(char32_t c) { return c >= U'a' && c <= U'z'; }

class Reader {
 public:
  Reader(std::u32string_view key, std::size_t at) : key_(key), at_(at), start_(at) {
    // 上千, 上万: about so many.
    if (peek() == U'上' && (peek(1) == U'百' || peek(1) == U'千' || peek(1) == U'万')) {
      ++at_;
      bare_ = approx_ = true;
    }
  }

  Numeral read() {
    Numeral result;
    result.end = start_;
    if (peek() == U'几' || peek() == U'数') return indefinite();
    const bool negative = peek() == U'-';
    if (negative) ++at_;
    while (step()) {
    }
    if (!any_) return result;
    finish();
    result.end = at_;
    result.approx = approx_;
    result.digits = digits_;
    result.magnitude = magnitude_;
    result.value = exact(negative ? -total_ : total_);
    if (upper_ != 0) result.max = exact(upper_);
    return result;
  }

 private:
  char32_t peek(std::size_t ahead = 0) const {
    return at_ + ahead < key_.size() ? key_[at_ + ahead] : U'\0';
  }

  Numeral indefinite() const {
    Numeral result;
    std::size_t end = start_ + 1;
    while (end < key_.size() && (multiplier(key_[end]) != 0 || key_[end] == U'万')) ++end;
    const bool sized = end > start_ + 1;
    result.end = sized ? end : start_;
    result.indefinite = sized;
    return result;
  }

  /// Takes one part; false at the end of the number.
  bool step() {
    const char32_t c = peek();
    if (is_digit(c)) return !pending_ && literal();
    if (pending_ && c == U' ' && (large(peek(1)) || peek(1) == U'千')) ++at_;
    if (const int by = multiplier(peek()); by != 0) return small_unit(by);
    if (large(peek())) return (any_ || bare_ || vague_follows()) && large_unit();
    if (character_digit(c) >= 0) return characters();
    if (!any_) return false;
    if (c == U'半' && last_ >= 100) {
      ++at_;
      section_ += last_ / 2 * kOne;
      return false;
    }
    return vague(c);
  }

  /// 万余, 万把: ten thousand, though no digit says so.
  bool vague_follows() const {
    return peek() == U'万' && (peek(1) == U'余' || peek(1) == U'把' || peek(1) == U'多');
  }

  bool literal() {
    Wide whole = 0;
    std::size_t length = 0;
    while (is_digit(peek()) || grouped()) {
      if (is_digit(peek())) {
        if (whole < kMost) whole = whole * 10 + static_cast<Wide>(peek() - U'0');
        ++length;
      }
      ++at_;
    }
    current_ = bounded(whole) * kOne;
    if (peek() == U'.' && is_digit(peek(1))) {
      ++at_;
      Wide place = kOne / 10;
      for (; is_digit(peek()); ++at_, place /= 10) {
        if (place == 0 && peek() != U'0') overflow_ = true;
        current_ += place * static_cast<Wide>(peek() - U'0');
      }
      length = 2;
    }
    digits_ = any_ = pending_ = true;
    single_ = length == 1;
    return true;
  }

  /// A comma or apostrophe between groups of three digits (14,992).
  bool grouped() const {
    if (peek() != U',' && peek() != U'\'') return false;
    if (!is_digit(peek(1)) || !is_digit(peek(2)) || !is_digit(peek(3)) || is_digit(peek(4))) {
      return false;
    }
    std::size_t before = 0;
    while (before < 4 && at_ > start_ + before && is_digit(key_[at_ - before - 1])) ++before;
    return before >= 1 && before <= 3;
  }

  bool characters() {
    if (pending_) return false;
    int count = 0;
    Wide value = 0;
    Wide first = 0;
    for (; character_digit(peek()) >= 0 && count < kMaxCharacters; ++at_, ++count) {
      const bool few = count == 1 && value == 1 && last_ == 0;  // 一两千
      if (peek() == U'两' && ((count > 0 && !few) || (last_ != 0 && multiplier(peek(1)) == 0 &&
                                            !large(peek(1)))))
        break;  // 十二两: a unit
      const int d = character_digit(peek());
      if (count == 1) first = value;
      if (d >= 20) {  // 廿, 卅 stand for their tens, alone
        if (count > 0) break;
        value = d;
        ++at_;
        ++count;
        break;
      }
      if (value < kMost) value = value * 10 + d;
      if (count == 0 && d == 0) zero_ = true;
    }
    if (count == 0) return false;
    if (count == kMaxCharacters) overflow_ = true;
    value = bounded(value);
    any_ = pending_ = true;
    if (zero_ && count > 1 && last_ != 0) {  // 一百零五
      current_ = value * kOne;
      single_ = false;
      return true;
    }
    if (zero_ && last_ != 0) {  // 一千零(二十)
      pending_ = false;
      return true;
    }
    if (value >= 20 && count == 1) {  // 廿五
      section_ += value * kOne;
      pending_ = false;
      last_ = 10;
      magnitude_ = true;
      return true;
    }
    const Wide second = value - first * 10;
    // 三四(十), 两三(百), 七八(个); and with a gap only before a unit: 三五(百).
    const bool gap = second == first + 2 && (multiplier(peek()) != 0 || large(peek()));
    if (count == 2 && (second == first + 1 || gap) && first > 0) {
      current_ = first * kOne;
      range_step_ = (second - first) * kOne;
      approx_ = true;
      single_ = true;
      return true;
    }
    current_ = value * kOne;
    single_ = count == 1;
    if (count == 1 && peek() == U'点' && character_digit(peek(1)) >= 0 &&
        multiplier(peek(2)) == 0) {
      ++at_;
      Wide place = kOne / 10;
      for (; character_digit(peek()) >= 0; ++at_, place /= 10) {
        current_ += place * character_digit(peek());
      }
      single_ = false;
      magnitude_ = true;
    }
    return true;
  }

  Wide bounded(Wide value) {
    if (value < kMost) return value;
    overflow_ = true;
    return 0;
  }

  bool small_unit(int by) {
    if (any_ && !zero_ && last_ != 0 && last_ <= by) return false;  // 百 before 十, never after
    if (!any_) {
      bare_ = true;  // 百把
    } else if (bare_ && !pending_) {
      approx_ = true;  // 百十
    }
    const Wide times = pending_ ? current_ : kOne;
    section_ += times * by;
    range_step_ *= by;
    ++at_;
    any_ = magnitude_ = true;
    pending_ = zero_ = false;
    last_ = by;
    return check();
  }

  static bool large(char32_t c) { return c == U'万' || c == U'亿' || c == U'k' || c == U'w'; }

  bool large_unit() {
    const char32_t c = peek();
    if ((c == U'k' || c == U'w') && (!digits_ || letter(peek(1)) || !pending_)) return false;
    const std::int64_t by = c == U'亿' ? 100'000'000 : c == U'k' ? 1000 : 10'000;
    if (last_large_ != 0 && by >= last_large_) {
      return false;
    }
    if (!any_) {
      bare_ = true;
      section_ = kOne;
    }
    any_ = true;
    total_ += (section_ + (pending_ ? settled() : 0)) * by;
    range_step_ *= by;
    section_ = 0;
    pending_ = zero_ = false;
    last_ = by;
    last_large_ = by;
    magnitude_ = true;
    ++at_;
    return check();
  }

  /// 余, 多, 几, 来, +: the figure is an anchor. 300多万 goes on.
  bool vague(char32_t c) {
    const char32_t next = peek(1);
    if (c == U'+') {
      if (is_digit(next)) return false;
    } else if (c == U'多') {
      if (next == U'少' || next == U'余') return false;
    } else if (c == U'来') {
      constexpr std::u32string_view elsewhere = U"自了的到源访电货说看年";
      if (elsewhere.find(next) != std::u32string_view::npos || next == U'\0') return false;
    } else if (c == U'把') {
      if (!bare_ || digits_) return false;  // 百把, but 一百把铁锹
    } else if (c != U'余' && c != U'几') {
      return false;
    }
    if (c == U'几' && !magnitude_) return false;
    approx_ = true;
    ++at_;
    if (c == U'几' && multiplier(next) != 0) return false;
    return large(next) && next != U'k' && next != U'w';
  }

  /// What a digit means after a unit: 一万二 is 12,000, 一百零五 is 105.
  Wide settled() const {
    if (single_ && last_ >= 100 && !zero_) return current_ * (last_ / 10);
    return current_;
  }

  void finish() {
    total_ += section_ + (pending_ ? settled() : 0);
    if (range_step_ != 0) upper_ = total_ + range_step_;
    check();
  }

  bool check() {
    if (total_ > kCeiling || section_ > kCeiling) {
      overflow_ = true;
      total_ = section_ = 0;
    }
    return true;
  }

  std::optional<Quantity> exact(Wide value) const {
    constexpr Wide step = kOne / 1000;
    if (overflow_ || value % step != 0) return std::nullopt;
    const Wide thousandths = value / step;
    if (thousandths > std::numeric_limits<std::int64_t>::max() ||
        thousandths < std::numeric_limits<std::int64_t>::min()) {
      return std::nullopt;
    }
    return Quantity{static_cast<std::int64_t>(thousandths)};
  }

  std::u32string_view key_;
  std::size_t at_;
  std::size_t start_;
  Wide total_ = 0, section_ = 0, current_ = 0, upper_ = 0, range_step_ = 0;
  std::int64_t last_ = 0, last_large_ = 0;
  bool any_ = false, pending_ = false, single_ = false, zero_ = false, approx_ = false;
  bool digits_ = false, magnitude_ = false, overflow_ = false;
  bool bare_ = false;  ///< begins with a magnitude: 百, 上千, 万余
};

/// What may belong to the number whose digits stand before it.
bool may_go_on(char32_t c) {
  if (c < 0x80) return is_digit(c) || std::u32string_view(U".,' kw+-~").find(c) != std::u32string_view::npos;
  return std::u32string_view(U"十拾百佰千仟万亿半多余来几到至").find(c) != std::u32string_view::npos;
}

/// A few digits and nothing that goes on from them: what most numbers are.
std::optional<Numeral> plain(std::u32string_view key, std::size_t at) {
  Numeral result;
  std::int64_t value = 0;
  std::size_t end = at;
  for (; end < key.size() && end - at < 9 && is_digit(key[end]); ++end) {
    value = value * 10 + static_cast<std::int64_t>(key[end] - U'0');
  }
  if (end == at || (end < key.size() && may_go_on(key[end]))) return std::nullopt;
  result.end = end;
  result.value = Quantity::whole(value);
  result.digits = true;
  return result;
}

/// The first number of a range borrows the unit of the second: 1-2万.
std::optional<Quantity> borrowed(Quantity low, Quantity high, std::u32string_view text) {
  std::int64_t by = 0;
  for (const char32_t c : text) {
    if (c == U'万' || c == U'w') by = 10'000;
    if (c == U'千' || c == U'k') by = 1000;
    if (c == U'百') by = 100;
  }
  if (by == 0) return low;
  std::int64_t product = 0;
  if (__builtin_mul_overflow(low.thousandths, by, &product)) return std::nullopt;
  return product <= high.thousandths ? Quantity{product} : low;
}

}  // namespace

int character_digit(char32_t c) {
  switch (c) {
    case U'零':
    case U'〇':
      return 0;
    case U'一':
    case U'壹':
      return 1;
    case U'二':
    case U'贰':
    case U'两':
    case U'俩':
      return 2;
    case U'三':
    case U'叁':
    case U'仨':
      return 3;
    case U'四':
    case U'肆':
      return 4;
    case U'五':
    case U'伍':
      return 5;
    case U'六':
    case U'陆':
      return 6;
    case U'七':
    case U'柒':
      return 7;
    case U'八':
    case U'捌':
      return 8;
    case U'九':
    case U'玖':
      return 9;
    case U'廿':
      return 20;
    case U'卅':
      return 30;
    default:
      return -1;
  }
}

Numeral read_numeral(std::u32string_view key, std::size_t at) {
  Numeral none;
  none.end = at;
  if (at >= key.size()) return none;
  if (const auto number = plain(key, at)) return *number;
  Numeral low = Reader(key, at).read();
  if (low.end == at || low.indefinite || !low.value || low.max) return low;
  std::size_t next = low.end;
  const char32_t dash = next < key.size() ? key[next] : U'\0';
  if (dash != U'-' && dash != U'~' && dash != U'到' && dash != U'至') return low;
  ++next;
  if (next < key.size() && key[next] == U'-') ++next;
  if (next >= key.size() || key[next] == U'-' || (is_digit(key[next]) && key[next] == U'0')) {
    return low;
  }
  const Numeral high = Reader(key, next).read();
  if (high.end == next || !high.value || high.indefinite || high.digits != low.digits) return low;
  const auto from = low.magnitude
                        ? low.value
                        : borrowed(*low.value, *high.value, key.substr(next, high.end - next));
  // Twelve to a thousand is a room or a part number, not a range of goods.
  if (!from || *from >= *high.value || from->thousandths == 0 ||
      high.value->thousandths / 10 > from->thousandths) {
    return low;
  }
  low.value = from;
  low.max = high.value;
  low.end = high.end;
  low.approx = true;
  low.magnitude = low.magnitude || high.magnitude;
  return low;
}
