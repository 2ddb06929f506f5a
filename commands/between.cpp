#include "commands/between.h"

#include <algorithm>

#include <fmt/format.h>

#include "commands/hub.h"
#include "commands/target.h"
#include "commands/wording.h"
#include "storage/links.h"
#include "storage/outbox.h"

namespace {

/// What this message makes in another group has a message of its own there, with its own text.
std::string message_there(Context& ctx, const std::string& group, const std::string& text) {
  StoredMessage m;
  m.group = group;
  m.id = ctx.message.group + "/" + ctx.message.id;
  m.event = "message";
  m.user = ctx.message.user;
  m.user_name = ctx.message.user_name;
  m.time = ctx.message.time;
  m.received = ctx.now;
  m.text = text;
  if (!ctx.messages.find(group, m.id, m.event)) ctx.messages.insert(m);
  return m.id;
}

Entry entry_there(Context& ctx, Kind kind, const std::string& group, const std::string& text) {
  Entry e = ctx.entry(kind);
  e.group = group;
  e.message = message_there(ctx, group, text);
  e.day = ctx.policy.day(group, ctx.message.time);
  return e;
}

std::string goods(const Entry& e) { return quoted(e.item + " " + amount(*e.quantity, e.unit)); }

/// The other group that a place names; "" where it names none, or several.
std::string group_at(Context& ctx, const std::string& place) {
  if (place.empty() || (!ctx.member.named_groups && ctx.policy.groups.empty())) return {};
  auto found = groups_named(ctx.db, ctx.policy, place);
  std::erase(found, ctx.message.group);
  return found.size() == 1 ? found.front() : "";
}

void announce(Context& ctx, const Entry& sent) {
  const std::string there = group_at(ctx, sent.place);
  if (there.empty()) return;
  const std::string here = quoted(name_of(ctx.db, ctx.policy, ctx.message.group));
  Entry e = entry_there(ctx, Kind::in_transit, there,
                        fmt::format("{} 发来 {}（#{}）", here, goods(sent), sent.number));
  e.item = sent.item;
  e.unit = sent.unit;
  e.quantity = sent.quantity;
  e.said = sent.said;
  e.approx = sent.approx;
  e.counterpart = here;
  const Outcome outcome = ctx.ledger.append(std::move(e));
  Links(ctx.db).add(
      {Link::Kind::announced, ctx.message.group, there, sent.number, outcome.number});
  post(ctx, there, fmt::format("announced {} #{}", there, outcome.number),
       fmt::format("{} 给本群发出 {}，本群编号 #{}。\n收到请发：收到 #{}", here, goods(sent),
                   outcome.number, outcome.number));
  ctx.notes.push_back(fmt::format("已告知 {}（该群编号 #{}）", quoted(sent.place), outcome.number));
}

/// A receipt here of what another group had announced is its delivery there.
void confirm_announced(Context& ctx, const Entry& receipt, const Outcome& outcome) {
  for (const auto& [number, part] : outcome.confirmed) {
    for (const Link& link : Links(ctx.db).of(ctx.message.group, number)) {
      if (link.kind != Link::Kind::announced || link.to != ctx.message.group) continue;
      const auto shipment = ctx.ledger.find(link.from, link.from_number);
      if (!shipment || shipment->voided_by != 0) continue;
      const std::string here = quoted(name_of(ctx.db, ctx.policy, ctx.message.group));
      std::int64_t other = 0;
      if (shipment->rest() > Quantity{}) {
        Entry e = entry_there(ctx, Kind::received, link.from,
                              fmt::format("{} 收到 {}", here, goods(receipt)));
        e.ref = link.from_number;
        e.item = shipment->item;
        e.unit = shipment->unit;
        e.place = shipment->place;
        e.quantity = std::min(part, shipment->rest());
        e.said = to_string(*e.quantity) + e.unit;
        other = ctx.ledger.append(std::move(e)).number;
        post(ctx, link.from, fmt::format("confirmed {} #{}", link.from, other),
             fmt::format("{} 已收到 #{} {}（#{}）", here, link.from_number,
                         amount(std::min(part, shipment->rest()), shipment->unit), other));
      } else {
        // Told there already by somebody of the group that sent it.
        for (const Standing& told : ctx.ledger.standings().referring(link.from, link.from_number)) {
          if (told.kind == Kind::received) other = told.number;
        }
      }
      if (other != 0) {
        Links(ctx.db).add(
            {Link::Kind::confirmed, link.from, ctx.message.group, other, outcome.number});
      }
    }
  }
}

Entry act_there(Context& ctx, Kind kind, const Standing& target) {
  Entry e = entry_there(ctx, kind, target.group, fmt::format("{} #{}", verb(kind), target.number));
  e.ref = target.number;
  e.item = target.item;
  e.unit = target.unit;
  e.place = target.place;
  e.quantity = target.quantity;
  return e;
}

/// Voids or takes the void back, as the other end now stands.
bool follow_void(Context& ctx, const Standing& told, const Standing& other) {
  const bool goes = told.voided_by != 0;
  if (goes == (other.voided_by != 0)) return false;
  if (goes) {
    ctx.ledger.append(act_there(ctx, Kind::voided, other));
  } else if (const auto by = ctx.ledger.find(other.group, other.voided_by)) {
    ctx.ledger.append(act_there(ctx, Kind::voided, *by));
  }
  ctx.notes.push_back(fmt::format("{} 的 #{} 同时{}", quoted(name_of(ctx.db, ctx.policy, other.group)),
                      other.number, goes ? "撤销" : "恢复"));
  return true;
}

/// A group's entry: 市协会群#3 or #3 of this group.
std::optional<Standing> named_entry(Context& ctx, const std::string& said) {
  const auto hash = said.find('#');
  std::string digits = hash == std::string::npos ? "" : said.substr(hash + 1);
  std::string name = hash == std::string::npos ? "" : said.substr(0, hash);
  while (!name.empty() && name.back() == ' ') name.pop_back();
  const bool number = !digits.empty() && digits.size() < 19 &&
                      digits.find_first_not_of("0123456789") == std::string::npos;
  if (!number) {
    ctx.refuse(fmt::format("没看懂“{}”。请这样发：同一批 #3 市协会群#7", quoted(said)));
    return std::nullopt;
  }
  std::string group = ctx.message.group;
  if (!name.empty()) {
    auto found = groups_named(ctx.db, ctx.policy, name);
    const std::string id =
        name.find(':') == std::string::npos ? ctx.message.platform + ":" + name : name;
    if (found.empty() && ctx.groups.exists(id)) found.push_back(id);
    if (found.empty()) {
      ctx.refuse(fmt::format("没有叫“{}”的群，请核对群名。", quoted(name)));
      return std::nullopt;
    }
    if (found.size() > 1) {
      ctx.refuse(fmt::format("不止一个群叫“{}”，请写群的编号。", quoted(name)));
      return std::nullopt;
    }
    group = found.front();
  }
  auto entry = ctx.ledger.find(group, std::stoll(digits));
  if (!entry || entry->voided_by != 0) {
    ctx.refuse(fmt::format("{} 没有 #{}{}，请核对编号。",
                           group == ctx.message.group ? "本群" : quoted(name), digits,
                           entry ? "（已撤销）" : ""));
    return std::nullopt;
  }
  return entry;
}

/// "#3 市协会群#7": where the first number ends, the second begins.
std::pair<std::string, std::string> two_of(const std::string& rest) {
  const auto first = rest.find('#');
  if (first == std::string::npos) return {rest, ""};
  auto end = rest.find_first_not_of("0123456789 ", first + 1);
  if (end == std::string::npos) return {rest, ""};
  std::string one = rest.substr(0, end);
  while (!one.empty() && one.back() == ' ') one.pop_back();
  return {one, rest.substr(end)};
}

}  // namespace

Entry entry_in(Context& ctx, Kind kind, const std::string& group, const std::string& text) {
  return group == ctx.message.group ? ctx.entry(kind) : entry_there(ctx, kind, group, text);
}

void post(Context& ctx, const std::string& group, const std::string& key, std::string text) {
  Outbox(ctx.db).enqueue({.key = key,
                          .group = group,
                          .target = group,
                          .text = std::move(text),
                          .figures = "",
                          .cause = key,
                          .not_before = {}},
                         ctx.now);
}

void tell_other_group(Context& ctx, const Entry& entry, const Outcome& outcome) {
  if (entry.kind == Kind::in_transit && entry.quantity) announce(ctx, entry);
  const bool receipt = entry.kind == Kind::received || entry.kind == Kind::distributed;
  if (receipt && !outcome.confirmed.empty()) confirm_announced(ctx, entry, outcome);
}

void follow_in_other_group(Context& ctx, std::int64_t number) {
  const auto told = ctx.ledger.find(ctx.message.group, number);
  if (!told) return;
  for (const Link& link : Links(ctx.db).of(ctx.message.group, number)) {
    const bool sender = link.from == ctx.message.group && link.from_number == number;
    // A shipment rules its announcement, a receipt the confirmation that it brought about.
    if (link.kind == Link::Kind::said || sender != (link.kind == Link::Kind::announced)) continue;
    auto other = sender ? ctx.ledger.find(link.to, link.to_number)
                        : ctx.ledger.find(link.from, link.from_number);
    if (!other || follow_void(ctx, *told, *other) || told->voided_by != 0) continue;
    Change change;
    if (told->item != other->item) change.item = told->item;
    if (told->unit != other->unit) change.unit = told->unit;
    if (told->quantity != other->quantity) change.quantity = told->quantity;
    if (encode(change).empty()) continue;
    Entry e = act_there(ctx, Kind::correction, *other);
    e.quantity = told->quantity;
    ctx.ledger.append(std::move(e), change);
    ctx.notes.push_back(fmt::format("{} 的 #{} 同时更正", quoted(name_of(ctx.db, ctx.policy, other->group)),
                        other->number));
  }
}

void link(Context& ctx, const Statement& s) {
  const auto [one, two] = two_of(s.rest);
  const auto here = named_entry(ctx, one);
  if (!here) return;
  const auto there = named_entry(ctx, two);
  if (!there) return;
  if (here->group == there->group) {
    return ctx.refuse("同一批是两个群之间的。本群里的请用：收到 #编号");
  }
  if (here->group != ctx.message.group && there->group != ctx.message.group) {
    return ctx.refuse("其中一条要是本群的。请这样发：同一批 #3 市协会群#7");
  }
  const bool goods = here->kind <= Kind::distributed && there->kind <= Kind::distributed;
  if (!goods || here->item != there->item || here->unit != there->unit) {
    return ctx.refuse(fmt::format("{} 和 {} 不是同样的东西，没有改动。",
                                  named_now(*here), named_now(*there)));
  }
  for (const Link& known : Links(ctx.db).of(here->group, here->number)) {
    const bool same = (known.from == there->group && known.from_number == there->number) ||
                      (known.to == there->group && known.to_number == there->number);
    if (same) return ctx.refuse("这两条已经算同一批，没有改动。");
  }
  Entry e = ctx.entry(Kind::admin);
  e.word = quoted("同一批 " + s.rest);
  e.said = e.word;
  const Outcome outcome = ctx.append(std::move(e));
  const bool arrives = here->kind == Kind::received && here->party.empty();
  const Standing& from = arrives ? *there : *here;
  const Standing& to = arrives ? *here : *there;
  Links(ctx.db).add({Link::Kind::said, from.group, to.group, from.number, to.number});
  ctx.say(fmt::format("#{} 好的，{} 和 {} 的 {} 合计时只算一次。", outcome.number,
                      named_now(*here), quoted(name_of(ctx.db, ctx.policy, there->group)),
                      named_now(*there)));
}
