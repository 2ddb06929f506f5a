#include <algorithm>
#include <utility>

#include "commands/parser/names.h"
#include "commands/parser/report.h"

// What a clause says was done: its main verb, what speaks against it, and what it leaves behind.

namespace {

bool bought(std::string_view word) {
  for (const std::string_view start : {"购", "采", "买", "筹", "募"}) {
    if (word.starts_with(start)) return true;
  }
  return false;
}

/// 三院|反馈, 三院|来电.
bool tells(const Part& part) {
  if (!part.is(Role::fluff)) return false;
  const auto word = part.token->lexeme->word;
  return word == U"反馈" || word == U"回复" || word == U"来电" || word == U"报告" ||
         word == U"通知";
}

/// 收到, 已到: at whose place it is; 采购, 筹集 and 借来 are by who tells it.
bool arrives(std::u32string_view word) {
  return word.find(U'收') != word.npos || word.starts_with(U"到") || word.starts_with(U"已到") ||
         word == U"实到";
}

/// A verb that no word of the text is, where its meaning is said some other way.
constexpr Lexeme kMoved{U"转运", Role::verb, Action::in_transit};
constexpr Lexeme kGiven{U"给", Role::verb, Action::distributed};
constexpr Lexeme kCame{U"到", Role::verb, Action::received};
constexpr Lexeme kReached{U"抵达", Role::verb, Action::in_transit};

/// 转运|帐篷35顶: work with goods is a shipment.
bool moves(Parts parts) {
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    if (parts[i].kind != Part::Kind::goods || !parts[i].metric || !parts[i + 1].known) continue;
    if (parts[i].token->is(Role::metric) &&
        (parts[i].token->lexeme->word == U"转运" || parts[i].token->lexeme->word == U"转移"))
      return true;
  }
  return false;
}

/// 2吨土豆给方舱食堂了: done, though no verb says so.
bool handed_over(Parts parts, std::size_t first_quantity, std::u32string_view word = U"给") {
  if (!parts.back().is(Role::fluff) || parts.back().token->lexeme->word != U"了") return false;
  for (std::size_t i = first_quantity + 1; i + 2 < parts.size(); ++i) {
    if (parts[i].is(Role::to) && parts[i].token->lexeme->word == word) return true;
  }
  return false;
}

/// 都给急诊了: all of what was told.
bool given_all(Parts parts) {
  const bool all = std::any_of(parts.begin(), parts.end(), [](const Part& p) {
    return p.is(Role::fluff) &&
           (p.token->lexeme->word == U"都" || p.token->lexeme->word == U"全部");
  });
  const bool done = parts.back().is(Role::fluff) && parts.back().token->lexeme->word == U"了";
  return all && done && std::any_of(parts.begin(), parts.end(), [](const Part& p) {
           return p.is(Role::to) && p.token->lexeme->word == U"给";
         });
}

/// 抵达武汉天河机场, 驰援湖北: got there, or was on its way to it.
bool reaches_place(Parts parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].is(Role::fluff) && parts[i].token->lexeme->word == U"的路上") return true;
    if (!parts[i].is(Role::to) || i + 1 == parts.size()) continue;
    for (const std::u32string_view word : {U"抵达", U"驰援", U"直达", U"赶赴", U"奔赴"}) {
      if (parts[i].token->lexeme->word == word) return true;
    }
  }
  return false;
}

/// 需要的, 剩下的: says which goods, not what happened; but 最缺的是….
bool attributive(Parts parts, std::size_t i, std::u32string_view all) {
  return i + 1 < parts.size() && parts[i + 1].is(Role::fluff) && all[parts[i + 1].from] == U'的' &&
         !(i + 2 < parts.size() && parts[i + 2].is(Role::fluff) && all[parts[i + 2].from] == U'是');
}

/// 急需口罩的市民: people, described.
bool describes_people(Parts parts, std::size_t i, std::u32string_view all) {
  return i + 3 < parts.size() && parts[i].token->lexeme->action == Action::need &&
         parts[i + 1].kind == Part::Kind::goods && parts[i + 1].known &&
         parts[i + 2].is(Role::fluff) && all[parts[i + 2].from] == U'的' &&
         parts[i + 3].kind != Part::Kind::quantity;
}

/// 还有火腿肠, 还有5箱酒精.
bool goods_follow(Parts parts, std::size_t i) {
  return i + 1 < parts.size() &&
         (parts[i + 1].kind == Part::Kind::goods ||
          (parts[i + 1].kind == Part::Kind::quantity && i + 2 < parts.size() &&
           parts[i + 2].kind == Part::Kind::goods && parts[i + 2].adjacent));
}

bool may_be_main(const Part& part) {
  return part.is(Role::verb) || part.is(Role::weak) || part.is(Role::expected) ||
         part.is(Role::actual);
}

/// 家里只有1盒退烧药: of a place or the hub it would be the stock, of nobody else.
bool only_some_left(Parts parts, std::size_t i, std::u32string_view all) {
  if (parts[i].token->lexeme->word != U"有" || parts[i].from == 0 ||
      all[parts[i].from - 1] != U'只')
    return false;
  const Parts before = parts.first(i);
  return std::none_of(before.begin(), before.end(), [](const Part& p) {
    return p.is(Role::hub) || (p.kind == Part::Kind::place && !p.person);
  });
}

bool denied_by(Parts parts, std::size_t i) {
  while (i > 0 && parts[i - 1].is(Role::fluff)) --i;
  return i > 0 && parts[i - 1].is(Role::negates);
}

}  // namespace

/// 护目镜够了, among other reports.
bool Report::enough(Parts parts) {
  const auto said = std::find_if(parts.begin(), parts.end(), [](const Part& p) {
    return p.is(Role::negates) && p.token->lexeme->word == U"够了";
  });
  if (said == parts.end()) return false;
  std::string place = now_.places.empty() ? "" : now_.places.back();
  for (const Part& part : parts) {
    if (part.kind == Part::Kind::place) place = place_name(part);
    if (part.kind != Part::Kind::goods || !part.known || drafts_.size() >= most()) continue;
    Draft draft;
    draft.statement.action = Action::enough;
    draft.statement.word = "够了";
    draft.statement.item = noun(part).surface;
    draft.statement.canonical = noun(part).canonical;
    draft.statement.place = place;
    draft.statement.span = text_.original(part.from, said->to);
    draft.line = line_;
    draft.sentence = sentence_;
    draft.known = true;
    drafts_.push_back(std::move(draft));
  }
  return true;
}

/// A word that looks like a verb and says nothing of its own here.
bool Report::no_verb(Parts parts, std::size_t i) {
  const Lexeme& lexeme = *parts[i].token->lexeme;
  // 方便面22桶，还有火腿肠, 还有5箱酒精: and, not what is left.
  if (lexeme.word == U"还有" && drafts_.size() > line_drafts_ && goods_follow(parts, i))
    return true;
  // 收到三院反馈，口罩还缺200只: what came is word of it.
  if (i + 2 < parts.size() && lexeme.word == U"收到" && parts[i + 1].kind == Part::Kind::place &&
      tells(parts[i + 2]))
    return true;
  // 少了20只: only short of what came.
  if (parts[i].is(Role::weak) && lexeme.action == Action::adjust &&
      receipt(nullptr, false, "") == nullptr)
    return true;
  return describes_people(parts, i, text_.key);
}

/// The verb that says what happened, and what was found on the way to it.
Report::Found Report::main_verb(Parts parts, std::size_t first_quantity) {
  Found found{parts.size(), parts.size()};
  bool others = false, neighbours = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const bool none = found.main == parts.size();
    if (parts[i].is(Role::can) && none) found.can = true;
    // 他们那, 隔壁镇 before a verb of giving or getting: somebody else's story.
    const bool named = names_others(key(parts[i])) && !(i > 0 && parts[i - 1].leads_to_place());
    others = others || (named && parts[i].is(Role::fluff));
    neighbours = neighbours || (named && parts[i].kind == Part::Kind::place);
    if (!may_be_main(parts[i])) continue;
    const Lexeme& lexeme = *parts[i].token->lexeme;
    // 他们那发了20斤大米: not ours to report; but what 隔壁村 donates may come to us.
    const bool theirs = i < first_quantity && none && lexeme.action != Action::need &&
                        (others || (neighbours && lexeme.action != Action::offer));
    if (denied_by(parts, i) || theirs || only_some_left(parts, i, text_.key)) {
      found.denied = found.denied || none;
      continue;
    }
    if (attributive(parts, i, text_.key)) {
      // 收到三院退回的口罩: given back, not received.
      const bool got = found.main < i
                           ? parts[found.main].token->lexeme->action == Action::received
                           : now_.action == Action::received && now_.verb_sentence == sentence_;
      if (got && gives_back(lexeme)) {
        found.main = i;
        if (!now_.counterpart.empty()) now_.places.push_back(std::exchange(now_.counterpart, {}));
        continue;
      }
      if (first_quantity < parts.size()) {
        if (lexeme.action == Action::stock) found.rest = i;
        continue;
      }
    }
    if (no_verb(parts, i)) continue;
    // 申请…获得32万元: asked for and got.
    if (found.main < i && parts[found.main].token->lexeme->word == U"申请" &&
        lexeme.word == U"获得")
      found.main = i;
    // 运来的途中破损了3副: a loss is the news, whatever happened around it.
    if (found.main == parts.size() || (lexeme.action == Action::adjust && i < first_quantity))
      found.main = i;
  }
  return found;
}

/// From here on the clause tells what `verb` says.
void Report::tells_now(const Lexeme& verb, Action action, std::size_t from) {
  now_.verb = &verb;
  now_.action = action;
  now_.verb_sentence = sentence_;
  now_.verb_from = from;
  saw_verb_ = true;
}

/// What was told from draft `first` on without a verb: `verb`, where one says so now.
bool Report::tell_earlier(std::size_t first, Action action, const Lexeme* verb) {
  bool any = false;
  for (std::size_t i = first; i < drafts_.size(); ++i) {
    Draft& draft = drafts_[i];
    if (draft.statement.action != Action::other) continue;
    draft.statement.action = action;
    any = true;
    if (verb == nullptr) continue;
    draft.statement.word = to_utf8(verb->word);
    draft.scope = scope_ + 1;
  }
  return any;
}

/// Another verb, or figures told already: what was named for them does not hold on.
void Report::begin_scope(const Lexeme& verb, bool applied) {
  const bool told = drafts_.size() > line_drafts_;
  if (!applied && now_.verb == &verb && !told) return;
  ++scope_;
  now_.counterpart.clear();
  if (!told) return;
  now_.places.clear();
  if (!header_place_.empty()) now_.places = {header_place_};
}

/// A clause without a main verb: what happened may be said by a preposition. False where it is
/// denied.
bool Report::no_main_verb(Parts parts, std::size_t first_quantity, bool denied) {
  const bool figures = first_quantity < parts.size();
  if (!denied && !saw_verb_ && handed_over(parts, first_quantity)) {
    tell_earlier(line_drafts_, Action::distributed);
    tells_now(kGiven, Action::distributed, now_.verb_from);
    sides(parts, first_quantity, first_quantity);
    return true;
  }
  for (std::size_t i = 0; i < parts.size() && figures; ++i) {
    // 一个没抢到, 没有口罩500只: but not a remark further on.
    const bool before_figure = i + 1 < parts.size() && parts[i + 1].kind == Part::Kind::quantity;
    const bool after_figure =
        i > 0 && parts[i - 1].kind == Part::Kind::quantity && parts[i].adjacent;
    if (parts[i].is(Role::negates) && ((i < first_quantity && !before_figure) || after_figure))
      denied = true;
  }
  if (denied) return false;
  if (!figures && drafts_.size() > line_drafts_ && given_all(parts))
    tell_earlier(line_drafts_, Action::distributed);
  const bool untold = figures || (drafts_.size() > sentence_drafts_ &&
                                  drafts_.back().statement.action == Action::other);
  const std::size_t begin = parts.front().from;
  if (!saw_verb_ && handed_over(parts, first_quantity, U"到")) {
    tells_now(kCame, Action::received, begin);  // 10台呼吸机到医院了
  } else if (untold && now_.action == Action::other && reaches_place(parts)) {
    tell_earlier(sentence_drafts_, Action::in_transit);
    tells_now(kReached, Action::in_transit, begin);
  } else if (moves(parts)) {
    tells_now(kMoved, Action::in_transit, begin);
  }
  // …，晚8点到泸定: where what was told goes.
  const bool reaches = !figures && drafts_.size() > sentence_drafts_ &&
                       std::any_of(parts.begin(), parts.end(), [](const Part& p) {
                         return p.is(Role::to) && p.token->lexeme->word != U"给" &&
                                p.token->lexeme->word != U"向" && p.token->lexeme->word != U"为";
                       });
  sides(parts, parts.size(), reaches ? 0 : first_quantity);
  return true;
}

/// What the main verb means here, with what the sentence said before it.
Action Report::meant(Parts parts, std::size_t main, std::size_t first_quantity, bool can) const {
  const Lexeme& lexeme = *parts[main].token->lexeme;
  Action action = happened(parts, main, first_quantity);
  if (lexeme.role == Role::expected || lexeme.role == Role::actual)
    action = now_.action == Action::stock ? Action::stock : Action::received;
  if (can && action == Action::distributed) action = Action::offer;
  // 请求支援，调拨口罩…: what is asked for is still asked for.
  const bool gives = action == Action::distributed || action == Action::offer;
  const bool asked = now_.action == Action::need && now_.verb_sentence == sentence_ &&
                     drafts_.size() == sentence_drafts_;
  return gives && asked ? Action::need : action;
}

/// 接收口罩500只，转赠三院: all that came went on to one place.
bool Report::hands_on(Parts parts, std::size_t main) {
  const Lexeme& lexeme = *parts[main].token->lexeme;
  const Parts before = parts.first(main);
  const Parts after = parts.subspan(main + 1);
  const auto place = [](const Part& p) { return p.kind == Part::Kind::place && !p.person; };
  const bool done =
      lexeme.word.front() == U'转' && !led_by(parts, main, U"将 准备 预计 就") &&
      std::all_of(before.begin(), before.end(), [](const Part& p) { return p.is(Role::fluff); });
  if (!done || std::count_if(after.begin(), after.end(), place) != 1) return false;
  const std::size_t told = drafts_.size();
  for (std::size_t d = sentence_drafts_; d < told && drafts_.size() < most(); ++d) {
    const Statement& came = drafts_[d].statement;
    if (came.action != Action::received || !came.quantity || !came.place.empty()) continue;
    Draft draft = drafts_[d];
    draft.statement.action = Action::distributed;
    draft.statement.word = to_utf8(lexeme.word);
    draft.statement.place = place_name(*std::find_if(after.begin(), after.end(), place));
    draft.statement.counterpart.clear();
    draft.statement.expected.reset();
    draft.statement.value.reset();
    draft.scope = scope_ + 1;
    drafts_.push_back(std::move(draft));
  }
  if (drafts_.size() == told) return false;
  ++scope_;
  tells_now(lexeme, Action::distributed, parts[main].from);
  return true;
}

/// Finds what the clause says was done, and who gave or got it. False where it is denied.
bool Report::verb(Parts parts, std::size_t first_quantity) {
  Found found = main_verb(parts, first_quantity);
  if (found.main == parts.size() && !found.denied && !saw_verb_ &&
      !handed_over(parts, first_quantity))
    found.main = found.rest;  // 剩下的防护服不到30套
  if (found.main == parts.size()) return no_main_verb(parts, first_quantity, found.denied);
  const std::size_t main = found.main;
  const Lexeme* lexeme = parts[main].token->lexeme;
  // 明天给三院送500只: not done yet, so nothing to record.
  const Action plain = happened(parts, main, first_quantity);
  if ((plain == Action::distributed || plain == Action::received) && main < first_quantity &&
      led_by(parts, main, U"明天 明早 明日 后天 准备")) {
    planned_ = true;
    return false;
  }
  const Action action = meant(parts, main, first_quantity, found.can);
  // 以上已送达: of every line, where none had a verb of its own.
  const std::size_t told = saw_verb_ ? line_drafts_ : 0;
  if (!saw_verb_ && drafts_.empty()) {
    verb_first_ = std::all_of(
        parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(main), [&](const Part& p) {
          return p.is(Role::fluff) && std::u32string_view(U"你他咱我大").find(text_.key[p.from]) ==
                                          std::u32string_view::npos;
        });
  }
  saw_verb_ = true;
  bool goods = false;
  for (std::size_t i = first_quantity; i < parts.size(); ++i) {
    goods = goods || (parts[i].kind == Part::Kind::quantity && !counts_receivers(parts, i));
  }
  if (!goods) first_quantity = parts.size();
  for (const Part& part : parts) goods = goods || (part.kind == Part::Kind::goods && part.known);
  if (!goods && action == Action::need && lexeme->urgent && drafts_.size() > line_drafts_) {
    // 需要口罩300只，加急: of what was asked for.
    for (std::size_t i = line_drafts_; i < drafts_.size(); ++i) {
      Statement& asked = drafts_[i].statement;
      asked.urgent = asked.urgent || asked.action == Action::need;
    }
    return true;
  }
  // 购买了200床电热毯,分别赠予…: bought in order to be given.
  if ((action == Action::distributed || action == Action::in_transit) && main < first_quantity) {
    for (std::size_t i = sentence_drafts_; i < drafts_.size(); ++i) {
      Statement& s = drafts_[i].statement;
      if ((s.action == Action::received || s.action == Action::offer) && bought(s.word))
        s.action = action;
    }
  }
  const std::string same_place = place_told(parts, *lexeme, action);
  bool applied = false;
  if (!goods || main > first_quantity) {
    applied = tell_earlier(told, action, lexeme);  // 口罩1000个，已签收: the verb comes after
    const bool moved = drafts_.empty() || (drafts_.back().statement.action != Action::received &&
                                           drafts_.back().statement.action != Action::stock);
    if (!goods && !applied && moved && drafts_.size() > line_drafts_) {
      sides(parts, main, 0);  // …，发往三院: only where to
      return true;
    }
  }
  if (!goods && !applied && action == Action::distributed && hands_on(parts, main)) return true;
  begin_scope(*lexeme, applied);
  tells_now(*lexeme, action, parts[main].from);
  now_.announced = false;
  // …，已发放到三院: of what was told before.
  sides(parts, main, applied && !goods ? 0 : first_quantity);
  if (now_.places.empty() && !same_place.empty()) now_.places = {same_place};
  return true;
}

/// 三院收到口罩100只，还缺200只: the place of which a clause without one goes on to tell; "" where
/// it is not sure to be the same.
std::string Report::place_told(Parts parts, const Lexeme& verb, Action action) {
  const Draft* last = last_draft();
  if (last == nullptr || last->statement.place.empty() || now_.places.size() > 1) return {};
  const bool own_goods = std::any_of(parts.begin(), parts.end(), [](const Part& p) {
    return p.kind == Part::Kind::goods && p.known;
  });
  const bool ours =
      verb.word.starts_with(U"仓库") || verb.word.starts_with(U"库") ||
      std::any_of(parts.begin(), parts.end(), [](const Part& p) {
        return p.is(Role::hub) || (p.is(Role::fluff) && speaks_of_us(p.token->lexeme->word));
      });
  if (ours || (last->line != line_ && (own_goods || list_))) return {};
  const Action before = last->statement.action;
  if (action == Action::need) {
    const bool goes_on = verb.replaces || verb.adds || last->sentence == sentence_;
    return goes_on || !own_goods ? last->statement.place : "";
  }
  if (last->line != line_ || (last->sentence != sentence_ && own_goods)) return {};
  // What P asked for may be on its way to it; what we gave to P says nothing of our own goods.
  const bool theirs = before == Action::need || before == Action::received ||
                      before == Action::stock || before == Action::used ||
                      before == Action::adjust || before == Action::enough;
  const bool got = action == Action::received && arrives(verb.word);
  const bool has = action == Action::stock || action == Action::used || action == Action::adjust;
  const bool answers =
      before == Action::need && (action == Action::distributed || action == Action::in_transit);
  return (theirs && (got || has)) || answers ? last->statement.place : "";
}
