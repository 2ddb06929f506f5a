#include "commands/parser/private.h"

#include <algorithm>
#include <initializer_list>

namespace {

using View = std::u32string_view;

constexpr std::size_t kMostDigits = 24;  // of what is looked at from one place on
constexpr std::size_t kLeastDigits = 7;

int digit_of(char32_t c) {
  if (c >= U'0' && c <= U'9') return static_cast<int>(c - U'0');
  constexpr View kChinese = U"零一二三四五六七八九";
  if (const auto at = kChinese.find(c); at != View::npos) return static_cast<int>(at);
  if (c == U'〇') return 0;
  return c == U'幺' ? 1 : -1;
}

bool sets_apart(char32_t c) { return View(U" -.·_–—()/").find(c) != View::npos; }

/// The code point of three bytes at `i`.
char32_t code_point(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(text[i + k]); };
  return static_cast<char32_t>((byte(0) & 0x0f) << 12 | (byte(1) & 0x3f) << 6 | (byte(2) & 0x3f));
}

/// Digits from one place on, with what sets them apart.
struct Run {
  std::string digits;
  std::vector<std::size_t> at;      ///< position of each digit
  std::vector<bool> group;          ///< a group of digits begins here
  bool dashed = true;               ///< only dashes, dots and parentheses between the groups
  std::size_t written_in_words = 0;  ///< Chinese digits

  /// Sizes of the groups of the first `count` digits; empty where the last one goes on.
  std::vector<std::size_t> groups(std::size_t from, std::size_t count) const {
    std::vector<std::size_t> sizes;
    if (from + count < digits.size() && !group[from + count]) return sizes;
    for (std::size_t i = from; i < from + count; ++i) {
      if (i == from || group[i]) sizes.push_back(0);
      ++sizes.back();
    }
    return sizes;
  }
};

Run run_at(View key, std::size_t from) {
  Run run;
  bool fresh = true;
  for (std::size_t i = from; i < key.size() && run.digits.size() < kMostDigits;) {
    const int digit = digit_of(key[i]);
    const bool check_sign = key[i] == U'x' && run.digits.size() >= 17;
    if (digit >= 0 || check_sign) {
      run.digits += check_sign ? 'X' : static_cast<char>('0' + digit);
      run.at.push_back(i);
      run.group.push_back(fresh);
      if (key[i] > U'9' && !check_sign) ++run.written_in_words;
      fresh = false;
      ++i;
      if (check_sign) break;
      continue;
    }
    std::size_t next = i;
    while (next < key.size() && next - i < 2 && sets_apart(key[next])) {
      if (key[next] == U' ') run.dashed = false;
      ++next;
    }
    const bool goes_on = next > i && next < key.size() &&
                         (digit_of(key[next]) >= 0 || key[next] == U'x');
    if (!goes_on) break;
    fresh = true;
    i = next;
  }
  return run;
}

bool among(const std::vector<std::size_t>& sizes,
           std::initializer_list<std::vector<std::size_t>> forms) {
  return std::find(forms.begin(), forms.end(), sizes) != forms.end();
}

bool single(const std::vector<std::size_t>& sizes) {
  return std::all_of(sizes.begin(), sizes.end(), [](std::size_t size) { return size == 1; });
}

bool mobile(const Run& run, std::size_t from) {
  if (run.digits.size() < from + 11) return false;
  if (run.digits[from] != '1' || run.digits[from + 1] < '3' || run.digits[from + 1] > '9') {
    return false;
  }
  const auto sizes = run.groups(from, 11);
  if (sizes.empty()) return false;
  if (single(sizes)) return true;
  if (among(sizes, {{11}, {3, 4, 4}, {3, 3, 5}, {3, 8}, {3, 4, 2, 2}, {3, 2, 2, 2, 2}})) return true;
  return run.dashed && among(sizes, {{4, 3, 4}, {4, 4, 3}, {7, 4}, {5, 6}, {3, 5, 3}, {3, 3, 3, 2}});
}

/// How many digits of a country or long-distance prefix stand before a mobile number.
std::optional<std::size_t> mobile_after_prefix(const Run& run) {
  for (const std::string_view prefix : {"", "86", "0086", "0"}) {
    if (run.digits.starts_with(prefix) && mobile(run, prefix.size())) return prefix.size();
  }
  return std::nullopt;
}

bool date_of_birth(std::string_view digits) {
  const auto number = [&](std::size_t from, std::size_t count) {
    int value = 0;
    for (std::size_t i = from; i < from + count; ++i) value = value * 10 + (digits[i] - '0');
    return value;
  };
  const int year = number(0, 4);
  const int month = number(4, 2);
  const int day = number(6, 2);
  return year >= 1900 && year <= 2099 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

std::size_t identity(const Run& run) {
  if (run.digits.size() >= 18) {
    const auto sizes = run.groups(0, 18);
    const bool whole = sizes.size() == 1;
    if (whole || (!sizes.empty() && date_of_birth(std::string_view(run.digits).substr(6, 8)))) {
      return 18;
    }
  }
  // The old form of fifteen digits, and accounts: longer than any amount or parcel's number.
  std::size_t whole = 0;
  while (whole < run.digits.size() && (whole == 0 || !run.group[whole])) ++whole;
  return whole >= 15 ? whole : 0;
}

/// 0551-62345678, (010) 6234 5678, 055162345678.
std::size_t landline(const Run& run) {
  if (run.digits.size() < 10 || run.digits[0] != '0') return 0;
  for (const std::size_t count : {12U, 11U, 10U}) {
    if (run.digits.size() < count) continue;
    const auto sizes = run.groups(0, count);
    if (sizes.empty() || run.digits[1] == '0') continue;
    if (sizes.size() == 1 || sizes[0] == 3 || sizes[0] == 4 || single(sizes)) return count;
  }
  return 0;
}

bool labelled(View key, std::size_t at) {
  const View before = key.substr(at > 8 ? at - 8 : 0, std::min<std::size_t>(at, 8));
  for (const View label : {U"电话", U"手机", U"座机", U"联系方式", U"固话", U"tel", U"致电", U"拨打"}) {
    const auto found = before.rfind(label);
    if (found == View::npos) continue;
    const View between = before.substr(found + View(label).size());
    if (between.find_first_not_of(U" :：是为号码()（） ") == View::npos) return true;
  }
  return false;
}

/// 62345678, behind a word that says what it is.
std::size_t local_number(const Run& run, View key) {
  if (!labelled(key, run.at.front())) return 0;
  for (const std::size_t count : {8U, 7U}) {
    if (run.digits.size() >= count && !run.groups(0, count).empty()) return count;
  }
  return 0;
}

/// Whether a text has digits enough, of any writing: most have not, and are done with at once.
bool may_hold_number(std::string_view text) {
  std::size_t digits = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= '0' && byte <= '9') ++digits;
    // Full width digits begin with EF BC, Chinese ones with E3, E4, E5 and E9.
    const bool wide = byte == 0xef && i + 2 < text.size() &&
                      static_cast<unsigned char>(text[i + 1]) == 0xbc;
    const bool word = (byte == 0xe3 || byte == 0xe4 || byte == 0xe5 || byte == 0xe9) &&
                      i + 2 < text.size() &&
                      View(U"零〇一二三四五六七八九幺").find(code_point(text, i)) != View::npos;
    if (wide || word) ++digits;
    if (digits >= kLeastDigits) return true;
  }
  return false;
}

}  // namespace

std::vector<PrivateNumber> private_numbers(const Text& text) {
  const View key = text.key;
  std::vector<PrivateNumber> found;
  for (std::size_t i = 0; i < key.size();) {
    if (digit_of(key[i]) < 0) {
      ++i;
      continue;
    }
    const Run run = run_at(key, i);
    std::size_t skip = 0;
    std::size_t count = 0;
    bool telephone = true;
    if (run.digits.size() >= kLeastDigits) {
      if (const auto prefix = mobile_after_prefix(run)) {
        skip = *prefix;
        count = 11;
      } else if (const std::size_t id = identity(run); id != 0) {
        count = id;
        telephone = false;
      } else if (const std::size_t line = landline(run); line != 0) {
        count = line;
      } else {
        count = local_number(run, key);
      }
    }
    if (count != 0) {
      found.push_back({run.at[skip], run.at[skip + count - 1] + 1, run.digits.substr(skip, count),
                       telephone});
      i = found.back().to;
      continue;
    }
    // On to the next group of digits.
    while (i < key.size() && digit_of(key[i]) >= 0) ++i;
  }
  return found;
}

std::string masked(std::string_view said) {
  if (!may_hold_number(said)) return std::string(said);
  const Text text = fold(said);
  const auto numbers = private_numbers(text);
  if (numbers.empty()) return std::string(said);

  // Back to the bytes as they were written: the mask stands for the code points of the number.
  std::string out;
  std::size_t at = 0;
  auto next = numbers.begin();
  for (std::size_t i = 0; i < said.size(); ++at) {
    std::size_t end = i + 1;
    while (end < said.size() && (static_cast<unsigned char>(said[end]) & 0xc0) == 0x80) ++end;
    const Span span = next == numbers.end() ? Span{} : text.original(next->from, next->to);
    if (next != numbers.end() && at >= span.from && at < span.to) {
      if (at + 1 == span.to) {
        const std::string& all = next->digits;
        const std::size_t tail = all.size() < 11 ? 2 : 4;
        out += all.substr(0, tail == 2 ? 2 : 3) + "****" + all.substr(all.size() - tail);
        ++next;
      }
    } else {
      out.append(said, i, end - i);
    }
    i = end;
  }
  return out;
}
