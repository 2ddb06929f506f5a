#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/quantity.h"

/// What a statement says or asks. The words of the JSON form are the enumerators' own names.
enum class Action {
  need,
  offer,
  received,
  in_transit,
  distributed,
  stock,
  used,
  adjust,  ///< stock changes with a reason: 损耗 过期 退回 短少 盘盈 (Statement::word)
  activity,  ///< a figure of work done: `item` is its name (志愿者), `unit` what was counted (人次)
  correction,  ///< 更正 #12 450
  cancel,      ///< 撤销, 撤销 #12
  reference,   ///< acts on an entry: Statement::act
  enough,      ///< 够了, 暂停 口罩, 只收热食, 恢复 口罩 (Statement::word)
  verify,      ///< 核实 #12, 存疑 #12 (Statement::word)
  query,       ///< Statement::topic
  match,       ///< 匹配, 确认 匹配 3 … (Statement::word)
  brief,       ///< 日报, 简报, 导出 (Statement::word)
  help,        ///< 帮助
  admin,       ///< 认领管理 CODE, 授权, 设置 …: Statement::word and Statement::rest
  other        ///< goods with a figure but without a verb: to be asked back, never recorded
};

/// What a reference does with the entry it names.
enum class Act {
  received,      ///< 收到 #12 [300]
  in_transit,    ///< 发出 #12 [400] [到 三院]
  done,          ///< 完成 #12 [300]
  urgent,        ///< 加急 #12
  another,       ///< 另一批 #12
  yes,           ///< 是 #12, or a bare 是
  no,            ///< 不是 #12, or a bare 不是
  confirm,       ///< 确认 3
  blocked,       ///< 受阻 #12 高速封闭 (reason in Statement::rest)
  none_left,     ///< 无货 #12
  not_received,  ///< 没收到 #12
  choice         ///< a bare digit: an answer by number (Statement::ref is the digit)
};

enum class Topic {
  totals,     ///< 汇总
  gaps,       ///< 缺口
  stock,      ///< 库存
  item,       ///< 口罩 · 口罩还缺多少 · 今天发了多少口罩
  who_has,    ///< 谁有护目镜
  who_needs,  ///< 谁需要酒精
  entries,    ///< 明细 口罩
  entry,      ///< #12
  mine        ///< 我的
};

/// Which days a question or brief is about.
enum class Period { all, today, yesterday, stated };

/// A range of code points of the original text.
struct Span {
  std::size_t from = 0;
  std::size_t to = 0;
};

/// What one container holds: (12瓶/箱) is {12, "瓶", "箱"}.
struct Pack {
  Quantity per;
  std::string unit;
  std::string of;  ///< "" where the text leaves it open
};

/// An amount in a unit, as said.
struct Measure {
  Quantity quantity;
  std::string unit;
};

/// One thing that a message says, as said: names and units keep the speaker's words (folded to one
/// form: simplified script, half width); what they mean in the ledger is decided by the handler.
struct Statement {
  Action action = Action::other;
  Act act = Act::received;      ///< where action is reference
  Topic topic = Topic::totals;  ///< where action is query
  std::string word;             ///< the word that decided: 损耗, 暂停, 还缺, 日报 …

  std::string item;                  ///< surface, "" where none is named
  std::string canonical;             ///< the catalogue's name, "" where it has none
  std::optional<Quantity> quantity;  ///< none stated: empty
  std::optional<Quantity> max;       ///< upper end of a range; `quantity` is the lower
  std::string unit;                  ///< as said, "" where none
  bool approx = false;
  bool unknown = false;  ///< a need without a number (越多越好, 若干, 急需口罩)
  bool zero = false;     ///< "nothing" said as a report: 今天无发放
  std::optional<Pack> pack;
  std::optional<Measure> alt;        ///< second measure of the same goods: 20箱(4000个)
  std::optional<Measure> value;      ///< worth: 价值20万元
  std::optional<Quantity> expected;  ///< 应到 500 实到 480: `quantity` is 480, this 500

  std::string place;  ///< where it is needed, went, is or was counted; "" where none
  int receivers = 0;  ///< one quantity for several receivers (给三个社区): how many, else 0
  std::string receiver_kind;  ///< 社区; "" where they are named
  std::string receiver_unit;  ///< 个
  std::string counterpart;  ///< donor (收到李明送来的…) or other side
  bool from_hub = false;    ///< the place is the group itself (到我们这, 今晚到仓库)
  std::optional<std::int64_t> ref;  ///< #12

  std::optional<Action> becomes;  ///< 更正 #12 收到: the kind that the entry should have had
  std::optional<Measure> denied;  ///< 不是500只，是450只: the figure that the entry had
  std::string denied_item;        ///< 不是口罩，是酒精: the goods that it had

  bool urgent = false;      ///< 急需, 急缺, 加急
  bool replaces = false;    ///< 还缺 现在缺 还差 目前缺口
  bool adds = false;        ///< 另需 追加 再要 还需要
  bool cumulative = false;  ///< 累计, 截至…, 共计
  bool up_to = false;       ///< 截至: everything up to and with the day
  Period period = Period::all;
  std::optional<std::int64_t>
      from_day;  ///< days since 1970-01-01, where period is stated; a year that
  std::optional<std::int64_t> to_day;  ///< the text leaves out is Reading's caller's (see parser.h)

  std::string rest;                   ///< what follows a command word, as said
  std::optional<std::size_t> listed;  ///< of a 接龙: whose entry it is, in List::names
  Span span;                          ///< of the whole statement
  Span quantity_span;
  Span item_span;  ///< where the item is named; empty where it is not
};

/// A 接龙: a list that is posted again and again as it grows.
struct List {
  std::string title;                ///< "" where it has none
  std::vector<std::string> names;   ///< of its entries, in order; "" where an entry has none
  std::vector<std::size_t> unread;  ///< entries with a figure of which nothing could be read
  bool whole = true;                ///< false where it was too long to be read to its end
};

/// A person to be reached, as a form or a report names them.
struct Contact {
  std::string name;    ///< "" where none stands with the number
  std::string number;  ///< digits, as said; never shown unmasked in a group
  Span span;           ///< of the number
};

/// Why figures of a report cannot be made sure: then it is asked about, and nothing of it is
/// recorded.
enum class Doubt {
  none,
  two_figures,     ///< 收到口罩1000只 2000只: two figures for one thing
  parts_differ,    ///< 发放500只，三院200只，四院200只: the parts are not the whole
  due_and_short,   ///< 应到500 实到480 短少30
  count_differs,   ///< 盘点口罩 少5只: how many more or fewer, and not how many there are
  negative         ///< 负5只
};

/// What was understood of one message.
struct Reading {
  Action intent = Action::other;  ///< of the main clause
  std::vector<Statement> statements;
  /// Begins like a report or a command, or holds a statement: the message means the bot.
  bool addressed = false;
  Doubt doubt = Doubt::none;  ///< then `unread` is what it is about, and there are no statements
  /// Parts of an addressed message that could not be read, as said.
  std::vector<std::string> unread;
  /// Personal telephone and identity numbers, for masking.
  std::vector<Span> private_numbers;
  std::vector<Contact> contacts;  ///< the telephone numbers among them
  std::optional<List> list;       ///< where the message is a 接龙
};
