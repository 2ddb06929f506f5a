#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "commands/parser/clause.h"
#include "commands/parser/grammar.h"

// Inside of the grammar: shared by grammar.cpp (lines, clauses, what comes of them), sides.cpp
// (verbs, places, givers) and figures.cpp (which figure counts what).

using Parts = std::span<const Part>;

/// The goods (or work) that a figure is about.
struct Noun {
  std::string surface;
  std::string canonical;
  bool known = false;
  bool metric = false;
  std::size_t from = 0, to = 0;
};

/// What one clause leaves behind for the next ones.
struct Carried {
  const Lexeme* verb = nullptr;
  Action action = Action::other;
  std::size_t verb_sentence = 0;  ///< where the verb stood
  bool urgent = false;
  bool cumulative = false;
  bool parts_follow = false;  ///< 其中 …: figures of something already told
  bool from_hub = false;
  int receivers = 0;
  std::vector<std::string> places;  ///< named before the figures; several only until 各
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
  bool each = false;  ///< 各: a figure for each receiver
};

/// Lists that a report fills and the next one can use again: most of the time went into memory.
struct ReportRoom {
  std::vector<Draft> drafts;
  std::vector<Part> parts;
  std::vector<std::size_t> taken, sequence, quantities;
};

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
  void header();
  void list_header();
  void clause(std::span<const Token> tokens, char32_t sign);
  void subclause(Parts parts, char32_t sign);
  bool enough(Parts parts);
  bool verb(Parts parts, std::size_t first_quantity);
  bool one_more_receiver(const std::string& name);
  void sides(Parts parts, std::size_t verb_at, std::size_t first_quantity);
  void work(Parts parts);
  void figures(Parts parts);
  void assign(Parts parts, const std::vector<std::size_t>& sequence);
  void pack(const Part& part);
  bool settle(const Part& actual);
  void single_pack(Parts parts);
  void emit(const Noun* noun, const Part& quantity, bool approx);
  void finish();
  void unknown_needs(Parts parts);

  /// 代三医院报: the place without who speaks for it.
  std::string place_name(const Part& part) const {
    std::size_t from = part.from;
    std::size_t to = part.to;
    if (to - from > 2 &&
        std::u32string_view(U"代替帮").find(text_.key[from]) != std::u32string_view::npos)
      ++from;
    if (to - from > 2 && text_.key[to - 1] == U'报') --to;
    return surface(from, to);
  }
  Noun noun(const Part& part) const;
  Noun joined(Parts parts, std::size_t first, std::size_t last) const;
  std::string surface(std::size_t from, std::size_t to) const {
    return to_utf8(std::u32string_view(text_.shown).substr(from, to - from));
  }
  std::u32string_view key(const Part& part) const {
    return std::u32string_view(text_.key).substr(part.from, part.to - part.from);
  }
  std::string unit(const Token& token) const { return surface(token.unit_from, token.unit_to); }
  /// Words of talk inside what would be a name: no goods are called so.
  bool talk(const Noun& noun) const {
    const std::u32string_view name =
        std::u32string_view(text_.key).substr(noun.from, noun.to - noun.from);
    return (!noun.known && name.size() > 12) ||
           name.find_first_of(U"他她它这那其被让使我你吗呢吧啊说想看听吃喝像自要哦嗯") != name.npos;
  }
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
  std::vector<std::size_t>& taken_;  ///< parts of the clause already used (by index)
  std::size_t scope_ = 0, line_ = 0, sentence_ = 0, leftover_ = 0, chat_ = 0;
  std::size_t line_drafts_ = 0, sentence_drafts_ = 0;
  bool each_ = false;                ///< 各 stands in the clause
  bool listed_ = false;              ///< 、 stands before the clause
  bool planned_ = false;             ///< a report of what is still to come
  std::optional<std::size_t> list_;  ///< a 接龙: where its entries begin
  bool several_ = false;             ///< its head names several goods
  bool skip_value_ = false, place_value_ = false;
  bool saw_verb_ = false, verb_first_ = false, noisy_ = false, asked_ = false, saw_figure_ = false,
       saw_goods_ = false;
};
