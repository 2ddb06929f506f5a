#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

#include "bot/framing.h"
#include "bot/workers.h"

/// Holds every client connection. One thread watches those that have nothing whole to say and
/// collects their bytes; a worker sees a connection only while it has a whole request. So neither
/// idle nor slow clients keep a worker, nor do those that wait for a commit, however many there
/// are.
class Connections {
 public:
  /// Takes the bytes of one response; called once, by any thread.
  using Send = std::function<void(std::string bytes)>;
  /// Serves a request, at once or later. `last` says that the connection closes after the
  /// response. Called by many threads at once; must not throw.
  using Serve = std::function<void(WholeRequest request, bool last, Send send)>;

  static constexpr std::size_t kMax = 16384;

  /// Throws std::system_error where the kernel gives no epoll.
  Connections(BodyLimit limit, Serve serve);
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;
  ~Connections();

  /// Takes a connected socket over.
  void add(int socket);
  /// Closes what is idle, answers what is being served, and returns when all is closed.
  void stop();
  std::size_t size() const { return size_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Connection;

  void watch();
  void sweep();
  void readable(Connection& connection);
  void look(Connection& connection);
  void serve(Connection& connection);
  void send(Connection& connection, std::string bytes, bool last);
  void send_rest(Connection& connection, std::string_view bytes, bool last);
  void sent(Connection& connection, bool last);
  void refuse(Connection& connection, int status, const std::string& message);
  void drain(Connection& connection);
  void park(Connection& connection);
  void close(Connection& connection);
  void count(Connection& connection);

  const BodyLimit limit_;
  const Serve serve_;
  Workers workers_;
  int epoll_ = -1;
  int wake_ = -1;  // an eventfd: stop() ends the watch
  std::atomic<bool> stopping_ = false;
  std::atomic<std::size_t> size_ = 0;
  std::atomic<std::size_t> served_ = 0;    // connections whose request is not yet answered
  std::atomic<std::size_t> buffered_ = 0;  // bytes of requests not yet whole, all connections
  std::mutex mutex_;                       // of all_
  std::unordered_map<Connection*, std::unique_ptr<Connection>> all_;
  std::thread watcher_;
};
