#include "bot/framing.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace {

constexpr std::size_t kMaxChunkLine = 256;
// Chunks of one byte take six; more framing than that is an attack.
constexpr std::size_t kMaxChunkOverhead = 8;
constexpr std::size_t kMaxBlankLines = 4;  // before a request line: RFC 9112, 2.2

bool token_character(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kOthers.find(c) != std::string_view::npos;
}

bool token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), token_character);
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool printable(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

/// Headers that are ours to settle, or that would make the library do what we do not want.
bool dropped(std::string_view name) {
  constexpr std::array<std::string_view, 12> kDropped = {
      "range",       "if-range",         "expect",      "transfer-encoding",
      "connection",  "content-length",   "keep-alive",  "accept-encoding",
      "remote_addr", "content-encoding", "remote_port", "local_addr"};
  return std::find(kDropped.begin(), kDropped.end(), name) != kDropped.end();
}

template <typename Number>
std::optional<Number> number(std::string_view text, int base) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

Framing::State Framing::refuse(int status, std::string message) {
  refusal_ = {status, std::move(message)};
  return State::refused;
}

bool Framing::wants_continue() {
  if (!expects_ || told_ || part_ == Part::head) return false;
  told_ = true;
  return true;
}

Framing::State Framing::look(std::string_view bytes) {
  for (;;) {
    const Part before = part_;
    const std::size_t at = at_;
    const State state = step(bytes);
    if (state != State::more || (part_ == before && at_ == at)) return state;
  }
}

Framing::State Framing::step(std::string_view bytes) {
  switch (part_) {
    case Part::head:
      return read_head(bytes);
    case Part::sized:
      return read_sized(bytes);
    case Part::chunk_line:
      return read_chunk_line(bytes);
    case Part::chunk_data:
    case Part::chunk_end:
      return read_chunk_data(bytes);
    case Part::trailer:
      return read_trailer(bytes);
    case Part::done:
      break;
  }
  return State::whole;
}

/// The next line without its CRLF, if it is all there. Leaves `at_` where it is.
std::optional<std::string_view> Framing::line(std::string_view bytes) {
  scanned_ = std::max(scanned_, at_);
  const std::size_t end = bytes.find('\n', scanned_);
  if (end == std::string_view::npos) {
    scanned_ = bytes.size();
    return std::nullopt;
  }
  return bytes.substr(at_, end - at_);
}

Framing::State Framing::read_head(std::string_view bytes) {
  const std::size_t blank_lines = kMaxBlankLines * 2;
  while (at_ < blank_lines && bytes.substr(at_, 2) == "\r\n" && request_.head.empty()) at_ += 2;
  for (;;) {
    const auto raw = line(bytes);
    if (at_ + (raw ? raw->size() : bytes.size() - at_) > kMaxHead) {
      return refuse(431, fmt::format("the header block is over {} bytes", kMaxHead));
    }
    if (!raw) return State::more;
    at_ += raw->size() + 1;
    if (raw->empty() || raw->back() != '\r') return refuse(400, "lines must end in CR LF");
    const std::string_view text = raw->substr(0, raw->size() - 1);
    if (request_.head.empty()) {
      if (!read_request_line(text)) return State::refused;
    } else if (text.empty()) {
      return settle_body() ? State::more : State::refused;
    } else if (!read_header(text)) {
      return State::refused;
    }
  }
}

bool Framing::read_request_line(std::string_view text) {
  const std::size_t first = text.find(' ');
  const std::size_t last = text.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    refuse(400, "the first line must be METHOD TARGET HTTP/1.1");
    return false;
  }
  const std::string_view method = text.substr(0, first);
  const std::string_view target = text.substr(first + 1, last - first - 1);
  const std::string_view version = text.substr(last + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    refuse(400, "the version must be HTTP/1.1 or HTTP/1.0");
    return false;
  }
  if (!token(method) || target.empty() || target.front() != '/' || !printable(target) ||
      target.find_first_of(" \t#") != std::string_view::npos) {
    refuse(400, "the request target must be a path");
    return false;
  }
  request_.keep_alive = version == "HTTP/1.1";
  max_body_ = limit_(target.substr(0, target.find('?')));
  request_.head = fmt::format("{}\r\n", text);
  return true;
}

bool Framing::read_header(std::string_view text) {
  if (++headers_ > kMaxHeaders) {
    refuse(431, fmt::format("there are more than {} headers", kMaxHeaders));
    return false;
  }
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || !token(text.substr(0, colon)) ||
      !printable(text.substr(colon))) {
    refuse(400, "a header line is malformed");
    return false;
  }
  const std::string name = lower(text.substr(0, colon));
  const std::string_view value = trim(text.substr(colon + 1));
  const auto once = [&](bool& seen) {
    if (seen) refuse(400, fmt::format("the header {} stands twice", name));
    return !std::exchange(seen, true);
  };
  if (name == "authorization" && !once(authorized_)) return false;
  if (name == "content-type" && !once(typed_)) return false;
  if (name == "host" && !once(hosted_)) return false;
  if (name == "connection") {
    const std::string wish = lower(value);
    if (wish.find("close") != std::string::npos) request_.keep_alive = false;
    if (wish.find("keep-alive") != std::string::npos) request_.keep_alive = true;
  }
  if (name == "expect") expects_ = lower(value) == "100-continue";
  if (name == "content-encoding" && lower(value) != "identity") {
    refuse(415, "send the body without Content-Encoding");
    return false;
  }
  if (name == "transfer-encoding") {
    if (chunked_ || lower(value) != "chunked") {
      refuse(400, "the only Transfer-Encoding taken is chunked, once");
      return false;
    }
    chunked_ = true;
  }
  if (name == "content-length") {
    const auto length = number<std::size_t>(value, 10);
    if (length_ || (!length && value.find_first_not_of("0123456789") != std::string_view::npos) ||
        value.empty()) {
      refuse(400, "Content-Length must be one whole number");
      return false;
    }
    length_ = length.value_or(std::string_view::npos);
  }
  if (!dropped(name)) request_.head += fmt::format("{}: {}\r\n", name, value);
  return true;
}

bool Framing::settle_body() {
  request_.head += "\r\n";
  if (chunked_ && length_) {
    refuse(400, "Content-Length and Transfer-Encoding exclude each other");
    return false;
  }
  if (length_.value_or(0) > max_body_) {
    refuse(413, fmt::format("the body is over {} bytes", max_body_));
    return false;
  }
  left_ = length_.value_or(0);
  part_ = chunked_ ? Part::chunk_line : Part::sized;
  return true;
}

Framing::State Framing::read_sized(std::string_view bytes) {
  if (bytes.size() - at_ < left_) return State::more;
  request_.body = bytes.substr(at_, left_);
  at_ += left_;
  part_ = Part::done;
  return State::whole;
}

Framing::State Framing::read_chunk_line(std::string_view bytes) {
  const auto raw = line(bytes);
  if ((raw ? raw->size() : bytes.size() - at_) > kMaxChunkLine) {
    return refuse(400, "a chunk's size line is too long");
  }
  if (!raw) return State::more;
  if (raw->empty() || raw->back() != '\r') return refuse(400, "a chunk's size line is malformed");
  const auto size = number<std::size_t>(trim(raw->substr(0, raw->find_first_of(";\r"))), 16);
  if (!size) return refuse(400, "a chunk's size is not a hexadecimal number");
  if (*size > max_body_ - request_.body.size() || at_ > kMaxHead + kMaxChunkOverhead * max_body_) {
    return refuse(413, fmt::format("the body is over {} bytes", max_body_));
  }
  at_ += raw->size() + 1;
  left_ = *size;
  part_ = *size == 0 ? Part::trailer : Part::chunk_data;
  return State::more;
}

Framing::State Framing::read_chunk_data(std::string_view bytes) {
  if (part_ == Part::chunk_data) {
    const std::string_view piece = bytes.substr(at_, left_);
    request_.body += piece;
    at_ += piece.size();
    left_ -= piece.size();
    if (left_ == 0) part_ = Part::chunk_end;
    return State::more;
  }
  if (bytes.size() - at_ < 2) return State::more;
  if (bytes.substr(at_, 2) != "\r\n") return refuse(400, "a chunk does not end where it says");
  at_ += 2;
  part_ = Part::chunk_line;
  return State::more;
}

/// Trailers are read over; nobody here needs one.
Framing::State Framing::read_trailer(std::string_view bytes) {
  const auto raw = line(bytes);
  const std::size_t length = raw ? raw->size() : bytes.size() - at_;
  if (trailers_ + length > kMaxHead) return refuse(431, "the trailers are too long");
  if (!raw) return State::more;
  if (raw->empty() || raw->back() != '\r') return refuse(400, "lines must end in CR LF");
  at_ += raw->size() + 1;
  trailers_ += raw->size() + 1;
  if (*raw != "\r") return State::more;
  part_ = Part::done;
  return State::whole;
}
