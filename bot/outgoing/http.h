#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// A request to an address. One that the operator wrote in the config is trusted, http and loopback
/// included; one that came in a message must stand for the open internet alone, and what is
/// connected to is the address that was looked at.
struct PostRequest {
  std::string url;
  std::string method = "POST";
  bool from_message = false;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string content_type = "application/json";
  std::string body;
};

struct PostAnswer {
  int status = 0;
  std::string body;                           ///< cut at 1 MiB
  std::optional<std::int64_t> retry_seconds;  ///< Retry-After
};

/// What came of a post: an answer, or words for why there is none, without address or secret.
struct PostOutcome {
  std::optional<PostAnswer> answer;
  std::string trouble;
  bool may_have_arrived = false;  ///< no answer, but the request may have been read
  bool bad_url = false;
  bool cancelled = false;
};

/// Posts for one thread; any other may cancel. 3 s to connect, 5 s for each read and write, 10 s in
/// all (see cancel_overdue), no redirects, 1 MiB of answer, certificates verified.
class HttpCaller {
 public:
  HttpCaller() = default;
  HttpCaller(const HttpCaller&) = delete;
  HttpCaller& operator=(const HttpCaller&) = delete;
  ~HttpCaller() = default;

  PostOutcome post(const PostRequest& post);

  /// Breaks off the post under way, even while it connects, and refuses all later ones.
  void cancel();
  /// Breaks off the post under way where it has taken ten seconds: a receiver that answers a byte
  /// at a time meets every single deadline. For a thread that comes by every second.
  void cancel_overdue();

 private:
  class Watch;
  void shut();

  std::mutex mutex_;
  int socket_ = -1;  // a duplicate of the client's own, so that its number cannot be another's
  bool cancelled_ = false;
  std::chrono::steady_clock::time_point started_;
  bool under_way_ = false;
};
