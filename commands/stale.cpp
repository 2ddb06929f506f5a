#include "commands/stale.h"

#include <map>

#include <fmt/format.h>

#include "commands/target.h"
#include "commands/wording.h"
#include "storage/ledger.h"
#include "storage/outbox.h"
#include "storage/questions.h"

namespace {

struct Untouched {
  std::string group;
  std::int64_t number = 0;
};

/// Open needs of all groups where nothing was said about the item at the place since `since`, nor
/// asked.
std::vector<Untouched> untouched(Database& database, std::chrono::sys_seconds since) {
  std::vector<Untouched> found;
  database.run(
      "SELECT n.grp, n.number FROM standing n WHERE n.open = 1 AND n.kind = 'need'"
      " AND n.said_at < $1"
      " AND NOT EXISTS (SELECT 1 FROM standing s WHERE s.grp = n.grp AND s.item = n.item"
      " AND s.party = n.party AND s.number > n.number AND s.said_at >= $1)"
      " AND NOT EXISTS (SELECT 1 FROM questions q WHERE q.grp = n.grp AND q.about = n.number"
      " AND q.kind = 'stale' AND q.asked_at >= $1)"
      " ORDER BY n.grp, n.number",
      {std::int64_t{since.time_since_epoch().count()}}, [&](const Row& row) {
        found.push_back({row.string(0), row.integer(1)});
      });
  return found;
}

}  // namespace

std::size_t ask_about_stale(Database& database, const Policy& policy, std::chrono::sys_seconds now,
                            int days, std::size_t most) {
  std::map<std::string, std::size_t> asked;
  std::size_t all = 0;
  Ledger ledger(database);
  Questions questions(database);
  for (const auto& [group, number] : untouched(database, now - std::chrono::days(days))) {
    if (asked[group]++ >= most) continue;
    const auto need = ledger.find(group, number);
    if (!need) continue;
    Question q;
    q.group = group;
    q.user = need->user;
    q.kind = "stale";
    q.about = number;
    q.asked = now;
    const std::int64_t question = questions.ask(q);
    ++all;
    // Where the bot cannot speak up, the need is stale all the same, for all who look at the gaps.
    if (policy.can_speak && !policy.can_speak(group)) continue;
    const std::string key = fmt::format("stale {} {}", group, question);
    Outbox(database).enqueue(
        {.key = key,
         .group = group,
         .target = group,
         .text = fmt::format("{}（{}）已经 {} 天没有动静，还需要吗？还要请发：是 #{}\n"
                             "不要了请发：完成 #{}",
                             named_now(*need), date_words(policy.day(group, need->time)), days,
                             number, number),
         .figures = "",
         .cause = key,
         .not_before = {}},
        now);
  }
  return all;
}
