#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "commands/parser/clause.h"
#include "commands/parser/grammar.h"

// Inside of the grammar: shared by grammar.cpp (lines, clauses, what comes of them), verbs.cpp (the
// main verb), sides.cpp (places, givers), happened.cpp (what a verb means there), figures.cpp
// (which figure counts what), work.cpp (people, visits, area), measures.cpp (worth, packs), due.cpp
// (what was due and came), shares.cpp (a figure and its parts), unreal.cpp (what only may be so)
// and drafts.cpp (what becomes a statement).

using Parts = std::span<const Part>;

/// What is counted of work that the noun only begins to name: 消杀楼道 28个, but 消毒凝胶 200瓶.
bool fits_work(std::u32string_view unit);
/// One of the small words (set apart by blanks) stands before the main verb.
bool led_by(Parts parts, std::size_t main, std::u32string_view words);

/// 退回, 退货: by a place to us, or by us to a giver.
bool gives_back(const Lexeme& lexeme);
/// 我们, 我司: what the clause tells is the speaker's own.
bool speaks_of_us(std::u32string_view word);

/// The goods (or work) that a figure is about.
struct Noun {
  std::string surface;
  std::string_view canonical;  ///< the catalogue's
  bool known = false;
  bool metric = false;
  std::size_t from = 0, to = 0;
  bool loose = false;  ///< see Part
};

/// What one clause leaves behind for the next ones.
struct Carried {
  const Lexeme* verb = nullptr;
  Action action = Action::other;
  std::size_t verb_sentence = 0;  ///< where the verb stood
  std::size_t verb_from = 0;      ///< its position of Text
  bool announced = false;         ///< the verb stood before a colon or in a line of its own
  bool urgent = false;
  bool cumulative = false;
  bool series = false;        ///< 分别 …: figures of one thing, one after the other
  bool parts_follow = false;  ///< 其中 …: figures of something already told
  bool from_hub = false;
  int receivers = 0;
  std::string receiver_kind, receiver_unit;  ///< 社区, 个
  std::vector<std::string> places;           ///< named before the figures; several only until 各
  std::string counterpart;
  std::vector<Noun> pending;  ///< named without a figure yet
  std::optional<Noun> last;   ///< for figures that leave the goods out
  std::optional<Measure> worth;
};

/// What becomes a statement, unless something further on speaks against it.
struct Draft {
  Statement statement;
  bool article = false;  ///< 一个, 一只: may be no count at all
  bool known = false;
  std::size_t scope = 0;
  std::size_t line = 0;
  std::size_t sentence = 0;
  bool placed = false;
  bool each = false;      ///< 各: a figure for each receiver
  bool due = false;       ///< 应到: what should come, not what came
  bool inherits = false;  ///< its goods were named before
  bool of_total = false;  ///< 其中: a part of a figure told already
};

/// Lists that a report fills and the next one can use again: most of the time went into memory.
struct ReportRoom {
  std::vector<Draft> drafts;
  std::vector<Part> parts;
  std::vector<std::size_t> taken, sequence, quantities;
};

/// Parts of one figure that are looked at together.
constexpr std::size_t kMaxShares = 200;

/// Reads the reports of one message, clause by clause.
class Report {
 public:
  Report(const Text& text, const Tokens& tokens, const Catalogue& catalogue, Reading& out,
         std::optional<std::size_t> list, ReportRoom& room)
      : text_(text),
        tokens_(tokens.list),
        catalogue_(catalogue),
        out_(out),
        room_(room),
        drafts_(room.drafts),
        taken_(room.taken),
        list_(list) {
    drafts_.clear();
  }

  void run();

 private:
  void line(std::size_t begin, std::size_t end);
  bool example(std::size_t begin) const;
  void header();
  void list_header();
  void clause(std::span<const Token> tokens, char32_t sign);
  void subclause(Parts parts, char32_t sign);
  bool asks_at_end(Parts parts) const;
  std::size_t asks_around(Parts parts) const;
  bool takes_back(Parts parts);
  bool unreal(Parts parts, std::size_t first_quantity);
  void sizes(Parts parts, std::size_t& first_quantity);
  bool enough(Parts parts);
  bool verb(Parts parts, std::size_t first_quantity);
  /// A main verb, by its part; `rest` is one of what is left (剩下的).
  struct Found {
    std::size_t main, rest;
    bool denied = false, can = false;
  };
  Found main_verb(Parts parts, std::size_t first_quantity);
  bool no_verb(Parts parts, std::size_t i);
  bool no_main_verb(Parts parts, std::size_t first_quantity, bool denied);
  void tells_now(const Lexeme& verb, Action action, std::size_t from);
  bool tell_earlier(std::size_t first, Action action, const Lexeme* verb = nullptr);
  bool hands_on(Parts parts, std::size_t main);
  void begin_scope(const Lexeme& verb, bool applied);
  Action meant(Parts parts, std::size_t main, std::size_t first_quantity, bool can) const;
  std::string place_told(Parts parts, const Lexeme& verb, Action action);
  Action happened(Parts parts, std::size_t main, std::size_t first_quantity) const;
  Action there_is(Parts parts, std::size_t main, std::size_t first_quantity) const;
  bool one_more_receiver(const std::string& name);
  bool counts_receivers(Parts parts, std::size_t i) const;
  void sides(Parts parts, std::size_t verb_at, std::size_t first_quantity);
  bool receivers(Parts parts, std::size_t i);
  bool unknown_giver(Parts parts, std::size_t i);
  bool no_side(Parts parts, std::size_t i);
  bool other_side(Parts parts, std::size_t i, std::size_t verb_at, bool before);
  void place_behind(Parts parts, std::size_t i, std::size_t first_quantity);
  void asker(Parts parts, std::size_t verb_at, std::size_t first_quantity,
             std::vector<std::string>& leading);
  void lead(Parts parts, std::vector<std::string> leading);
  void work(Parts parts);
  void figures(Parts parts);
  void assign(Parts parts, const std::vector<std::size_t>& sequence);
  std::size_t turn(Parts parts, const std::vector<std::size_t>& sequence) const;
  bool worth(Parts parts, std::size_t at, bool later, std::size_t before, const Part* goods);
  void pack(const Part& part);
  Draft* receipt(const Noun* noun, bool due, const std::string& unit);
  bool settles(Parts parts, std::size_t at, const Noun* noun, const Lexeme* word);
  void settle_bare();
  void doubt(Doubt about, std::string said);
  void each_in(Parts parts);
  void shares();
  bool sums_up(const Part& part) const;
  bool share_of(const Draft& whole, const Draft& part) const;
  void pack_sizes(Parts parts);
  bool measured(const std::string& said) const;
  bool is_size(const Token& size, const Token& count) const;
  std::size_t bracketed_or_next(Parts parts, std::size_t i) const;
  bool carried(Quantity quantity, const std::string& said) const;
  bool own_figure(Parts parts, std::size_t i) const;
  void single_pack(Parts parts);
  bool idle_verb() const;
  /// Some of the last nouns without a figure is known goods.
  bool names_known() const {
    constexpr std::ptrdiff_t kLast = 8;
    const auto end = now_.pending.end();
    return std::any_of(end - std::min<std::ptrdiff_t>(kLast, end - now_.pending.begin()), end,
                       [](const Noun& n) { return n.known; });
  }
  bool brings(const Noun& noun) const;
  void emit(const Noun* noun, const Part& quantity, bool approx);
  std::optional<Noun> inherited(const Part& part, bool approx);
  bool measured_twice(const Part& part, bool approx);
  bool thing(const Noun& noun, const Token& token) const;
  bool doubtful(const Noun& noun, const Token& token, bool goes_on) const;
  void measure(Statement& s, const Part& part, bool approx);
  void settle_places(bool metric);
  void deal_out();
  void finish();
  Action main_action() const;
  void unknown_needs(Parts parts);

  /// 代三医院报: the place without who speaks for it.
  std::string place_name(const Part& part) const {
    std::size_t from = part.from;
    std::size_t to = part.to;
    if (to - from > 2 &&
        std::u32string_view(U"代替帮被").find(text_.key[from]) != std::u32string_view::npos)
      ++from;
    if (to - from > 2 && text_.key[to - 1] == U'报') --to;
    return surface(from, to);
  }
  Noun noun(const Part& part) const;
  bool members_of(const Part& part, std::vector<Noun>& into) const;
  Noun joined(Parts parts, std::size_t first, std::size_t last) const;
  std::string surface(std::size_t from, std::size_t to) const {
    return to_utf8(std::u32string_view(text_.shown).substr(from, to - from));
  }
  std::u32string_view key(const Part& part) const {
    return std::u32string_view(text_.key).substr(part.from, part.to - part.from);
  }
  std::u32string_view unit_key(const Token& token) const {
    return std::u32string_view(text_.key).substr(token.unit_from, token.unit_to - token.unit_from);
  }
  std::string unit(const Token& token) const { return surface(token.unit_from, token.unit_to); }
  bool talk(const Noun& noun) const;
  void flags(Statement& s) const;
  std::size_t most() const { return list_ ? kMaxListed : kMaxStatements; }
  Draft* last_draft() { return drafts_.empty() ? nullptr : &drafts_.back(); }

  const Text& text_;
  const std::vector<Token>& tokens_;
  const Catalogue& catalogue_;
  Reading& out_;
  Carried now_;
  ReportRoom& room_;
  std::vector<Draft>& drafts_;
  std::optional<Noun> header_;  ///< goods named in a header: for entries without goods
  std::string header_place_;
  std::optional<Noun> shared_;  ///< 防护服:宜都30套,枝江25套: goods before a colon, places after it
  /// A figure that belongs to the one that stands at `of`: 20瓶|500ml酒精.
  struct Inner {
    std::size_t of;  ///< position of Text
    Measure measure;
    bool whole;  ///< it counts all of them: 20箱4000个口罩
  };
  std::vector<Inner> inner_;
  std::size_t each_at_ = 0;  ///< where 各 stands; what stands before it is not for each
  std::size_t dues_ = 0;     ///< drafts of what was due
  std::string doubted_;      ///< what a doubt is about, as said
  std::optional<Measure> bare_due_, bare_came_;  ///< 应到500 实到480, and no goods
  std::vector<std::size_t>& taken_;              ///< parts of the clause already used (by index)
  std::size_t scope_ = 0, line_ = 0, sentence_ = 0, leftover_ = 0, chat_ = 0;
  std::size_t line_drafts_ = 0, sentence_drafts_ = 0;
  std::size_t supposed_ = 0;               ///< the sentence that supposes something
  std::size_t closed_ = 0, counting_ = 0;  ///< sentences; those of them that gave a figure
  bool lines_ = false;                     ///< the message has several lines
  bool label_ = false;                     ///< the clause ends in a colon, among several lines
  bool each_ = false;                      ///< 各 stands in the clause
  bool listed_ = false;                    ///< 、 stands before the clause
  bool planned_ = false;                   ///< a report of what is still to come
  std::optional<std::size_t> list_;        ///< a 接龙: where its entries begin
  bool several_ = false;                   ///< its head names several goods
  bool skip_value_ = false, place_value_ = false;
  bool saw_work_ = false;  ///< the message says what was done: 出动 走访 发放
  bool saw_verb_ = false, verb_first_ = false, noisy_ = false, asked_ = false, saw_figure_ = false,
       saw_goods_ = false;
};
