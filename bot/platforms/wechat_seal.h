#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "bot/http.h"

/// The lower-case hex SHA-1 over the parts, sorted by bytes and joined.
std::string wechat_signature(std::vector<std::string_view> parts);

/// A reply's envelope before it is written as XML or JSON.
struct SealedReply {
  std::string encrypted, signature, timestamp, nonce;
};

/// The seal of WeCom's and the WeChat Official Account's callbacks: AES-256-CBC over random block,
/// length, text and the receive id, and a signature over token, timestamp, nonce and ciphertext.
class WechatSeal {
 public:
  /// `aes_key` as the console shows it, 43 characters. One that is malformed opens nothing.
  WechatSeal(std::string token, std::string_view aes_key, std::string receive_id);

  /// Checks msg_signature and timestamp of the query, then opens. 401 for everything that fails,
  /// 400 where what was sealed is not UTF-8.
  std::string open(const HttpRequest& request, std::string_view encrypted,
                   std::chrono::sys_seconds now) const;
  /// The text in a seal, without a look at any signature. 401 where it does not open.
  std::string open(std::string_view encrypted) const;
  std::string seal(std::string_view text, std::string_view random16) const;
  SealedReply reply(std::string_view text, std::string_view random16, std::string nonce,
                    std::chrono::sys_seconds now) const;
  const std::string& token() const { return token_; }

 private:
  std::string token_, key_, receive_id_;
};

/// <xml><Encrypt>…</Encrypt><MsgSignature>…, as both products want it.
std::string envelope_xml(const SealedReply& reply);
