#include <algorithm>
#include <utility>

#include "commands/parser/names.h"
#include "commands/parser/report.h"

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

namespace {

/// 退回, 退货: by a place to us, or by us to a giver.
bool gives_back(const Lexeme& lexeme) { return lexeme.word.front() == U'退'; }

/// 给 三院; but also 为 全县 45个卡点, where a wider place stands between.
bool led_to(Parts parts, std::size_t i) {
  if (i == 0) return false;
  if (parts[i - 1].leads_to_place()) return true;
  return i > 1 && parts[i].kind == Part::Kind::quantity && parts[i - 1].kind == Part::Kind::place &&
         parts[i - 2].leads_to_place();
}

/// 他们, 人家, 隔壁 … before a verb of giving or getting: somebody else's story.
bool names_others(const Part& part) {
  if (!part.is(Role::fluff)) return false;
  const auto word = part.token->lexeme->word;
  return word == U"他们" || word == U"人家" || word == U"别人" || word == U"隔壁小区";
}

/// 缺口, 还缺, 缺: how much is missing of what stands before.
bool lacks(const Lexeme& lexeme) { return lexeme.word.find_first_of(U"缺差") != lexeme.word.npos; }

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

/// 我们, 我司: what the clause tells is the speaker's own.
bool speaks_of_us(std::u32string_view word) {
  return word.starts_with(U'我') || word == U"咱们" || word == U"本人";
}

/// 收到, 已到: at whose place it is; 采购, 筹集 and 借来 are by who tells it.
bool arrives(std::u32string_view word) {
  return word.find(U'收') != word.npos || word.starts_with(U"到") || word.starts_with(U"已到") ||
         word == U"实到";
}

constexpr Lexeme kMoved{U"转运", Role::verb, Action::in_transit};

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

}  // namespace

/// Finds what the clause says was done, and who gave or got it. False where it is denied.
bool Report::verb(Parts parts, std::size_t first_quantity) {
  std::size_t main = parts.size();
  std::size_t rest = parts.size();
  bool denied = false;
  bool can = false;
  bool others = false;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].is(Role::can) && main == parts.size()) can = true;
    others = others || names_others(parts[i]);
    if (!parts[i].is(Role::verb) && !parts[i].is(Role::weak) && !parts[i].is(Role::expected) &&
        !parts[i].is(Role::actual))
      continue;
    std::size_t before = i;
    while (before > 0 && parts[before - 1].is(Role::fluff)) --before;
    if (before > 0 && parts[before - 1].is(Role::negates)) {
      denied = denied || main == parts.size();
      continue;
    }
    // 需要的, 剩下的: says which goods, not what happened.
    // 他们那发了20斤大米: not ours to report.
    if (i < first_quantity && others && main == parts.size() &&
        parts[i].token->lexeme->action != Action::need) {
      denied = true;
      continue;
    }
    const bool attributive = i + 1 < parts.size() && parts[i + 1].is(Role::fluff) &&
                             text_.key[parts[i + 1].from] == U'的' &&
                             !(i + 2 < parts.size() && parts[i + 2].is(Role::fluff) &&
                               text_.key[parts[i + 2].from] == U'是');  // 最缺的是…
    // 收到三院退回的口罩: given back, not received.
    const bool got = main < i ? parts[main].token->lexeme->action == Action::received
                              : now_.action == Action::received && now_.verb_sentence == sentence_;
    if (attributive && got && gives_back(*parts[i].token->lexeme)) {
      main = i;
      if (!now_.counterpart.empty()) now_.places.push_back(std::exchange(now_.counterpart, {}));
      continue;
    }
    if (attributive && first_quantity < parts.size()) {
      if (parts[i].token->lexeme->action == Action::stock) rest = i;
      continue;
    }
    // 急需口罩的市民: people, described.
    if (i + 3 < parts.size() && parts[i].token->lexeme->action == Action::need &&
        parts[i + 1].kind == Part::Kind::goods && parts[i + 1].known &&
        parts[i + 2].is(Role::fluff) && text_.key[parts[i + 2].from] == U'的' &&
        parts[i + 3].kind != Part::Kind::quantity) {
      continue;
    }
    // 方便面22桶，还有火腿肠, 还有5箱酒精: and, not what is left.
    if (parts[i].token->lexeme->word == U"还有" && drafts_.size() > line_drafts_ &&
        i + 1 < parts.size() &&
        (parts[i + 1].kind == Part::Kind::goods ||
         (parts[i + 1].kind == Part::Kind::quantity && i + 2 < parts.size() &&
          parts[i + 2].kind == Part::Kind::goods && parts[i + 2].adjacent))) {
      continue;
    }
    // 收到三院反馈，口罩还缺200只: what came is word of it.
    if (i + 2 < parts.size() && parts[i].token->lexeme->word == U"收到" &&
        parts[i + 1].kind == Part::Kind::place && tells(parts[i + 2])) {
      continue;
    }
    // 申请…获得32万元: asked for and got.
    if (main < i && parts[main].token->lexeme->word == U"申请" &&
        parts[i].token->lexeme->word == U"获得")
      main = i;
    // 运来的途中破损了3副: a loss is the news, whatever happened around it.
    if (main == parts.size() ||
        (parts[i].token->lexeme->action == Action::adjust && i < first_quantity))
      main = i;
  }
  if (main == parts.size() && !denied && !saw_verb_ && !handed_over(parts, first_quantity))
    main = rest;  // 剩下的防护服不到30套
  if (main == parts.size() && !denied && !saw_verb_ && handed_over(parts, first_quantity)) {
    for (std::size_t i = line_drafts_; i < drafts_.size(); ++i) {
      if (drafts_[i].statement.action == Action::other)
        drafts_[i].statement.action = Action::distributed;
    }
    static constexpr Lexeme kGiven{U"给", Role::verb, Action::distributed};
    now_.verb = &kGiven;
    now_.action = Action::distributed;
    now_.verb_sentence = sentence_;
    saw_verb_ = true;
    sides(parts, first_quantity, first_quantity);
    return true;
  }
  if (main == parts.size()) {
    for (std::size_t i = 0; i < parts.size() && first_quantity < parts.size(); ++i) {
      // 一个没抢到, 没有口罩500只: but not a remark further on.
      const bool before_figure = i + 1 < parts.size() && parts[i + 1].kind == Part::Kind::quantity;
      const bool after_figure =
          i > 0 && parts[i - 1].kind == Part::Kind::quantity && parts[i].adjacent;
      if (parts[i].is(Role::negates) && ((i < first_quantity && !before_figure) || after_figure))
        denied = true;
    }
    if (denied) return false;
    if (first_quantity == parts.size() && drafts_.size() > line_drafts_ && given_all(parts)) {
      for (std::size_t i = line_drafts_; i < drafts_.size(); ++i) {
        if (drafts_[i].statement.action == Action::other)
          drafts_[i].statement.action = Action::distributed;
      }
    }
    const bool untold =
        first_quantity < parts.size() ||
        (drafts_.size() > sentence_drafts_ && drafts_.back().statement.action == Action::other);
    // 10台呼吸机到医院了
    if (!saw_verb_ && handed_over(parts, first_quantity, U"到")) {
      static constexpr Lexeme kCame{U"到", Role::verb, Action::received};
      now_.verb = &kCame;
      now_.action = Action::received;
      now_.verb_sentence = sentence_;
      now_.verb_from = parts.front().from;
      saw_verb_ = true;
    } else if (untold && now_.action == Action::other && reaches_place(parts)) {
      for (std::size_t i = sentence_drafts_; i < drafts_.size(); ++i) {
        if (drafts_[i].statement.action == Action::other)
          drafts_[i].statement.action = Action::in_transit;
      }
      static constexpr Lexeme kReached{U"抵达", Role::verb, Action::in_transit};
      now_.verb = &kReached;
      now_.action = Action::in_transit;
      now_.verb_sentence = sentence_;
      now_.verb_from = parts.front().from;
      saw_verb_ = true;
    } else if (moves(parts)) {
      now_.verb = &kMoved;
      now_.action = Action::in_transit;
      now_.verb_sentence = sentence_;
      now_.verb_from = parts.front().from;
      saw_verb_ = true;
    }
    // …，晚8点到泸定: where what was told goes.
    const bool reaches = first_quantity == parts.size() && drafts_.size() > sentence_drafts_ &&
                         std::any_of(parts.begin(), parts.end(), [](const Part& p) {
                           return p.is(Role::to) && p.token->lexeme->word != U"给" &&
                                  p.token->lexeme->word != U"向" && p.token->lexeme->word != U"为";
                         });
    sides(parts, main, reaches ? 0 : first_quantity);
    return true;
  }
  const Lexeme* lexeme = parts[main].token->lexeme;
  Action action = happened(parts, main, first_quantity);
  // 明天给三院送500只: not done yet, so nothing to record.
  if ((action == Action::distributed || action == Action::received) && main < first_quantity &&
      led_by(parts, main, U"明天 明早 明日 后天 准备")) {
    planned_ = true;
    return false;
  }
  if (lexeme->role == Role::expected || lexeme->role == Role::actual)
    action = now_.action == Action::stock ? Action::stock : Action::received;
  if (can && action == Action::distributed) action = Action::offer;
  // 请求支援，调拨口罩…: what is asked for is still asked for.
  const bool gives = action == Action::distributed || action == Action::offer;
  if (gives && now_.action == Action::need && now_.verb_sentence == sentence_ &&
      drafts_.size() == sentence_drafts_) {
    action = Action::need;
  }
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
    // 口罩1000个，已签收: the verb comes after what it is about.
    for (std::size_t i = told; i < drafts_.size(); ++i) {
      Draft& draft = drafts_[i];
      if (draft.statement.action != Action::other) continue;
      draft.statement.action = action;
      draft.statement.word = to_utf8(lexeme->word);
      draft.scope = scope_ + 1;
      applied = true;
    }
    const bool moved = drafts_.empty() || (drafts_.back().statement.action != Action::received &&
                                           drafts_.back().statement.action != Action::stock);
    if (!goods && !applied && moved && drafts_.size() > line_drafts_) {
      sides(parts, main, 0);  // …，发往三院: only where to
      return true;
    }
  }
  if (applied || now_.verb != lexeme || drafts_.size() > line_drafts_) {
    ++scope_;
    now_.counterpart.clear();
    if (drafts_.size() > line_drafts_) {
      now_.places.clear();
      if (!header_place_.empty()) now_.places = {header_place_};
    }
  }
  now_.verb = lexeme;
  now_.action = action;
  now_.verb_sentence = sentence_;
  now_.verb_from = parts[main].from;
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

/// 300只给三院、四院: the figure before was for both; 各300只 was for each.
bool Report::one_more_receiver(const std::string& name) {
  if (now_.places.empty()) return false;
  bool found = false;
  for (std::size_t d = drafts_.size(); d > line_drafts_; --d) {
    Draft& draft = drafts_[d - 1];
    Statement& s = draft.statement;
    const bool given = s.action == Action::distributed || s.action == Action::in_transit;
    const bool here = s.receivers > 1 || s.place == now_.places.back();
    if (draft.scope != scope_ || !given || !here) break;
    found = true;
    if (draft.each) {
      Draft copy = draft;
      copy.statement.place = name;
      drafts_.push_back(std::move(copy));
      break;
    }
    s.receivers = std::max(s.receivers, 1) + 1;
    s.place.clear();
  }
  if (found) now_.places.push_back(name);
  return found;
}

/// 14家定点医院, 三个社区, 10个街道办事处: how many places, and no goods.
bool Report::counts_receivers(Parts parts, std::size_t i) const {
  if (i + 1 >= parts.size() || parts[i].kind != Part::Kind::quantity || !parts[i + 1].adjacent)
    return false;
  const Part& next = parts[i + 1];
  if (next.kind != Part::Kind::goods && next.kind != Part::Kind::place && !next.metric)
    return false;
  if (names_kind_of_place(key(next))) return true;
  const auto said = unit_key(*parts[i].token);
  const bool counts = said == U"个" || said == U"家" || said == U"处" || said == U"所";
  return counts && !next.known && names_place(key(next));
}

/// Places and other sides, by preposition, by form and by position relative to the verb.
void Report::sides(Parts parts, std::size_t verb_at, std::size_t first_quantity) {
  std::vector<std::string> leading;
  // 甲院发出20副到乙院: who sent it is not where it goes.
  bool leads_on = false;
  for (std::size_t i = verb_at + 1; i < parts.size(); ++i) {
    leads_on = leads_on || (parts[i].kind == Part::Kind::place && parts[i - 1].leads_to_place());
  }
  const auto place_of_people = [&](std::size_t i) { return counts_receivers(parts, i); };
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    if (part.kind == Part::Kind::lexeme && !part.is(Role::hub)) continue;
    const bool to = led_to(parts, i);
    if (part.is(Role::hub) && to) now_.from_hub = true;
    if (place_of_people(i)) {
      taken_[i] = taken_[i + 1] = 1;
      const auto count = part.token->number.value;
      if (to && count && count->thousandths % 1000 == 0 && count->thousandths < 1'000'000) {
        now_.receivers = static_cast<int>(count->thousandths / 1000);
        now_.receiver_unit = unit(*part.token);
        now_.receiver_kind = surface(parts[i + 1].from, parts[i + 1].to);
      } else if (saw_verb_ || saw_work_ || !drafts_.empty()) {
        Noun name = noun(parts[i + 1]);
        name.metric = true;
        emit(&name, part, false);
      }
      continue;
    }
    // 慈济|送来的: whoever it is.
    if (part.kind == Part::Kind::goods && !part.known && !part.metric && taken_[i] == 0 &&
        i + 1 < parts.size() && parts[i + 1].is(Role::deal) && parts[i + 1].adjacent) {
      taken_[i] = 1;
      if (now_.counterpart.empty()) now_.counterpart = surface(part.from, part.to);
      continue;
    }
    if (part.kind != Part::Kind::place || taken_[i] != 0) continue;
    // 我们医院缺面罩: the speaker's own, which has another name.
    if (i > 0 && part.adjacent && parts[i - 1].is(Role::fluff) && part.to - part.from <= 3 &&
        speaks_of_us(parts[i - 1].token->lexeme->word) && names_kind_of_place(key(part))) {
      taken_[i] = 1;
      continue;
    }
    if (part.person && i > 0 && part.adjacent && parts[i - 1].kind == Part::Kind::quantity &&
        parts[i - 1].token->work)
      continue;  // 54家政府及企业: counted
    std::string name = place_name(part);
    const bool before = i < first_quantity;
    const bool deal = i + 1 < parts.size() && parts[i + 1].is(Role::deal);
    // 应急局拨来帐篷: who brought it stands before the verb.
    const bool brought =
        now_.action == Action::received && i < verb_at && verb_at < parts.size() &&
        parts[verb_at].token->lexeme->word.find(U'来') != std::u32string_view::npos;
    const bool from = (i > 0 && parts[i - 1].is(Role::from)) || brought;
    const bool gives = (now_.action == Action::offer && i < verb_at && verb_at < parts.size()) ||
                       (now_.action == Action::received && i > verb_at && before && !to);
    // 退回 … 给 红会, 退回红会…: to the giver it goes back, which is the other side and no place of
    // ours.
    const bool returned = i > verb_at && verb_at < parts.size() && before &&
                          gives_back(*parts[verb_at].token->lexeme);
    const bool back = now_.action == Action::adjust && (to || returned);
    taken_[i] = 1;
    if (deal || from || (gives && !to) || back) {
      if (now_.counterpart.empty()) now_.counterpart = name;
      // 收到手套30双，来自蓝天救援队
      for (std::size_t d = sentence_drafts_; from && d < drafts_.size(); ++d) {
        Statement& told = drafts_[d].statement;
        if (told.action == Action::received && told.counterpart.empty()) told.counterpart = name;
      }
      continue;
    }
    if (part.person && !to && now_.action != Action::need) {
      taken_[i] = 0;
      if (now_.action == Action::received && now_.counterpart.empty()) now_.counterpart = name;
      continue;
    }
    // 李家村发了…: who handed out; but 给三院、四院发放: the list of places goes on.
    const bool more = (!now_.places.empty() && drafts_.size() == sentence_drafts_) ||
                      (!leading.empty() && i > 0 && parts[i - 1].is(Role::joins));
    if (now_.action == Action::in_transit && i < verb_at && leads_on && !to) continue;
    const bool acts = now_.action == Action::distributed ||
                      (now_.action == Action::in_transit && verb_at < first_quantity);
    if (acts && i < verb_at && verb_at < parts.size() && !to && !more) continue;
    if (list_ && part.person) continue;
    if (before) {
      leading.push_back(std::move(name));
      continue;
    }
    if (now_.parts_follow) continue;  // 其中300只给三院: not all of it
    // 300只给三院和四院: one figure for both, as before the figure.
    const bool joined = i > 1 && parts[i - 1].is(Role::joins) &&
                        parts[i - 2].kind == Part::Kind::place && !now_.places.empty() &&
                        now_.places.back() == place_name(parts[i - 2]);
    if (joined) {
      now_.places.push_back(std::move(name));
      continue;
    }
    for (std::size_t d = line_drafts_; d < drafts_.size(); ++d) {
      if (drafts_[d].scope == scope_ && drafts_[d].statement.place.empty())
        drafts_[d].statement.place = name;
    }
    // 口罩500只到三院、手套20双到四院: what went before has its place already.
    if (drafts_.size() > line_drafts_ && to) now_.places.clear();
    if (now_.places.empty()) now_.places.push_back(name);
  }
  if (listed_ && parts.size() == 1 && leading.size() == 1 && one_more_receiver(leading.front()))
    return;
  // An unknown name right before a verb of need is a place, whatever it ends in.
  if (now_.action == Action::need && verb_at > 0 && verb_at < parts.size() && leading.empty()) {
    const Part& part = parts[verb_at - 1];
    const bool counted = first_quantity == verb_at + 1 &&
                         (lacks(*parts[verb_at].token->lexeme) ||
                          names_thing(text_.key[parts[verb_at - 1].to - 1])) &&
                         (first_quantity + 1 >= parts.size() ||
                          parts[first_quantity + 1].kind != Part::Kind::goods);  // 饲草缺口18吨
    if (part.kind == Part::Kind::goods && !part.known && !part.metric && !counted &&
        verb_at - 1 < first_quantity && part.to - part.from >= 2 && part.to - part.from <= 15) {
      taken_[verb_at - 1] = 1;
      leading.push_back(place_name(part));
    }
  }
  if (leading.empty()) return;
  const bool continues = !now_.places.empty() && drafts_.size() == sentence_drafts_ &&
                         header_place_ != now_.places.back();
  if (!continues) now_.places.clear();
  for (auto& name : leading) now_.places.push_back(std::move(name));
}
