#include "bot/crypto.h"

#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void check(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string(what) + " failed");
}

std::string digest(const EVP_MD* kind, std::string_view bytes) {
  std::string result(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  check(EVP_Digest(bytes.data(), bytes.size(), bytes_of(result), &size, kind, nullptr) == 1,
        "a digest");
  result.resize(size);
  return result;
}

std::string hmac(const EVP_MD* kind, std::string_view key, std::string_view bytes) {
  std::string result(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  check(HMAC(kind, key.data(), static_cast<int>(key.size()), bytes_of(bytes), bytes.size(),
             bytes_of(result), &size) != nullptr,
        "an HMAC");
  result.resize(size);
  return result;
}

std::string aes(bool encrypt, std::string_view key, std::string_view iv, std::string_view bytes) {
  check(key.size() == 32 && iv.size() == 16 && bytes.size() % 16 == 0, "AES: lengths");
  const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
      EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  std::string result(bytes.size() + 32, '\0');
  int first = 0, last = 0;
  check(context && EVP_CipherInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, bytes_of(key),
                                     bytes_of(iv), encrypt ? 1 : 0) == 1,
        "AES");
  EVP_CIPHER_CTX_set_padding(context.get(), 0);
  check(EVP_CipherUpdate(context.get(), bytes_of(result), &first, bytes_of(bytes),
                         static_cast<int>(bytes.size())) == 1 &&
            EVP_CipherFinal_ex(context.get(), bytes_of(result) + first, &last) == 1,
        "AES");
  result.resize(static_cast<std::size_t>(first + last));
  return result;
}

}  // namespace

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string result;
  for (const char c : bytes) {
    result += kDigits[static_cast<unsigned char>(c) >> 4];
    result += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return result;
}

std::string sha1(std::string_view bytes) { return digest(EVP_sha1(), bytes); }
std::string sha256(std::string_view bytes) { return digest(EVP_sha256(), bytes); }
std::string md5(std::string_view bytes) { return digest(EVP_md5(), bytes); }
std::string hmac_sha1(std::string_view key, std::string_view bytes) {
  return hmac(EVP_sha1(), key, bytes);
}
std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  return hmac(EVP_sha256(), key, bytes);
}

std::string random_bytes(std::size_t count) {
  std::string random(count, '\0');
  check(RAND_bytes(bytes_of(random), static_cast<int>(count)) == 1, "the system's random numbers");
  return random;
}

std::string base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(bytes_of(text), bytes_of(bytes), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  if (EVP_DecodeBlock(bytes_of(bytes), bytes_of(text), static_cast<int>(text.size())) < 0) {
    return std::nullopt;
  }
  const auto padding = text.size() - std::min(text.size(), text.find_last_not_of('=') + 1);
  if (padding > 2) return std::nullopt;
  bytes.resize(bytes.size() - padding);
  // The library takes blanks, and bits after the end.
  if (base64(bytes) != text) return std::nullopt;
  return bytes;
}

std::string aes_encrypt(std::string_view key, std::string_view iv, std::string_view bytes) {
  return aes(true, key, iv, bytes);
}
std::string aes_decrypt(std::string_view key, std::string_view iv, std::string_view bytes) {
  return aes(false, key, iv, bytes);
}
