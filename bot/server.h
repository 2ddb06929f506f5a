#pragma once

#include <functional>
#include <memory>
#include <string>

#include "bot/http.h"

/// The largest body that a path takes: 1 MiB for the webhooks of platforms, else 64 KiB.
std::size_t body_limit(std::string_view path);

/// An HTTP/1.1 server that keeps its limits: 8 KiB and 100 headers of head, body_limit(), five
/// seconds for a whole request, 16,384 connections. Knows no platform.
///
/// A handler may throw BadRequest (its status) or StorageError (503); any other exception is 500.
/// Handlers run on many threads at once.
class Server {
 public:
  using Handler = std::function<HttpResponse(const HttpRequest&)>;
  /// Takes what a handler makes of a request: an answer, or a throw as above. Called once.
  using Answer = std::function<void(const std::function<HttpResponse()>&)>;
  using LateHandler = std::function<void(const HttpRequest&, Answer)>;

  Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server();

  /// Before start(). A path is literal; GET answers HEAD too.
  void route(const std::string& method, const std::string& path, Handler handler);
  /// The same for what is answered later, by another thread: no worker waits meanwhile.
  void route_late(const std::string& method, const std::string& path, LateHandler handler);
  /// Listens at "HOST:PORT" (port 0: any free one) and serves on threads of its own. Returns the
  /// port. Throws std::runtime_error where the address cannot be had.
  int start(const std::string& listen);
  /// Takes no more connections, answers what is being served, closes the rest. Returns when done.
  void stop();

  struct Figures {
    std::size_t connections = 0;
    std::uint64_t requests = 0;            ///< that reached a route or its absence
    std::map<int, std::uint64_t> answers;  ///< by status
  };
  Figures figures() const;

 private:
  class Listener;
  std::unique_ptr<Listener> listener_;
};
