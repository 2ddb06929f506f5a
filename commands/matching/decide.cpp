#include "commands/matching/decide.h"

#include <algorithm>

#include <fmt/format.h>

#include "commands/between.h"
#include "commands/hub.h"
#include "commands/matching/propose.h"
#include "commands/matching/view.h"
#include "commands/privacy.h"
#include "commands/target.h"
#include "commands/wording.h"
#include "storage/links.h"

namespace {

constexpr std::string_view kList = "匹配";

/// Who confirmed it, and under which number: "王五 确认（#12）".
std::string confirmed_by(Context& ctx, const Match& m) {
  const auto entry = ctx.ledger.find(m.need_group, m.need_entry);
  const bool here = m.need_group == ctx.message.group;
  std::string text =
      (entry && !entry->user_name.empty() ? " " + quoted(entry->user_name) + " " : "") + "确认";
  if (here) text += fmt::format("（#{}）", m.need_entry);
  return text;
}

/// The match, where the sender may decide on it; else the refusal says why not.
std::optional<Match> match_named(Context& ctx, std::int64_t id) {
  auto found = Matches(ctx.db).find(id);
  if (!found) {
    ctx.refuse(fmt::format("没有匹配 {}。现有的请发：", id), std::string(kList));
    return std::nullopt;
  }
  if (!found->of(ctx.message.group) && !sees_all_matches(ctx)) {
    ctx.refuse(fmt::format("匹配 {} 是别的群的，只有那边的协调员可以定。", id));
    return std::nullopt;
  }
  return found;
}

void refuse_state(Context& ctx, const Match& m) {
  switch (m.state) {
    case Match::State::confirmed:
      return ctx.refuse(
          fmt::format("匹配 {} 已由{}，不用再确认。发出了请发：", m.id, confirmed_by(ctx, m)),
          fmt::format("发出 匹配 {}", m.id));
    case Match::State::shipped:
      return ctx.refuse(fmt::format("匹配 {} 已经发出，没有改动。", m.id));
    case Match::State::refused:
      return ctx.refuse(fmt::format("匹配 {} 已被拒绝{}，没有改动。现有的请发：", m.id,
                                    m.why.empty() ? "" : "（" + m.why + "）"),
                        std::string(kList));
    case Match::State::released:
    case Match::State::dropped:
      return ctx.refuse(fmt::format("匹配 {} 已失效：供需有了变化。现有的请发：", m.id),
                        std::string(kList));
    case Match::State::proposed:
      return ctx.refuse(fmt::format("匹配 {} 还没有确认。确认请发：", m.id),
                        fmt::format("确认 匹配 {}", m.id));
  }
}

/// Why a match cannot be carried out as things stand now; "" where it can.
std::string hindrance(Context& ctx, const Match& m, const MatchView& view) {
  const auto need = ctx.ledger.find(m.need_group, m.need);
  const std::string about = quoted(view.to) + " " + m.item;
  if (!need || need->voided_by != 0) return fmt::format("{} 的需求已撤销", about);
  if (!need->open()) return fmt::format("{} 已经不缺了", about);
  if (m.from != 0) {
    const auto from = ctx.ledger.find(m.from_group, m.from);
    const std::string giver = quoted(view.from);
    if (!from || from->voided_by != 0) return fmt::format("{} 的捐赠已撤回", giver);
    if (from->kind == Kind::offer && !from->open()) return fmt::format("{} 已经没有余量", giver);
  }
  const Room room = room_for(ctx.db, m);
  if (room.missing < m.quantity) {
    return fmt::format("{} 现在只缺 {}，不到 {}", about,
                       amount(std::max(room.missing, Quantity{}), m.unit),
                       amount(m.quantity, m.unit));
  }
  if (room.there < m.quantity) {
    return fmt::format("{} 只剩 {}，不够 {}", quoted(view.from),
                       amount(std::max(room.there, Quantity{}), m.unit),
                       amount(m.quantity, m.unit));
  }
  return {};
}

bool can_be_done(Context& ctx, const Match& m, const MatchView& view) {
  const std::string why = hindrance(ctx, m, view);
  if (why.empty()) return true;
  ctx.refuse(fmt::format("匹配 {} 办不了：{}。重新匹配请发：", m.id, why), std::string(kList));
  return false;
}

std::int64_t append(Context& ctx, Entry entry) {
  const bool here = entry.group == ctx.message.group;
  const std::int64_t number = ctx.ledger.append(std::move(entry)).number;
  if (here) ctx.entries.push_back(number);
  return number;
}

/// An entry about a match, in one of its groups.
Entry entry_about(Context& ctx, Kind kind, const Match& m, const std::string& group,
                  const std::string& text) {
  Entry e = entry_in(ctx, kind, group, text);
  e.item = m.item;
  e.unit = m.unit;
  e.quantity = m.quantity;
  e.said = amount(m.quantity, m.unit);
  return e;
}

std::string number_here(Context& ctx, const Match& m, bool shipment) {
  const std::int64_t need_side = shipment ? m.shipment : m.need_entry;
  const std::int64_t from_side = shipment ? m.from_shipment : m.from_entry;
  if (m.need_group == ctx.message.group) return fmt::format("#{} ", need_side);
  if (m.from_group == ctx.message.group && from_side != 0) return fmt::format("#{} ", from_side);
  return {};
}

/// Tells the groups of a match, but for the one that hears it in the reply.
void tell_groups(Context& ctx, const Match& m, std::string_view what, const std::string& text) {
  for (const std::string& group : {m.need_group, m.from_group}) {
    if (group == ctx.message.group) continue;
    const std::int64_t entry = group == m.need_group ? m.need_entry : m.from_entry;
    post(ctx, group, fmt::format("match {} {} {} {}", m.id, what, entry, group), text);
    if (m.need_group == m.from_group) break;
  }
}

bool any_contacts(Context& ctx, const Match& m) {
  const auto of = [&](const std::string& group, std::int64_t number) {
    const auto said = number == 0 ? std::nullopt : ctx.ledger.said(group, number);
    return said && !Contacts(ctx.db).of_message(group, said->message).empty();
  };
  return of(m.need_group, m.need) || of(m.from_group, m.from);
}

std::string contacts_line(Context& ctx, const Match& m) {
  if (!any_contacts(ctx, m)) return {};
  return fmt::format("联系对方：供需双方请私聊我发：联系人 匹配 {}", m.id);
}

/// A proposal for the need of a match that fell through; says it, or that there is none.
void say_next(Context& ctx, const Match& m) {
  const auto fitted =
      add_proposals(ctx.db, fit_in(ctx.db, ctx.policy, ctx.now, m.item, {{m.need_group, m.need}}));
  std::vector<Match> next = fitted;
  if (next.empty()) {
    for (Match& other : standing_proposals(ctx.db, m.item)) {
      if (other.need_group == m.need_group && other.need == m.need)
        next.push_back(std::move(other));
    }
  }
  if (next.empty()) {
    const MatchView view = view_of(ctx.db, ctx.policy, m);
    return ctx.say(fmt::format("{} 的 {} 暂时没有别的来源。", quoted(view.to), quoted(m.item)));
  }
  for (const Match& other : next) {
    ctx.say(fmt::format("下一个 {}. {}", other.id, line_of(view_of(ctx.db, ctx.policy, other))));
  }
  ctx.say(fmt::format("定下请发：确认 匹配 {}", next.front().id));
}

/// The line that takes it back, in this group or in the one that gives: what is undone there is
/// undone in the other, too.
void say_how_to_undo(Context& ctx, const Match& m, std::int64_t on_need, std::int64_t on_giving) {
  const std::int64_t first = m.from_group == m.need_group ? on_need : on_giving;
  if (m.from_group == ctx.message.group) {
    return ctx.say(fmt::format("撤销请发：撤销 #{}", first));
  }
  if (m.need_group == ctx.message.group && m.shipment == 0) {
    return ctx.say(fmt::format("撤销请发：撤销 #{}", on_need));
  }
  ctx.say(fmt::format("要收回请在 {} 发：撤销 #{}",
                      quoted(name_of(ctx.db, ctx.policy, m.from_group)), first));
}

}  // namespace

bool sees_all_matches(Context& ctx) {
  return ctx.policy.coordinators.contains(ctx.message.user) ||
         !ctx.groups.setting(ctx.message.group, std::string(kSeesAllSetting)).empty();
}

void confirm_match(Context& ctx, std::int64_t id, bool how_to_go_on) {
  auto found = match_named(ctx, id);
  if (!found) return;
  Match& m = *found;
  if (m.state != Match::State::proposed) return refuse_state(ctx, m);
  const MatchView view = view_of(ctx.db, ctx.policy, m);
  if (!can_be_done(ctx, m, view)) return;
  const std::string text = fmt::format("匹配 {} 已确认：{}", m.id, brief_of(view));
  Entry on_need = entry_about(ctx, Kind::match, m, m.need_group, text);
  on_need.ref = m.need;
  on_need.place = ctx.ledger.find(m.need_group, m.need)->place;
  m.need_entry = append(ctx, std::move(on_need));
  if (m.from_group != m.need_group) {
    Entry on_giving = entry_about(ctx, Kind::match, m, m.from_group, text);
    on_giving.ref = m.from;
    m.from_entry = append(ctx, std::move(on_giving));
  }
  m.state = Match::State::confirmed;
  m.decided = ctx.now;
  m.expires = ctx.now + std::chrono::hours(ctx.policy.match_hours);
  if (ctx.policy.match_hours == 0) m.expires = std::chrono::sys_seconds::max();
  Matches(ctx.db).update(m);
  ctx.say(number_here(ctx, m, false) + text + (view.access.empty() ? "" : "，路况 " + view.access));
  std::string told = text;
  const std::string contacts = contacts_line(ctx, m);
  if (!contacts.empty()) told += "\n" + contacts;
  tell_groups(ctx, m, "confirmed", fmt::format("{}\n发出了请协调员发：发出 匹配 {}", told, m.id));
  if (!how_to_go_on) return;
  if (!contacts.empty()) ctx.say(contacts);
  ctx.say(fmt::format("发出了请发：发出 匹配 {}", m.id));
  say_how_to_undo(ctx, m, m.need_entry, m.from_entry);
}

void refuse_match(Context& ctx, std::int64_t id, const std::string& why) {
  auto found = match_named(ctx, id);
  if (!found) return;
  Match& m = *found;
  if (m.state == Match::State::confirmed) {
    return ctx.refuse(
        fmt::format("匹配 {} 已由{}。要收回请发：", id, confirmed_by(ctx, m)),
        m.of(ctx.message.group)
            ? fmt::format("撤销 #{}",
                          m.need_group == ctx.message.group ? m.need_entry : m.from_entry)
            : std::string(kList));
  }
  if (m.state != Match::State::proposed) return refuse_state(ctx, m);
  m.state = Match::State::refused;
  m.why = why;
  m.decided = ctx.now;
  Matches(ctx.db).update(m);
  ctx.say(fmt::format("已拒绝 匹配 {}：{}{}。这一对不再提。", id,
                      brief_of(view_of(ctx.db, ctx.policy, m)), why.empty() ? "" : "，" + why));
  say_next(ctx, m);
}

void ship_match(Context& ctx, std::int64_t id) {
  auto found = match_named(ctx, id);
  if (!found) return;
  Match& m = *found;
  if (m.state != Match::State::confirmed) return refuse_state(ctx, m);
  const MatchView view = view_of(ctx.db, ctx.policy, m);
  if (!can_be_done(ctx, m, view)) return;
  if (!room_for(ctx.db, m).arrived) {
    return ctx.refuse(fmt::format("匹配 {} 的货还没到，到了再发出。到了请发：", id),
                      fmt::format("收到 #{}", m.from));
  }
  const std::string text = fmt::format("匹配 {} 已发出：{}", m.id, brief_of(view));
  const auto offer = m.from == 0 ? std::nullopt : ctx.ledger.find(m.from_group, m.from);
  const bool from_offer = offer && offer->kind == Kind::offer;
  const std::string place = ctx.ledger.find(m.need_group, m.need)->place;
  Entry sent = entry_about(ctx, Kind::in_transit, m, m.from_group, text);
  sent.place = m.from_group == m.need_group || !place.empty() ? place : view.to;
  sent.word = "到";
  sent.ref = from_offer ? m.from : m.from_group == m.need_group ? m.need : 0;
  const std::int64_t number = append(ctx, std::move(sent));
  if (m.from_group == m.need_group) {
    m.shipment = number;
  } else {
    Entry comes = entry_about(ctx, Kind::in_transit, m, m.need_group, text);
    comes.place = place;
    comes.word = "到";
    comes.ref = m.need_entry;
    comes.counterpart = view.from;
    m.from_shipment = number;
    m.shipment = append(ctx, std::move(comes));
    Links(ctx.db).add({Link::Kind::announced, m.from_group, m.need_group, number, m.shipment});
  }
  Matches(ctx.db).update(m);
  const auto there = [&](std::int64_t entry) {
    return fmt::format("{}\n收到请发：收到 #{}", text, entry);
  };
  ctx.say(number_here(ctx, m, true) + text);
  if (m.need_group != ctx.message.group) {
    post(ctx, m.need_group, fmt::format("match {} sent {}", m.id, m.shipment), there(m.shipment));
  } else {
    ctx.say(fmt::format("收到请发：收到 #{}", m.shipment));
  }
  if (m.from_group != m.need_group && m.from_group != ctx.message.group) {
    post(ctx, m.from_group, fmt::format("match {} sent from {}", m.id, number), text);
  }
  say_how_to_undo(ctx, m, m.shipment, m.from_shipment);
}

void show_match_contacts(Context& ctx, std::int64_t id) {
  if (!ctx.message.direct) return ctx.refuse("联系人只在私聊里给供需双方和协调员，请私聊我发。");
  const auto found = Matches(ctx.db).find(id);
  const bool decided =
      found && (found->state == Match::State::confirmed || found->state == Match::State::shipped);
  if (!decided) return ctx.refuse(fmt::format("没有已确认的匹配 {}。", id));
  const auto need = ctx.ledger.find(found->need_group, found->need);
  const auto giving =
      found->from == 0 ? std::nullopt : ctx.ledger.find(found->from_group, found->from);
  const bool asks = need && need->user == ctx.message.user;
  const bool gives = giving && giving->user == ctx.message.user;
  const bool rules = ctx.coordinator && (found->of(ctx.message.group) || sees_all_matches(ctx));
  if (!asks && !gives && !rules) {
    return ctx.refuse(fmt::format("匹配 {} 的联系人只有供需双方和协调员可以看。", id));
  }
  std::size_t shown = 0;
  const auto show = [&](const std::optional<Standing>& entry, std::string_view who) {
    if (!entry) return;
    const std::string mark = contacts_mark(ctx, *entry);
    if (mark.empty()) return;
    ctx.say(std::string(who) + " " + mark);
    ++shown;
  };
  if (gives || rules) show(need, "需方");
  if (asks || rules) show(giving, "供方");
  if (shown == 0) ctx.refuse(fmt::format("匹配 {} 的对方没有留联系方式，请找协调员。", id));
}

bool may_void_match(Context& ctx, const Standing& entry) {
  if (entry.kind == Kind::voided) {
    // Standing again, it must not promise what went elsewhere meanwhile.
    const auto gone =
        Matches(ctx.db).of_entry(entry.group, ctx.ledger.root(entry.group, entry.number));
    return !gone || gone->state != Match::State::released ||
           can_be_done(ctx, *gone, view_of(ctx.db, ctx.policy, *gone));
  }
  if (entry.kind != Kind::match) return true;
  const auto m = Matches(ctx.db).of_entry(entry.group, entry.number);
  if (!m || m->state != Match::State::shipped) return true;
  const bool here = m->from_group == entry.group;
  const std::string where =
      here ? "" : "在 " + quoted(name_of(ctx.db, ctx.policy, m->from_group)) + " ";
  ctx.refuse(fmt::format("匹配 {} 已经发出。要收回请先{}发：", m->id, where),
             fmt::format("撤销 #{}", m->from_shipment != 0 ? m->from_shipment : m->shipment));
  return false;
}

void tell_match_voided(Context& ctx, const Standing& entry) {
  if (entry.kind != Kind::match) return;
  const auto m = Matches(ctx.db).of_entry(entry.group, entry.number);
  if (!m) return;
  const bool holds = m->state == Match::State::confirmed;
  tell_groups(ctx, *m, fmt::format("voided #{}", ctx.entries.back()),
              fmt::format("匹配 {} {}：{}", m->id, holds ? "恢复了" : "取消了",
                          brief_of(view_of(ctx.db, ctx.policy, *m))));
}

std::vector<Match> resting_on(Context& ctx, const Standing& offer) {
  std::vector<Match> found;
  const auto rests = [&](const Match& m) {
    return m.from_group == offer.group && m.from == offer.number;
  };
  for (Match& m : Matches(ctx.db).promises(offer.item)) {
    if (rests(m)) found.push_back(std::move(m));
  }
  for (Match& m : Matches(ctx.db).proposals(offer.item)) {
    if (rests(m)) found.push_back(std::move(m));
  }
  return found;
}

void say_next_for(Context& ctx, const std::vector<Match>& promised) {
  for (Match m : promised) {
    const MatchView view = view_of(ctx.db, ctx.policy, m);
    if (m.state == Match::State::proposed) {
      m.state = Match::State::dropped;
      m.decided = ctx.now;
      Matches(ctx.db).update(m);
    } else {
      tell_groups(ctx, m, fmt::format("gone #{}", ctx.entries.back()),
                  fmt::format("匹配 {} 落空：{} 无货", m.id, quoted(view.from)));
      ctx.say(
          fmt::format("匹配 {}（{} {}）落空。", m.id, quoted(view.to), amount(m.quantity, m.unit)));
    }
    say_next(ctx, m);
  }
}
