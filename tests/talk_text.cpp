#include <fmt/format.h>

#include "tests/talk.h"

namespace talk {

namespace {

std::string goods(const Phrase& p) {
  if (!p.figure) return p.item;
  return fmt::format("{} {} {}", p.item, to_string(*p.figure), p.unit);
}

std::string to_place(const Phrase& p) { return p.place.empty() ? "" : " 到 " + p.place; }

std::string report(const Phrase& p) {
  switch (p.kind) {
    case Kind::need:
      if (p.replaces) return p.place + "还缺" + goods(p);
      if (p.adds) return p.place + "另需" + goods(p);
      return (p.urgent ? "急需 " : "需要 ") + goods(p) + to_place(p);
    case Kind::offer:
      return p.donor + "捐赠 " + goods(p);
    case Kind::in_transit:
      return "发出 " + goods(p) + to_place(p);
    case Kind::received:
      if (!p.donor.empty()) return "收到" + p.donor + "捐赠的" + goods(p);
      return p.place + "收到 " + goods(p);
    case Kind::distributed:
      return "发放 " + goods(p) + to_place(p);
    case Kind::stock:
      return "盘点 " + goods(p);
    case Kind::used:
      return "消耗 " + goods(p);
    case Kind::adjust:
      return p.word + " " + goods(p);
    default:
      return fmt::format("{}{}{}", p.item, to_string(*p.figure), p.unit);
  }
}

std::string one(const Phrase& p) {
  const std::string figure = p.figure ? " " + to_string(*p.figure) : "";
  const std::string number = p.ref == 0 ? "" : fmt::format(" #{}", p.ref);
  switch (p.does) {
    case Does::report:
      return report(p);
    case Does::received:
      return "收到" + number + figure;
    case Does::sent:
      return "发出" + number + figure + to_place(p);
    case Does::done:
      return "完成" + number + figure;
    case Does::urgent:
      return "加急" + number;
    case Does::another:
      return "另一批" + number;
    case Does::correct:
      return "更正" + number + figure + (p.place.empty() ? "" : " 给 " + p.place) +
             (p.item.empty() ? "" : " " + p.item);
    case Does::cancel:
      return "撤销" + number;
    case Does::take_back:
      return "撤销";
    case Does::enough:
      return p.place + p.item + "够了";
    case Does::yes:
      return "是" + number;
    case Does::no:
      return "不是" + number;
    case Does::confirm:
      return fmt::format("确认 {}", p.ref);
    case Does::chatter:
      return "大家辛苦了";
  }
  return "";
}

}  // namespace

std::string text_of(const std::vector<Phrase>& phrases) {
  std::string text;
  for (const Phrase& p : phrases) text += (text.empty() ? "" : "\n") + one(p);
  return text;
}

}  // namespace talk
