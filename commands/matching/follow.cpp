#include "commands/matching/follow.h"

#include <fmt/format.h>

#include "commands/matching/view.h"
#include "storage/ledger.h"
#include "storage/outbox.h"

namespace {

constexpr std::chrono::days kDroppedKept{7};

void post(Database& database, const std::string& group, const std::string& key, std::string text,
          std::chrono::sys_seconds now) {
  Outbox(database).enqueue({.key = key,
                            .group = group,
                            .target = group,
                            .text = std::move(text),
                            .figures = "",
                            .cause = key,
                            .not_before = {}},
                           now);
}

/// Voids what confirmed a match in one of its groups, in the bot's own name.
void void_entry(Database& database, const Policy& policy, const std::string& group,
                std::int64_t number, std::int64_t id, std::chrono::sys_seconds now) {
  Ledger ledger(database);
  const auto confirmed = ledger.find(group, number);
  if (!confirmed || confirmed->voided_by != 0) return;
  Entry e;
  e.group = group;
  e.message = fmt::format("match {} expired", id);
  e.user_name = "接力";
  e.time = now;
  e.day = policy.day(group, now);
  e.kind = Kind::voided;
  e.item = confirmed->item;
  e.unit = confirmed->unit;
  e.place = confirmed->place;
  e.quantity = confirmed->quantity;
  e.ref = number;
  ledger.append(std::move(e));
}

void release(Database& database, const Policy& policy, const Match& m,
             std::chrono::sys_seconds now) {
  const std::string text =
      fmt::format("匹配 {} 超过 {} 小时没有发出，已放回：{}\n还要请协调员重新匹配，请发：匹配",
                  m.id, policy.match_hours, brief_of(view_of(database, policy, m)));
  void_entry(database, policy, m.need_group, m.need_entry, m.id, now);
  post(database, m.need_group, fmt::format("match {} expired {}", m.id, m.need_entry), text, now);
  if (m.from_entry == 0) return;
  void_entry(database, policy, m.from_group, m.from_entry, m.id, now);
  post(database, m.from_group, fmt::format("match {} expired from {}", m.id, m.from_entry), text,
       now);
}

}  // namespace

void follow_up_matches(Database& database, const Policy& policy, std::chrono::sys_seconds now) {
  Matches matches(database);
  if (policy.match_hours > 0) {
    for (const Match& m : matches.expired(now)) release(database, policy, m, now);
  }
  if (policy.transit_hours > 0) {
    for (const Match& m : matches.on_the_road(now - std::chrono::hours(policy.transit_hours))) {
      post(database, m.need_group, fmt::format("match {} on the road {}", m.id, m.shipment),
           fmt::format(
               "匹配 {} 在途超过 {} 小时，到了吗？{}\n到了请发：收到 #{}\n没到请发：没收到 #{}",
               m.id, policy.transit_hours, brief_of(view_of(database, policy, m)), m.shipment,
               m.shipment),
           now);
    }
  }
  matches.forget_dropped(now - kDroppedKept);
}
