#include "commands/match.h"

#include <algorithm>

#include <fmt/format.h>

#include "commands/goods.h"
#include "commands/matching/decide.h"
#include "commands/matching/propose.h"
#include "commands/matching/view.h"
#include "commands/wording.h"
#include "storage/figures.h"

namespace {

constexpr std::size_t kLinesShown = 7;  // and one that says how to go on
constexpr std::size_t kConfirmedAtOnce = 20;

/// What 匹配 is asked about.
struct Asked {
  std::optional<std::string> item;
  std::string place;
};

Asked asked_about(Context& ctx, const std::string& rest) {
  Asked asked;
  if (rest.empty() || rest == "全部") return asked;
  const Rules& rules = ctx.ledger.rules(ctx.message.group);
  const std::string item = ledger_item(ctx.db, *ctx.policy.catalogue, ctx.message.group, rest);
  const bool known = ctx.policy.catalogue->find(item) != nullptr ||
                     ctx.db.integer("SELECT first FROM lines WHERE item = $1 LIMIT 1", {item});
  if (known) {
    asked.item = item;
  } else {
    asked.place = rules.place(rest);
  }
  return asked;
}

/// The proposals that the sender may decide on, the best first; on a small board planned anew.
std::vector<MatchView> proposals_for(Context& ctx, const Asked& asked) {
  if (!ctx.policy.matchmaker || small_board(ctx.db, asked.item)) {
    const auto plan = plan_board(read_board(ctx.db, ctx.policy, ctx.now, asked.item));
    write_proposals(ctx.db, proposal_changes(ctx.db, plan, asked.item, ctx.now));
  }
  const bool all = sees_all_matches(ctx);
  std::vector<MatchView> views;
  for (Match& m : standing_proposals(ctx.db, asked.item)) {
    if (!all && !m.of(ctx.message.group)) continue;
    MatchView view = view_of(ctx.db, ctx.policy, std::move(m));
    if (asked.place.empty() || view.to == asked.place || view.from == asked.place) {
      views.push_back(std::move(view));
    }
  }
  return views;
}

/// Nothing to propose: is it that nothing is missing, or that nothing is there?
std::string nothing_words(Context& ctx, const Asked& asked) {
  if (!asked.item) return "目前没有可匹配的。";
  std::optional<std::string> group;  // of all, for whom may see all
  if (!sees_all_matches(ctx)) group = ctx.message.group;
  for (const TotalRow& t :
       totals(ctx.db, {.group = group, .item = asked.item, .place = {}, .days = {}})) {
    const Quantity there = t.offered + std::max(t.stock, Quantity{});
    if (t.outstanding == Quantity{} && there > Quantity{}) {
      return fmt::format("{} 没有缺口，可用 {}。", quoted(*asked.item), amount(there, t.unit));
    }
    if (t.outstanding > Quantity{} && there == Quantity{}) {
      return fmt::format("{} 还缺 {}，没有捐赠也没有库存。", quoted(*asked.item),
                         amount(t.outstanding, t.unit));
    }
  }
  return fmt::format("{} 目前没有可匹配的。", quoted(*asked.item));
}

void show(Context& ctx, const Statement& s) {
  const Asked asked = asked_about(ctx, s.rest);
  const auto views = proposals_for(ctx, asked);
  if (views.empty()) return ctx.say(nothing_words(ctx, asked));
  for (std::size_t i = 0; i < views.size() && i < kLinesShown; ++i) {
    ctx.say(fmt::format("{}. {}", views[i].match.id, line_of(views[i])));
  }
  const std::string more =
      views.size() > kLinesShown ? fmt::format("共 {} 笔，先看这些。", views.size()) : "";
  ctx.say(fmt::format("{}定下请发：确认 匹配 {}", more, views.front().match.id));
}

void confirm_all(Context& ctx) {
  const auto views = proposals_for(ctx, {});
  if (views.empty()) return ctx.say("目前没有可确认的匹配。");
  std::size_t done = 0;
  for (const MatchView& view : views) {
    if (done == kConfirmedAtOnce || ctx.refused()) break;
    confirm_match(ctx, view.match.id, false);
    ++done;
  }
  if (ctx.refused()) return;
  if (views.size() > done) {
    ctx.say(fmt::format("还有 {} 笔，请再发：确认 匹配 全部", views.size() - done));
  }
}

}  // namespace

void match(Context& ctx, std::span<const Statement> said) {
  for (const Statement& s : said) {
    if (ctx.refused()) return;
    if (s.word == "匹配") {
      show(ctx, s);
    } else if (s.word == "确认" && s.rest == "全部" && !s.ref) {
      confirm_all(ctx);
    } else if (!s.ref) {
      ctx.refuse("请写匹配的编号，例如：确认 匹配 3。编号请发：", "匹配");
    } else if (s.word == "确认") {
      confirm_match(ctx, *s.ref, true);
    } else if (s.word == "拒绝" || s.word == "取消") {
      refuse_match(ctx, *s.ref, quoted(s.rest));
    } else if (s.word == "发出") {
      ship_match(ctx, *s.ref);
    } else {
      show_match_contacts(ctx, *s.ref);
    }
  }
}
