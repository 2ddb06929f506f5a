#include "commands/access.h"

#include <fmt/format.h>

#include "commands/wording.h"

namespace {

constexpr std::string_view kPrefix = "access:";
constexpr std::size_t kLongest = 180;

}  // namespace

void note_access(Context& ctx, const Statement& s) {
  const auto blank = s.rest.find(' ');
  std::string place = quoted(s.rest.substr(0, blank));
  std::string how = blank == std::string::npos ? "" : quoted(s.rest.substr(blank + 1));
  if (place.empty() || how.empty() || how.size() > kLongest) {
    return ctx.refuse("请写地点和路况，例如：通行 三院 货车进不去，顺丰可到");
  }
  place = ctx.ledger.rules(ctx.message.group).place(place);
  const bool clear = how == "正常" || how == "恢复";
  Entry e = ctx.entry(Kind::admin);
  e.word = fmt::format("通行 {} {}", place, how);
  e.said = e.word;
  e.rule = Rule{.kind = Rule::Kind::setting,
                .name = std::string(kPrefix) + place,
                .means = clear ? "" : fmt::format("{}（{}）", how, date_words(ctx.day))};
  const Outcome outcome = ctx.append(std::move(e));
  ctx.say(fmt::format("#{} {}：{}。撤销请发：撤销 #{}", outcome.number, place, how,
                      outcome.number));
}

std::map<std::string, std::string> access_of(Database& database, const std::string& group) {
  std::map<std::string, std::string> found;
  for (auto& [place, how] : Groups(database).settings(group, kPrefix)) {
    if (!how.empty()) found[place] = std::move(how);
  }
  return found;
}
