#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

/// A request as a Receiver got it; names of headers in lower case.
struct Received {
  std::string path, body;
  std::map<std::string, std::string> headers;
};

/// What a Receiver does with a request.
struct Behaviour {
  enum class Way { answer, reset, hang, drip } way = Way::answer;
  int status = 200;
  std::string headers;  ///< lines, each ended by \r\n
  std::string body = "ok";

  static Behaviour reset() { return {Way::reset, 0, "", ""}; }
  static Behaviour hang() { return {Way::hang, 0, "", ""}; }
  static Behaviour drip() { return {Way::drip, 0, "", ""}; }
  static Behaviour answer(int status, std::string body = "", std::string headers = "") {
    return {Way::answer, status, std::move(headers), std::move(body)};
  }
};

/// An HTTP receiver on loopback that behaves as badly as a test wants, one thread a connection.
class Receiver {
 public:
  /// `behave` is called for each request, by one thread at a time.
  explicit Receiver(std::function<Behaviour(const Received&)> behave);
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ~Receiver();

  /// After this, what `behave` wrote may be read where no request can come any more.
  void settle() { const std::lock_guard lock(turn_); }

  std::string url(const std::string& path = "/") const;

 private:
  void accept_all();
  void serve(int socket);

  std::function<Behaviour(const Received&)> behave_;
  int listener_ = -1;
  int port_ = 0;
  std::mutex mutex_;
  bool stopping_ = false;  // guarded by mutex_, as are the two below
  std::vector<int> sockets_;
  std::vector<std::thread> connections_;
  std::mutex turn_;
  std::thread thread_;
};
