#include "bot/signature.h"

#include <array>
#include <charconv>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace {

constexpr long long kTolerance = 5 * 60;
using Digest = std::array<unsigned char, 32>;

std::string hex(const unsigned char* bytes, std::size_t count) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string result;
  for (std::size_t i = 0; i < count; ++i) {
    result += kDigits[bytes[i] >> 4];
    result += kDigits[bytes[i] & 15];
  }
  return result;
}

Digest sha256(std::string_view bytes) {
  Digest digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("SHA-256 failed");
  }
  return digest;
}

}  // namespace

std::string hmac_sha256_hex(std::string_view key, std::string_view bytes) {
  Digest digest{};
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data(),
           &size) == nullptr) {
    throw std::runtime_error("HMAC-SHA256 failed");
  }
  return hex(digest.data(), digest.size());
}

bool same_secret(std::string_view given, std::string_view secret) {
  if (secret.empty()) return false;
  const Digest left = sha256(given);
  const Digest right = sha256(secret);
  return CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string random_hex(std::size_t bytes) {
  std::string random(bytes, '\0');
  auto* const to = reinterpret_cast<unsigned char*>(random.data());
  if (RAND_bytes(to, static_cast<int>(bytes)) != 1) {
    throw std::runtime_error("the system has no random bytes");
  }
  return hex(to, bytes);
}

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
