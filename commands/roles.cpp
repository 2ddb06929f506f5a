#include "commands/roles.h"

#include <algorithm>

#include <fmt/format.h>

#include "commands/digest.h"
#include "commands/parser/text.h"
#include "commands/wording.h"

namespace {

constexpr std::int64_t kMostTries = 5;
constexpr std::string_view kCoordinator = "coordinator";

std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  while (!text.empty() && text.front() == ' ') text.erase(0, 1);
  return text;
}

Outcome set_role(Context& ctx, const std::string& user, bool give, const std::string& word) {
  Entry e = ctx.entry(Kind::admin);
  e.word = quoted(word);
  e.said = e.word;
  e.rule = Rule{.kind = Rule::Kind::role,
                .name = user,
                .means = give ? std::string(kCoordinator) : ""};
  return ctx.append(std::move(e));
}

/// Those among the mentions that stand after the command: before it stands the bot.
std::vector<Mention> meant(const Context& ctx, const Statement& s) {
  std::vector<Mention> found;
  const std::u32string said = name_key(s.rest);
  for (const Mention& mention : ctx.message.mentions) {
    const std::u32string name = name_key(mention.name);
    if (!name.empty() && said.find(name) != said.npos) found.push_back(mention);
  }
  return found.empty() ? ctx.message.mentions : found;
}

}  // namespace

void claim(Context& ctx, const Statement& s) {
  if (ctx.message.name_only) {
    return ctx.refuse("这个平台只给出可以改的昵称，不能当协调员。请运维在配置里写 coordinators。");
  }
  if (ctx.groups.wrong_codes(ctx.message.user, ctx.now) >= kMostTries) {
    return ctx.refuse("认领码错了 5 次，请一小时后再试。");
  }
  const bool open = !ctx.policy.claim_code_hash.empty() && !ctx.groups.fact("claimed");
  if (!open || !same_digest(sha256_hex(trimmed(s.rest)), ctx.policy.claim_code_hash)) {
    // Said, not refused: that it was tried has to be kept.
    ctx.groups.note_wrong_code(ctx.message.user, ctx.now);
    return ctx.say("认领码不对或已用过。请向运维人员索取。");
  }
  ctx.groups.set_fact("claimed", ctx.message.user);
  const Outcome outcome = set_role(ctx, ctx.message.user, true, "认领管理");
  ctx.say(fmt::format("#{} 认领成功，您是本群协调员。授权他人请发：授权 @某人", outcome.number));
}

void authorise(Context& ctx, const Statement& s) {
  const bool give = s.word == "授权";
  const auto people = meant(ctx, s);
  if (people.empty()) {
    return ctx.refuse(fmt::format("请 @ 要{}的人，例如：{} @王五", s.word, s.word));
  }
  for (const Mention& mention : people) {
    const std::string who = quoted(mention.name.empty() ? mention.user : mention.name);
    const std::string id = mention.user.substr(mention.user.find(':') + 1);
    if (id.empty()) {
      return ctx.refuse(fmt::format("{} 没有固定的账号，不能{}。", who, s.word));
    }
    const bool by_config = ctx.policy.coordinators.contains(mention.user);
    const bool is =
        by_config || ctx.groups.member(ctx.message.group, mention.user, ctx.now).coordinator;
    if (!give && by_config) {
      return ctx.refuse(fmt::format("{} 的协调员身份写在配置里，请运维人员改。", who));
    }
    if (is == give) {
      return ctx.refuse(fmt::format("{} {}本群协调员，没有改动。", who, give ? "已经是" : "本来就不是"));
    }
    const Outcome outcome = set_role(ctx, mention.user, give, fmt::format("{} {}", s.word, who));
    ctx.say(fmt::format("#{} {} {}本群协调员。撤销请发：撤销 #{}", outcome.number, who,
                        give ? "现在是" : "不再是", outcome.number));
  }
}
