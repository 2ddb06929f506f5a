#include "commands/alerts.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "commands/hub.h"
#include "commands/wording.h"
#include "storage/alerts.h"
#include "storage/groups.h"
#include "storage/outbox.h"

using std::chrono::hours;
using std::chrono::sys_seconds;

namespace {

constexpr hours kLeastWait{1};  // an urgent need; the shortest that 设置 提醒 takes
constexpr hours kUsualWait{4};  // where the group set nothing
constexpr hours kShipmentWait{48};
/// What waits longer than this beyond its time is past reminding.
constexpr hours kStaleAfter{48};

/// One round of reminders.
class Round {
 public:
  Round(Database& database, sys_seconds clock)
      : db(database), now(clock), outbox_(database), groups_(database) {}

  Database& db;
  const sys_seconds now;

  /// How long an urgent need may wait in this group; empty where nothing is to be said there now.
  std::optional<hours> wait_of(const std::string& group) {
    const auto known = waits_.find(group);
    if (known != waits_.end()) return known->second;
    return waits_[group] = look_up(group);
  }

  /// `key` says what it is about: with it, a reminder is given once.
  void say(const std::string& group, const std::string& key, const std::string& text) {
    outbox_.enqueue({.key = fmt::format("alert/{}/{}", group, key),
                     .group = group,
                     .target = group,
                     .text = quoted_lines(text) + "\n不要提醒请发：静音 2小时",
                     .figures = "",
                     .cause = fmt::format("alert {} {}", group, key),
                     .not_before = {}},
                    now);
  }

 private:
  std::optional<hours> look_up(const std::string& group) {
    // Where nothing can be said unasked, nobody is to be reminded.
    if (group.starts_with("generic:")) return std::nullopt;
    const auto as_number = [&](std::string_view name) {
      const std::string text = groups_.setting(group, std::string(name));
      std::int64_t value = 0;
      std::from_chars(text.data(), text.data() + text.size(), value);
      return value;
    };
    if (as_number(kQuietSetting) > now.time_since_epoch().count()) return std::nullopt;
    if (groups_.setting(group, std::string(kAlertSetting)) == "off") return std::nullopt;
    const std::int64_t set = as_number(kAlertSetting);
    return set > 0 ? hours{set} : kUsualWait;
  }

  static std::string quoted_lines(const std::string& text) {
    std::string out;
    for (std::size_t from = 0; from <= text.size();) {
      const std::size_t to = std::min(text.find('\n', from), text.size());
      out += (out.empty() ? "" : "\n") + quoted(text.substr(from, to - from));
      from = to + 1;
    }
    return out;
  }

  Outbox outbox_;
  Groups groups_;
  std::map<std::string, std::optional<hours>> waits_;
};

std::string rest_words(const Waiting& w) { return w.rest ? amount(*w.rest, w.unit) : "数量待核"; }

void urgent_needs(Round& round) {
  for (const Waiting& need :
       Alerts(round.db).unanswered(round.now - kStaleAfter - kUsualWait, round.now - kLeastWait)) {
    const auto wait = round.wait_of(need.group);
    if (!wait || round.now - need.time < *wait) continue;
    round.say(
        need.group, fmt::format("urgent/{}", need.number),
        fmt::format("【提醒】急需 {} 小时没有人响应：#{} {} {} 还缺{}\n能给的请发：\n发出 #{}",
                    wait->count(), need.number, need.place.empty() ? "未写地点" : need.place,
                    need.item, rest_words(need), need.number));
  }
}

void shipments(Round& round) {
  for (const Waiting& sent : Alerts(round.db).unconfirmed(round.now - kStaleAfter - kShipmentWait,
                                                          round.now - kShipmentWait)) {
    if (!round.wait_of(sent.group)) continue;
    round.say(sent.group, fmt::format("sent/{}", sent.number),
              fmt::format("【提醒】#{} 发出的 {} {}{}，两天没有收到的消息。到了请发：\n收到 #{}",
                          sent.number, sent.item, rest_words(sent),
                          sent.place.empty() ? "" : " → " + sent.place, sent.number));
  }
}

void low_stock(Round& round) {
  Alerts alerts(round.db);
  for (const Alerts::Level& level : alerts.levels()) {
    const std::string about = "low/" + level.item;
    if (level.stock >= level.level) {
      alerts.forget(level.group, about);
      continue;
    }
    if (!round.wait_of(level.group) || !alerts.note(level.group, about)) continue;
    round.say(level.group, fmt::format("{}/{}", about, round.now.time_since_epoch().count()),
              fmt::format("【提醒】{} 库存 {}，低于 {}", level.item,
                          amount(std::max(level.stock, Quantity{}), level.unit),
                          amount(level.level, level.unit)));
  }
}

using Remind = void (*)(Round&);
constexpr std::array<Remind, 3> kAlerts{urgent_needs, shipments, low_stock};

}  // namespace

void raise_alerts(Database& database, sys_seconds now) {
  Round round(database, now);
  for (const Remind remind : kAlerts) remind(round);
}
