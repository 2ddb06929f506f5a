#include "tests/talk.h"

#include <algorithm>
#include <cstdlib>

namespace talk {

namespace {

using namespace std::chrono_literals;
using model::Live;

constexpr std::int64_t kMost = 1'000'000'000'000;  // thousandths
constexpr std::int64_t kImplausibleFrom = 1'000'000;

bool is_report(Kind kind) { return kind <= Kind::activity; }

/// The unit of the line, and how many thousandths of it one of the said unit is.
std::pair<std::string, std::int64_t> line_unit(const std::string& said) {
  if (said == "斤") return {"公斤", 500};
  if (said == "吨") return {"公斤", 1'000'000};
  return {said, 1000};
}

Quantity times(Quantity figure, std::int64_t per) { return {figure.thousandths * per / 1000}; }

bool within(std::chrono::sys_seconds a, std::chrono::sys_seconds b, std::chrono::seconds span) {
  return std::chrono::abs(a - b) <= span;
}

std::string key(const Message& m) {
  if (m.event == Event::recall) return m.id + " recall";
  return m.id + (m.event == Event::edit ? " edit " + m.text : " message");
}

}  // namespace

Made Group::hear(const Message& message, const std::vector<Phrase>& phrases) {
  const auto known = heard_.find(key(message));
  if (known != heard_.end()) {
    Made again = known->second.made;
    again.duplicate = true;
    return again;
  }
  made_ = {};
  const bool revises = message.event != Event::message && heard_.contains(message.id + " message");
  if (message.event == Event::recall && !revises) return {};
  made_.stored = true;
  const std::int64_t asked = asked_;
  const std::vector<Question> questions = questions_;
  try {
    respond({message, phrases});
    // An edit that changes nothing is passed over, and a recall of what is gone.
    if (revises && made_.entries.empty() && asked_ == asked) made_.stored = false;
  } catch (const Refused&) {
    if (!made_.entries.empty()) take_back_made(questions, message.user);
  }
  if (made_.stored) heard_[key(message)] = {message, made_};
  return made_;
}

/// Refused when some of it was recorded: nothing is, and the questions are open as before.
void Group::take_back_made(const std::vector<Question>& questions, const std::string& user) {
  std::vector<model::Said> said = ledger_->said();
  said.resize(said.size() - made_.entries.size());
  made_.entries.clear();
  ledger_.emplace(std::move(said));
  questions_ = questions;
  spoke(user);
}

void Group::respond(const Turn& turn) {
  const Message& m = turn.message;
  if (m.event != Event::message) {
    std::erase_if(questions_, [&](const Question& q) { return q.message.id == m.id; });
  }
  if (m.event == Event::recall) {
    for (const auto number : standing(m.id)) cancel(turn, number);
    return;
  }
  if (m.event == Event::edit) return edit(turn);
  const bool bare = turn.phrases.front().does == Does::yes && turn.phrases.front().ref == 0;
  if (!bare) spoke(m.user);
  if (turn.phrases.front().does == Does::chatter) {
    made_.stored = false;
    return;
  }
  if (!again(turn)) carry_out(turn);
}

void Group::spoke(const std::string& user) {
  for (Question& q : questions_) {
    if (q.user == user) q.bare = false;
  }
}

void Group::carry_out(const Turn& turn) {
  // Whatever is refused, nothing of the message is kept.
  for (const Phrase& p : turn.phrases) {
    if (p.does == Does::report && p.figure) goods(turn, p);
  }
  for (const Phrase& p : turn.phrases) {
    switch (p.does) {
      case Does::report:
        report(turn, p);
        break;
      case Does::correct:
        correct(turn, p);
        break;
      case Does::cancel:
        cancel(turn, p.ref);
        break;
      case Does::take_back:
        take_back(turn);
        break;
      case Does::enough:
        enough(turn, p);
        break;
      case Does::yes:
      case Does::no:
      case Does::confirm:
        settle(turn, p);
        break;
      case Does::chatter:
        break;
      default:
        refer(turn, p);
    }
  }
}

// Reports.

Entry Group::entry(const Turn& turn, Kind kind) const {
  Entry e;
  e.group = name_;
  e.number = static_cast<std::int64_t>(ledger_->said().size()) + 1;
  e.message = turn.message.id;
  e.user = turn.message.user;
  e.user_name = turn.message.user_name;
  e.time = turn.message.time;
  e.day = day_(e.time);
  e.kind = kind;
  return e;
}

/// Throws Refused where the figure cannot be recorded.
Entry Group::goods(const Turn& turn, const Phrase& p) const {
  Entry e = entry(turn, p.kind);
  e.item = p.item;
  const auto [unit, per] = line_unit(p.unit);
  e.unit = unit;
  if (p.figure) {
    e.quantity = times(*p.figure, per);
    const std::int64_t least = p.kind == Kind::stock ? 0 : 1;
    const std::int64_t most = std::max(p.figure->thousandths, e.quantity->thousandths);
    if (e.quantity->thousandths < least || most > kMost) throw Refused();
  }
  e.place = p.place;
  e.counterpart = p.donor;
  e.word = p.word;
  e.urgent = p.urgent;
  e.replaces = p.replaces;
  e.own_only = p.replaces && turn.message.user != coordinator_;
  e.unpaired = turn.settled == "other_end";
  return e;
}

void Group::report(const Turn& turn, const Phrase& p) {
  const Entry e = goods(turn, p);
  if (turn.settled.empty()) {
    if (p.kind == Kind::need && !p.replaces && !p.adds) {
      if (const auto same = repeated(e)) return ask(turn, "repeat", same, {p});
    }
    if (const auto other = other_end(e)) return ask(turn, "other_end", other, {p});
    if (implausible(e, 0)) return ask(turn, "implausible", 0, {p});
  }
  const std::int64_t number = append(e);
  per_[number] = line_unit(p.unit).second;
  last_report_[turn.message.user] = turn.message.id;
  const bool of_pool = p.kind == Kind::distributed && p.place.empty();
  if (of_pool && ledger_->live().at(number).met.empty() && !only_place_in_need(p.item).empty()) {
    ask(turn, "place", number, {});
  }
}

/// The place with open needs for an item, where it is the only one and the pool has none.
std::string Group::only_place_in_need(const std::string& item) const {
  std::string only;
  for (const auto& [number, l] : ledger_->live()) {
    if (l.e.kind != Kind::need || !l.is_open() || l.e.item != item) continue;
    if (l.e.place.empty() || (!only.empty() && only != l.e.place)) return "";
    only = l.e.place;
  }
  return only;
}

void Group::give_to(const Turn& turn, std::int64_t number, const std::string& place) {
  const Live& t = target(number);
  Change change;
  change.place = place;
  if (!t.e.place.empty() || change.place->empty()) throw Refused();
  Entry e = act(turn, Kind::correction, number);
  e.place = *change.place;
  e.quantity = t.e.quantity;
  append(e, change);
}

/// The open need that a need repeats: within 24 hours, of the same place, or the sender's own.
std::int64_t Group::repeated(const Entry& e) const {
  for (const auto& [number, l] : ledger_->live()) {
    if (l.e.kind != Kind::need || !l.is_open()) continue;
    if (l.e.item != e.item || l.e.unit != e.unit || l.e.place != e.place) continue;
    if (l.e.quantity != e.quantity || !within(l.e.time, e.time, 24h)) continue;
    if (!e.place.empty() || l.e.user == e.user) return number;
  }
  return 0;
}

/// What was told of a delivery by the same sender, or with nearly the same figure: perhaps its
/// other end. Told with the same figure by somebody else, it surely is.
std::int64_t Group::other_end(const Entry& e) const {
  const bool delivery = e.kind == Kind::distributed || e.kind == Kind::received;
  if (!delivery || e.place.empty()) return 0;
  const Kind kind = e.kind == Kind::distributed ? Kind::received : Kind::distributed;
  const std::int64_t q = e.quantity->thousandths;
  std::int64_t same = 0, near = 0;
  for (const auto& [number, l] : ledger_->live()) {
    if (l.e.kind != kind || l.e.item != e.item || l.e.unit != e.unit || l.at != e.place) continue;
    if (l.pair != 0 || l.waits == 0 || !within(l.e.time, e.time, 72h)) continue;
    if (l.waits == q && l.e.user != e.user) return 0;
    if (l.waits == q && same == 0) same = number;
    if (std::abs(q - l.waits) * 5 <= l.waits && near == 0) near = number;
  }
  return same != 0 ? same : near;
}

bool Group::implausible(const Entry& e, std::int64_t without) const {
  if (!e.quantity || e.quantity->thousandths < kImplausibleFrom || e.ref != 0) return false;
  std::int64_t many = 0, largest = 0;
  for (const auto& [number, l] : ledger_->live()) {
    if (l.e.kind != e.kind || l.e.item != e.item || l.e.unit != e.unit) continue;
    if (number == without || l.e.ref != 0 || !l.e.quantity) continue;
    ++many;
    largest = std::max(largest, l.e.quantity->thousandths);
  }
  return many >= 10 && e.quantity->thousandths >= 10 * largest;
}

/// The very same text from the same sender within two minutes, while what it recorded stands.
bool Group::again(const Turn& turn) {
  const Message& m = turn.message;
  std::vector<Phrase> reports;
  for (const Phrase& p : turn.phrases) {
    const bool acts = p.does == Does::received || p.does == Does::sent || p.does == Does::done;
    if (p.does == Does::report || (acts && p.figure)) reports.push_back(p);
  }
  if (reports.empty()) return false;
  const Heard* latest = nullptr;
  for (const auto& [id, heard] : heard_) {
    const Message& other = heard.message;
    if (other.event != Event::message || other.id == m.id || other.user != m.user) continue;
    if (other.text != m.text || !within(other.time, m.time, 2min)) continue;
    if (heard.made.entries.empty()) continue;
    if (latest == nullptr || other.time > latest->message.time) latest = &heard;
  }
  if (latest == nullptr) return false;
  for (const model::Said& s : latest->made.entries) {
    const auto live = ledger_->live().find(s.entry.number);
    if (live == ledger_->live().end() || live->second.e.kind > Kind::done) continue;
    ask(turn, "again", s.entry.number, reports);
    return true;
  }
  return false;
}

void Group::ask(const Turn& turn, const std::string& kind, std::int64_t about,
                std::vector<Phrase> held) {
  questions_.push_back({++asked_, about, kind, turn.message.user, true, turn.message.time,
                        turn.message, std::move(held)});
}

// Acts on entries.

const Entry& Group::said(std::int64_t number) const {
  const auto& all = ledger_->said();
  if (number < 1 || number > static_cast<std::int64_t>(all.size())) throw Refused();
  if (ledger_->is_void(number)) throw Refused();
  return all[static_cast<std::size_t>(number) - 1].entry;
}

const Live& Group::target(std::int64_t number) const {
  said(number);
  const auto live = ledger_->live().find(number);
  if (live == ledger_->live().end()) throw Refused();  // a void or a correction
  return live->second;
}

bool Group::may(const Message& message, const std::string& owner) const {
  return message.user == owner || message.user == coordinator_;
}

Entry Group::act(const Turn& turn, Kind kind, std::int64_t number) const {
  Entry e = entry(turn, kind);
  const auto live = ledger_->live().find(number);
  const Entry& about = live == ledger_->live().end() ? said(number) : live->second.e;
  e.ref = number;
  e.item = about.item;
  e.unit = about.unit;
  e.place = about.place;
  return e;
}

/// A bare figure is in the unit in which the entry was said.
std::optional<Quantity> Group::figure_about(const Phrase& p) const {
  if (!p.figure) return std::nullopt;
  if (p.figure->thousandths > kMost) throw Refused();
  return times(*p.figure, per(p.ref));
}

std::int64_t Group::per(std::int64_t number) const {
  const auto edited = per_edited_.find(number);
  if (edited != per_edited_.end()) {
    for (auto e = edited->second.rbegin(); e != edited->second.rend(); ++e) {
      if (!ledger_->is_void(e->first)) return e->second;
    }
  }
  // What it is of may be counted another way since: then a bare figure is, too.
  const auto now = ledger_->live().find(number);
  if (now != ledger_->live().end() && now->second.e.unit != said(number).unit) return 1000;
  const auto known = per_.find(number);
  return known == per_.end() ? 1000 : known->second;
}

Quantity Group::stated_or(const Phrase& p, std::int64_t rest) const {
  if (const auto figure = figure_about(p)) {
    if (figure->thousandths <= 0 || figure->thousandths > kMost) throw Refused();
    return *figure;
  }
  if (rest <= 0) throw Refused();
  return {rest};
}

void Group::refer(const Turn& turn, const Phrase& p) {
  if (p.does == Does::another) return another(turn, p);
  const Live& t = target(p.ref);
  const bool need = t.e.kind == Kind::need;
  const bool unknown = need && !t.e.quantity;
  const std::int64_t left = need ? (unknown || !t.is_open() ? 0 : t.left()) : t.rest;
  if (p.does == Does::received) {
    std::int64_t rest = left;
    if (t.e.kind == Kind::offer) {
      for (const auto& [number, s] : ledger_->live()) {
        if (s.e.kind == Kind::in_transit && s.e.ref == p.ref) rest += s.rest;
      }
    } else if (t.e.kind == Kind::distributed) {
      if (t.pair != 0) throw Refused();
      rest = t.e.quantity->thousandths;
    } else if (need) {
      if (t.e.place.empty()) throw Refused();
    } else if (t.e.kind != Kind::in_transit) {
      throw Refused();
    }
    Entry e = act(turn, Kind::received, p.ref);
    if (t.e.kind == Kind::offer) e.place = p.place;
    e.quantity = stated_or(p, rest);
    per_[append(e)] = p.figure ? per(p.ref) : 1000;  // without a figure: as the reply gave it
    return;
  }
  if (p.does == Does::sent) {
    if (!need && t.e.kind != Kind::offer) throw Refused();
    Entry e = act(turn, Kind::in_transit, p.ref);
    if (!p.place.empty()) e.word = "到";
    if (!need || !p.place.empty()) e.place = p.place;
    if (need && e.place.empty()) throw Refused();
    e.quantity = stated_or(p, left);
    per_[append(e)] = p.figure ? per(p.ref) : 1000;  // without a figure: as the reply gave it
    return;
  }
  if (!need || !may(turn.message, t.e.user) || !t.is_open()) throw Refused();
  if (p.does == Does::urgent && t.urgent) throw Refused();
  Entry e = act(turn, p.does == Does::urgent ? Kind::urgent : Kind::done, p.ref);
  if (p.figure) e.quantity = stated_or(p, 0);
  append(e);
}

void Group::another(const Turn& turn, const Phrase& p) {
  said(p.ref);
  const auto asked = std::find_if(questions_.rbegin(), questions_.rend(),
                                  [&](const Question& q) { return q.about == p.ref; });
  if (asked != questions_.rend() && asked->kind != "place" && asked->kind != "implausible") {
    return settle(turn, p);
  }
  std::int64_t number = p.ref;
  if (target(number).pair > number) number = target(number).pair;
  const Live& t = target(number);
  if (!may(turn.message, t.e.user) || (t.pair == 0 && !t.confirmed)) throw Refused();
  append(act(turn, Kind::another, number));
}

void Group::correct(const Turn& turn, const Phrase& p) {
  const Live& t = target(p.ref);
  if (!may(turn.message, t.e.user) || !is_report(t.e.kind)) throw Refused();
  Change change;
  if (p.figure) {
    change.quantity = figure_about(p);
    const std::int64_t least = t.e.kind == Kind::stock ? 0 : 1;
    if (change.quantity->thousandths < least || change.quantity->thousandths > kMost) {
      throw Refused();
    }
  }
  if (!p.item.empty() && p.item != t.e.item) change.item = p.item;
  if (!p.place.empty() && p.place != t.e.place) change.place = p.place;
  check(t, change);
  if (!change.quantity && !change.item && !change.place) throw Refused();
  Entry e = act(turn, Kind::correction, p.ref);
  e.quantity = change.quantity ? change.quantity : t.e.quantity;
  if (change.item) e.item = *change.item;
  if (change.quantity && turn.settled.empty()) {
    Entry as = e;
    as.kind = t.e.kind;
    as.ref = t.e.ref;
    if (implausible(as, p.ref)) return ask(turn, "implausible", p.ref, {p});
  }
  append(e, change);
}

/// What others refer to keeps its kind; what refers to another keeps what that one says.
void Group::check(const Live& t, const Change& change) const {
  const Kind kind = change.kind.value_or(t.e.kind);
  if ((kind == Kind::activity) != (t.e.kind == Kind::activity)) throw Refused();
  if (kind != t.e.kind) {
    for (const auto& [number, l] : ledger_->live()) {
      if (l.e.ref == t.e.number) throw Refused();
    }
  }
  const auto about = ledger_->live().find(t.e.ref);
  if (t.e.ref == 0 || about == ledger_->live().end()) return;
  const bool there =
      change.place && kind == Kind::received && about->second.e.kind != Kind::offer;
  if (change.item || change.unit || there) throw Refused();
}

void Group::cancel(const Turn& turn, std::int64_t number) {
  if (!may(turn.message, said(number).user)) throw Refused();
  append(act(turn, Kind::voided, number));
}

/// What stands of the goods and work that a message recorded.
std::vector<std::int64_t> Group::standing(const std::string& message) const {
  std::vector<std::int64_t> numbers;
  for (const auto& [number, l] : ledger_->live()) {
    if (l.e.message == message && is_report(l.e.kind)) numbers.push_back(number);
  }
  return numbers;
}

void Group::take_back(const Turn& turn) {
  const auto last = last_report_.find(turn.message.user);
  if (last == last_report_.end()) throw Refused();
  std::vector<std::int64_t> numbers = standing(last->second);
  std::erase_if(numbers,
                [&](std::int64_t number) { return said(number).time < turn.message.time - 24h; });
  if (numbers.empty()) throw Refused();
  for (const auto number : numbers) cancel(turn, number);
}

void Group::enough(const Turn& turn, const Phrase& p) {
  const bool own = turn.message.user != coordinator_;
  bool open = false;
  for (const auto& [number, l] : ledger_->live()) {
    if (l.e.kind != Kind::need || !l.is_open()) continue;
    if (l.e.item != p.item || l.e.place != p.place) continue;
    open |= !own || !p.place.empty() || l.e.user == turn.message.user;
  }
  // A place may say so of what it never asked for; without one there is nothing to say it of.
  if (!open && own && p.place.empty()) return;
  Entry e = entry(turn, Kind::enough);
  e.item = p.item;
  e.place = p.place;
  e.own_only = own && p.place.empty();
  append(e);
}

/// The message's reports that stand become what is said now, one for one.
void Group::edit(const Turn& turn) {
  std::vector<Phrase> reports;
  for (const Phrase& p : turn.phrases) {
    if (p.does == Does::report) reports.push_back(p);
  }
  for (const Phrase& p : reports) goods(turn, p);
  const std::vector<std::int64_t> was = standing(turn.message.id);
  const std::size_t both = std::min(was.size(), reports.size());
  for (std::size_t i = 0; i < both; ++i) become(turn, was[i], reports[i]);
  for (std::size_t i = both; i < was.size(); ++i) cancel(turn, was[i]);
  for (std::size_t i = both; i < reports.size(); ++i) report(turn, reports[i]);
}

/// A report that stands becomes what is said in its place.
void Group::become(const Turn& turn, std::int64_t number, const Phrase& p) {
  const Entry now = goods(turn, p);
  const Live& t = target(number);
  const Entry then = t.e;
  Change change;
  if (now.quantity && now.quantity != then.quantity) change.quantity = now.quantity;
  change.unknown = !now.quantity && then.quantity;
  if (now.unit != then.unit) change.unit = now.unit;
  if (now.item != then.item) change.item = now.item;
  if (now.place != then.place) change.place = now.place;
  if (now.kind != then.kind) change.kind = now.kind;
  if (now.counterpart != then.counterpart) change.counterpart = now.counterpart;
  if (now.word != then.word && now.kind == Kind::adjust) change.word = now.word;
  if (now.urgent != then.urgent) change.urgent = now.urgent;
  if (now.replaces != then.replaces) change.replaces = now.replaces;
  if (now.own_only != then.own_only) change.own_only = now.own_only;
  const bool same = !change.quantity && !change.unknown && !change.unit && !change.item &&
                    !change.place && !change.kind && !change.counterpart && !change.word &&
                    !change.urgent && !change.replaces && !change.own_only;
  if (same) return;
  check(t, change);
  Entry e = act(turn, Kind::correction, number);
  e.quantity = change.quantity ? change.quantity : then.quantity;
  if (change.item) e.item = *change.item;
  if (change.unit) e.unit = *change.unit;
  if (change.quantity && turn.settled.empty()) {
    Entry as = e;
    as.kind = now.kind;
    as.ref = then.ref;
    if (implausible(as, number)) return ask(turn, "implausible", number, {p});
  }
  per_edited_[number].emplace_back(append(e, change), line_unit(p.unit).second);
}

// Questions.

void Group::settle(const Turn& turn, const Phrase& p) {
  const Message& m = turn.message;
  if (p.ref == 0 && p.does != Does::confirm) {
    // A bare word answers all that the last message was asked about.
    std::vector<Question> asked;
    for (const Question& q : questions_) {
      if (q.user == m.user && q.bare && q.asked >= m.time - 2min) asked.push_back(q);
    }
    spoke(m.user);
    if (asked.empty()) made_.stored = false;
    // Each as it was asked, though the first may meet the need that the others are for, too.
    std::vector<std::string> places;
    for (const Question& q : asked) places.push_back(place_asked(q));
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const Question& q = asked[i];
      if (p.does != Does::no) answer(q, places[i]);
      std::erase_if(questions_, [&](const Question& other) { return other.number == q.number; });
    }
    return;
  }
  auto found = questions_.rend();
  const auto latest = [&](const auto& fits) {
    if (found == questions_.rend()) {
      found = std::find_if(questions_.rbegin(), questions_.rend(), fits);
    }
  };
  if (p.does == Does::confirm) {
    latest([&](const Question& q) { return q.number == p.ref; });
  } else {
    latest([&](const Question& q) { return q.about == p.ref && q.user == m.user; });
    latest([&](const Question& q) { return q.about == p.ref; });
  }
  if (found == questions_.rend() || !may(m, found->user)) throw Refused();
  const Question question = *found;
  if (p.does != Does::no) answer(question, place_asked(question));
  std::erase_if(questions_, [&](const Question& q) { return q.number == question.number; });
}

std::string Group::place_asked(const Question& question) const {
  const auto about = ledger_->live().find(question.about);
  if (question.kind != "place" || about == ledger_->live().end()) return "";
  return only_place_in_need(about->second.e.item);
}

/// Carries out what was held back, in the name and at the time of the message that said it.
void Group::answer(const Question& question, const std::string& place) {
  const Turn held{question.message, question.held, question.kind};
  if (question.kind == "place") return give_to(held, question.about, place);
  const bool report = !question.held.empty() && question.held.front().does == Does::report;
  if (question.kind == "implausible" && question.about != 0 && report) {
    return become(held, question.about, question.held.front());
  }
  carry_out(held);
}

std::int64_t Group::append(Entry e, Change change) {
  e.number = static_cast<std::int64_t>(ledger_->said().size()) + 1;
  made_.entries.push_back({e, std::move(change)});
  ledger_->add(made_.entries.back());
  return e.number;
}

std::map<model::Line, std::int64_t> Group::work() const {
  std::map<model::Line, std::int64_t> sums;
  for (const auto& [number, l] : ledger_->live()) {
    if (l.e.kind == Kind::activity) sums[{l.e.item, l.e.unit}] += l.e.quantity->thousandths;
  }
  return sums;
}

}  // namespace talk
