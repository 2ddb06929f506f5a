#include "bot/signature.h"

#include <charconv>

#include <openssl/crypto.h>

#include "bot/crypto.h"

namespace {

constexpr long long kTolerance = 5 * 60;
}  // namespace

std::string hmac_sha256_hex(std::string_view key, std::string_view bytes) {
  return hex(hmac_sha256(key, bytes));
}

bool same_secret(std::string_view given, std::string_view secret) {
  if (secret.empty()) return false;
  const std::string left = sha256(given);
  const std::string right = sha256(secret);
  return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string random_hex(std::size_t bytes) { return hex(random_bytes(bytes)); }

bool signature_holds(std::string_view header, std::string_view secret, std::string_view body,
                     long long now) {
  const std::size_t comma = header.find(',');
  if (secret.empty() || !header.starts_with("t=") || comma == std::string_view::npos) return false;
  const std::string_view when = header.substr(2, comma - 2);
  const std::string_view rest = header.substr(comma + 1);
  if (!rest.starts_with("v1=")) return false;
  long long time = 0;
  const auto [end, error] = std::from_chars(when.data(), when.data() + when.size(), time);
  if (error != std::errc{} || end != when.data() + when.size()) return false;
  if (time < now - kTolerance || time > now + kTolerance) return false;
  std::string signed_bytes(when);
  signed_bytes += '.';
  signed_bytes += body;
  return same_secret(rest.substr(3), hmac_sha256_hex(secret, signed_bytes));
}
