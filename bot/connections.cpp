#include "bot/connections.h"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bot/http.h"

namespace {

using namespace std::chrono_literals;

constexpr auto kRequestTime = 5s;  // from a request's first byte to its last
constexpr auto kIdleTime = 75s;    // between requests
constexpr auto kWriteTime = 5s;
constexpr auto kDrainTime = 2s;  // for a refused client to finish talking and read why
constexpr auto kSweep = 200ms;
constexpr std::size_t kMaxBuffered = 64u << 20;  // of all requests being read
constexpr std::size_t kSmall = 16u << 10;        // requests this short are read even then
constexpr std::size_t kMaxDrained = 16u << 20;
constexpr std::size_t kKept = 4096;  // of an idle connection's buffer
constexpr std::size_t kLeastWorkers = 2;
constexpr std::size_t kMostWorkers = 24;

/// Sends all of it or gives up at the deadline.
bool send_all(int socket, std::string_view bytes) {
  const auto deadline = std::chrono::steady_clock::now() + kWriteTime;
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) return false;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd one{socket, POLLOUT, 0};
    if (left <= 0ms || ::poll(&one, 1, static_cast<int>(left.count())) <= 0) return false;
  }
  return true;
}

}  // namespace

/// Touched by the watching thread, or while `parked` is false by the one worker that serves it.
struct Connections::Connection {
  Connection(int fd, BodyLimit limit) : socket(fd), framing(limit) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() { ::close(socket); }

  const int socket;
  std::string buffer;
  Framing framing;
  Clock::time_point deadline = Clock::now() + kIdleTime;
  std::size_t counted = 0;  // this connection's part of buffered_
  std::size_t drained = 0;
  bool draining = false;
  bool ended = false;  // the client will say no more
  std::atomic<bool> parked = true;
};

Connections::Connections(BodyLimit limit, Serve serve)
    : limit_(limit), serve_(std::move(serve)), workers_(kLeastWorkers, kMostWorkers) {
  epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (epoll_ < 0 || wake_ < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot watch connections");
  }
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event);
  watcher_ = std::thread([this] { watch(); });
}

Connections::~Connections() {
  stop();
  ::close(wake_);
  ::close(epoll_);
}

void Connections::add(int socket) {
  ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL, 0) | O_NONBLOCK);
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  auto made = std::make_unique<Connection>(socket, limit_);
  if (stopping_) return;
  if (size_ >= kMax) {
    const std::string refusal =
        to_bytes(error_answer(503, "too many connections; try again"), true);
    std::ignore = ::send(socket, refusal.data(), refusal.size(), MSG_NOSIGNAL);
    return;
  }
  Connection& connection = *made;
  {
    const std::lock_guard lock(mutex_);
    all_.emplace(&connection, std::move(made));
    ++size_;
  }
  epoll_event event{};
  event.events = EPOLLIN | EPOLLONESHOT;
  event.data.ptr = &connection;
  // From here on the connection may be served and gone at any moment.
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event) != 0) close(connection);
}

void Connections::stop() {
  if (stopping_.exchange(true)) return;
  const std::uint64_t one = 1;
  std::ignore = ::write(wake_, &one, sizeof one);
  watcher_.join();
  while (served_ > 0) std::this_thread::sleep_for(1ms);
  workers_.stop();
  const std::lock_guard lock(mutex_);
  all_.clear();
  size_ = 0;
}

void Connections::watch() {
  std::array<epoll_event, 256> events{};
  auto swept = Clock::now();
  while (!stopping_) {
    const int ready = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()),
                                   static_cast<int>(kSweep / 1ms));
    for (int i = 0; i < ready && !stopping_; ++i) {
      void* const who = events[static_cast<std::size_t>(i)].data.ptr;
      if (who != nullptr) readable(*static_cast<Connection*>(who));
    }
    if (Clock::now() - swept >= kSweep) {
      sweep();
      swept = Clock::now();
    }
  }
}

/// Ends connections whose time is up. Only the watching thread ends parked ones, so none of those
/// found here can vanish before it is looked at again.
void Connections::sweep() {
  const auto now = Clock::now();
  std::vector<Connection*> late;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [connection, owned] : all_) {
      if (connection->parked.load(std::memory_order_acquire) && connection->deadline < now) {
        late.push_back(connection);
      }
    }
  }
  for (Connection* connection : late) {
    if (connection->draining || connection->buffer.empty()) {
      close(*connection);
    } else {
      refuse(*connection, 408, "the request did not arrive whole within 5 seconds");
    }
  }
}

void Connections::readable(Connection& connection) {
  // Pairs with park(): whatever its last holder wrote is seen here.
  std::ignore = connection.parked.load(std::memory_order_acquire);
  std::array<char, 16384> piece;
  // Not until the socket is empty: one fast client must not starve the others.
  for (int turn = 0; turn < 4; ++turn) {
    const ssize_t got = ::recv(connection.socket, piece.data(), piece.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    if (got < 0 || (got == 0 && connection.draining)) return close(connection);
    if (got == 0) {
      connection.ended = true;
      break;
    }
    if (connection.draining) {
      connection.drained += static_cast<std::size_t>(got);
      if (connection.drained > kMaxDrained) return close(connection);
      continue;
    }
    if (connection.buffer.empty()) connection.deadline = Clock::now() + kRequestTime;
    connection.buffer.append(piece.data(), static_cast<std::size_t>(got));
    if (static_cast<std::size_t>(got) < piece.size()) break;
  }
  if (connection.draining) return park(connection);
  look(connection);
}

/// Decides what becomes of a connection after new bytes or a response.
void Connections::look(Connection& connection) {
  switch (connection.framing.look(connection.buffer)) {
    case Framing::State::whole:
      connection.parked.store(false, std::memory_order_relaxed);
      ++served_;
      return workers_.run([this, &connection] { serve(connection); });
    case Framing::State::refused: {
      const Refusal refusal = connection.framing.refusal();
      return refuse(connection, refusal.status, refusal.message);
    }
    case Framing::State::more:
      break;
  }
  if (connection.ended) return close(connection);
  count(connection);
  if (buffered_ > kMaxBuffered && connection.buffer.size() > kSmall) {
    return refuse(connection, 503, "too much is being sent at once; try again");
  }
  if (connection.framing.wants_continue()) {
    constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    std::ignore = ::send(connection.socket, kContinue.data(), kContinue.size(), MSG_NOSIGNAL);
  }
  park(connection);
}

void Connections::serve(Connection& connection) {
  WholeRequest request = connection.framing.take();
  connection.buffer.erase(0, connection.framing.used());
  if (connection.buffer.empty() && connection.buffer.capacity() > kKept) connection.buffer = {};
  connection.framing = Framing(limit_);
  count(connection);
  const bool last = !request.keep_alive || stopping_;
  serve_(std::move(request), last, [this, &connection, last](std::string bytes) {
    send(connection, std::move(bytes), last);
  });
}

/// Whoever brings the response may have others to bring: a client that does not take it all at
/// once is left to a worker.
void Connections::send(Connection& connection, std::string bytes, bool last) {
  const ssize_t taken = ::send(connection.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (taken == static_cast<ssize_t>(bytes.size())) return sent(connection, last);
  if (taken > 0) bytes.erase(0, static_cast<std::size_t>(taken));
  workers_.run([this, &connection, rest = std::move(bytes), last] {
    if (send_all(connection.socket, rest)) return sent(connection, last);
    close(connection);
    --served_;
  });
}

void Connections::sent(Connection& connection, bool last) {
  if (stopping_) {
    close(connection);
  } else if (last) {
    drain(connection);
  } else {
    connection.deadline = Clock::now() + (connection.buffer.empty() ? kIdleTime : kRequestTime);
    look(connection);
  }
  --served_;
}

void Connections::refuse(Connection& connection, int status, const std::string& message) {
  const std::string response = to_bytes(error_answer(status, message), true);
  std::ignore = ::send(connection.socket, response.data(), response.size(), MSG_NOSIGNAL);
  drain(connection);
}

/// Closing while the client still talks would reset the connection, and the answer with it.
void Connections::drain(Connection& connection) {
  ::shutdown(connection.socket, SHUT_WR);
  connection.draining = true;
  connection.deadline = Clock::now() + kDrainTime;
  connection.buffer = {};
  count(connection);
  park(connection);
}

void Connections::park(Connection& connection) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLONESHOT;
  event.data.ptr = &connection;
  // The lock keeps sweep() from closing it between the two; after the second the watching thread
  // may have it.
  const std::lock_guard lock(mutex_);
  connection.parked.store(true, std::memory_order_release);
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, connection.socket, &event);
}

void Connections::close(Connection& connection) {
  connection.buffer = {};
  count(connection);
  const std::lock_guard lock(mutex_);
  all_.erase(&connection);
  --size_;
}

void Connections::count(Connection& connection) {
  buffered_ += connection.buffer.size() - connection.counted;
  connection.counted = connection.buffer.size();
}
