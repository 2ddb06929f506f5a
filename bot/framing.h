#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// A request with its framing taken off: what the HTTP library may safely be given.
struct WholeRequest {
  std::string head;  ///< request line and headers, ending in the blank line, without any framing
                     ///< or Range header; lines are well formed
  std::string body;  ///< unchunked
  bool keep_alive = true;
};

/// Why a request will never be whole.
struct Refusal {
  int status = 400;
  std::string message;
};

/// The largest body that a path takes, in bytes.
using BodyLimit = std::size_t (*)(std::string_view path);

constexpr std::size_t kMaxHead = 8 * 1024;  ///< request line and headers
constexpr std::size_t kMaxHeaders = 100;

/// Finds the end of one HTTP/1.x request in bytes that come in pieces of any size, and refuses what
/// is malformed, ambiguous or over a limit as soon as that shows. Work is linear in the bytes,
/// however small the pieces. No I/O, no clock.
class Framing {
 public:
  explicit Framing(BodyLimit limit) : limit_(limit) {}

  enum class State { more, whole, refused };
  /// Looks at `bytes`, which holds what came so far (the same prefix as last time, and more).
  State look(std::string_view bytes);

  /// After State::whole: the request. Call once.
  WholeRequest take() { return std::move(request_); }
  /// After State::whole: how many bytes it took; what follows belongs to the next request.
  std::size_t used() const { return at_; }
  /// After State::refused.
  const Refusal& refusal() const { return refusal_; }
  /// The head is there, the client waits for "100 Continue" before it sends the body. Tells once.
  bool wants_continue();

 private:
  enum class Part { head, sized, chunk_line, chunk_data, chunk_end, trailer, done };

  State step(std::string_view bytes);
  State refuse(int status, std::string message);
  State read_head(std::string_view bytes);
  bool read_request_line(std::string_view line);
  bool read_header(std::string_view line);
  bool settle_body();
  State read_sized(std::string_view bytes);
  State read_chunk_line(std::string_view bytes);
  State read_chunk_data(std::string_view bytes);
  State read_trailer(std::string_view bytes);
  std::optional<std::string_view> line(std::string_view bytes);

  BodyLimit limit_;
  Part part_ = Part::head;
  std::size_t at_ = 0;       // consumed
  std::size_t scanned_ = 0;  // looked at for the end of the head or line
  std::size_t headers_ = 0, trailers_ = 0;
  std::size_t max_body_ = 0, left_ = 0;
  bool chunked_ = false, expects_ = false, told_ = false;
  bool authorized_ = false, typed_ = false, hosted_ = false;
  std::optional<std::size_t> length_;
  WholeRequest request_;
  Refusal refusal_;
};
