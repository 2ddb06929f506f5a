#include "tests/program.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr int kReadSeconds = 10;
constexpr uid_t kNobody = 65534;

int exit_code(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Starts the program with its three streams on files; a pipe could fill up and stop it.
pid_t start(const std::vector<std::string>& arguments, const std::string& in,
            const std::string& out, const std::string& err, User user = User::same) {
  std::vector<std::string> words{JIELI_PROGRAM};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  const auto open_as = [](const std::string& path, int flags, int target) {
    const int fd = ::open(path.c_str(), flags, 0600);
    ::dup2(fd, target);
    ::close(fd);
  };
  open_as(in, O_RDONLY, STDIN_FILENO);
  open_as(out, O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
  open_as(err, O_WRONLY | O_CREAT | O_APPEND, STDERR_FILENO);
  if (user == User::not_root && ::geteuid() == 0) {
    const bool changed = ::setgroups(0, nullptr) == 0 &&
                         ::setresgid(kNobody, kNobody, kNobody) == 0 &&
                         ::setresuid(kNobody, kNobody, kNobody) == 0;
    if (!changed) ::_exit(126);
  }
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execv(JIELI_PROGRAM, argv.data());
  ::_exit(127);
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "jieli-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void write_file(const std::string& path, const std::string& contents) {
  std::ofstream(path, std::ios::binary) << contents;
}

std::string read_whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Finished jieli(const std::vector<std::string>& arguments, const std::string& input) {
  const TemporaryFolder folder;
  write_file(folder.file("in"), input);
  const pid_t pid = start(arguments, folder.file("in"), folder.file("out"), folder.file("err"));
  int status = 0;
  ::waitpid(pid, &status, 0);
  return {exit_code(status), read_whole(folder.file("out")), read_whole(folder.file("err"))};
}

Serving::Serving(const std::string& database, const std::vector<std::string>& arguments, User user)
    : log_(database + ".log") {
  ::setenv("JIELI_TOKEN", "token", 1);
  std::vector<std::string> words{"serve", "--database", database, "--listen", "127.0.0.1:0"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::filesystem::remove(log_);
  if (user == User::not_root && ::geteuid() == 0) {
    const auto folder = std::filesystem::path(database).parent_path().string();
    if (::chown(folder.c_str(), kNobody, kNobody) != 0) return;
  }
  pid_ = start(words, "/dev/null", "/dev/null", log_, user);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(kReadSeconds);
  while (std::chrono::steady_clock::now() < until) {
    const std::string text = log();
    const auto at = text.find("listening on 127.0.0.1:");
    if (at != std::string::npos && text.find('\n', at) != std::string::npos) {
      port_ = std::atoi(text.c_str() + at + 23);
      return;
    }
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = 0;
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

Serving::~Serving() {
  if (pid_ == 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Serving::signal(int number) const { ::kill(pid_, number); }

int Serving::wait() {
  int status = 0;
  if (pid_ != 0) ::waitpid(pid_, &status, 0);
  pid_ = 0;
  return exit_code(status);
}

std::string Serving::log() const { return read_whole(log_); }

std::size_t Serving::memory() const {
  const std::string status = read_whole(fmt::format("/proc/{}/status", pid_));
  const auto at = status.find("VmRSS:");
  return at == std::string::npos ? 0 : std::stoul(status.substr(at + 6)) * 1024;
}

Connection::Connection(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience{kReadSeconds, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(fd_);
    fd_ = -1;
  }
}

Connection::~Connection() {
  if (fd_ >= 0) ::close(fd_);
}

bool Connection::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

Answer Connection::read() {
  char chunk[16384];
  for (;;) {
    const auto head_end = buffer_.find("\r\n\r\n");
    if (head_end != std::string::npos) {
      Answer answer;
      answer.status = std::atoi(buffer_.c_str() + 9);
      std::istringstream head(buffer_.substr(0, head_end));
      std::string line;
      std::getline(head, line);
      while (std::getline(head, line)) {
        const auto colon = line.find(": ");
        if (colon == std::string::npos) continue;
        std::string name = line.substr(0, colon);
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        std::string value = line.substr(colon + 2);
        if (value.ends_with('\r')) value.pop_back();
        answer.headers[name] = value;
      }
      const auto length = answer.headers.find("content-length");
      const std::size_t size = length == answer.headers.end() ? 0 : std::stoul(length->second);
      if (buffer_.size() >= head_end + 4 + size) {
        answer.body = buffer_.substr(head_end + 4, size);
        buffer_.erase(0, head_end + 4 + size);
        return answer;
      }
    }
    const auto got = ::recv(fd_, chunk, sizeof chunk, 0);
    if (got <= 0) return {};
    buffer_.append(chunk, static_cast<std::size_t>(got));
  }
}

bool Connection::closed() {
  char chunk[4096];
  for (;;) {
    const auto got = ::recv(fd_, chunk, sizeof chunk, 0);
    if (got == 0) return true;
    if (got < 0) return errno == ECONNRESET;
  }
}

Answer request(int port, const std::string& method, const std::string& path,
               const std::vector<std::string>& headers, const std::string& body) {
  std::string bytes = fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\n", method, path);
  for (const auto& header : headers) bytes += header + "\r\n";
  const bool chunked = std::any_of(headers.begin(), headers.end(), [](const std::string& header) {
    return header.starts_with("Transfer-Encoding");
  });
  if (!chunked && method != "GET" && method != "HEAD") {
    bytes += fmt::format("Content-Length: {}\r\n", body.size());
  }
  Connection connection(port);
  connection.send(bytes + "\r\n" + body);
  return connection.read();
}

Answer post_message(int port, const std::string& json) {
  return request(port, "POST", "/webhook/generic",
                 {"Authorization: Bearer token", "Content-Type: application/json"}, json);
}

Answer get(int port, const std::string& path) {
  return request(port, "GET", path, {"Authorization: Bearer token"});
}

std::string message_json(const std::string& id, const std::string& text, const std::string& group,
                         const std::string& user) {
  return nlohmann::json{{"message_id", id}, {"group", group}, {"user", user}, {"text", text}}
      .dump();
}
