#include "tests/bench/running.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/client.h"

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kPatience = 20s;

double since(Clock::time_point when) {
  return std::chrono::duration<double, std::milli>(Clock::now() - when).count();
}

int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(fd, reinterpret_cast<const sockaddr*>(&address), size);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  return ntohs(address.sin_port);
}

pid_t start(std::vector<std::string>& words, const std::string& preload) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  const int nowhere = ::open("/dev/null", O_RDWR);
  ::dup2(nowhere, STDIN_FILENO);
  ::dup2(nowhere, STDOUT_FILENO);
  ::dup2(nowhere, STDERR_FILENO);
  ::setenv("JIELI_TOKEN", "token", 1);
  if (!preload.empty()) ::setenv("LD_PRELOAD", preload.c_str(), 1);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

bool well(int port) {
  try {
    ask_once(port, get_request("token", "/healthz"));
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

Folder::Folder(const std::string& in) {
  std::string name = in + "/jieli-bench-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder in " + in);
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Running::Running(std::vector<std::string> words, const std::string& preload) : port_(free_port()) {
  for (std::string& word : words) {
    if (word == "{}") word = fmt::format("127.0.0.1:{}", port_);
  }
  const auto began = Clock::now();
  pid_ = start(words, preload);
  while (!well(port_)) {
    const bool over = ::waitpid(pid_, nullptr, WNOHANG) == pid_;
    if (over || Clock::now() - began > kPatience) {
      if (!over) stop();
      throw std::runtime_error(words.front() + " does not serve");
    }
    std::this_thread::sleep_for(1ms);
  }
  started_in_ms_ = since(began);
}

Running::~Running() {
  if (pid_ != 0) stop();
}

double Running::cpu_seconds() const {
  std::ifstream in("/proc/" + std::to_string(pid_) + "/stat");
  std::string text((std::istreambuf_iterator<char>(in)), {});
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double Running::pss_mib() const {
  std::ifstream in(fmt::format("/proc/{}/smaps_rollup", pid_));
  std::string word;
  while (in >> word) {
    if (word != "Pss:") continue;
    double kib = 0;
    in >> kib;
    return kib / 1024;
  }
  return 0;
}

std::size_t Running::threads() const {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& task :
       std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid_))) {
    ++count;
  }
  return count;
}

double Running::stop() {
  const auto began = Clock::now();
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
  pid_ = 0;
  return since(began);
}

Running serve_jieli(const std::string& database, const std::string& preload) {
  return Running({JIELI_PROGRAM, "serve", "--database", database, "--listen", "{}"}, preload);
}

Running serve_bare(const std::string& database, bool alone, const std::string& preload) {
  std::vector<std::string> words{BARE_PROGRAM, "{}", "token", database};
  if (alone) words.emplace_back("--alone");
  return Running(std::move(words), preload);
}

bool verified(const std::string& database) {
  const std::string command =
      fmt::format("'{}' verify --database '{}' >/dev/null 2>&1", JIELI_PROGRAM, database);
  return std::system(command.c_str()) == 0;
}
