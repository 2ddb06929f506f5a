#include <nlohmann/json.hpp>

#include "bot/crypto.h"
#include "bot/outgoing/kind.h"
#include "bot/outgoing/wecom_codes.h"

// Kind `wecom-robot`: the webhook of a WeCom group robot (企业微信 消息推送, formerly 群机器人).
// developer.work.weixin.qq.com/document/path/91770: text up to 2048 bytes, 20 posts a minute, the
// answer is always HTTP 200 with an errcode. The key stands in the address, which nothing here
// shows.

namespace {

using nlohmann::json;

constexpr std::size_t kMostText = 2048;
/// The platform cannot tell repeats: a post whose answer was lost is sent again, and says so.
constexpr std::string_view kRepeat = "\n（重发：上一次可能已送达）";

PostRequest write_picture(const Outgoing& outgoing, const PostedFile& file) {
  PostRequest request;
  request.url = outgoing.url;
  request.body = json{{"msgtype", "image"},
                      {"image", {{"base64", base64(file.bytes)}, {"md5", hex(md5(file.bytes))}}}}
                     .dump();
  return request;
}

}  // namespace

PostRequest write_wecom_robot(const Outgoing& outgoing, const Letter& letter) {
  if (letter.file != nullptr) return write_picture(outgoing, *letter.file);
  std::string text = letter.text;
  if (letter.row.repeat && text.size() + kRepeat.size() <= kMostText) text += kRepeat;
  PostRequest request;
  request.url = outgoing.url;
  request.body = json{{"msgtype", "text"}, {"text", {{"content", text}}}}.dump(
      -1, ' ', false, json::error_handler_t::replace);
  return request;
}

Delivery judge_wecom_robot(const PostAnswer& answer) { return judge_wecom(answer); }
