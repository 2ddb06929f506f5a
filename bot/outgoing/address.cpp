#include "bot/outgoing/address.h"

#include <charconv>
#include <cstdint>
#include <memory>

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

namespace {

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

bool public_v4(std::uint32_t address) {
  struct Range {
    std::uint32_t from;
    int bits;
  };
  // IANA's special-purpose registry: what is not globally reachable, and multicast.
  constexpr Range kSpecial[] = {
      {0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},  {0xa9fe0000, 16},
      {0xac100000, 12}, {0xc0000000, 24}, {0xc0000200, 24}, {0xc0586300, 24}, {0xc0a80000, 16},
      {0xc6120000, 15}, {0xc6336400, 24}, {0xcb007100, 24}, {0xe0000000, 4},  {0xf0000000, 4}};
  for (const Range& range : kSpecial) {
    if ((address ^ range.from) >> (32 - range.bits) == 0) return false;
  }
  return true;
}

/// Only 2000::/3 is handed out; within it, what embeds a version 4 address is not for us.
bool public_v6(const unsigned char* bytes) {
  if ((bytes[0] & 0xe0) != 0x20) return false;
  const bool six_to_four = bytes[0] == 0x20 && bytes[1] == 0x02;
  const bool teredo_or_test = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] <= 0x01;
  const bool documentation =
      bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x0d && bytes[3] == 0xb8;
  return !six_to_four && !teredo_or_test && !documentation;
}

}  // namespace

std::optional<Address> read_address(std::string_view url) {
  for (const char c : url) {
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') return std::nullopt;
  }
  Address found;
  if (url.starts_with("https://")) {
    found.tls = true;
    url.remove_prefix(8);
  } else if (url.starts_with("http://")) {
    url.remove_prefix(7);
  } else {
    return std::nullopt;
  }
  url = url.substr(0, url.find('#'));
  const std::size_t end = std::min(url.find_first_of("/?"), url.size());
  std::string_view authority = url.substr(0, end);
  if (end == url.size() || url[end] == '?') found.path = '/';
  found.path += url.substr(end);
  if (authority.find('@') != std::string_view::npos) return std::nullopt;
  found.host_header = std::string(authority);
  found.port = found.tls ? 443 : 80;
  std::size_t host_end = authority.find(':');
  if (authority.starts_with('[')) {
    host_end = authority.find(']');
    if (host_end == std::string_view::npos) return std::nullopt;
    found.host = std::string(authority.substr(1, host_end - 1));
    ++host_end;
  } else {
    found.host = std::string(authority.substr(0, host_end));
  }
  if (host_end < authority.size()) {
    const std::string_view port = authority.substr(host_end + 1);
    const auto read = std::from_chars(port.data(), port.data() + port.size(), found.port);
    if (authority[host_end] != ':' || read.ec != std::errc{} ||
        read.ptr != port.data() + port.size() || found.port < 1 || found.port > 65535) {
      return std::nullopt;
    }
  }
  if (found.host.empty()) return std::nullopt;
  return found;
}

bool trusted_address(std::string_view url, std::string_view host, bool below,
                     std::string_view api) {
  if (url.find('\\') != std::string_view::npos) return false;
  const auto address = read_address(url);
  if (!address) return false;
  const std::string name = lower(address->host);
  if (const auto own = read_address(api)) {
    if (own->tls == address->tls && lower(own->host) == name && own->port == address->port) {
      return true;
    }
  }
  const bool under = below && name.size() > host.size() + 1 && name.ends_with(host) &&
                     name[name.size() - host.size() - 1] == '.';
  return address->tls && address->port == 443 && (name == host || under);
}

bool is_public(std::string_view numeric) {
  const std::string text(numeric);
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return public_v4(ntohl(v4.s_addr));
  in6_addr v6{};
  return inet_pton(AF_INET6, text.c_str(), &v6) == 1 && public_v6(v6.s6_addr);
}

std::optional<std::string> public_address(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return std::nullopt;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> all(found, freeaddrinfo);
  std::optional<std::string> first;
  for (const addrinfo* one = all.get(); one != nullptr; one = one->ai_next) {
    char text[NI_MAXHOST] = {};
    if (getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) !=
            0 ||
        !is_public(text)) {
      return std::nullopt;
    }
    if (!first) first = text;
  }
  return first;
}
