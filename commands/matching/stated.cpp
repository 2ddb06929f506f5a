#include "commands/matching/stated.h"

#include <algorithm>
#include <array>

#include "commands/parser/text.h"

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Words that exclude each other, longest first: 非无菌 before 无菌.
struct Word {
  std::string_view kind, said, value;
};
constexpr std::array kWords{
    Word{"无菌", "非无菌", "非无菌"}, Word{"无菌", "未灭菌", "非无菌"},
    Word{"无菌", "无菌", "无菌"},     Word{"无菌", "灭菌", "无菌"},
    Word{"阀", "无呼吸阀", "无阀"},   Word{"阀", "不带阀", "无阀"},
    Word{"阀", "无阀", "无阀"},       Word{"阀", "带呼吸阀", "带阀"},
    Word{"阀", "有呼吸阀", "带阀"},   Word{"阀", "带阀", "带阀"},
    Word{"阀", "有阀", "带阀"},       Word{"尺码", "特大号", "特大号"},
    Word{"尺码", "加大号", "特大号"}, Word{"尺码", "大号", "大号"},
    Word{"尺码", "中号", "中号"},     Word{"尺码", "小号", "小号"},
    Word{"尺码", "儿童款", "儿童款"}, Word{"尺码", "成人款", "成人款"},
};

/// The number after GB, GB/T, YY, YY/T, EN, with blanks and dashes between; its year is left out.
std::string standard_at(std::string_view text, std::size_t& at) {
  constexpr std::array<std::string_view, 4> kBodies{"gb", "yy", "en", "dl"};
  for (const std::string_view body : kBodies) {
    if (!text.substr(at).starts_with(body)) continue;
    if (at > 0 && text[at - 1] >= 'a' && text[at - 1] <= 'z') return {};
    std::size_t next = at + body.size();
    if (text.substr(next).starts_with("/t")) next += 2;
    while (next < text.size() && (text[next] == ' ' || text[next] == '-')) ++next;
    const std::size_t from = next;
    while (next < text.size() && (is_digit(text[next]) || text[next] == '.')) ++next;
    if (next - from < 3) return {};
    at = next;
    std::string name(body);
    for (char& c : name) c = static_cast<char>(c - 'a' + 'A');
    return name + std::string(text.substr(from, next - from));
  }
  return {};
}

void add(std::vector<Stated>& all, Stated one) {
  if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(std::move(one));
}

bool any_of_kind(const std::vector<Stated>& all, std::string_view kind) {
  return std::any_of(all.begin(), all.end(), [&](const Stated& s) { return s.kind == kind; });
}

bool holds(const std::vector<Stated>& all, const Stated& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

constexpr std::array<std::string_view, 6> kEnds{"\n", "；", ";", "，", ",", "。"};

}  // namespace

std::vector<Stated> stated_in(std::string_view said) {
  // One form for wide and narrow letters, so that ＧＢ１９０８３ is found too.
  const std::string text = to_utf8(fold(said).key);
  std::vector<Stated> found;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t after = at;
    if (const std::string number = standard_at(text, after); !number.empty()) {
      add(found, {"标准", number});
      at = after;
      continue;
    }
    const auto word = std::find_if(kWords.begin(), kWords.end(), [&](const Word& w) {
      return std::string_view(text).substr(at).starts_with(w.said);
    });
    if (word == kWords.end()) {
      ++at;
      continue;
    }
    add(found, {std::string(word->kind), std::string(word->value)});
    at += word->said.size();
  }
  return found;
}

std::string_view part_about(std::string_view text, std::string_view figure, bool only) {
  if (only || figure.empty()) return text;
  const auto at = text.find(figure);
  if (at == std::string_view::npos) return text;
  std::size_t from = 0, to = text.size();
  for (const std::string_view end : kEnds) {
    if (const auto before = text.rfind(end, at); before != std::string_view::npos)
      from = std::max(from, before + end.size());
    to = std::min(to, text.find(end, at));
  }
  return text.substr(from, to - from);
}

Meets meets(const std::vector<Stated>& wanted, const std::vector<Stated>& has) {
  Meets answer = Meets::yes;
  for (const Stated& want : wanted) {
    if (holds(has, want)) continue;
    if (any_of_kind(has, want.kind)) return Meets::no;
    answer = Meets::unsaid;
  }
  return answer;
}

std::string unsaid(const std::vector<Stated>& wanted, const std::vector<Stated>& has) {
  std::string text;
  for (const Stated& want : wanted) {
    if (!holds(has, want)) text += (text.empty() ? "" : "、") + want.value;
  }
  return text;
}
