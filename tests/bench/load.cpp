// Sends distinct messages to a running bot over kept connections and reports how many answers a
// second came back and how long they took. Only to loopback.
//
//   load PORT TOKEN [connections=64] [seconds=5] [users=1000] [groups=10]

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

namespace {

using Clock = std::chrono::steady_clock;

int connect_to(int port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    std::perror("connect");
    std::exit(1);
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

/// One answer; its status, 0 where the connection ended.
int read_answer(int fd, std::string& buffer) {
  char chunk[4096];
  for (;;) {
    const auto head = buffer.find("\r\n\r\n");
    if (head != std::string::npos) {
      const auto at = buffer.find("Content-Length: ");
      const std::size_t length =
          at == std::string::npos ? 0 : std::strtoul(buffer.c_str() + at + 16, nullptr, 10);
      if (buffer.size() >= head + 4 + length) {
        const int status = std::atoi(buffer.c_str() + 9);
        buffer.erase(0, head + 4 + length);
        return status;
      }
    }
    const auto got = ::recv(fd, chunk, sizeof chunk, 0);
    if (got <= 0) return 0;
    buffer.append(chunk, static_cast<std::size_t>(got));
  }
}

std::string text_of(std::size_t n) {
  switch (n % 4) {
    case 0: return fmt::format("发放 口罩 {} 只 到 {}号卡点", n % 90 + 1, n % 50);
    case 1: return fmt::format("需要 酒精 {} 瓶 到 {}号卡点", n % 90 + 1, n % 50);
    case 2: return fmt::format("收到 手套 {} 双", n % 90 + 1);
    default: return fmt::format("发放 防护服 {} 套、护目镜 {} 副", n % 30 + 1, n % 20 + 1);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: load PORT TOKEN [connections] [seconds] [users] [groups]\n");
    return 2;
  }
  const auto argument = [&](int i, int otherwise) { return argc > i ? std::atoi(argv[i]) : otherwise; };
  const int port = std::atoi(argv[1]);
  const std::string token = argv[2];
  const int connections = argument(3, 64);
  const int seconds = argument(4, 5);
  const auto users = static_cast<std::size_t>(argument(5, 1000));
  const auto groups = static_cast<std::size_t>(argument(6, 10));

  const std::string run = fmt::format("{}", Clock::now().time_since_epoch().count());
  const auto until = Clock::now() + std::chrono::seconds(seconds);
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> refused = 0;
  std::vector<std::vector<double>> took(static_cast<std::size_t>(connections));
  std::vector<std::thread> threads;
  for (int c = 0; c < connections; ++c) {
    threads.emplace_back([&, c] {
      const int fd = connect_to(port);
      std::string buffer;
      while (Clock::now() < until) {
        const std::size_t n = next++;
        const std::string body = fmt::format(
            R"({{"message_id":"{}-{}","group":"load{}","user":"u{}","user_name":"u","text":"{}"}})",
            run, n, n % groups, n % users, text_of(n));
        const std::string request = fmt::format(
            "POST /webhook/generic HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n"
            "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
            token, body.size(), body);
        const auto began = Clock::now();
        if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) < 0) break;
        const int status = read_answer(fd, buffer);
        if (status != 200) {
          ++refused;
          if (status == 0) break;
          continue;
        }
        took[static_cast<std::size_t>(c)].push_back(
            std::chrono::duration<double, std::milli>(Clock::now() - began).count());
      }
      ::close(fd);
    });
  }
  for (auto& thread : threads) thread.join();
  std::vector<double> all;
  for (const auto& some : took) all.insert(all.end(), some.begin(), some.end());
  std::sort(all.begin(), all.end());
  if (all.empty()) return 1;
  const auto at = [&](double part) {
    return all[std::min(all.size() - 1, static_cast<std::size_t>(part * static_cast<double>(all.size())))];
  };
  fmt::print("{} answers in {} s: {:.0f}/s, p50 {:.2f} ms, p99 {:.2f} ms, not 200: {}\n", all.size(),
             seconds, static_cast<double>(all.size()) / seconds, at(0.5), at(0.99), refused.load());
  return 0;
}
