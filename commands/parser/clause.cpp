#include "commands/parser/clause.h"

#include "commands/parser/names.h"

namespace {

using Kind = Token::Kind;

class Builder {
 public:
  Builder(std::span<const Token> tokens, const Text& text, const Catalogue& catalogue,
          std::vector<Part>& parts)
      : tokens_(tokens), text_(text), catalogue_(catalogue), parts_(parts) {}

  void run() {
    while (at_ < tokens_.size()) {
      const Token& token = tokens_[at_];
      if (noun(token)) {
        phrase();
        continue;
      }
      Part part;
      part.token = &token;
      part.from = token.from;
      part.to = token.to;
      part.adjacent = !token.blank;
      switch (token.kind) {
        case Kind::quantity:
          part.kind = Part::Kind::quantity;
          break;
        case Kind::pack:
          part.kind = Part::Kind::pack;
          break;
        case Kind::lexeme:
          part.kind = Part::Kind::lexeme;
          break;
        case Kind::open:
          part.kind = Part::Kind::open;
          ++depth_;
          break;
        case Kind::close:
          part.kind = Part::Kind::close;
          if (depth_ > 0) --depth_;
          break;
        default:
          part.kind = Part::Kind::frame;
          break;
      }
      if (token.kind == Kind::frame && building(token)) {
        if (!parts_.empty() && parts_.back().kind == Part::Kind::place && part.adjacent) {
          parts_.back().to = token.to;  // 东风小区3号楼
          ++at_;
          continue;
        }
        part.kind = Part::Kind::place;
      }
      add(part);
      ++at_;
    }
  }

 private:
  static bool noun(const Token& token) {
    return token.kind == Kind::word || token.kind == Kind::item || token.is(Role::metric) ||
           token.is(Role::hub);
  }

  bool building(const Token& token) const {
    constexpr std::u32string_view kEndings = U"楼栋幢元室";
    const char32_t last = text_.key[token.to - 1];
    return kEndings.find(last) != std::u32string_view::npos && text_.key[token.from] != U'@' &&
           !(last == U'元' && text_.key[token.to - 2] != U'单');
  }

  void add(Part part) {
    if (part.kind == Part::Kind::lexeme) part.role = part.token->role;
    part.inside = depth_ > 0;
    part.bracketed = !parts_.empty() && parts_.back().kind == Part::Kind::close;
    parts_.push_back(part);
  }

  std::u32string_view key(std::size_t from, std::size_t to) const {
    return std::u32string_view(text_.key).substr(from, to - from);
  }

  /// Adjacent nouns form one phrase; a place or giver at its head is cut off (三院|口罩).
  void phrase() {
    const std::size_t begin = at_;
    if (tokens_[begin].is(Role::hub)) {
      lexeme(begin);
      ++at_;
      return;
    }
    ++at_;
    const bool led = after_to();
    while (at_ < tokens_.size() && noun(tokens_[at_]) && !tokens_[at_].blank) {
      // 城南|仓库 is a name; 我们|仓库 and 口罩|仓库 are not.
      if (tokens_[at_].is(Role::hub) &&
          (tokens_[at_ - 1].kind != Kind::word || !ends_names(tokens_[at_])))
        break;
      // 向擂鼓镇|转运帐篷, but 来自蓝天|救援|队
      if (led && tokens_[at_].is(Role::metric) && tokens_[at_].lexeme->action == Action::activity &&
          !ends_in_place(at_))
        break;
      ++at_;
    }
    split(begin, at_);
  }

  /// 仓库, 库房, 总部: the group's own where they stand alone.
  bool ends_names(const Token& hub) const {
    constexpr std::u32string_view kEndings = U"库房仓部";
    return kEndings.find(text_.key[hub.to - 1]) != kEndings.npos;
  }

  /// 救援|队: work done that only begins the name of a place or giver.
  bool ends_in_place(std::size_t at) const {
    if (at + 1 >= tokens_.size() || tokens_[at + 1].blank || tokens_[at + 1].kind != Kind::word)
      return false;
    const auto name = key(tokens_[at].from, tokens_[at + 1].to);
    return names_place(name) || names_giver(name);
  }

  void lexeme(std::size_t at) {
    Part part;
    part.token = &tokens_[at];
    part.from = tokens_[at].from;
    part.to = tokens_[at].to;
    part.adjacent = !tokens_[at].blank;
    add(part);
  }

  bool after_to() const {
    if (parts_.empty()) return false;
    const Part& prev = parts_.back();
    return prev.is(Role::from) || prev.leads_to_place();
  }

  void split(std::size_t begin, std::size_t end) {
    std::size_t goods = begin;
    while (goods < end && tokens_[goods].kind != Kind::item) ++goods;
    if (goods > begin && goods < end) {
      const auto head = key(tokens_[begin].from, tokens_[goods - 1].to);
      const bool place = names_place(head);
      const bool giver = names_giver(head) && head.size() <= 20;
      const bool work = tokens_[begin].is(Role::metric) &&
                        tokens_[begin].lexeme->action == Action::activity;  // 转移|帐篷
      if (place || giver || work || (after_to() && tokens_[end - 1].kind == Kind::item)) {
        noun_part(begin, goods);
        begin = goods;
      }
    }
    // 2万只口罩|按时运抵: what follows the goods is part of their name only before a figure.
    const bool counted = end < tokens_.size() &&
                         (tokens_[end].kind == Kind::quantity || tokens_[end].is(Role::about) ||
                          tokens_[end].kind == Kind::open || tokens_[end].kind == Kind::pack ||
                          tokens_[end].kind == Kind::frame);
    // 100个茶叶|蛋: one character that ends names of things belongs to the name.
    const Token& tail = tokens_[end - 1];
    const bool ending = tail.to - tail.from == 1 && names_thing(text_.key[tail.from]);
    if (end - begin > 1 && tokens_[end - 1].kind == Kind::word &&
        tokens_[end - 2].kind == Kind::item && !counted && !ending) {
      noun_part(begin, end - 1);
      begin = end - 1;
    }
    if (begin < end) noun_part(begin, end);
  }

  void noun_part(std::size_t begin, std::size_t end) {
    Part part;
    part.token = &tokens_[end - 1];
    part.from = tokens_[begin].from;
    part.to = tokens_[end - 1].to;
    part.adjacent = !tokens_[begin].blank;
    const auto name = key(part.from, part.to);
    bool has_item = false;
    for (std::size_t i = begin; i < end; ++i) {
      has_item = has_item || tokens_[i].kind == Kind::item;
      // 儿童|温暖包: people before a name only say for whom it is; 消杀|楼道 is work all the same.
      const bool within = i + 2 == end && tokens_[i + 1].to - tokens_[i + 1].from == 1 &&
                          (text_.key[tokens_[i + 1].from] == U'里' ||
                           text_.key[tokens_[i + 1].from] == U'内');  // 微信群|内
      const bool work = tokens_[i].is(Role::metric) &&
                        (i + 1 == end || within || tokens_[i].lexeme->action == Action::activity);
      part.metric = part.metric || work;
    }
    part.loose = part.metric && !tokens_[end - 1].is(Role::metric);
    part.kind = Part::Kind::goods;
    part.known = tokens_[end - 1].kind == Kind::item;
    if (part.known) part.metric = false;
    if (part.known && end - begin == 1) {
      part.item = tokens_[begin].item;
    } else if (has_item) {
      part.item = catalogue_.find(
          to_utf8(std::u32string_view(text_.shown).substr(part.from, part.to - part.from)));
    }
    if (!part.known && !has_item && name.size() > 4 &&
        names_place(name.substr(0, name.size() - 2)) &&
        names_person(name.substr(name.size() - 2)) && !names_place(name.substr(name.size() - 2))) {
      part.to -= 2;  // 县医院小刘: the place, not who speaks
    } else if (!part.known && !has_item && name.size() == 4 && names_place(name.substr(0, 2)) &&
               (name[2] == U'小' || name[2] == U'老') && names_person(name.substr(2))) {
      part.to -= 2;
    }
    const bool asked = end < tokens_.size() && tokens_[end].kind == Kind::lexeme &&
                       tokens_[end].lexeme->action == Action::need;
    if (!part.known && !has_item && (figure_at(end) || asked)) {
      if (const auto head = place_at_head(name); head != 0 && part.to == tokens_[end - 1].to) {
        Part place = part;  // 黄陂区中医院|呼吸湿化治疗仪
        place.to = part.from + head;
        place.kind = Part::Kind::place;
        place.metric = place.loose = false;
        add(place);
        part.from += head;
        part.adjacent = true;
      }
    }
    const auto whole = key(part.from, part.to);
    if (!part.known && !has_item) {
      // 微信群里: in, not the end of a name.
      const bool within = part.metric && (whole.back() == U'里' || whole.back() == U'内');
      const bool place = names_place(whole) && !within;
      const bool person = names_giver(whole);
      if (after_to()) {
        part.kind = Part::Kind::place;
        part.metric = false;
      } else if (part.metric ? !figure_at(end) && (tokens_[end - 1].is(Role::metric)
                                                       ? giver_before_verb(begin, end)
                                                       : place)
                             : (place || person)) {
        part.kind = Part::Kind::place;
        part.person = person && !place;
      }
    } else if (!part.known && names_place(whole)) {
      part.kind = Part::Kind::place;  // 菜场社区: goods inside a place's name
    }
    add(part);
  }

  /// 爱心|企业|捐赠: a word for what is counted ends the name of who gave.
  bool giver_before_verb(std::size_t begin, std::size_t end) const {
    return end - begin > 1 && names_giver(key(tokens_[begin].from, tokens_[end - 1].to)) &&
           end < tokens_.size() && tokens_[end].is(Role::verb);
  }

  /// How much of an unknown run before a figure is the name of a place; 0 where none is.
  static std::size_t place_at_head(std::u32string_view name) {
    for (const std::u32string_view kind :
         {U"医院", U"卫生院", U"社区", U"福利院", U"敬老院", U"养老院", U"街道办", U"派出所",
          U"居委会", U"村委会", U"指挥部", U"幼儿园", U"中学", U"小学", U"大学", U"卡点", U"隔离点",
          U"病房", U"安置点"}) {
      const auto at = name.rfind(kind);
      if (at == name.npos || at == 0) continue;
      const std::size_t end = at + kind.size();
      if (end + 2 <= name.size()) return end;
    }
    return 0;
  }

  bool figure_at(std::size_t at) const {
    return at < tokens_.size() && tokens_[at].kind == Kind::quantity;
  }

  std::span<const Token> tokens_;
  const Text& text_;
  const Catalogue& catalogue_;
  std::vector<Part>& parts_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

bool Part::leads_to_place() const {
  if (is(Role::to)) return true;
  if (!is(Role::verb) && !is(Role::weak)) return false;
  const Lexeme& lexeme = *token->lexeme;
  constexpr std::u32string_view kToward = U"给到往至";
  const auto word = lexeme.word;
  const char32_t last =
      word.back() == U'了' && word.size() > 1 ? word[word.size() - 2] : word.back();  // 给了
  return lexeme.action != Action::received && lexeme.action != Action::need &&
         kToward.find(last) != std::u32string_view::npos;
}

std::vector<Part> parts_of(std::span<const Token> tokens, const Text& text,
                           const Catalogue& catalogue) {
  std::vector<Part> parts;
  parts_of(tokens, text, catalogue, parts);
  return parts;
}

void parts_of(std::span<const Token> tokens, const Text& text, const Catalogue& catalogue,
              std::vector<Part>& into) {
  into.clear();
  into.reserve(tokens.size());  // never moved while it grows
  Builder(tokens, text, catalogue, into).run();
}
