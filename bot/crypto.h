#pragma once

#include <optional>
#include <string>
#include <string_view>

// What the platforms' protocols are made of. Bytes in, bytes out; every function throws
// std::runtime_error where OpenSSL itself fails.

std::string hex(std::string_view bytes);
std::string sha1(std::string_view bytes);
std::string sha256(std::string_view bytes);
std::string md5(std::string_view bytes);
std::string hmac_sha1(std::string_view key, std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);
std::string random_bytes(std::size_t count);

std::string base64(std::string_view bytes);
/// The standard alphabet with padding, no white space, no second spelling of the same bytes; empty
/// for anything else.
std::optional<std::string> from_base64(std::string_view text);

/// AES-256-CBC without padding of its own: `bytes` are whole blocks of 16, the key has 32, the
/// initial vector 16.
std::string aes_encrypt(std::string_view key, std::string_view iv, std::string_view bytes);
std::string aes_decrypt(std::string_view key, std::string_view iv, std::string_view bytes);
