#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/database.h"
#include "storage/quantity.h"
#include "storage/rules.h"

/// What an entry says. The words of the JSON API are the enumerators' names (`voided` is "void").
enum class Kind {
  need,
  offer,
  in_transit,
  received,
  distributed,
  stock,
  used,
  adjust,  ///< Entry::word has the reason: 损耗 过期 破损 短少 退回 盘盈 盘亏
  activity,
  done,       ///< 完成 #n
  urgent,     ///< 加急 #n
  another,    ///< 另一批 #n
  enough,     ///< 够了, 暂停: closes a place's open needs for the item; 只收, 恢复: says what it takes
  missing,    ///< 没收到 #n: a shipment or delivery is disputed
  none_left,  ///< 无货 #n: an offer is gone
  blocked,    ///< 受阻 #n: a shipment is held up, Entry::word says by what
  verified,   ///< 核实 #n: a coordinator has looked into it
  doubtful,   ///< 存疑 #n
  match,      ///< a confirmed match: a promise upon need or offer #n (storage/matches.h)
  correction,
  voided,
  admin  ///< set-up by chat: Entry::word is the command, Entry::rule what it settles
};

std::string_view word(Kind kind);
std::optional<Kind> kind_from(std::string_view word);

/// Goods and place as they were said, but for the catalogue's names and units.
struct Spoken {
  std::string item, unit, place;
  std::optional<Quantity> quantity, expected;
};

/// One line of the ledger as it was said: appended once, never changed. Item, unit and quantity are
/// those of the ledger's line; `said` keeps the speaker's words. "" stands for "none".
struct Entry {
  std::string group;
  std::int64_t number = 0;  ///< counted from 1 in each group; given by Ledger::append
  std::string message;      ///< the platform's id of the message that said it
  std::string user, user_name;
  std::chrono::sys_seconds time;
  std::int64_t day = 0;  ///< local date of `time` in the group's zone, days since 1970-01-01

  Kind kind = Kind::need;
  std::string item;
  std::string unit;
  std::optional<Quantity> quantity;  ///< empty: a need of unknown quantity, or an act upon a whole
  std::string said;
  std::string place;                 ///< "": the pool, or the hub itself
  std::string counterpart;           ///< donor or other side, as said
  std::string word;                  ///< reason of an adjust, detail of an act; 到: a shipment of
                                     ///< another entry whose place was said
  std::optional<Quantity> expected;  ///< 应到 500 实到 480
  std::optional<Quantity> value;     ///< worth in 元
  std::int64_t ref = 0;              ///< the entry acted upon

  bool approx = false;
  bool urgent = false;    ///< a need said to be urgent
  bool replaces = false;  ///< 还缺: closes the place's open needs for the item first
  bool own_only = false;  ///< 还缺 or 够了, where it names no place: the sender's own needs only
  bool unpaired = false;  ///< is known not to be the other end of what was told before
  bool answered = false;  ///< was held back, and recorded with the answer to a question

  /// Another measure of the goods that was said too, where the line could turn out to need it.
  std::string other_unit;
  std::optional<Quantity> other;
  /// Goods and place before the group's own names and packs changed them; that is what is kept.
  /// Empty where they changed nothing.
  std::optional<Spoken> spoken;
  std::optional<Rule> rule;  ///< an admin entry that settles a name or a pack
  /// 补记: the difference to what a 累计 statement said, for the days up to and with `covers_to`,
  /// from `covers_from` on where there is one. Confirms and consumes nothing.
  std::optional<std::int64_t> covers_from, covers_to;
  bool supplement() const { return covers_to.has_value(); }
};

/// What a correction changes of the entry it refers to; what is empty stays.
struct Change {
  std::optional<Quantity> quantity;
  std::optional<std::string> unit;
  std::optional<std::string> item;
  std::optional<std::string> place;
  std::optional<Kind> kind;
  std::optional<std::string> said;
  std::optional<std::string> counterpart;
  std::optional<std::string> word;
  std::optional<Quantity> value;
  std::optional<Quantity> expected;
  std::optional<bool> approx, urgent, replaces, own_only;
  bool unknown = false;  ///< the need has no number any more
};
