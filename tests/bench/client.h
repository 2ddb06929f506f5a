#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

/// What a load on a server at loopback is to be.
struct LoadOptions {
  int port = 0;
  std::string token = "token";
  std::size_t connections = 64;
  double seconds = 5;
  std::size_t users = 20000;
  std::size_t groups = 10;
  std::string prefix = "load";  ///< of the groups' names
  std::string get;              ///< a path to ask for in place of messages
  /// The n-th request, in place of either. May be empty.
  std::function<std::string(std::size_t n)> request = {};
};

struct LoadResult {
  double seconds = 0;
  std::vector<double> milliseconds;  ///< of each answer that was 200 or 204, sorted
  std::size_t refused = 0;           ///< other answers

  double rate() const { return static_cast<double>(milliseconds.size()) / seconds; }
  /// The time that this part of the answers took at most.
  double at(double part) const;
};

/// Sends distinct messages over kept connections, on each the next once the last is answered. One
/// thread drives all of them, so that the client takes as little of the machine as it can. Throws
/// std::system_error.
LoadResult load(const LoadOptions& options);

/// A connected socket.
int connect_to(int port);
/// A whole POST of a message to the generic webhook.
std::string message_request(const std::string& token, const std::string& id,
                            const std::string& group, const std::string& user,
                            const std::string& text);
std::string get_request(const std::string& token, const std::string& path);
/// Sends a request over a connection of its own; the milliseconds until the answer was there.
/// Throws where it is not 200.
double ask_once(int port, const std::string& request);

double median(std::vector<double> of);
