#include "commands/parser/contacts.h"

#include "commands/parser/lexicon.h"
#include "commands/parser/names.h"
#include "commands/parser/numeral.h"

namespace {

using View = std::u32string_view;

constexpr std::size_t kMostDigits = 13;  ///< more are an identity number
constexpr std::size_t kNear = 24;        ///< how far before its number a name may stand
constexpr std::size_t kName = 8;

constexpr View kPersonLabels[] = {U"联系人", U"收货人", U"收件人", U"负责人", U"对接人", U"经办人",
                                  U"联络人", U"接收人", U"姓名",   U"找",     U"联系"};

bool blank(char32_t c) { return View(U" \n:：()（）,，、;-/|").find(c) != View::npos; }

bool drop_end(View& text, View word) {
  if (!text.ends_with(word)) return false;
  text.remove_suffix(word.size());
  return true;
}

/// What only says that a number follows.
void drop_number_words(View& text) {
  for (bool more = true; more;) {
    more = false;
    while (!text.empty() && blank(text.back())) {
      text.remove_suffix(1);
      more = true;
    }
    for (const View word : {U"联系电话", U"联系方式", U"手机号码", U"手机号", U"电话号码", U"号码",
                            U"电话", U"手机", U"微信", U"tel", U"及", U"和", U"同"}) {
      more = drop_end(text, word) || more;
    }
  }
}

View after_label(View said) {
  for (const View label : kPersonLabels) {
    if (const auto at = said.rfind(label); at != View::npos) said = said.substr(at + label.size());
  }
  while (!said.empty() && blank(said.front())) said.remove_prefix(1);
  return said;
}

/// The name that stands right before a number; `line` is what precedes it.
View name_before(View line) {
  if (line.size() > kNear) line.remove_prefix(line.size() - kNear);
  drop_number_words(line);
  std::size_t from = line.size();
  while (from > 0 && !blank(line[from - 1]) && !is_digit(line[from - 1])) --from;
  const View word = line.substr(from);
  View name = after_label(word);
  const bool labelled = name.size() < word.size();
  for (auto verb = longest_lexeme(name, 0); verb.length != 0 && verb.length < name.size();
       verb = longest_lexeme(name, 0)) {
    name.remove_prefix(verb.length);  // 收到王老板
  }
  if (name.empty() || name.size() > kName) return {};
  const bool label_before = [&] {
    View before = line.substr(0, from);
    while (!before.empty() && blank(before.back())) before.remove_suffix(1);
    for (const View label : kPersonLabels) {
      if (before.ends_with(label)) return true;
    }
    return false;
  }();
  if (!labelled && !label_before && !names_person(name)) return {};
  return name;
}

/// 138… 张医生, 电话：138…（李主任): the name that stands right behind.
View name_behind(View line) {
  while (!line.empty() && blank(line.front()) && line.front() != U'\n') line.remove_prefix(1);
  std::size_t to = 0;
  while (to < line.size() && to <= kName && !blank(line[to]) && !is_digit(line[to])) ++to;
  const View name = line.substr(0, to);
  return names_person(name) ? name : View();
}

/// The value of the last 联系人： before a number, for forms in which the number has its own line.
View labelled_name(View before) {
  if (before.size() > 200) before.remove_prefix(before.size() - 200);
  std::size_t at = View::npos;
  for (const View label : kPersonLabels) {
    if (label.size() < 2 || label == U"联系") continue;
    const auto found = before.rfind(label);
    if (found != View::npos && (at == View::npos || found > at)) at = found + label.size();
  }
  if (at == View::npos) return {};
  View name = before.substr(at);
  while (!name.empty() && blank(name.front())) name.remove_prefix(1);
  std::size_t to = 0;
  while (to < name.size() && !blank(name[to]) && !is_digit(name[to])) ++to;
  return to <= kName ? name.substr(0, to) : View();
}

}  // namespace

std::vector<Contact> contacts_of(const Text& text, const std::vector<Span>& numbers) {
  std::vector<Contact> found;
  const View shown = text.shown;
  std::size_t last = 0;  // end of the number before
  for (const Span& span : numbers) {
    std::string digits;
    for (std::size_t i = span.from; i < span.to; ++i) {
      if (is_digit(shown[i])) digits += static_cast<char>(shown[i]);
    }
    const std::size_t begin = last;
    last = span.to;
    if (digits.size() > kMostDigits) continue;
    const View before = shown.substr(begin, span.from - begin);
    View name = name_before(before);
    if (name.empty()) name = name_behind(shown.substr(span.to, kNear));
    if (name.empty()) name = labelled_name(before);
    // One person, two numbers.
    if (name.empty() && !found.empty() && span.from - begin <= 4) {
      found.push_back({found.back().name, digits, text.original(span.from, span.to)});
      continue;
    }
    found.push_back({to_utf8(name), digits, text.original(span.from, span.to)});
  }
  return found;
}
