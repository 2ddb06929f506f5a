#include "bot/log.h"

#include <string>

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace {

constexpr std::size_t kMaxLine = 600;

std::string shown(std::string_view line) {
  std::string result;
  for (const char c : line.substr(0, kMaxLine)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      result += fmt::format("\\x{:02x}", byte);
    } else {
      result += c;
    }
  }
  if (line.size() > kMaxLine) result += "…";
  return result;
}

}  // namespace

void start_log() {
  spdlog::set_default_logger(spdlog::stderr_logger_mt("jieli"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
}

void log_info(std::string_view line) { spdlog::info("{}", shown(line)); }
void log_warning(std::string_view line) { spdlog::warn("{}", shown(line)); }
void log_error(std::string_view line) { spdlog::error("{}", shown(line)); }
