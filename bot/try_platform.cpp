#include "bot/try_platform.h"

#include <chrono>
#include <filesystem>
#include <iostream>

#include <fmt/format.h>

#include "bot/ledger_file.h"
#include "bot/platforms.h"
#include "bot/signature.h"

namespace {

constexpr std::string_view kLine = "接力：这是一条测试消息，收到说明发送正常。";

/// What was learnt of the group when somebody wrote in it.
std::string known_way(const std::string& database, const std::string& target) {
  if (!std::filesystem::exists(database)) return {};
  LedgerFile ledger(database);
  return Outbox(*ledger.open(Access::read, true)).way_of(target);
}

}  // namespace

int try_platform(const Setup& setup, const std::string& name, const std::string& to) {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  Claimed row;
  row.post.key = "test/" + random_hex(8);
  row.post.text = kLine;
  HttpCaller caller;
  Delivery delivery;
  const auto outgoing = setup.config.outgoing.find(name);
  if (outgoing != setup.config.outgoing.end()) {
    row.post.target = name;
    row.post.group = "generic:test";
    delivery = deliver(caller, outgoing->second, row, now);
  } else {
    if (!setup.config.platforms.contains(name)) {
      throw Failure(fmt::format("the config has neither [platforms.{}] nor [outgoing.{}]", name,
                                name));
    }
    if (to.empty()) throw Failure("say to whom: --to GROUP");
    row.post.target = to.starts_with(name + ":") ? to : name + ":" + to;
    row.post.group = row.post.target;
    row.group_way = known_way(setup.config.database, row.post.target);
    Platforms platforms(setup.config, "");
    delivery = platforms.speak(caller, row, now);
  }
  if (delivery.outcome == Delivery::Outcome::sent) {
    std::cerr << "sent\n";
    return 0;
  }
  throw Failure(fmt::format("not sent: {}", delivery.why));
}
