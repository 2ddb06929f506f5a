#include <map>
#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/poster_bot.h"

using nlohmann::json;
using std::chrono::hours;
using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {

using Read = std::string (*)(const Received&);

std::string member(const Received& request, const char* name) {
  return json::parse(request.body)[name];
}
std::string content(const Received& request) {
  return json::parse(request.body)["text"]["content"];
}
std::string no_key(const Received&) { return ""; }

/// A place that is posted to, and what its platform answers.
struct Place {
  std::string target;  ///< of an outgoing, or "platform:group"
  std::string good;
  Behaviour busy;
  Read text;
  Read key = no_key;  ///< where the platform honours one
  std::size_t a_minute = 0;
  bool any_answer = false;  ///< whatever is answered by 200 is well
};

const std::vector<Place>& places() {
  static const auto ok = [](const char* body) { return Behaviour::answer(200, body); };
  static const auto first_segment = [](const Received& request) -> std::string {
    return json::parse(request.body)["message"][0]["data"]["text"];
  };
  static const std::vector<Place> all = {
      {"webhook", "ok", Behaviour::answer(429, "", "Retry-After: 7\r\n"),
       [](const Received& request) { return member(request, "text"); },
       [](const Received& request) { return request.headers.at("idempotency-key"); }, 0, true},
      {"wecom-robot", R"({"errcode":0})", ok(R"({"errcode":45009})"), content, no_key, 20},
      {"dingtalk-robot", R"({"errcode":0})", ok(R"({"errcode":130101})"), content,
       [](const Received& request) { return member(request, "msgUuid"); }, 18},
      {"feishu-robot", R"({"code":0})", ok(R"({"code":11232})"),
       [](const Received& request) -> std::string {
         return json::parse(request.body)["content"]["text"];
       },
       no_key, 100},
      {"wecom:direct-li", R"({"errcode":0})", ok(R"({"errcode":45009})"), content, no_key, 30},
      {"wechat:direct-li", R"({"errcode":0})", ok(R"({"errcode":45011})"), content},
      {"dingtalk:cid1", R"({"processQueryKey":"q"})",
       Behaviour::answer(403, R"({"code":"Forbidden.AccessDenied.QpsLimitForApi"})"),
       [](const Received& request) -> std::string {
         return json::parse(member(request, "msgParam"))["content"];
       },
       no_key, 20},
      {"feishu:oc_1", R"({"code":0})",
       Behaviour::answer(400, R"({"code":99991400})", "x-ogw-ratelimit-reset: 9\r\n"),
       [](const Received& request) -> std::string {
         return json::parse(member(request, "content"))["text"];
       },
       [](const Received& request) { return member(request, "uuid"); }, 100},
      {"onebot:77", R"({"status":"ok","retcode":0})", ok(R"({"status":"failed","retcode":100})"),
       first_segment, no_key, 20},
      {"gateway:群", R"({"success":true,"task":{}})",
       ok(R"({"success":false,"task":{"sentFailed":[1]}})"),
       [](const Received& request) -> std::string {
         return json::parse(request.body)["data"]["content"];
       },
       no_key, 20},
      {"telegram:-5", R"({"ok":true})",
       Behaviour::answer(429, R"({"ok":false,"parameters":{"retry_after":9}})"),
       [](const Received& request) { return member(request, "text"); }, no_key, 20},
      {"slack:C1", R"({"ok":true})", ok(R"({"ok":false,"error":"ratelimited"})"),
       [](const Received& request) { return member(request, "text"); }, no_key, 60},
      {"mattermost:c1", "ok", Behaviour::answer(429, "", "X-RateLimit-Reset: 9\r\n"),
       [](const Received& request) { return member(request, "text"); }, no_key, 60, true}};
  return all;
}

/// Any platform's token.
constexpr const char* kToken =
    R"({"errcode":0,"access_token":"T","expires_in":7200,"accessToken":"T","expireIn":7200,)"
    R"("code":0,"tenant_access_token":"T","expire":7200})";

/// The receiver of one place, which fails in every way, and then is away for six hours.
class Trouble {
 public:
  Trouble(const Place& place, Bot& bot)
      : place_(place), bot_(bot), receiver_([this](const Received& got) { return take(got); }) {}

  std::string url() const { return receiver_.url(""); }
  void settle() { receiver_.settle(); }

  // Of the receiver's threads, until settle() after the poster stopped.
  std::vector<std::string> arrived;  ///< texts, in order, each once
  std::map<std::string, std::set<std::string>> keys;
  std::vector<sys_seconds> times;
  std::atomic<bool> away{false};

 private:
  Behaviour take(const Received& got) {
    const std::string path = got.path.substr(0, got.path.find('?'));
    for (const char* asks : {"/gettoken", "/stable_token", "/accessToken", "/internal"}) {
      if (path.ends_with(asks)) return Behaviour::answer(200, kToken);
    }
    times.push_back(bot_.now());
    const std::string text = place_.text(got);
    keys[text].insert(place_.key(got));
    switch (posts_++) {
      case 0:
        return Behaviour::answer(503);
      case 1:
        return Behaviour::reset();
      case 2:
        arrive(text);  // and the answer is lost
        return Behaviour::reset();
      case 3:
        return place_.busy;
      case 4:
        if (!place_.any_answer) return Behaviour::answer(200, "<html>ok</html>");
        return Behaviour::answer(502);
      case 5:
        return Behaviour::hang();
      case 9:
        back_ = bot_.now() + hours{6};
        break;
      default:
        break;
    }
    away = bot_.now() < back_;
    if (away) return Behaviour::answer(500);
    arrive(text);
    return Behaviour::answer(200, place_.good);
  }

  void arrive(const std::string& text) {
    if (std::find(arrived.begin(), arrived.end(), text) == arrived.end()) arrived.push_back(text);
  }

  const Place& place_;
  Bot& bot_;
  int posts_ = 0;
  sys_seconds back_;
  Receiver receiver_;
};

void configure(Bot& bot, const std::string& target, const std::string& url) {
  const std::size_t colon = target.find(':');
  if (colon == std::string::npos) {
    bot.config.outgoing[target] = {target, url + "/send?key=K", "secret"};
    return;
  }
  bot.config.platforms[target.substr(0, colon)] = {
      {"api", url},        {"token", "t"},        {"secret", "s"},
      {"corp_id", "ww1"},  {"agent_id", "7"},     {"app_id", "a"},
      {"app_secret", "s"}, {"access_token", "t"}, {"bot_token", "1:A"}};
}

}  // namespace

TEST_CASE("poster: through every fault of every receiver all posts arrive, in order, in its pace") {
  constexpr std::size_t kPosts = 24;
  Bot bot;
  bot.workers = places().size() + 1;
  std::vector<std::unique_ptr<Trouble>> receivers;
  for (const Place& place : places()) {
    receivers.push_back(std::make_unique<Trouble>(place, bot));
    configure(bot, place.target, receivers.back()->url());
  }
  Platforms platforms(bot.config, "t");
  bot.platforms = &platforms;
  bot.write([](Database& database) {
    Outbox(database).learn_way("dingtalk:cid1", R"({"robotCode":"r"})");
  });
  for (std::size_t i = 0; i < kPosts; ++i) {
    for (const Place& place : places()) {
      bot.enqueue(fmt::format("{}/{}", place.target, i), place.target, place.target,
                  fmt::format("{:02}", i));
    }
  }
  bot.start();
  int looks = 0;
  CHECK(becomes(
      [&] {
        bool away = false;
        for (const auto& one : receivers) away = away || one->away;
        // A post is given up after a day, which a slow machine must not make it wait for.
        if (bot.offset < hours{20} / seconds{1}) bot.offset += away ? 60 : 5;
        if (++looks == 400) bot.restart();
        return bot.state().waiting == 0;
      },
      std::chrono::seconds{100}));
  bot.poster->stop();
  CHECK(static_cast<std::size_t>(bot.state().sent) == kPosts * places().size());
  for (std::size_t n = 0; n < receivers.size(); ++n) {
    const Place& place = places()[n];
    INFO(place.target);
    Trouble& seen = *receivers[n];
    seen.settle();
    CHECK(seen.arrived.size() == kPosts);
    CHECK(std::is_sorted(seen.arrived.begin(), seen.arrived.end()));
    std::set<std::string> keys;
    for (const auto& [text, of_text] : seen.keys) {
      CHECK(of_text.size() == 1);  // every try of a post has the same
      keys.insert(of_text.begin(), of_text.end());
    }
    if (place.key != no_key) CHECK(keys.size() == kPosts);
    for (std::size_t i = place.a_minute; place.a_minute > 0 && i < seen.times.size(); ++i) {
      CHECK(seen.times[i] - seen.times[i - place.a_minute] >= seconds{60});
    }
  }
}
