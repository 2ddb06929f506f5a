// Sends distinct messages to a server on loopback over kept connections and tells how many answers
// a second came back and how long they took. One thread drives all connections, so that the client
// takes as little of the machine as it can.
//
//   load PORT TOKEN [--connections 64] [--seconds 5] [--users 20000] [--groups 10] [--prefix P]
//   load PORT TOKEN --get PATH [--connections 1] …      the same with GET requests
//   load PORT TOKEN --platform NAME                     the same through a chat platform's callbacks
//   load 0 - --config                                   prints the config that those want

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/wire.h"

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  int port = 0;
  std::string token;
  std::size_t connections = 64;
  int seconds = 5;
  std::size_t users = 20000;
  std::size_t groups = 10;
  std::string prefix = "load";
  std::string get, platform;
  bool config = false;
};

struct Connection {
  int socket = -1;
  Clock::time_point asked;
  std::string answer;
};

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int connect_to(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fail("connect");
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
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

/// The platforms' tables, for the server that is to be loaded.
void print_config() {
  fmt::print("messages_a_minute = 0\n");
  for (const Speech& speech : speeches()) {
    if (speech.platform == "generic") continue;
    fmt::print("[platforms.{}]\n", speech.platform);
    for (const auto& [key, value] : speech.config) fmt::print("{} = \"{}\"\n", key, value);
  }
}

class Load {
 public:
  explicit Load(const Options& options) : options_(options) {
    for (const Speech& speech : speeches()) {
      if (speech.platform == options.platform) write_ = speech.write;
    }
    if (!options.platform.empty() && write_ == nullptr) {
      throw std::runtime_error("there is no platform " + options.platform);
    }
    run_ = fmt::format("{}", Clock::now().time_since_epoch().count());
  }

  int run() {
    epoll_ = ::epoll_create1(0);
    connections_.resize(options_.connections);
    for (Connection& connection : connections_) {
      connection.socket = connect_to(options_.port);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = &connection;
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket, &event);
    }
    const auto began = Clock::now();
    const auto until = began + std::chrono::seconds(options_.seconds);
    for (Connection& connection : connections_) ask(connection);
    std::array<epoll_event, 256> events{};
    while (Clock::now() < until) {
      const int ready = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 100);
      for (int i = 0; i < ready; ++i) {
        read(*static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr));
      }
    }
    const double took = std::chrono::duration<double>(Clock::now() - began).count();
    for (const Connection& connection : connections_) ::close(connection.socket);
    report(took);
    return took_.empty() ? 1 : 0;
  }

 private:
  void ask(Connection& connection) {
    const std::size_t n = next_++;
    std::string request;
    if (write_ != nullptr) {
      request = callback(n);
    } else if (options_.get.empty()) {
      const std::string body = fmt::format(
          R"({{"message_id":"{}-{}","group":"{}{}","user":"u{}","user_name":"u","text":"{}"}})",
          run_, n, options_.prefix, n % options_.groups, n % options_.users, text_of(n));
      request = fmt::format(
          "POST /webhook/generic HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n"
          "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
          options_.token, body.size(), body);
    } else {
      request =
          fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n",
                      options_.get, options_.token);
    }
    connection.asked = Clock::now();
    if (::send(connection.socket, request.data(), request.size(), MSG_NOSIGNAL) < 0) fail("send");
  }

  /// Ids are numbers, and the clock is now: signatures want both.
  std::string callback(std::size_t n) const {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const Wire wire = write_({.id = fmt::format("{}", now / std::chrono::nanoseconds(100)),
                              .user = fmt::format("u{}", n % options_.users),
                              .text = text_of(n),
                              .event = Event::message,
                              .at = now / std::chrono::seconds(1)});
    std::string request = fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\n", wire.path);
    for (const std::string& header : wire.headers) request += header + "\r\n";
    return request +
           fmt::format("Content-Length: {}\r\n\r\n{}", wire.body.size(), wire.body);
  }

  void read(Connection& connection) {
    std::array<char, 65536> piece;
    const ssize_t got = ::recv(connection.socket, piece.data(), piece.size(), 0);
    if (got <= 0) fail("the server closed a connection");
    connection.answer.append(piece.data(), static_cast<std::size_t>(got));
    const auto head = connection.answer.find("\r\n\r\n");
    if (head == std::string::npos) return;
    const auto at = connection.answer.find("Content-Length: ");
    const std::size_t length = at == std::string::npos
                                   ? 0
                                   : std::strtoul(connection.answer.c_str() + at + 16, nullptr, 10);
    if (connection.answer.size() < head + 4 + length) return;
    if (std::atoi(connection.answer.c_str() + 9) / 100 == 2) {
      took_.push_back(
          std::chrono::duration<double, std::milli>(Clock::now() - connection.asked).count());
    } else {
      ++refused_;
    }
    connection.answer.clear();
    ask(connection);
  }

  void report(double seconds) {
    std::sort(took_.begin(), took_.end());
    const auto at = [&](double part) {
      if (took_.empty()) return 0.0;
      const auto i = static_cast<std::size_t>(part * static_cast<double>(took_.size()));
      return took_[std::min(took_.size() - 1, i)];
    };
    fmt::print("{:.0f} /s  p50 {:.2f} ms  p99 {:.2f} ms  max {:.2f} ms  answers {}  not 200: {}\n",
               static_cast<double>(took_.size()) / seconds, at(0.5), at(0.99), at(1.0),
               took_.size(), refused_);
  }

  const Options& options_;
  Wire (*write_)(const Said&) = nullptr;
  std::string run_;
  int epoll_ = -1;
  std::size_t next_ = 0, refused_ = 0;
  std::vector<Connection> connections_;
  std::vector<double> took_;
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("load on a server at loopback");
  app.add_option("port", options.port)->required();
  app.add_option("token", options.token)->required();
  app.add_option("--connections", options.connections);
  app.add_option("--seconds", options.seconds);
  app.add_option("--users", options.users);
  app.add_option("--groups", options.groups);
  app.add_option("--prefix", options.prefix);
  app.add_option("--get", options.get);
  app.add_option("--platform", options.platform);
  app.add_flag("--config", options.config);
  CLI11_PARSE(app, argc, argv);
  try {
    if (options.config) {
      print_config();
      return 0;
    }
    return Load(options).run();
  } catch (const std::exception& failed) {
    fmt::print(stderr, "load: {}\n", failed.what());
    return 1;
  }
}
