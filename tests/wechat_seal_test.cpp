#include <random>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "bot/crypto.h"
#include "bot/platform.h"
#include "bot/platforms/reading.h"
#include "bot/platforms/wechat_seal.h"
#include "bot/platforms/wechat_xml.h"
#include "bot/platforms/wecom.h"
#include "bot/platforms/wecom_bot.h"
#include "tests/vectors.h"

using nlohmann::json;
using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

WechatSeal seal_of(const json& vector, const std::string& receive_id) {
  return {vector["config"]["token"], vector["config"]["aes_key"].get<std::string>(), receive_id};
}

sys_seconds time_of(const json& reply) {
  return sys_seconds(seconds(reply["timestamp"].get<std::int64_t>()));
}

SealedReply sealed(const WechatSeal& seal, const std::string& plain, const json& reply) {
  return seal.reply(plain, from_hex(reply["random16_hex"]), reply["nonce"], time_of(reply));
}

int status_of(const Platform& platform, const HttpRequest& request, sys_seconds now) {
  try {
    platform.receive(request, now);
    return 200;
  } catch (const BadRequest& bad) {
    return bad.status;
  }
}

}  // namespace

TEST_CASE("WeCom applications are answered byte for byte as recorded", "[platforms]") {
  int seen = 0;
  for (const json& vector : vectors_of("wecom")) {
    if (vector["op"] != "reply") continue;
    INFO(vector["name"]);
    const std::string corp = vector["config"]["corp_id"];
    Message message;
    message.user = "wecom:" + vector_named("wecom", vector["answers"])["expect"]["decoded"]["user"]
                                  .get<std::string>();
    const json& reply = vector["reply"];
    const std::string plain =
        wecom_reply(message, corp, reply["text"].get<std::string>(), time_of(reply));
    CHECK(plain == vector["expect"]["plain"]);
    const SealedReply made = sealed(seal_of(vector, corp), plain, reply);
    CHECK(made.encrypted == vector["expect"]["encrypt"]);
    CHECK(made.signature == vector["expect"]["msg_signature"]);
    CHECK(envelope_xml(made) == vector["expect"]["body_exact"]);
    ++seen;
  }
  CHECK(seen == 5);
}

TEST_CASE("WeCom bots are answered byte for byte as recorded", "[platforms]") {
  int seen = 0;
  for (const json& vector : vectors_of("wecom-bot")) {
    if (vector["op"] != "reply") continue;
    INFO(vector["name"]);
    const json& reply = vector["reply"];
    const std::string text = reply["text"];
    const std::string plain = reply.contains("stream_id")
                                  ? wecom_bot_reply(reply["stream_id"].get<std::string>(), text)
                                  : wecom_bot_greeting(text);
    CHECK(plain == vector["expect"]["plain"]);
    const SealedReply made = sealed(seal_of(vector, ""), plain, reply);
    CHECK(made.encrypted == vector["expect"]["encrypt"]);
    CHECK(made.signature == vector["expect"]["msg_signature"]);
    CHECK(wecom_bot_envelope(made) == vector["expect"]["body_exact"]);
    ++seen;
  }
  CHECK(seen == 4);
}

// The signature is made anew for each, as somebody who holds the token but not the key could.
TEST_CASE("ten thousand broken ciphertexts are refused alike", "[platforms]") {
  const json& vector = vector_named("wecom", "text: 发放");
  const PlatformConfig config = config_of(vector);
  const auto platform = platform_kind("wecom")->make(config, "");
  const sys_seconds now{seconds{vector["now"].get<std::int64_t>()}};
  const WechatXml outer(vector["request"]["body"].get<std::string>());
  const std::string good = *from_base64(outer.text("Encrypt"));
  std::mt19937 random(20200210);
  const auto below = [&](std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most - 1)(random);
  };
  int broken = 0;
  for (int i = 0; i < 10'000; ++i) {
    std::string bytes = good;
    if (i % 2 == 0) bytes[below(bytes.size())] ^= static_cast<char>(1 << below(8));
    if (i % 2 == 1) bytes.resize(below(bytes.size()));
    const std::string encrypted = base64(bytes);
    HttpRequest request;
    request.method = "POST";
    request.body = "<xml><Encrypt>" + encrypted + "</Encrypt></xml>";
    request.query = {{"timestamp", "1581298200"}, {"nonce", "n"}};
    request.query.emplace("msg_signature", wechat_signature({config.at("token"), "1581298200", "n",
                                                             encrypted}));
    const int status = status_of(*platform, request, now);
    // A flip in the random block changes nothing that anybody reads, and CBC passes one on to a
    // single bit of the next block, which may leave a text; nothing else gets through.
    const bool refused = status == 401 || status == 400;
    if (i % 2 == 1) CHECK(status == 401);
    if (i % 2 == 0 && !refused) CHECK(status == 200);
    broken += refused ? 1 : 0;
  }
  CHECK(broken > 8'000);
}

TEST_CASE("a hundred thousand elements are refused", "[platforms]") {
  std::string flat = "<xml>", deep;
  for (int i = 0; i < 100'000; ++i) {
    flat += "<a/>";
    deep += "<a>";
  }
  CHECK_THROWS_AS(WechatXml(flat + "</xml>"), BadRequest);
  for (int i = 0; i < 100'000; ++i) deep += "</a>";
  CHECK_THROWS_AS(WechatXml(deep), BadRequest);
  CHECK_THROWS_AS(WechatXml("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>"),
                  BadRequest);
}
