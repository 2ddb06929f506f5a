#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/platform_server.h"
#include "tests/vectors.h"

using nlohmann::json;

namespace {

std::string_view event_word(Event event) {
  return event == Event::edit ? "edit" : event == Event::recall ? "recall" : "message";
}

json decoded(const Message& message, const json& like) {
  const auto bare = [](const std::string& id) { return id.substr(id.find(':') + 1); };
  json shown = {{"event", event_word(message.event)},
                {"platform", message.platform},
                {"message_id", message.id},
                {"group", bare(message.group)},
                {"user", bare(message.user)},
                {"user_name", message.user_name},
                {"text", message.text},
                {"time", message.time.time_since_epoch().count()},
                {"mentioned", message.mentioned},
                {"direct", message.direct},
                {"quote", message.quote}};
  shown["mentions"] = json::array();
  for (const Mention& one : message.mentions) {
    shown["mentions"].push_back({{"id", bare(one.user)}, {"name", one.name}});
  }
  // A vector names what its platform tells.
  json result;
  for (const auto& [key, value] : like.items()) {
    result[key] = key == "reply_to" ? value : shown.value(key, json());
  }
  return result;
}

void check_status(const json& expect, int status) {
  if (expect.contains("status_any_of")) {
    const auto statuses = expect["status_any_of"].get<std::set<int>>();
    INFO("status " << status);
    CHECK(statuses.count(status) == 1);
  } else {
    CHECK(status == expect["status"].get<int>());
  }
}

void check_message(const json& expect, const PlatformServer::Seen& seen) {
  if (expect.contains("decoded")) {
    REQUIRE(seen.message);
    CHECK(decoded(*seen.message, expect["decoded"]) == expect["decoded"]);
  }
  if (expect.contains("duplicate")) CHECK(seen.duplicate == expect["duplicate"].get<bool>());
  if (expect.value("refused", false) || expect.value("ignored", false)) CHECK(!seen.message);
  for (const char* address : {"response_url", "session_webhook"}) {
    if (!expect.contains(address)) continue;
    REQUIRE(seen.message);
    const json way = json::parse(seen.message->way_back);
    CHECK(way.value(address, json()) == (expect[address] == "refused" ? json() : expect[address]));
  }
  if (expect.contains("recalled")) {
    REQUIRE(seen.message);
    CHECK(seen.message->event == Event::recall);
    CHECK(seen.message->id == expect["recalled"]["message_id"].get<std::string>());
  }
  if (expect.contains("quote")) CHECK(seen.message->quote == expect["quote"].get<std::string>());
}

std::vector<std::string> names(const json& after) {
  if (after.is_string()) return {after.get<std::string>()};
  return after.get<std::vector<std::string>>();
}

void play_all(const std::string& platform) {
  std::set<std::string> forged;
  int seen = 0;
  for (const json& vector : vectors_of(platform)) {
    if (vector["op"] != "receive") continue;
    INFO(platform << ": " << vector["name"]);
    PlatformServer server(platform, config_of(vector), vector.value("api", json()));
    if (vector.contains("after")) {
      for (const auto& before : names(vector["after"])) {
        server.play(vector_named(platform, before));
      }
    }
    const std::size_t entries = server.entries();
    const Answer answer = server.play(vector);
    const json& expect = vector["expect"];
    check_status(expect, answer.status);
    check_message(expect, server.seen());
    if (expect.contains("body_exact")) CHECK(answer.body == expect["body_exact"]);
    if (expect.contains("body_json")) CHECK(json::parse(answer.body) == expect["body_json"]);
    if (!server.seen().message) CHECK(server.entries() == entries);
    if (answer.status == 401) forged.insert(answer.body);
    ++seen;
  }
  CHECK(seen > 40);
  CHECK(forged.size() == 1);  // the answer does not tell which check failed
}

}  // namespace

TEST_CASE("every recorded callback is read as its platform means it", "[platforms]") {
  const auto* const platform = GENERATE("wecom", "wecom-bot", "onebot", "gateway", "wechat",
                                        "dingtalk", "feishu", "telegram", "slack", "mattermost");
  DYNAMIC_SECTION(platform) { play_all(platform); }
}
