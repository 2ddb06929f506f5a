#pragma once

#include <optional>
#include <string>
#include <string_view>

/// An http or https address, taken apart.
struct Address {
  bool tls = false;
  std::string host;
  int port = 0;
  std::string host_header;
  std::string path;  ///< with the query, as written
};

/// scheme://host[:port][/path][?query]. No user part, nothing that could end a header line; empty
/// for anything else.
std::optional<Address> read_address(std::string_view url);

/// Whether an address that came in a message may be posted to: https on the default port of `host`
/// (with `below`, or of a name under it), or scheme, host and port of the operator's own `api`.
bool trusted_address(std::string_view url, std::string_view host, bool below, std::string_view api);

/// The numeric address of the host, where all that its name stands for is on the open internet:
/// none loopback, private, link-local, multicast, or reserved. Empty where it is not.
std::optional<std::string> public_address(const std::string& host);
/// The same for one numeric address.
bool is_public(std::string_view numeric);
