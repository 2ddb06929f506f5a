#include "tests/receiver.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

void send_all(int socket, const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const auto count = send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<std::size_t>(count);
  }
}

/// Reads one request with a Content-Length. False where the connection ended before.
bool read_request(int socket, Received& request) {
  std::string bytes;
  std::size_t head = std::string::npos, length = 0;
  for (;;) {
    if (head == std::string::npos) {
      head = bytes.find("\r\n\r\n");
      if (head != std::string::npos) {
        std::size_t line = bytes.find("\r\n") + 2;
        const std::size_t path = bytes.find(' ') + 1;
        request.path = bytes.substr(path, bytes.find(' ', path) - path);
        while (line < head) {
          const std::size_t end = bytes.find("\r\n", line);
          const std::size_t colon = bytes.find(':', line);
          std::string name = bytes.substr(line, colon - line);
          std::transform(name.begin(), name.end(), name.begin(),
                         [](char c) { return static_cast<char>(std::tolower(c)); });
          request.headers[name] = bytes.substr(colon + 2, end - colon - 2);
          line = end + 2;
        }
        length = std::stoul("0" + request.headers["content-length"]);
      }
    }
    if (head != std::string::npos && bytes.size() >= head + 4 + length) break;
    char buffer[16384];
    const auto count = recv(socket, buffer, sizeof buffer, 0);
    if (count <= 0) return false;
    bytes.append(buffer, static_cast<std::size_t>(count));
  }
  request.body = bytes.substr(head + 4, length);
  return true;
}

}  // namespace

Receiver::Receiver(std::function<Behaviour(const Received&)> behave) : behave_(std::move(behave)) {
  listener_ = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      listen(listener_, 64) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("no port on loopback");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { accept_all(); });
}

Receiver::~Receiver() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const int socket : sockets_) shutdown(socket, SHUT_RDWR);
  }
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  for (auto& connection : connections_) connection.join();
  for (const int socket : sockets_) close(socket);
  close(listener_);
}

std::string Receiver::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

void Receiver::accept_all() {
  for (;;) {
    const int socket = accept(listener_, nullptr, nullptr);
    const std::lock_guard lock(mutex_);
    if (stopping_ || socket < 0) {
      if (socket >= 0) close(socket);
      return;
    }
    sockets_.push_back(socket);
    connections_.emplace_back([this, socket] { serve(socket); });
  }
}

void Receiver::serve(int socket) {
  Received request;
  if (!read_request(socket, request)) return;
  Behaviour behaviour;
  {
    const std::lock_guard lock(turn_);
    behaviour = behave_(request);
  }
  char byte = 0;
  switch (behaviour.way) {
    case Behaviour::Way::answer:
      send_all(socket, "HTTP/1.1 " + std::to_string(behaviour.status) + " X\r\n" +
                           behaviour.headers +
                           "Content-Length: " + std::to_string(behaviour.body.size()) +
                           "\r\nConnection: close\r\n\r\n" + behaviour.body);
      break;
    case Behaviour::Way::reset: {
      const linger at_once{1, 0};
      setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      // Only the last close of a socket resets it; its number stays taken until the end.
      const int nothing = ::socket(AF_INET, SOCK_STREAM, 0);
      dup2(nothing, socket);
      close(nothing);
      return;
    }
    case Behaviour::Way::hang:
      recv(socket, &byte, 1, 0);
      break;
    case Behaviour::Way::drip:
      send_all(socket, "HTTP/1.1 200 OK\r\nX: ");
      while (send(socket, "x", 1, MSG_NOSIGNAL) == 1) {
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
      }
      break;
  }
  shutdown(socket, SHUT_RDWR);
}
