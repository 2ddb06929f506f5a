#include "tests/bench/client.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;

struct Connection {
  int socket = -1;
  Clock::time_point asked;
  std::string answer;
};

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

double since(Clock::time_point when) {
  return std::chrono::duration<double, std::milli>(Clock::now() - when).count();
}

std::string text_of(std::size_t n) {
  switch (n % 4) {
    case 0:
      return fmt::format("发放 口罩 {} 只 到 {}号卡点", n % 90 + 1, n % 50);
    case 1:
      return fmt::format("需要 酒精 {} 瓶 到 {}号卡点", n % 90 + 1, n % 50);
    case 2:
      return fmt::format("收到 手套 {} 双", n % 90 + 1);
    default:
      return fmt::format("发放 防护服 {} 套、护目镜 {} 副", n % 30 + 1, n % 20 + 1);
  }
}

/// The status of the answer that the bytes begin with, once it is whole; else 0.
int whole_answer(const std::string& bytes) {
  const auto head = bytes.find("\r\n\r\n");
  if (head == std::string::npos) return 0;
  const auto at = bytes.find("Content-Length: ");
  const std::size_t length =
      at == std::string::npos ? 0 : std::strtoul(bytes.c_str() + at + 16, nullptr, 10);
  return bytes.size() < head + 4 + length ? 0 : std::atoi(bytes.c_str() + 9);
}

class Load {
 public:
  explicit Load(const LoadOptions& options) : options_(options) {
    run_ = fmt::format("{}", Clock::now().time_since_epoch().count());
  }

  LoadResult run() {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    connections_.resize(options_.connections);
    for (Connection& connection : connections_) {
      connection.socket = connect_to(options_.port);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = &connection;
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket, &event);
    }
    const auto began = Clock::now();
    for (Connection& connection : connections_) ask(connection);
    std::array<epoll_event, 256> events{};
    while (since(began) < options_.seconds * 1000) {
      const int ready = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 100);
      for (int i = 0; i < ready; ++i) {
        read(*static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr));
      }
    }
    result_.seconds = since(began) / 1000;
    for (const Connection& connection : connections_) ::close(connection.socket);
    ::close(epoll_);
    std::sort(result_.milliseconds.begin(), result_.milliseconds.end());
    return std::move(result_);
  }

 private:
  void ask(Connection& connection) {
    const std::size_t n = next_++;
    const std::string request =
        options_.request ? options_.request(n)
        : options_.get.empty()
            ? message_request(options_.token, fmt::format("{}-{}", run_, n),
                              fmt::format("{}{}", options_.prefix, n % options_.groups),
                              fmt::format("u{}", n % options_.users), text_of(n))
            : get_request(options_.token, options_.get);
    connection.asked = Clock::now();
    if (::send(connection.socket, request.data(), request.size(), MSG_NOSIGNAL) < 0) fail("send");
  }

  void read(Connection& connection) {
    std::array<char, 65536> piece;
    const ssize_t got = ::recv(connection.socket, piece.data(), piece.size(), 0);
    if (got <= 0) fail("the server closed a connection");
    connection.answer.append(piece.data(), static_cast<std::size_t>(got));
    const int status = whole_answer(connection.answer);
    if (status == 0) return;
    if (status == 200 || status == 204) {
      result_.milliseconds.push_back(since(connection.asked));
    } else {
      ++result_.refused;
    }
    connection.answer.clear();
    ask(connection);
  }

  const LoadOptions& options_;
  std::string run_;
  int epoll_ = -1;
  std::size_t next_ = 0;
  std::vector<Connection> connections_;
  LoadResult result_;
};

}  // namespace

double LoadResult::at(double part) const {
  if (milliseconds.empty()) return 0;
  const auto i = static_cast<std::size_t>(part * static_cast<double>(milliseconds.size()));
  return milliseconds[std::min(milliseconds.size() - 1, i)];
}

LoadResult load(const LoadOptions& options) { return Load(options).run(); }

int connect_to(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const int why = errno;
    ::close(fd);
    throw std::system_error(why, std::generic_category(), "connect");
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

std::string message_request(const std::string& token, const std::string& id,
                            const std::string& group, const std::string& user,
                            const std::string& text) {
  const std::string body = fmt::format(
      R"({{"message_id":"{}","group":"{}","user":"{}","user_name":"u","text":"{}"}})", id, group,
      user, text);
  return fmt::format(
      "POST /webhook/generic HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n"
      "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
      token, body.size(), body);
}

std::string get_request(const std::string& token, const std::string& path) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n", path,
                     token);
}

double ask_once(int port, const std::string& request) {
  const auto began = Clock::now();
  const int socket = connect_to(port);
  std::string answer;
  std::array<char, 65536> piece;
  ssize_t got = ::send(socket, request.data(), request.size(), MSG_NOSIGNAL);
  while (got > 0 && whole_answer(answer) == 0) {
    got = ::recv(socket, piece.data(), piece.size(), 0);
    if (got > 0) answer.append(piece.data(), static_cast<std::size_t>(got));
  }
  ::close(socket);
  if (whole_answer(answer) != 200) throw std::runtime_error("not answered: " + answer);
  return since(began);
}

double median(std::vector<double> of) {
  const auto middle = of.begin() + static_cast<std::ptrdiff_t>(of.size() / 2);
  std::nth_element(of.begin(), middle, of.end());
  return *middle;
}
