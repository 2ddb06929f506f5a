#include "commands/jielong.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "commands/amend.h"
#include "commands/doubt.h"
#include "commands/parser/text.h"
#include "commands/report.h"
#include "commands/revise.h"
#include "commands/tally.h"
#include "commands/target.h"
#include "commands/wording.h"

namespace {

constexpr std::chrono::hours kLives{48};
constexpr std::size_t kShown = 10;  ///< changes that a reply names one by one

/// Titles and names without blanks and signs, which people put in and leave out.
std::u32string bare(std::string_view said) {
  std::u32string key = name_key(said);
  std::erase_if(key, [](char32_t c) {
    const bool letter =
        (c >= U'0' && c <= U'9') || (c >= U'a' && c <= U'z') || c == U'*' || c > 0x2E80;
    return !letter || (c >= 0x3000 && c <= 0x303F) || c >= 0xFE00;
  });
  return key;
}

/// Also without what changes as the list grows: (已有3人), (更新至8点).
std::u32string bare_title(std::string_view said) {
  std::u32string title = fold(said).key;
  for (auto open = title.find(U'('); open != title.npos; open = title.find(U'(', open + 1)) {
    const auto close = title.find(U')', open);
    if (close == title.npos) break;
    const auto inside = title.substr(open, close - open);
    if (inside.find_first_of(U"人条份位已更新截止至点:") != inside.npos && open >= 2) {
      title.erase(open, close + 1 - open);
      --open;
    }
  }
  std::u32string key = bare(to_utf8(title));
  for (const std::u32string_view word : {U"接龙", U"更新", U"最新"}) {
    for (auto at = key.find(word); at != key.npos; at = key.find(word)) key.erase(at, word.size());
  }
  return key;
}

/// Figures of a title: 第一批 and 第二批, 2月10日 and 2月11日 are other lists.
std::u32string figures_of(std::u32string_view key) {
  constexpr std::u32string_view kFigures = U"0123456789一二三四五六七八九十百两上下";
  std::u32string found;
  for (const char32_t c : key) {
    if (kFigures.find(c) != kFigures.npos) found += c;
  }
  return found;
}

std::size_t edits_between(std::u32string_view a, std::u32string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

/// Perhaps the same title, typed again; the entries decide.
bool like(const std::u32string& a, const std::u32string& b) {
  if (figures_of(a) != figures_of(b)) return false;
  if (a.empty() || b.empty()) return a == b;
  const auto& shorter = a.size() < b.size() ? a : b;
  const auto& longer = a.size() < b.size() ? b : a;
  if (shorter.size() >= 2 && longer.find(shorter) != longer.npos) return true;
  return edits_between(a, b) <= std::max<std::size_t>(1, shorter.size() / 4);
}

/// What a line of a list can change: its goods, not how they were said to matter.
Change change_of_goods(const Change& all) {
  Change change;
  change.quantity = all.quantity;
  change.unit = all.unit;
  change.item = all.item;
  change.place = all.place;
  change.kind = all.kind;
  if (encode(change).empty()) return change;
  change.approx = all.approx;
  change.said = all.said;
  return change;
}

class Copy {
 public:
  Copy(Context& ctx, std::span<const Statement> said) : ctx_(ctx), said_(said) {}

  void post() {
    read_lines();
    find_list();
    if (lines_.empty() && !known_) return;
    if (!give_kinds() || !make_entries()) return;
    if (!known_) begin();
    ctx_.lists.touch(list_.group, list_.number, ctx_.message.time);
    pair();
    for (Line& line : lines_) settle(line);
    lacking();
    say_unread();
    reply();
  }

 private:
  /// One kind of goods of one entry of the copy.
  struct Line {
    std::u32string key;  ///< of the name
    std::string name;
    Statement said;
    std::string item;      ///< the ledger's name for the goods
    std::size_t part = 0;  ///< of the reading's statements
    Entry entry;
    std::optional<std::size_t> old;  ///< its place in old_
  };
  struct Old {
    std::u32string key;
    std::string name;
    Standing standing;
    bool paired = false;
  };

  void read_lines() {
    const List& list = *ctx_.reading->list;
    for (const std::size_t i : list.unread) unread_.insert(bare(list.names[i]));
    for (const Statement& s : said_) {
      const bool goods = s.action <= Action::activity || s.action == Action::other;
      if (!goods || s.zero || !s.listed || *s.listed >= list.names.size()) continue;
      if (s.quantity == Quantity{} && s.action != Action::stock) continue;  // 王芳 0个: no more
      Line line;
      line.name = quoted(list.names[*s.listed]);
      line.key = bare(line.name);
      line.said = s;
      line.item = item_of(s);
      line.part = static_cast<std::size_t>(&s - ctx_.reading->statements.data());
      lines_.push_back(std::move(line));
    }
  }

  void load(const LivingList& list) {
    list_ = list;
    old_.clear();
    for (const Listed& listed : ctx_.lists.entries(list.group, list.number)) {
      auto standing = ctx_.ledger.find(list.group, listed.entry);
      if (!standing) continue;
      old_.push_back({bare(listed.name), listed.name, std::move(*standing)});
    }
  }

  /// Half of what stands in the list is in the copy too.
  bool overlaps() {
    std::size_t standing = 0, both = 0;
    for (const Old& old : old_) {
      if (old.standing.voided_by != 0) continue;
      ++standing;
      both += std::any_of(lines_.begin(), lines_.end(), [&](const Line& line) {
        return line.key == old.key && line.item == old.standing.item &&
               (line.said.action == Action::other ||
                kind_of(line.said.action) == old.standing.kind);
      });
    }
    return both > 0 && both * 2 >= standing;
  }

  std::string item_of(const Statement& s) {
    if (s.action == Action::activity) return s.item;
    return ledger_item(ctx_.db, *ctx_.policy.catalogue, ctx_.message.group, s.item);
  }

  void find_list() {
    const std::string& group = ctx_.message.group;
    const std::u32string title = bare_title(ctx_.reading->list->title);
    if (ctx_.revises) {
      if (const auto first = ctx_.messages.find(group, ctx_.message.id, "message")) {
        for (const std::int64_t number : first->entries) {
          if (const auto list = ctx_.lists.of_entry(group, number)) return take(*list);
        }
      }
    }
    const auto lists =
        ctx_.lists.touched(group, ctx_.message.time - kLives, ctx_.message.time + kLives);
    if (!title.empty()) {
      for (const LivingList& list : lists) {
        if (bare_title(list.title) == title) return take(list);
      }
    }
    for (const LivingList& list : lists) {
      if (!like(bare_title(list.title), title)) continue;
      load(list);
      if (overlaps()) return take(list);
    }
    old_.clear();
  }

  void take(const LivingList& list) {
    load(list);
    known_ = true;
  }

  void begin() {
    list_ = {};
    list_.group = ctx_.message.group;
    list_.title = ctx_.reading->list->title;
    list_.shown = quoted(list_.title);
    list_.title = list_.shown;
    list_.starter = ctx_.message.user;
    list_.touched = ctx_.message.time;
    list_.number = ctx_.lists.begin(list_);
  }

  /// Bare goods are what the list's other entries are; of a new list it is asked. False: asked.
  bool give_kinds() {
    std::optional<Action> action;
    for (const Line& line : lines_) {
      if (line.said.action != Action::other) action = line.said.action;
    }
    for (const Old& old : old_) {
      if (old.standing.kind <= Kind::activity) action = action_of(old.standing.kind);
    }
    std::vector<std::size_t> parts;
    for (Line& line : lines_) {
      if (line.said.action != Action::other) continue;
      if (action) line.said.action = *action;
      parts.push_back(line.part);
    }
    if (parts.empty() || action) return true;
    hold(ctx_, "choose_of_list", 0, parts);
    ctx_.ask(fmt::format("{}的 {} 条登记为哪一种？1 发放，2 需要，3 收到，4 捐赠。请回数字，如：",
                         title(), parts.size()),
             "2");
    return false;
  }

  static Action action_of(Kind kind) {
    // The kinds of reports stand in the same order in both.
    return static_cast<Action>(kind);
  }

  bool make_entries() {
    for (Line& line : lines_) {
      auto entry = entry_of(ctx_, line.said);
      if (!entry) return false;
      line.entry = std::move(*entry);
    }
    return true;
  }

  bool may(const Standing& s) const {
    return ctx_.coordinator || s.user == ctx_.message.user || list_.starter == ctx_.message.user;
  }

  bool same_goods(const Line& line, const Standing& s) const {
    return (line.entry.kind == s.kind || !ctx_.revises) && line.entry.item == s.item &&
           line.entry.unit == s.unit && line.entry.quantity == s.quantity;
  }

  /// Finds for each line the entry that it was: the same goods first, then the same item, then
  /// whatever the name had before.
  void pair() {
    const auto match = [&](const auto& fits) {
      for (Line& line : lines_) {
        if (line.old) continue;
        for (std::size_t i = 0; i < old_.size(); ++i) {
          Old& old = old_[i];
          if (old.paired || old.standing.voided_by != 0 || old.key != line.key) continue;
          if (!fits(line, old.standing)) continue;
          old.paired = true;
          line.old = i;
          break;
        }
      }
    };
    match([&](const Line& line, const Standing& s) { return same_goods(line, s); });
    match([](const Line& line, const Standing& s) { return line.entry.item == s.item; });
    match([&](const Line& line, const Standing& s) { return !line.key.empty() && may(s); });
  }

  void settle(Line& line) {
    if (!line.old) return append(line);
    const Standing& was = old_[*line.old].standing;
    const Standing kept = as_kept(ctx_, was);
    Entry now = line.entry;
    // A place that the copy leaves out, or that is only the poster's own, changes nothing.
    if (line.said.place.empty()) {
      now.place = kept.place;
      if (now.spoken) now.spoken->place = kept.place;
    }
    // What became of an entry since (更正 #12 收到) is no news in the list; an edit means it.
    if (!ctx_.revises) now.kind = was.kind;
    const Change change = change_of_goods(difference(ctx_, kept, now));
    if (encode(change).empty()) return;
    if (!may(was)) {
      if (!change.quantity && !change.unit) return;
      left_.push_back(fmt::format("未改 {}（这份写 {}），登记人或协调员可发：更正 #{} {}",
                                  words(line.name, was), amount_of(now), was.number,
                                  amount_of(now)));
      return;
    }
    if (change.kind && !can_become(ctx_, was, change)) return;
    if (doubtful(line, now, was.number)) return;
    Entry e = correction_of(ctx_, kept, change);
    e.said = now.said;
    ctx_.append(e, change);
    const Standing stands = ctx_.ledger.find(was.group, was.number).value();
    changes_.push_back(
        fmt::format("更正 {}（原 {}）", words(line.name, stands),
                    amount_of(was) == amount_of(stands) ? goods_of(was) : amount_of(was)));
    touched(stands);
  }

  void append(Line& line) {
    for (const Old& old : old_) {
      const bool again =
          old.key == line.key && old.standing.voided_by != 0 && same_goods(line, old.standing);
      if (again && !may(old.standing)) {
        left_.push_back(fmt::format("{} 已撤销，没有再登记；要恢复，登记人或协调员可发：撤销 #{}",
                                    words(line.name, old.standing), old.standing.voided_by));
        return;
      }
    }
    if (doubtful(line, line.entry, 0)) return;
    const Outcome outcome = ctx_.append(line.entry);
    line.entry.number = outcome.number;
    ctx_.lists.add(list_.group, list_.number, {outcome.number, line.name});
    ctx_.reported = true;
    ++added_;
    const Standing stands = ctx_.ledger.find(list_.group, outcome.number).value();
    changes_.push_back((known_ ? "新增 " : "") + words(line.name, stands));
    touched(stands);
  }

  bool doubtful(const Line& line, const Entry& entry, std::int64_t without) {
    if (!ctx_.settled.empty() || !entry.quantity || !implausible(ctx_, entry, without)) return false;
    const auto number = hold(ctx_, "implausible", 0, {line.part});
    ctx_.ask(fmt::format("{} {} 比以往多得多，先不计入（待确认 {}）。没错请发：", line.name,
                         quoted(goods_of(entry)), number),
             fmt::format("确认 {}", number));
    return true;
  }

  /// What stands in the list and not in the copy.
  void lacking() {
    if (!ctx_.settled.empty() || !ctx_.reading->list->whole) return;
    std::string kept;
    std::size_t many = 0;
    for (const Old& old : old_) {
      if (old.paired || old.standing.voided_by != 0 || unread(old)) continue;
      if (may(old.standing)) {
        Entry e = act_on(ctx_, Kind::voided, old.standing);
        e.quantity = old.standing.quantity;
        ctx_.append(e);
        changes_.push_back("撤回 " + words(old.name, old.standing));
        touched(old.standing);
        continue;
      }
      if (++many <= kShown) kept += (kept.empty() ? "" : "，") + words(old.name, old.standing);
      last_kept_ = old.standing.number;
    }
    if (many == 0) return;
    if (many > kShown) kept += fmt::format(" 等 {} 条", many);
    left_.push_back(fmt::format("这份里没有、照旧保留：{}", kept));
    left_.push_back(fmt::format("要撤回，登记人或协调员可发：撤销 #{}", last_kept_));
  }

  /// Its line is there, but could not be read.
  bool unread(const Old& old) const { return unread_.contains(old.key); }

  void say_unread() {
    const List& list = *ctx_.reading->list;
    if (list.unread.empty() || !ctx_.settled.empty()) return;
    std::string names;
    for (const std::size_t i : list.unread) {
      if (names.size() > 200) break;
      names += (names.empty() ? "" : "、") + quoted(list.names[i]);
    }
    left_.push_back("没看懂 " + names + " 那一行，请写成：姓名 物资 数量");
  }

  template <typename Said>
  static std::string amount_of(const Said& s) {
    return s.quantity ? amount(*s.quantity, s.unit) : "数量待核";
  }
  template <typename Said>
  static std::string goods_of(const Said& s) {
    return s.item + " " + amount_of(s);
  }

  /// "#4 王芳 需要 口罩 10个 → 三院"
  static std::string words(const std::string& name, const Standing& s) {
    std::string text = fmt::format("#{} ", s.number);
    if (!name.empty() && name != s.place) text += name + " ";
    if (s.kind == Kind::adjust)
      text += s.word + " ";
    else if (s.kind != Kind::activity)
      text += std::string(verb(s.kind)) + " ";
    text += goods_of(s);
    if (!s.place.empty()) text += " → " + s.place;
    return quoted(text);
  }

  void touched(const Standing& s) {
    Entry state;
    state.group = s.group;
    state.kind = s.kind;
    state.item = s.item;
    state.unit = s.unit;
    state.place = known_ ? s.place : "";
    states_.push_back(std::move(state));
  }

  std::string title() const {
    const std::string said = quoted(ctx_.reading->list->title);
    return said.empty() ? "接龙" : fmt::format("接龙「{}」", said);
  }

  void reply() {
    if (changes_.empty() && left_.empty()) {
      if (ctx_.asked.empty()) ctx_.say(title() + "没有变化。");
      return;
    }
    if (!known_) {
      ctx_.say(fmt::format("{}登记 {} 条：", title(), added_));
    } else {
      ctx_.say(title() + (changes_.empty() ? "没有改动账上的登记。" : "已更新："));
    }
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      if (i == kShown && changes_.size() > kShown + 1) {
        ctx_.say(fmt::format("…共 {} 条", changes_.size()));
        break;
      }
      ctx_.say(changes_[i]);
    }
    for (std::string& line : left_) ctx_.say(std::move(line));
    say_state(ctx_, states_);
    if (ctx_.entries.size() == 1) {
      ctx_.say(fmt::format("撤销请发：撤销 #{}", ctx_.entries.front()));
    } else if (added_ == ctx_.entries.size() && added_ > 0) {
      ctx_.say("撤销请发：撤销");
    } else if (!ctx_.entries.empty() && ctx_.entries.size() <= kShown) {
      std::string numbers;
      for (const auto number : ctx_.entries) numbers += fmt::format(" #{}", number);
      ctx_.say("撤销请发：撤销" + numbers);
    }
  }

  Context& ctx_;
  std::span<const Statement> said_;
  std::vector<Line> lines_;
  std::set<std::u32string> unread_;  ///< names whose goods could not be read
  LivingList list_;
  std::vector<Old> old_;
  bool known_ = false;
  std::vector<std::string> changes_, left_;
  std::vector<Entry> states_;
  std::size_t added_ = 0;
  std::int64_t last_kept_ = 0;
};

}  // namespace

void post_list(Context& ctx, std::span<const Statement> said) { Copy(ctx, said).post(); }
