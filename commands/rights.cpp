#include "commands/rights.h"

#include <array>
#include <stdexcept>

namespace {

// Set-up by chat, by the word that is typed.
constexpr std::array kAdmin{
    Right{"认领管理", Least::anybody},       // the code is what counts
    Right{"授权", Least::coordinator},
    Right{"取消授权", Least::coordinator},
    Right{"设置", Least::coordinator},
    Right{"规格", Least::coordinator},
    Right{"别名", Least::coordinator},
    Right{"地点", Least::coordinator},
    Right{"静音", Least::coordinator},
    Right{"同一批", Least::coordinator},
    Right{"清除联系人", Least::own},
    Right{"联系人", Least::coordinator},
    Right{"通行", Least::anybody},           // a fact, like any report
    Right{"我在", Least::anybody},
    Right{"进入", Least::anybody},
    Right{"删除我的信息", Least::anybody},   // one's own
    Right{"补差", Least::asked},
};

Right admin_right(std::string_view word) {
  for (const Right& right : kAdmin) {
    if (right.command == word) return right;
  }
  return {word, Least::coordinator};
}

// No default: an act without a row does not compile.
Right act_right(Act act) {
  switch (act) {
    case Act::received:
      return {"收到 #", Least::anybody};
    case Act::in_transit:
      return {"发出 #", Least::anybody};
    case Act::done:
      return {"完成 #", Least::own};
    case Act::urgent:
      return {"加急 #", Least::own};
    case Act::another:
      return {"另一批 #", Least::own};
    case Act::yes:
    case Act::no:
    case Act::confirm:
    case Act::choice:
      return {"是、确认", Least::asked};
    case Act::blocked:
      return {"受阻 #", Least::anybody};
    case Act::none_left:
      return {"无货 #", Least::own};
    case Act::not_received:
      return {"没收到 #", Least::anybody};
  }
  throw std::logic_error("an act without a right");
}

}  // namespace

Right right_of(const Statement& s) {
  switch (s.action) {
    case Action::need:
    case Action::offer:
    case Action::received:
    case Action::in_transit:
    case Action::distributed:
    case Action::stock:
    case Action::used:
    case Action::adjust:
    case Action::activity:
    case Action::other:
      return {"登记", Least::anybody};
    case Action::correction:
      return {"更正", Least::own};
    case Action::cancel:
      return {"撤销", Least::own};
    case Action::reference:
      return act_right(s.act);
    case Action::enough:
      return {"够了、暂停、只收、恢复", Least::anybody};
    case Action::verify:
      return {"核实、存疑", Least::coordinator};
    case Action::query:
      return {"汇总、缺口、库存、明细", Least::anybody};
    case Action::match:
      // The two sides of a confirmed match, and coordinators.
      if (s.word == "联系人") return {"联系人 匹配", Least::own};
      return {"匹配", Least::coordinator};
    case Action::brief:
      // All that was ever said leaves with it.
      if (s.word == "导出") return {"导出", Least::coordinator};
      return {"日报、周报、简报", Least::anybody};
    case Action::help:
      return {"帮助", Least::anybody};
    case Action::admin:
      return admin_right(s.word);
  }
  throw std::logic_error("an action without a right");
}
