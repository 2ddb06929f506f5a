#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "commands/parser/statement.h"

/// What a word of the language of reports does in a sentence.
enum class Role : std::uint8_t {
  none,     ///< of what is no word of the lexicon
  verb,     ///< says what happened: Lexeme::action
  weak,     ///< one character (发 收 缺): a verb only where goods, a figure or a place follow
  deal,     ///< 捐赠的, 送来的: whose goods they are, not what happened
  to,       ///< 给 到 向: a place follows
  from,     ///< 从 来自: the other side follows
  hub,      ///< 仓库, 我们这: the group itself
  fluff,    ///< 今天 已 我们: says nothing about goods
  noise,    ///< 确诊 限购 听说: figures of this clause are not goods
  says,     ///< 说 称: what follows is somebody else's word
  when,     ///< 如果 只要: what follows is so only then
  asks,     ///< 吗 怎么 多少: a question
  negates,  ///< 没 不是 不用
  revokes,  ///< 取消 误报: what was said, or was to be done, is not
  metric,   ///< names work done or people: 志愿者 消杀
  vague,    ///< 若干 大量 越多越好: an amount without a figure
  about,    ///< 约 近: approximate, before the figure
  after,    ///< 左右 以上: approximate, after the figure
  total,    ///< 共 合计: a second measure, or a sum
  each,     ///< 各
  joins,    ///< 和 与 及
  covers,   ///< 累计 截至: a statement over a period
  parts,    ///< 其中 分别: figures are parts of one told already
  worth,    ///< 价值
  place_label,  ///< 单位: 地点:
  skip_label,   ///< 联系人: 电话: up to the next wall nothing is goods
  expected,     ///< 应到
  actual,       ///< 实到
  can           ///< 能 可 愿意: makes giving an offer
};

struct Lexeme {
  std::u32string_view word;
  Role role;
  Action action = Action::other;
  bool urgent = false;
  bool replaces = false;
  bool adds = false;
};

struct LexemeHit {
  const Lexeme* lexeme = nullptr;
  std::uint32_t length = 0;  ///< 0: none
  Role role = Role::none;
};
/// The longest word of the lexicon that starts at `at`.
LexemeHit longest_lexeme(std::u32string_view key, std::size_t at);

/// Every word of the lexicon; they stay where they are.
std::span<const Lexeme> all_lexemes();

/// The longest counting word or unit that starts at `at`; 0 where none does.
std::size_t longest_unit(std::u32string_view key, std::size_t at);
std::vector<std::u32string_view> all_units();
/// Units that count people, visits, events, places, area: work done, not goods.
bool counts_work(std::u32string_view unit);
