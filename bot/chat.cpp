#include "bot/chat.h"

#include <chrono>
#include <optional>

#include <fmt/format.h>

#include "bot/engine.h"
#include "bot/ledger_file.h"
#include "bot/signature.h"

namespace {

std::chrono::sys_seconds wall_clock() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::optional<std::string> next_message(std::istream& in, std::ostream& out, bool prompt) {
  std::string message, line;
  bool some = false;
  if (prompt) out << "> " << std::flush;
  while (std::getline(in, line)) {
    some = true;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty() || line.back() != '\\') return message + line;
    line.back() = '\n';
    message += line;
    if (prompt) out << "… " << std::flush;
  }
  return some ? std::optional(message) : std::nullopt;
}

}  // namespace

int chat(Setup& setup, const ChatOptions& options, std::istream& in, std::ostream& out) {
  LedgerFile ledger(setup.config.database);
  if (options.coordinator) setup.policy.coordinators.insert(options.user);
  setup.policy.messages_a_minute = 0;
  Engine engine([&ledger](Access access, bool again) { return ledger.open(access, again); }, {},
                setup.policy, wall_clock);
  if (options.prompt) out << "试试：需要 口罩 500 只 到 一医院 · 缺口 · 帮助 (Ctrl-D 结束)\n";
  const std::string run = random_hex(8);
  for (int number = 1; auto text = next_message(in, out, options.prompt); ++number) {
    Message message;
    message.platform = "generic";
    message.id = fmt::format("chat-{}-{}", run, number);
    message.group = options.group;
    message.user = options.user;
    message.text = std::move(*text);
    message.time = wall_clock();
    const Reply reply = engine.handle(message);
    if (!reply.text.empty()) out << reply.text << std::endl;
  }
  if (options.prompt) out << "\n";
  return 0;
}
