#include "tests/speaker.h"

#include <algorithm>

#include <fmt/format.h>

using namespace std::chrono_literals;
using talk::Does;
using talk::Phrase;

Speaker::Utterance Speaker::next(const talk::Group& group, const std::string& name) {
  clock_ += pick<std::chrono::seconds>({5s, 20s, 60s, 60s, 5min, 10min, 1h, 6h});
  if (chance(10)) jump_ = pick<std::chrono::seconds>({0s, 0s, 1h, -1h, -24h, 300s});
  Utterance u;
  Message& m = u.message;
  m.platform = "generic";
  m.group = name;
  m.id = fmt::format("m{}", ++messages_);
  m.time = clock_;
  if (chance(100)) m.time -= std::chrono::seconds(random_() % 600);  // held up on its way
  if (chance(20)) m.time -= 100h;
  auto& said = said_[name];
  if (!said.empty() && chance(50)) {
    u = said[said.size() - 1 - random_() % std::min<std::size_t>(said.size(), 30)];
    u.message.event = chance(250) ? Event::recall : Event::edit;
    u.message.time = m.time;
    if (u.message.event == Event::recall) {
      u.phrases.clear();
    } else {
      u.phrases = changed(u.phrases);
    }
    u.message.text = talk::text_of(u.phrases);
    return u;
  }
  answering_.clear();
  if (!said.empty() && chance(30)) {
    u.phrases = said.back().phrases;  // the very same text again
    answering_ = said.back().message.user_name;
    if (chance(800)) m.time = said.back().message.time + 40s;
  } else {
    u.phrases.push_back(phrase(group));
    while (u.phrases.back().does == Does::report && u.phrases.size() < 4 && chance(200)) {
      u.phrases.push_back(also(u.phrases.front()));
    }
  }
  m.user_name = answering_;
  if (m.user_name.empty())
    m.user_name = pick<std::string>({"张三", "李四", "王五", "赵六", "陈姐"});
  m.user = "generic:" + m.user_name;
  m.text = talk::text_of(u.phrases);
  const bool reports = u.phrases.front().does == Does::report;
  if (reports) said.push_back(u);
  return u;
}

Phrase Speaker::phrase(const talk::Group& group) {
  const auto roll = random_() % 100;
  if (roll < 12 && !group.questions().empty()) return answer(group);
  if (roll < 56) return report();
  if (roll < 58) return {.does = Does::chatter};
  return act(group);
}

Phrase Speaker::report() {
  Phrase p{.does = Does::report};
  p.kind = pick<Kind>({Kind::need, Kind::need, Kind::need, Kind::offer, Kind::in_transit,
                       Kind::in_transit, Kind::received, Kind::received, Kind::received,
                       Kind::distributed, Kind::distributed, Kind::distributed, Kind::stock,
                       Kind::used, Kind::adjust, Kind::activity});
  p.figure = figure();
  if (p.kind == Kind::activity) {
    std::tie(p.item, p.unit) =
        pick<std::pair<std::string, std::string>>({{"志愿者", "人次"}, {"消杀", "平方米"}});
    if (p.figure->thousandths <= 0) p.figure = Quantity::whole(7);
    return p;
  }
  set_goods(p);
  switch (p.kind) {
    case Kind::need:
      p.place = place();
      p.replaces = chance(200);
      p.adds = !p.replaces && chance(100);
      p.urgent = !p.replaces && !p.adds && chance(200);
      if (p.urgent && chance(500)) {
        p.figure.reset();
        p.unit = p.item == "口罩" ? "只" : p.item == "大米" ? "公斤" : p.unit;
      }
      break;
    case Kind::offer:
      if (chance(300)) p.donor = "红会";
      break;
    case Kind::received:
      if (chance(150)) {
        p.donor = "红会";
      } else {
        p.place = place();
      }
      break;
    case Kind::in_transit:
    case Kind::distributed:
      p.place = place();
      break;
    case Kind::adjust:
      p.word = pick<std::string>({"损耗", "过期", "盘盈"});
      break;
    default:
      break;
  }
  return p;
}

/// One more line of the same kind; what a line leaves out could be taken from the one above.
Phrase Speaker::also(Phrase first) {
  if (first.kind == Kind::activity || !first.figure) return first;
  set_goods(first);
  first.figure = figure();
  if (!first.place.empty()) first.place = pick<std::string>({"三院", "四院", "一医院"});
  return first;
}

void Speaker::set_goods(Phrase& p) {
  std::tie(p.item, p.unit) = pick<std::pair<std::string, std::string>>({{"口罩", "只"},
                                                                        {"口罩", "只"},
                                                                        {"口罩", "箱"},
                                                                        {"酒精", "瓶"},
                                                                        {"护目镜", "副"},
                                                                        {"大米", "公斤"},
                                                                        {"大米", "斤"},
                                                                        {"大米", "吨"}});
}

Phrase Speaker::act(const talk::Group& group) {
  Phrase p;
  const auto roll = random_() % 100;
  static const std::vector<Kind> kGoods{Kind::need,     Kind::offer,       Kind::in_transit,
                                        Kind::received, Kind::distributed, Kind::stock,
                                        Kind::used,     Kind::adjust,      Kind::activity};
  if (roll < 24) {
    p.does = Does::received;
    p.ref = target(group, {Kind::in_transit, Kind::offer, Kind::need, Kind::distributed});
    if (chance(500)) p.figure = figure();
  } else if (roll < 36) {
    p.does = Does::sent;
    p.ref = target(group, {Kind::offer, Kind::need});
    if (chance(600)) p.figure = figure();
    if (chance(500)) p.place = place();
  } else if (roll < 44) {
    p.does = Does::done;
    p.ref = target(group, {Kind::need});
    if (chance(500)) p.figure = figure();
  } else if (roll < 48) {
    p.does = Does::urgent;
    p.ref = target(group, {Kind::need});
  } else if (roll < 53) {
    p.does = Does::another;
    p.ref = target(group, {Kind::received, Kind::distributed});
    const auto live = group.ledger().live().find(p.ref);
    if (live == group.ledger().live().end()) return {};
    if (live->second.pair == 0 && !live->second.confirmed) return {};
  } else if (roll < 69) {
    p.does = Does::correct;
    p.ref = target(group, kGoods);
    const auto live = group.ledger().live().find(p.ref);
    const bool refers = live != group.ledger().live().end() && live->second.e.ref != 0;
    const bool work = live != group.ledger().live().end() && live->second.e.kind == Kind::activity;
    const auto what = random_() % 10;
    if (what < 6 || refers || work) {
      p.figure = figure();
    } else if (what < 8) {
      p.place = pick<std::string>({"三院", "四院", "一医院"});
    } else {
      p.item = pick<std::string>({"口罩", "酒精", "护目镜"});
    }
  } else if (roll < 87) {
    p.does = Does::cancel;
    const std::size_t all = group.ledger().said().size();
    p.ref = chance(300)
                ? static_cast<std::int64_t>(all - random_() % std::min<std::size_t>(all + 1, 10))
                : target(group, kGoods);
    if (p.ref == 0) return {};
  } else if (roll < 94) {
    p.does = Does::take_back;
  } else {
    p.does = Does::enough;
    p.item = pick<std::string>({"口罩", "酒精", "护目镜", "大米"});
    p.place = place();
  }
  return p;
}

Phrase Speaker::answer(const talk::Group& group) {
  const auto& questions = group.questions();
  const talk::Question& q =
      questions[questions.size() - 1 - random_() % std::min<std::size_t>(questions.size(), 5)];
  if (chance(850)) answering_ = q.message.user_name;
  Phrase p;
  p.ref = q.about;
  if (q.about == 0) {
    p.does = Does::confirm;
    p.ref = q.number;
  } else if (chance(150)) {
    p.does = Does::no;
  } else {
    p.does = Does::yes;
    if (chance(300) && q.bare) p.ref = 0;
  }
  return p;
}

/// Mostly one of the last entries of these kinds; now and then a number that there is not, or of
/// something else. 0: there is none.
std::int64_t Speaker::target(const talk::Group& group, const std::vector<Kind>& kinds) {
  const auto& live = group.ledger().live();
  if (chance(20)) return static_cast<std::int64_t>(1 + random_() % (live.size() + 5));
  std::vector<std::int64_t> found;
  for (auto it = live.rbegin(); it != live.rend() && found.size() < 40; ++it) {
    if (std::find(kinds.begin(), kinds.end(), it->second.e.kind) != kinds.end()) {
      found.push_back(it->first);
    }
  }
  if (found.empty()) return 999;
  const std::size_t last = chance(800) ? std::min<std::size_t>(found.size(), 8) : found.size();
  return found[random_() % last];
}

Quantity Speaker::figure() {
  if (chance(8)) return {};
  if (chance(4)) return Quantity::whole(2'000'000'000);
  if (chance(30)) return Quantity::whole(pick<std::int64_t>({1500, 5000, 20'000, 30'000}));
  if (chance(30)) return Quantity{pick<std::int64_t>({2500, 500, 12'500})};
  return Quantity::whole(pick<std::int64_t>({20, 50, 50, 100, 100, 110, 150, 200, 300}));
}

std::string Speaker::place() {
  return pick<std::string>({"三院", "三院", "一医院", "四院", "", ""});
}

/// What an edit makes of a message: another figure or place, a line more or less.
std::vector<Phrase> Speaker::changed(std::vector<Phrase> phrases) {
  const auto roll = random_() % 10;
  if (roll < 2) phrases.push_back(also(phrases.front()));
  if (roll == 2 && phrases.size() > 1) phrases.pop_back();
  Phrase& p = phrases[random_() % phrases.size()];
  if (roll < 7 && p.figure) p.figure = figure();
  if (roll >= 6 && (p.kind == Kind::in_transit || p.kind == Kind::distributed)) p.place = place();
  return phrases;
}
