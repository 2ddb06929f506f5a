#include "commands/which.h"

#include <algorithm>

#include <fmt/format.h>

#include "commands/goods.h"
#include "commands/target.h"
#include "commands/wording.h"

namespace {

constexpr std::chrono::hours kRemembered{24};
constexpr std::chrono::minutes kJustNow{10};
constexpr std::size_t kOffered = 5;

std::vector<Standing> standing_reports(Context& ctx, std::vector<std::int64_t> numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  std::vector<Standing> found;
  for (const std::int64_t number : numbers) {
    auto s = ctx.ledger.find(ctx.message.group, number);
    if (s && s->voided_by == 0 && s->kind <= Kind::activity) found.push_back(std::move(*s));
  }
  return found;
}

/// Whether a figure can be one of the entry's line.
bool on_its_line(Context& ctx, const Standing& s, Quantity quantity, const std::string& unit) {
  if (unit.empty()) return true;
  if (s.kind == Kind::activity) return ctx.policy.catalogue->unit(unit) == s.unit;
  Statement said;
  said.quantity = quantity;
  said.unit = unit;
  const auto line = on_line(*ctx.policy.catalogue, ctx.policy.catalogue->find(s.item), said);
  return line && line->unit == s.unit;
}

/// Whether the entry was what the correction says that it was.
bool had(Context& ctx, const Standing& s, const Measure& old) {
  if (s.quantity == old.quantity) return true;
  Statement said = as_was_said(ctx, s);
  if (said.quantity == old.quantity) return true;
  said.quantity = old.quantity;
  if (!old.unit.empty()) {
    said.unit = old.unit;
    said.pack.reset();
  }
  said.alt.reset();
  const auto line = on_line(*ctx.policy.catalogue, ctx.policy.catalogue->find(s.item), said);
  return line && line->unit == s.unit && line->quantity == s.quantity;
}

std::vector<Standing> fitting(Context& ctx, std::vector<Standing> from, const Statement& s) {
  const std::string& said = s.denied_item.empty() ? s.item : s.denied_item;
  if (!said.empty()) {
    const std::string item = ledger_item(ctx.db, *ctx.policy.catalogue, ctx.message.group, said);
    std::erase_if(from, [&](const Standing& e) { return e.item != item && e.item != said; });
  }
  if (s.denied) std::erase_if(from, [&](const Standing& e) { return !had(ctx, e, *s.denied); });
  if (from.size() > 1 && s.quantity && s.item.empty()) {
    std::vector<Standing> same_unit = from;
    std::erase_if(same_unit,
                  [&](const Standing& e) { return !on_its_line(ctx, e, *s.quantity, s.unit); });
    if (!same_unit.empty()) return same_unit;
  }
  return from;
}

/// What the correction would look like with a number.
std::string line_for(const Standing& target, const Statement& s) {
  std::string text = fmt::format("更正 #{}", target.number);
  if (s.quantity) return text + fmt::format(" {}{}", to_string(*s.quantity), s.unit);
  if (!s.place.empty()) return text + " 给 " + s.place;
  if (s.becomes) return text + " " + s.word;
  return text + " " + (s.unit.empty() ? s.item : s.unit);
}

std::optional<std::int64_t> only(Context& ctx, const std::vector<Standing>& found,
                                 const Statement& s) {
  if (found.size() == 1) return found.front().number;
  std::string text = "改哪一条？请复制一行：";
  const std::size_t first = found.size() > kOffered ? found.size() - kOffered : 0;
  for (std::size_t i = first; i < found.size(); ++i) text += "\n" + named_now(found[i]);
  for (std::size_t i = first; i < found.size(); ++i) text += "\n" + quoted(line_for(found[i], s));
  ctx.refuse(text);
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> entry_meant(Context& ctx, const Statement& s,
                                        const std::vector<std::int64_t>* among) {
  if (among != nullptr) {
    const auto all = standing_reports(ctx, *among);
    if (all.empty()) return std::nullopt;
    const auto fits = all.size() == 1 ? all : fitting(ctx, all, s);
    return only(ctx, fits.empty() ? all : fits, s);
  }
  std::vector<Standing> last;
  if (const auto message = ctx.groups.last_report(ctx.message.group, ctx.message.user)) {
    last = standing_reports(ctx, ctx.messages.entries_of(ctx.message.group, *message));
  }
  // 不对，是450只: without a word that it is a correction and what of, only right after the report.
  const bool recent = !last.empty() && last.front().time >= ctx.message.time - kJustNow;
  const bool names_it = !s.word.empty() || !s.item.empty() || s.denied;
  if (!names_it) {
    std::erase_if(last, [&](const Standing& e) {
      return !recent || (s.quantity && !on_its_line(ctx, e, *s.quantity, s.unit));
    });
  }
  const auto fits = fitting(ctx, last, s);
  if (!fits.empty()) return only(ctx, fits, s);
  if (!s.item.empty() || s.denied || !s.denied_item.empty()) {
    auto earlier = fitting(
        ctx,
        standing_reports(ctx, ctx.messages.entries_since(ctx.message.group, ctx.message.user,
                                                         ctx.message.time - kRemembered)),
        s);
    if (!earlier.empty()) return only(ctx, earlier, s);
  }
  // 刚才发错了，是防护服: another item than was said; but only just now.
  const bool another = !s.denied && s.denied_item.empty() && !s.word.empty();
  if (recent && last.size() == 1 && another) return last.front().number;
  return std::nullopt;
}
