#include "bot/outgoing/http.h"

#include <charconv>
#include <ctime>
#include <memory>
#include <string_view>

#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bot/outgoing/address.h"

namespace {

constexpr std::chrono::seconds kConnect{3};
constexpr std::chrono::seconds kReadWrite{5};
constexpr std::chrono::seconds kWhole{10};
constexpr std::size_t kMostAnswer = 1024 * 1024;

std::optional<std::time_t> read_http_date(const std::string& text) {
  std::tm parts{};
  const char* end = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return timegm(&parts);
}

/// Seconds, or a date, measured against the answer's own clock. Some platforms have a header of
/// their own for it.
std::optional<std::int64_t> read_retry_after(const httplib::Response& response) {
  std::string text = response.get_header_value("Retry-After");
  if (text.empty()) text = response.get_header_value("x-ogw-ratelimit-reset");
  if (text.empty()) text = response.get_header_value("X-RateLimit-Reset");
  std::int64_t seconds = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (read.ec == std::errc{} && read.ptr == text.data() + text.size()) {
    return seconds < 0 ? std::nullopt : std::optional(seconds);
  }
  const auto until = read_http_date(text);
  const auto at = read_http_date(response.get_header_value("Date"));
  if (!until || !at || *until < *at) return std::nullopt;
  return *until - *at;
}

PostOutcome trouble(httplib::Error error) {
  PostOutcome outcome;
  switch (error) {
    case httplib::Error::Connection:
      outcome.trouble = "no connection";
      break;
    case httplib::Error::ConnectionTimeout:
      outcome.trouble = "connecting took too long";
      break;
    case httplib::Error::SSLConnection:
      outcome.trouble = "no TLS connection";
      break;
    case httplib::Error::SSLLoadingCerts:
      outcome.trouble = "no certificates to verify by";
      break;
    case httplib::Error::SSLServerVerification:
      outcome.trouble = "the certificate is not valid for this address";
      break;
    case httplib::Error::Write:
      outcome.trouble = "the connection broke while sending";
      outcome.may_have_arrived = true;
      break;
    default:
      outcome.trouble = "no answer, or the connection broke";
      outcome.may_have_arrived = true;
      break;
  }
  return outcome;
}

}  // namespace

/// The post under way, as the other threads see it.
class HttpCaller::Watch {
 public:
  explicit Watch(HttpCaller& caller) : caller_(caller) {
    const std::lock_guard lock(caller_.mutex_);
    caller_.started_ = std::chrono::steady_clock::now();
    caller_.under_way_ = true;
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() {
    const std::lock_guard lock(caller_.mutex_);
    caller_.under_way_ = false;
    if (caller_.socket_ >= 0) close(caller_.socket_);
    caller_.socket_ = -1;
  }

  /// Called with each socket before it connects: a name may have several addresses.
  void opened(int socket) {
    const std::lock_guard lock(caller_.mutex_);
    if (caller_.socket_ >= 0) close(caller_.socket_);
    caller_.socket_ = dup(socket);
    if (caller_.cancelled_) caller_.shut();
  }

 private:
  HttpCaller& caller_;
};

PostOutcome HttpCaller::post(const PostRequest& post) {
  const auto address = read_address(post.url);
  if (!address) {
    PostOutcome outcome;
    outcome.trouble = "the url in the config is not http:// or https:// with a host";
    outcome.bad_url = true;
    return outcome;
  }
  Watch watch(*this);
  {
    const std::lock_guard lock(mutex_);
    if (cancelled_) {
      PostOutcome outcome;
      outcome.trouble = "stopped";
      outcome.cancelled = true;
      return outcome;
    }
  }

  std::optional<std::string> checked;
  if (post.from_message) {
    checked = public_address(address->host);
    if (!checked) {
      PostOutcome outcome;
      outcome.trouble = "the address that came with the message is not on the open internet";
      outcome.bad_url = true;
      return outcome;
    }
  }

  std::unique_ptr<httplib::ClientImpl> client;
  if (address->tls) {
    client = std::make_unique<httplib::SSLClient>(address->host, address->port);
    client->enable_server_certificate_verification(true);
  } else {
    client = std::make_unique<httplib::ClientImpl>(address->host, address->port);
  }
  if (checked) client->set_hostname_addr_map({{address->host, *checked}});
  client->set_connection_timeout(kConnect);
  client->set_read_timeout(kReadWrite);
  client->set_write_timeout(kReadWrite);
  client->set_tcp_nodelay(true);
  client->set_follow_location(false);
  client->set_url_encode(false);
  client->set_socket_options([&](socket_t socket) { watch.opened(socket); });

  httplib::Request request;
  request.method = post.method;
  request.path = address->path;
  request.body = post.body;
  request.set_header("Host", address->host_header);
  if (!post.body.empty()) request.set_header("Content-Type", post.content_type);
  for (const auto& [name, value] : post.headers) request.set_header(name, value);
  PostAnswer answer;
  request.response_handler = [&](const httplib::Response& response) {
    answer.status = response.status;
    answer.retry_seconds = read_retry_after(response);
    return true;
  };
  request.content_receiver = [&](const char* bytes, std::size_t count, std::uint64_t,
                                 std::uint64_t) {
    answer.body.append(bytes, std::min(count, kMostAnswer - answer.body.size()));
    return answer.body.size() < kMostAnswer;
  };
  httplib::Response response;
  auto error = httplib::Error::Success;
  const bool whole = client->send(request, response, error);
  // Once there is a status, the receiver has had its say, even if the rest of it is lost.
  if (whole && answer.status == 0) answer.status = response.status;
  if (answer.status != 0) {
    PostOutcome outcome;
    outcome.answer = std::move(answer);
    return outcome;
  }
  PostOutcome outcome = trouble(error);
  const std::lock_guard lock(mutex_);
  outcome.cancelled = cancelled_;
  return outcome;
}

void HttpCaller::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  shut();
}

void HttpCaller::cancel_overdue() {
  const std::lock_guard lock(mutex_);
  if (under_way_ && std::chrono::steady_clock::now() - started_ > kWhole) shut();
}

void HttpCaller::shut() {
  // Wakes a thread that connects, reads or writes; the client closes its own descriptor.
  if (socket_ >= 0) shutdown(socket_, SHUT_RDWR);
}
