#include "commands/matching/reason.h"

#include <fmt/format.h>

#include "commands/wording.h"

namespace {

std::string_view near_words(const Giving& giving, const Asking& asking) {
  if (!giving.place.empty() && giving.place == asking.place) return "同一地点";
  switch (nearness(giving.area, asking.area)) {
    case Nearness::county:
      return "同县";
    case Nearness::city:
      return "同市";
    case Nearness::province:
      return "同省";
    case Nearness::apart:
      break;
  }
  return "";
}

}  // namespace

std::string in_containers(const BoardLine::Side& giving, Quantity amount, const std::string& unit) {
  if (giving.pack <= Quantity{} || amount < giving.pack) return {};
  const std::int64_t whole = amount.thousandths / giving.pack.thousandths;
  const Quantity rest{amount.thousandths % giving.pack.thousandths};
  std::string text = fmt::format("{}{}", whole, giving.container);
  if (rest > Quantity{}) text += "+" + ::amount(rest, unit);
  return text;
}

std::string reason(const BoardLine& line, std::size_t i, std::size_t j, Quantity share) {
  const Giving& giving = line.givings[i];
  const Asking& asking = line.askings[j];
  std::string text;
  const auto add = [&](std::string_view words) {
    if (!words.empty()) text += (text.empty() ? "" : "，") + std::string(words);
  };
  if (asking.urgent) add("急需");
  add(near_words(giving, asking));
  if (asking.days_left) add(fmt::format("库存只够{}天", *asking.days_left));
  add(asking.waited > 0 ? fmt::format("已等{}天", asking.waited) : "");
  if (asking.verified) add("已核实");
  if (asking.doubtful) add("久无动静");
  add(share >= asking.missing ? "可补齐"
                              : fmt::format("还差{}", amount(asking.missing - share, line.unit)));
  add(in_containers(line.giving_sides[i], share, line.unit));
  const auto& wanted = line.asking_sides[j].stated;
  const std::string open = unsaid(wanted, line.giving_sides[i].stated);
  if (!open.empty()) add(fmt::format("请核对{}", open));
  return quoted(text);
}
