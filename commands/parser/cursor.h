#pragma once

#include <initializer_list>
#include <optional>
#include <string>

#include "commands/parser/statement.h"
#include "commands/parser/text.h"

/// Reads a command from left to right. Positions are those of Text.
class Cursor {
 public:
  Cursor(const Text& text, std::size_t from, std::size_t to);

  std::size_t at() const { return at_; }
  std::size_t end() const { return end_; }
  bool done() const { return at_ >= end_; }
  char32_t peek() const { return at_ < end_ ? text_->key[at_] : U'\0'; }
  std::u32string_view key() const {
    return std::u32string_view(text_->key).substr(at_, end_ - at_);
  }
  /// What is left, as said.
  std::string rest() const;

  void blanks();
  /// Blanks, and signs that only set words apart: : , 、
  void separators();
  /// Takes the word if it stands here.
  bool take(std::u32string_view word);
  /// The one of `words` that stands here (longest first is the caller's order); empty if none.
  std::u32string_view take_any(std::initializer_list<std::u32string_view> words);
  /// #12, with or without a blank.
  std::optional<std::int64_t> reference();
  /// A plain number of at most 18 digits.
  std::optional<std::int64_t> number();
  void move(std::size_t to) { at_ = to < end_ ? to : end_; }

 private:
  const Text* text_;
  std::size_t at_;
  std::size_t end_;
};

/// Days that a question or report is about, said anywhere in `said`: 昨天, 2月8日-3月1日.
struct SaidDays {
  Period period = Period::all;
  std::optional<std::int64_t> from, to;
};
SaidDays days_in(std::u32string_view key, std::int64_t today);
