#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bot/crypto.h"
#include "bot/outgoing/kind.h"
#include "bot/signature.h"

// Kind `webhook`: {"id","group","text","figures"}, for a file also "file", to an address of the
// operator's. The receiver can tell repeats by the Idempotency-Key, which equals "id".

namespace {

using nlohmann::json;

/// A header holds the key as it is only where it is plain ASCII; group ids may be anything.
std::string header_safe(std::string_view key) {
  std::string safe;
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > ' ' && byte < 0x7f && c != '%') {
      safe += c;
    } else {
      safe += fmt::format("%{:02X}", byte);
    }
  }
  return safe;
}

}  // namespace

PostRequest write_webhook(const Outgoing& outgoing, const Letter& letter) {
  const Post& post = letter.row.post;
  json figures = json::parse(post.figures, nullptr, false);
  if (figures.is_discarded()) figures = nullptr;
  const std::string key = header_safe(post.key);
  json body{
      {"id", key}, {"group", post.group}, {"text", letter.text}, {"figures", std::move(figures)}};
  if (letter.file != nullptr) {
    body["file"] = {{"name", letter.file->name},
                    {"type", letter.file->type()},
                    {"base64", base64(letter.file->bytes)}};
  }
  PostRequest request;
  request.url = outgoing.url;
  request.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  request.headers.emplace_back("Idempotency-Key", key);
  if (!outgoing.secret.empty()) {
    const auto at = letter.now.time_since_epoch().count();
    request.headers.emplace_back(
        "X-Jieli-Signature",
        fmt::format("t={},v1={}", at,
                    hmac_sha256_hex(outgoing.secret, fmt::format("{}.{}", at, request.body))));
  }
  return request;
}

Delivery judge_webhook(const PostAnswer& answer) {
  return judge_status(answer).value_or(Delivery{});
}
