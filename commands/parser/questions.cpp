#include <algorithm>

#include "commands/parser/acts.h"
#include "commands/parser/clause.h"
#include "commands/parser/cursor.h"
#include "commands/parser/names.h"

namespace {

using View = std::u32string_view;

constexpr std::size_t kLongestPlace = 12;
constexpr std::size_t kLongestQuestion = 40;

bool says(View key, std::initializer_list<View> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](View word) { return key.find(word) != View::npos; });
}

/// The message without blanks and closing marks.
std::u32string bare(View key) {
  std::u32string out;
  out.reserve(key.size());
  for (const char32_t c : key) {
    if (c != U' ' && c != U'?' && c != U'!' && c != U'。') out.push_back(c);
  }
  return out;
}

void remove(std::u32string& from, std::initializer_list<View> words) {
  for (const View word : words) {
    if (const auto at = from.find(word); at != View::npos) from.erase(at, word.size());
  }
}

/// 谁有货车, 志愿者还缺多少: transport and people are needed and offered like goods, though the
/// catalogue has none.
bool asks_for(const Part& piece, View whole) {
  if (piece.kind != Part::Kind::goods || !piece.metric || !piece.token->is(Role::metric)) return false;
  const View word = piece.token->lexeme->word;
  for (const View each : {U"货车", U"卡车", U"面包车", U"大巴", U"车辆", U"司机", U"志愿者", U"医生",
                          U"护士", U"人手"}) {
    if (word == each) {
      const View after = whole.substr(piece.to);
      return after.empty() || after.front() == U'?' || says(after, {U"缺", U"差"});
    }
  }
  return false;
}

class Question {
 public:
  Question(const Text& text, const Tokens& tokens, const Catalogue& catalogue)
      : text_(text), tokens_(tokens.list), whole_(text, 0, text.key.size()), catalogue_(catalogue) {
    s_.action = Action::query;
    s_.span = text.original(whole_.at(), whole_.end());
  }

  std::optional<Reading> read(std::int64_t today) {
    if (whole_.done() || whole_.key().size() > kLongestQuestion || says(whole_.key(), {U"\n"}))
      return std::nullopt;
    bare_ = bare(whole_.key());
    const SaidDays days = days_in(whole_.key(), today);
    s_.period = days.period;
    s_.from_day = days.from;
    s_.to_day = days.to;
    for (const Part& piece : parts_of(asked_tokens(), text_, catalogue_)) {
      if (piece.kind == Part::Kind::quantity) ++figures_;
      const bool goods = piece.kind == Part::Kind::goods && piece.known;
      if ((goods || asks_for(piece, text_.key)) && s_.item.empty()) {
        s_.item = surface(piece);
        s_.canonical = piece.item ? piece.item->name : "";
        item_length_ = piece.to - piece.from;
      } else if (piece.kind == Part::Kind::place && s_.place.empty()) {
        s_.place = surface(piece);
        place_length_ = piece.to - piece.from;
      }
    }
    if (!report() && !view() && !asked()) return std::nullopt;
    Reading out;
    out.intent = s_.action;
    out.addressed = true;
    out.statements.push_back(std::move(s_));
    return out;
  }

 private:
  /// Without a mention before and closing marks behind.
  std::span<const Token> asked_tokens() const {
    std::size_t from = 0;
    std::size_t to = tokens_.size();
    while (from < to && tokens_[from].from < whole_.at()) ++from;
    while (to > from && tokens_[to - 1].to > whole_.end()) --to;
    return tokens_.subspan(from, to - from);
  }

  std::string surface(const Part& part) const {
    return to_utf8(View(text_.shown).substr(part.from, part.to - part.from));
  }

  /// 日报 昨天, 周报, 简报 2月8日-3月1日, 导出, 帮助.
  bool report() {
    const View key = bare_;
    for (const View word : {View(U"帮助"), View(U"help"), View(U"怎么用"), View(U"使用帮助"),
                            View(U"使用说明"), View(U"/help")}) {
      if (key != word) continue;
      s_.action = Action::help;
      s_.word = to_utf8(word);
      return true;
    }
    Cursor cursor = whole_;
    cursor.take_any({U"今天", U"今日", U"昨天", U"昨日"});
    cursor.blanks();
    const View word = cursor.take_any({U"日报", U"周报", U"简报", U"导出"});
    if (word.empty()) return false;
    const bool blank = cursor.done() || cursor.peek() == U' ' || s_.period != Period::all;
    if (!blank || cursor.key().size() > 30) return false;
    cursor.blanks();
    s_.action = Action::brief;
    s_.word = to_utf8(word);
    s_.rest = cursor.rest();
    s_.item.clear();
    s_.place.clear();
    return true;
  }

  bool topic(Topic topic, View word) {
    s_.topic = topic;
    s_.word = to_utf8(word);
    return true;
  }

  /// 汇总 三院, 汇总 口罩: of one item, else of the place that the rest names.
  bool totals_of(const std::u32string& of) {
    s_.item.clear();
    s_.canonical.clear();
    if (const auto* item = catalogue_.find(to_utf8(of))) {
      s_.item = to_utf8(of);
      s_.canonical = item->name;
      s_.place.clear();
    } else {
      if (of.size() > kLongestPlace) return false;
      s_.place = to_utf8(of);
    }
    return topic(Topic::totals, U"汇总");
  }

  /// 缺口 合肥, 合肥 缺口, 缺口 全部: the place set apart by a blank, or known as one.
  bool gaps_of(const std::u32string& key) {
    const View whole = whole_.key();
    std::u32string of;
    if (key.starts_with(U"缺口") && whole.starts_with(U"缺口 ")) {
      of = key.substr(2);
    } else if (key.ends_with(U"缺口") && (whole.ends_with(U" 缺口") || s_.place.empty())) {
      of = key.substr(0, key.size() - 2);
      if (!whole.ends_with(U" 缺口") && !names_place(of)) return false;
    }
    if (of.empty() || of.size() > kLongestPlace || !s_.item.empty()) return false;
    s_.place = to_utf8(of);
    return topic(Topic::gaps, U"缺口");
  }

  /// A word or two that ask for a view: 汇总, 缺口 三院, 库存, 明细 口罩, #12, 口罩.
  bool view() {
    Cursor number = whole_;
    if (const auto ref = number.reference(); ref && number.done()) {
      s_.ref = ref;
      return topic(Topic::entry, U"#");
    }
    std::u32string key = std::move(bare_);
    remove(key, {U"查询一下", U"查一下", U"查询", U"看一下", U"看看"});
    if (key.starts_with(U"查")) key.erase(0, 1);
    if (key.size() > 3 && key[key.size() - 3] == U'的') key.erase(key.size() - 3, 1);
    remove(key, {U"今天的", U"昨天的", U"今天", U"今日", U"昨天", U"昨日", U"目前", U"现在"});
    if (key == U"我的") return topic(Topic::mine, U"我的");
    if (key == U"汇总" || key == U"总表" || key == U"统计" || key == U"汇总表" ||
        key == U"统计表" || (s_.period != Period::all && key.starts_with(U"汇总"))) {
      // The word itself looks like a name of three characters or so; it is none.
      s_.place.clear();
      return topic(Topic::totals, U"汇总");
    }
    if (key.starts_with(U"汇总") && whole_.key().size() > 3 && whole_.key()[2] == U' ' &&
        figures_ == 0) {
      return totals_of(key.substr(2));
    }
    if (key.starts_with(U"统计") && (key.ends_with(U"情况") || key.ends_with(U"数据")))
      return topic(Topic::totals, U"汇总");
    if (figures_ != 0) return false;
    if (gaps_of(key)) return true;
    const std::size_t named = item_length_ + place_length_;
    if ((key.starts_with(U"缺口") || key.ends_with(U"缺口")) && key.size() <= 2 + named)
      return topic(Topic::gaps, U"缺口");
    if ((key.starts_with(U"库存") || key.ends_with(U"库存")) && key.size() <= 2 + named) {
      return topic(s_.item.empty() ? Topic::stock : Topic::item, U"库存");
    }
    if ((key.starts_with(U"明细") || key.ends_with(U"明细")) && key.size() <= 2 + named &&
        !s_.item.empty()) {
      return topic(Topic::entries, U"明细");
    }
    const auto* item = catalogue_.find(to_utf8(key));
    if (item != nullptr && key.size() >= 2) {
      s_.item = to_utf8(key);
      s_.canonical = item->name;
      return topic(Topic::item, U"");
    }
    return false;
  }

  /// 口罩还缺多少, 谁有护目镜, 孝感一医院还差什么物资.
  bool asked() {
    const View key = whole_.key();
    const bool left = says(key, {U"够不够"}) && says(key, {U"库存", U"剩", U"还有"});
    if ((figures_ != 0 && !left) ||
        says(key, {U"钱", U"价", U"元", U"配比", U"会用", U"浓度", U"#"}))
      return false;
    for (std::size_t i = 0; i + 1 < key.size(); ++i) {
      if (View(U",，;。?!").find(key[i]) != View::npos) return false;
    }
    const bool item = !s_.item.empty();
    const bool lacks = says(key, {U"缺", U"差", U"需要", U"急需"});
    if (says(key, {U"谁", U"哪里", U"哪儿", U"哪家", U"哪位"}) && item) {
      if (lacks) return topic(Topic::who_needs, U"谁需要");
      if (says(key, {U"有", U"能提供", U"能出", U"能给", U"能匀", U"能借", U"能支援", U"可提供", U"能领", U"可以领", U"能捐"}) &&
          !says(key, {U"买", U"卖", U"区别"})) {
        return topic(Topic::who_has, U"谁有");
      }
      return false;
    }
    if (lacks && says(key, {U"什么", U"哪些", U"啥"}) && !says(key, {U"为什么", U"做什么", U"帮什么", U"我"}) &&
        (key.size() <= 8 || !s_.place.empty())) {
      return topic(Topic::gaps, U"缺口");
    }
    if (!item) return false;
    if (says(key, {U"够不够", U"够了吗", U"够吗", U"还够吗"})) return topic(Topic::item, U"缺");
    // 消毒液还有吗, 口罩还有库存吗
    if (bare(key).ends_with(U"吗") && says(key, {U"还有"}) && !says(key, {U"卖", U"买", U"你", U"人"}))
      return topic(Topic::item, U"库存");
    const bool how_many =  // 今天棉被发了几床?
        says(key, {U"多少"}) || (says(key, {U"几"}) && key.find(U'?') != View::npos);
    if (!how_many) return false;
    for (const auto& [cue, word] : {std::pair<View, View>{U"缺", U"缺"},
                                    {U"还差", U"缺"},
                                    {U"需要", U"需要"},
                                    {U"库存", U"库存"},
                                    {U"剩", U"库存"},
                                    {U"在途", U"在途"},
                                    {U"发", U"发"},
                                    {U"送", U"发"},
                                    {U"收", U"收"},
                                    {U"进了", U"收"},
                                    {U"捐", U"捐"},
                                    {U"用了", U"用"},
                                    {U"用掉", U"用"},
                                    {U"消耗", U"用"},
                                    {U"还有", U"库存"},
                                    {U"有", U"库存"}}) {
      if (key.find(cue) != View::npos) return topic(Topic::item, word);
    }
    return false;
  }

  const Text& text_;
  std::span<const Token> tokens_;
  Cursor whole_;
  std::u32string bare_;  ///< see bare()
  const Catalogue& catalogue_;
  Statement s_;
  std::size_t figures_ = 0;
  std::size_t item_length_ = 0;
  std::size_t place_length_ = 0;
};

}  // namespace

std::optional<Reading> read_question(const Text& text, const Tokens& tokens,
                                     const Catalogue& catalogue, std::int64_t today) {
  return Question(text, tokens, catalogue).read(today);
}

std::span<const std::u32string_view> question_cues() {
  static constexpr std::u32string_view kCues[] = {
      U"#",    U"帮助", U"help", U"怎么用", U"使用说明", U"日报",  U"周报", U"简报", U"导出",
      U"我的", U"查", U"汇总", U"总表", U"统计",   U"缺口",     U"库存",  U"明细", U"谁",
      U"哪",   U"什么", U"啥",   U"多少",   U"几",       U"够不够", U"够了吗", U"够吗", U"吗"};
  return kCues;
}
