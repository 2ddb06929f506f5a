#include "bot/server.h"

#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>
#include <thread>

#include <fmt/format.h>
#include <httplib.h>
#include <sys/socket.h>

#include "bot/connections.h"
#include "bot/log.h"
#include "storage/database.h"

namespace {

constexpr std::size_t kMaxBody = 64u << 10;
constexpr std::size_t kMaxPlatformBody = 1u << 20;
constexpr int kBacklog = 1024;

/// What the library reads a request from and writes its response to.
class MemoryStream final : public httplib::Stream {
 public:
  explicit MemoryStream(std::string_view input) : input_(input) {}

  bool is_readable() const override { return !input_.empty(); }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, size_t size) override {
    const std::size_t count = std::min(size, input_.size());
    std::memcpy(to, input_.data(), count);
    input_.remove_prefix(count);
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* from, size_t size) override {
    output.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return -1; }

  std::string output;

 private:
  std::string_view input_;
};

/// Accepted sockets are only handed on, which needs no thread.
struct InPlace final : httplib::TaskQueue {
  void enqueue(std::function<void()> task) override { task(); }
  void shutdown() override {}
};

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// The library decodes percent signs in headers, which would let one signature be spelt in two ways.
std::map<std::string, std::string> headers_of(std::string_view head) {
  std::map<std::string, std::string> headers;
  for (std::size_t at = head.find("\r\n"); at + 2 < head.size();) {
    const std::size_t end = std::min(head.find("\r\n", at + 2), head.size());
    const std::string_view line = head.substr(at + 2, end - at - 2);
    at = end;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::size_t from = std::min(line.find_first_not_of(" \t", colon + 1), line.size());
    const std::size_t to = line.find_last_not_of(" \t") + 1;
    headers.emplace(lower(std::string(line.substr(0, colon))),
                    line.substr(from, std::max(from, to) - from));
  }
  return headers;
}

HttpRequest plain(const httplib::Request& from, std::string_view head) {
  HttpRequest request{.method = from.method == "HEAD" ? "GET" : from.method,
                      .path = from.path,
                      .query = {},
                      .headers = headers_of(head),
                      .body = from.body};
  for (const auto& [name, value] : from.params) request.query.emplace(name, value);
  return request;
}

std::pair<std::string, int> host_and_port(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  std::string host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  return {host, colon == std::string::npos ? 0 : std::atoi(listen.c_str() + colon + 1)};
}

}  // namespace

std::size_t body_limit(std::string_view path) {
  const bool platform = path.starts_with("/webhook/") && path != "/webhook/generic";
  return platform ? kMaxPlatformBody : kMaxBody;
}

/// The library's server with its connections taken over: it accepts, and reads a request that is
/// whole already. Everything slow or unbounded happens in Connections.
class Server::Listener final : public httplib::Server {
 public:
  Listener()
      : connections_(body_limit, [this](WholeRequest request, bool last, Connections::Send send) {
          serve(std::move(request), last, std::move(send));
        }) {
    new_task_queue = [] { return new InPlace; };  // owned by the library
    // SO_REUSEPORT, the library's default, would let a second instance take half the traffic.
    set_socket_options([](socket_t socket) {
      const int on = 1;
      ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    });
    // The library's own routes stay empty: see serve().
    set_pre_routing_handler(
        [](const httplib::Request&, httplib::Response&) { return HandlerResponse::Handled; });
  }
  ~Listener() override { finish(); }

  void route(const std::string& method, const std::string& path, ::Server::LateHandler handler) {
    routes_[path][method] = std::move(handler);
  }

  int begin(const std::string& address) {
    std::tie(host_, port_) = host_and_port(address);
    if (!bind()) {
      const int why = errno;
      const char* const hint = why == EADDRINUSE ? " (is another jieli running?)" : "";
      throw std::runtime_error(fmt::format("cannot listen on {}: {}{}", address,
                                           std::generic_category().message(why), hint));
    }
    accepting_ = true;
    accepter_ = std::thread([this] { accept_all(); });
    return port_;
  }

  void finish() {
    if (stopping_.exchange(true)) return;
    // The library's stop() does nothing before its loop runs, so it is asked until the loop is
    // over.
    while (accepting_) {
      if (is_running() && svr_sock_ != INVALID_SOCKET) httplib::Server::stop();
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (accepter_.joinable()) accepter_.join();
    connections_.stop();
  }

  Figures figures() {
    const std::lock_guard lock(mutex_);
    Figures result;
    result.connections = connections_.size();
    result.answers = answers_;
    for (const auto& [status, count] : answers_) result.requests += count;
    return result;
  }

 private:
  bool process_and_close_socket(socket_t socket) override {
    connections_.add(socket);
    return true;
  }

  bool bind() {
    if (port_ == 0) {
      port_ = bind_to_any_port(host_);
      if (port_ <= 0) return false;
    } else if (!bind_to_port(host_, port_)) {
      return false;
    }
    ::listen(svr_sock_, kBacklog);  // the library asks for 5
    return true;
  }

  /// Some accept errors end the library's loop; a bot that is not stopping listens again.
  void accept_all() {
    while (!stopping_) {
      listen_after_bind();
      if (stopping_) break;
      log_error("the listening socket failed; listening again");
      while (!stopping_ && !bind()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    accepting_ = false;
  }

  /// The library reads the request; its response, which it would send at once, is dropped.
  void serve(WholeRequest whole, bool last, Connections::Send send) {
    MemoryStream stream(whole.head);
    std::optional<HttpRequest> request;
    bool head_only = false;
    bool closed = false;
    process_request(stream, last, closed, [&](httplib::Request& read) {
      head_only = read.method == "HEAD";
      request = plain(read, whole.head);
    });
    const auto finish = [this, last, head_only, send = std::move(send)](const HttpResponse& made) {
      note(made.status);
      send(to_bytes(made, last, head_only));
    };
    if (!request) return finish(error_answer(400, "the request is malformed"));
    request->body = std::move(whole.body);
    dispatch(*request, finish);
  }

  void note(int status) {
    const std::lock_guard lock(mutex_);
    ++answers_[status];
  }

  void dispatch(const HttpRequest& request,
                const std::function<void(const HttpResponse&)>& finish) const {
    const auto path = routes_.find(request.path);
    if (path == routes_.end()) return finish(error_answer(404, "there is nothing at this path"));
    const auto method = path->second.find(request.method);
    if (method == path->second.end()) return finish(not_allowed(path->second));
    const auto answer = [finish, where = request.method + " " +
                                         request.path](const std::function<HttpResponse()>& make) {
      finish(made_or_error(make, where));
    };
    try {
      method->second(request, answer);
    } catch (...) {
      answer([]() -> HttpResponse { throw; });
    }
  }

  static HttpResponse made_or_error(const std::function<HttpResponse()>& make,
                                    const std::string& where) {
    try {
      return make();
    } catch (const BadRequest& bad) {
      return error_answer(bad.status, bad.what());
    } catch (const StorageError& failed) {
      return error_answer(503,
                          "the ledger cannot be written or read now; nothing was recorded, "
                          "send it again");
    } catch (const std::exception& failed) {
      log_error(fmt::format("{}: {}", where, failed.what()));
      return error_answer(500, "something went wrong here; nothing was recorded");
    }
  }

  static HttpResponse not_allowed(const std::map<std::string, ::Server::LateHandler>& methods) {
    std::string allowed;
    for (const auto& [method, handler] : methods) {
      allowed += (allowed.empty() ? "" : ", ") + method + (method == "GET" ? ", HEAD" : "");
    }
    HttpResponse answer = error_answer(405, "this path takes " + allowed);
    answer.headers.emplace_back("Allow", allowed);
    return answer;
  }

  std::map<std::string, std::map<std::string, ::Server::LateHandler>> routes_;
  std::string host_;
  int port_ = 0;
  std::atomic<bool> stopping_ = false;
  std::atomic<bool> accepting_ = false;
  std::mutex mutex_;  // of answers_
  std::map<int, std::uint64_t> answers_;
  std::thread accepter_;
  Connections connections_;
};

Server::Server() : listener_(std::make_unique<Listener>()) {}
Server::~Server() = default;

void Server::route(const std::string& method, const std::string& path, Handler handler) {
  route_late(method, path,
             [handler = std::move(handler)](const HttpRequest& request, const Answer& answer) {
               answer([&] { return handler(request); });
             });
}

void Server::route_late(const std::string& method, const std::string& path, LateHandler handler) {
  listener_->route(method, path, std::move(handler));
}

int Server::start(const std::string& listen) { return listener_->begin(listen); }
void Server::stop() { listener_->finish(); }
Server::Figures Server::figures() const { return listener_->figures(); }
