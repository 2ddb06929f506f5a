#include "commands/stale.h"

#include <map>

#include <fmt/format.h>

#include "commands/target.h"
#include "commands/wording.h"
#include "storage/ledger.h"
#include "storage/outbox.h"
#include "storage/questions.h"

std::size_t ask_about_stale(Database& database, const Policy& policy, std::chrono::sys_seconds now,
                            int days, std::size_t most) {
  std::map<std::string, std::size_t> asked;
  std::size_t all = 0;
  Ledger ledger(database);
  Questions questions(database);
  for (const auto& [group, number] : questions.untouched_needs(now - std::chrono::days(days))) {
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
