#include "bot/platforms/wechat_seal.h"

#include <algorithm>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "bot/crypto.h"
#include "bot/platforms/reading.h"
#include "bot/signature.h"

namespace {

constexpr std::size_t kBlock = 32;   // of the padding; AES itself has 16
constexpr std::size_t kHeader = 20;  // random block and length

/// The key's last character holds two spare bits that need not be zero, so from_base64 would refuse
/// many of the platform's own keys.
std::string key_of(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  });
  if (text.size() != 43 || !plain) return {};
  std::string bytes(33, '\0');
  const std::string padded = std::string(text) + "=";
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(padded.data()),
                                   static_cast<int>(padded.size()));
  if (size != 33) return {};
  bytes.resize(32);
  return bytes;
}

/// PKCS#7 with blocks of 32; every byte of it is looked at. False where it is wrong.
bool remove_padding(std::string& body) {
  const auto count = static_cast<unsigned char>(body.back());
  if (count < 1 || count > kBlock || count > body.size()) return false;
  const auto start = body.end() - count;
  if (!std::all_of(start, body.end(), [&](char c) { return c == body.back(); })) return false;
  body.erase(start, body.end());
  return true;
}

std::string big_endian(std::size_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 0xff);
  return bytes;
}

}  // namespace

std::string wechat_signature(std::vector<std::string_view> parts) {
  std::sort(parts.begin(), parts.end());
  std::string joined;
  for (const std::string_view part : parts) joined += part;
  return hex(sha1(joined));
}

WechatSeal::WechatSeal(std::string token, std::string_view aes_key, std::string receive_id)
    : token_(std::move(token)), key_(key_of(aes_key)), receive_id_(std::move(receive_id)) {}

std::string WechatSeal::open(const HttpRequest& request, std::string_view encrypted,
                             std::chrono::sys_seconds now) const {
  const std::string timestamp = request.parameter("timestamp").value_or("");
  const std::string nonce = request.parameter("nonce").value_or("");
  const std::string given = request.parameter("msg_signature").value_or("");
  const std::string wanted = wechat_signature({token_, timestamp, nonce, encrypted});
  if (token_.empty() || !same_secret(given, wanted)) refuse_forged();
  if (!recent(decimal(timestamp), now)) refuse_forged();
  std::string text = open(encrypted);
  if (!is_utf8(text)) throw BadRequest(400, "what was sealed is not UTF-8");
  return text;
}

std::string WechatSeal::open(std::string_view encrypted) const {
  const auto bytes = from_base64(encrypted);
  if (!bytes || bytes->empty() || bytes->size() % 16 != 0 || key_.empty()) refuse_forged();
  std::string body = aes_decrypt(key_, std::string_view(key_).substr(0, 16), *bytes);
  if (!remove_padding(body) || body.size() < kHeader) refuse_forged();
  std::size_t length = 0;
  for (std::size_t i = 16; i < kHeader; ++i) {
    length = length << 8 | static_cast<unsigned char>(body[i]);
  }
  if (length > body.size() - kHeader) refuse_forged();
  if (std::string_view(body).substr(kHeader + length) != receive_id_) refuse_forged();
  return body.substr(kHeader, length);
}

std::string WechatSeal::seal(std::string_view text, std::string_view random16) const {
  std::string body;
  body.append(random16).append(big_endian(text.size())).append(text).append(receive_id_);
  const std::size_t padding = kBlock - body.size() % kBlock;
  body.append(padding, static_cast<char>(padding));
  return base64(aes_encrypt(key_, std::string_view(key_).substr(0, 16), body));
}

SealedReply WechatSeal::reply(std::string_view text, std::string_view random16, std::string nonce,
                              std::chrono::sys_seconds now) const {
  SealedReply reply;
  reply.encrypted = seal(text, random16);
  reply.timestamp = fmt::to_string(now.time_since_epoch().count());
  reply.nonce = std::move(nonce);
  reply.signature = wechat_signature({token_, reply.timestamp, reply.nonce, reply.encrypted});
  return reply;
}

std::string envelope_xml(const SealedReply& reply) {
  return fmt::format(
      "<xml><Encrypt><![CDATA[{}]]></Encrypt><MsgSignature><![CDATA[{}]]></MsgSignature>"
      "<TimeStamp>{}</TimeStamp><Nonce><![CDATA[{}]]></Nonce></xml>",
      reply.encrypted, reply.signature, reply.timestamp, reply.nonce);
}
