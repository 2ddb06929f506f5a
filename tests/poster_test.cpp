#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>

#include "tests/poster_bot.h"

using nlohmann::json;
using std::chrono::seconds;
using std::chrono::steady_clock;
using std::chrono::sys_seconds;
using namespace std::chrono_literals;
using Keys = std::vector<std::string>;

TEST_CASE("poster: through refusals, resets and hanging every post arrives once and in order") {
  Inbox inbox;
  int request_number = 0;
  Receiver receiver([&](const Received& request) {
    switch (request_number++) {
      case 0:
      case 4:
        return Behaviour::answer(503);
      case 1:
      case 6:
        return Behaviour::reset();
      case 2:
        return Behaviour::hang();
      case 3:
        return Behaviour::answer(429, "", "Retry-After: 7\r\n");
      case 5:
        inbox.accept(request);  // it arrives, the answer is lost
        return Behaviour::reset();
      default:
        break;
    }
    inbox.accept(request);
    return Behaviour::answer(200);
  });
  Bot bot;
  bot.config.outgoing["hub"] = webhook(receiver.url("/in?x=1"));
  for (int i = 0; i < 15; ++i) {
    bot.enqueue(fmt::format("{}/{}", i % 3, i / 3), fmt::format("generic:g{}", i % 3), "hub");
  }
  bot.start();
  CHECK(becomes([&] { return bot.state().sent == 15; }));
  bot.poster->stop();
  receiver.settle();
  CHECK(inbox.accepted.size() == 15);
  for (const char* group : {"0", "1", "2"}) {
    Keys of_group;
    for (const auto& key : inbox.accepted) {
      if (key.starts_with(group)) of_group.push_back(key);
    }
    CHECK(std::is_sorted(of_group.begin(), of_group.end()));
  }
}

TEST_CASE("poster: a dead target delays no other") {
  Receiver dead([](const Received&) { return Behaviour::hang(); });
  std::atomic<int> arrived{0};
  Receiver healthy([&](const Received&) {
    ++arrived;
    return Behaviour::answer(200);
  });
  Bot bot;
  bot.config.outgoing["healthy"] = webhook(healthy.url());
  for (int i = 0; i < 3; ++i) {
    bot.config.outgoing[fmt::format("dead{}", i)] = webhook(dead.url());
    bot.enqueue(fmt::format("dead{}", i), "generic:g1", fmt::format("dead{}", i));
  }
  bot.start();
  for (int i = 0; i < 20; ++i) bot.enqueue(fmt::format("k{}", i), "generic:g1", "healthy");
  CHECK(becomes([&] { return arrived == 20; }, 2s));
}

TEST_CASE("poster: it stops within a second, whatever hangs") {
  using Way = Behaviour::Way;
  const auto way = GENERATE(Way::hang, Way::drip);
  std::atomic<int> requests{0};
  Receiver receiver([&](const Received&) {
    ++requests;
    return way == Way::hang ? Behaviour::hang() : Behaviour::drip();
  });
  Bot bot;
  for (int i = 0; i < 4; ++i) {
    bot.config.outgoing[fmt::format("t{}", i)] = webhook(receiver.url());
    bot.enqueue(fmt::format("k{}", i), "generic:g1", fmt::format("t{}", i));
  }
  bot.start();
  REQUIRE(becomes([&] { return requests == 4; }));
  const auto start = steady_clock::now();
  bot.poster->stop();
  receiver.settle();
  CHECK(steady_clock::now() - start < 1s);
  CHECK(bot.state().waiting == 4);
}

TEST_CASE("poster: it stops within a second while a connection is being made") {
  // The queue of waiting connections is full: the next one gets no answer at all.
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(listen(listener, 0) == 0);
  REQUIRE(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  std::vector<int> full;
  for (int i = 0; i < 2; ++i) {
    full.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    const int outcome = connect(full.back(), reinterpret_cast<sockaddr*>(&address), size);
    static_cast<void>(outcome);
  }
  std::this_thread::sleep_for(20ms);
  Bot bot;
  bot.config.outgoing["hub"] =
      webhook(fmt::format("http://127.0.0.1:{}/", ntohs(address.sin_port)));
  bot.enqueue("k", "generic:g1", "hub");
  bot.start();
  std::this_thread::sleep_for(100ms);
  const auto start = steady_clock::now();
  bot.poster->stop();
  CHECK(steady_clock::now() - start < 1s);
  CHECK(bot.state().waiting == 1);
  CHECK(bot.error_of("k").empty());  // it was still connecting
  for (const int open : full) close(open);
  close(listener);
}

TEST_CASE("poster: a wecom robot gets at most 20 posts a minute") {
  Bot bot;
  std::vector<sys_seconds> times;
  Receiver receiver([&](const Received&) {
    times.push_back(bot.now());
    return Behaviour::answer(200, R"({"errcode":0,"errmsg":"ok"})");
  });
  bot.config.outgoing["robot"] = robot(receiver.url("/send?key=K"));
  for (int i = 0; i < 50; ++i) bot.enqueue(fmt::format("k{}", i), "generic:g1", "robot");
  bot.start();
  CHECK(becomes([&] { return bot.state().sent == 50; }));
  bot.poster->stop();
  receiver.settle();
  REQUIRE(times.size() == 50);
  for (std::size_t i = 20; i < times.size(); ++i) CHECK(times[i] - times[i - 20] >= 60s);
}

TEST_CASE("poster: of a cut text only the part that failed is sent again") {
  std::vector<std::string> contents;
  int requests = 0;
  Receiver receiver([&](const Received& request) {
    if (++requests == 2) return Behaviour::answer(200, R"({"errcode":-1})");
    if (requests == 3) return Behaviour::answer(200, R"({"errcode":45009})");
    contents.push_back(json::parse(request.body)["text"]["content"]);
    return Behaviour::answer(200, R"({"errcode":0})");
  });
  Bot bot;
  bot.config.outgoing["robot"] = robot(receiver.url());
  std::string text;
  for (int i = 0; i < 120; ++i) text += fmt::format("{:03} 孝感市第一人民医院 还缺 口罩\n", i);
  text.pop_back();
  bot.enqueue("k", "generic:g1", "robot", text);
  bot.enqueue("next", "generic:g1", "robot", "next");
  bot.start();
  CHECK(becomes([&] { return bot.state().sent == 2; }));
  bot.poster->stop();
  receiver.settle();
  REQUIRE(contents.size() >= 3);
  CHECK(contents.back() == "next");
  contents.pop_back();
  std::string joined;
  for (const auto& content : contents) {
    CHECK(content.size() <= 2048);
    joined += (joined.empty() ? "" : "\n") + content;
  }
  CHECK(joined == text);
}

TEST_CASE("poster: killed between send and mark, the row comes back with the same key") {
  Inbox inbox;
  Bot bot;
  Receiver receiver([&](const Received& request) {
    bot.broken = inbox.all.empty();  // the first post arrives, but can never be marked
    inbox.all.push_back(request);
    inbox.accept(request);
    return Behaviour::answer(200);
  });
  bot.config.outgoing["hub"] = webhook(receiver.url());
  bot.enqueue("k", "generic:g1", "hub");
  bot.start();
  REQUIRE(becomes([&] { return bot.broken.load(); }));
  bot.poster.reset();
  receiver.settle();
  bot.broken = false;
  CHECK(bot.state().waiting == 1);
  bot.start();
  CHECK(becomes([&] { return bot.state().sent == 1; }));
  bot.poster->stop();
  receiver.settle();
  CHECK(inbox.all.size() == 2);
  CHECK(inbox.all[0].body == inbox.all[1].body);
  CHECK(inbox.accepted == Keys{"k"});
}

TEST_CASE("poster: while the database fails nothing is lost, and what was sent is not sent again") {
  Inbox inbox;
  Bot bot;
  Receiver receiver([&](const Received& request) {
    if (inbox.all.empty()) bot.broken = true;
    inbox.all.push_back(request);
    return Behaviour::answer(200);
  });
  bot.config.outgoing["hub"] = webhook(receiver.url());
  bot.enqueue("a", "generic:g1", "hub");
  bot.enqueue("b", "generic:g1", "hub");
  bot.start();
  REQUIRE(becomes([&] { return bot.broken.load(); }));
  std::this_thread::sleep_for(50ms);
  bot.broken = false;
  CHECK(becomes([&] { return bot.state().sent == 2; }));
  bot.poster->stop();
  receiver.settle();
  CHECK(inbox.all.size() == 2);
}

TEST_CASE("poster: what is refused is parked with the reason, the next row goes on") {
  Receiver receiver([](const Received& request) {
    if (request.path.starts_with("/wecom")) {
      return Behaviour::answer(200, R"({"errcode":93000,"errmsg":"invalid webhook url"})");
    }
    return Behaviour::answer(json::parse(request.body)["id"] == "bad" ? 404 : 200);
  });
  Bot bot;
  bot.config.outgoing["hub"] = webhook(receiver.url("/hook/MARKED-SECRET"));
  bot.config.outgoing["hub"].secret = "MARKED-SECRET";
  bot.config.outgoing["robot"] = robot(receiver.url("/wecom?key=MARKED-SECRET"));
  bot.config.outgoing["pigeon"] = {"pigeon", "http://h/MARKED-SECRET", ""};
  bot.config.outgoing["crooked"] = webhook("ftp://MARKED-SECRET/");
  bot.enqueue("bad", "generic:g1", "hub", "MARKED-SECRET");
  bot.enqueue("good", "generic:g1", "hub", "MARKED-SECRET");
  bot.enqueue("gone", "generic:g1", "robot", "MARKED-SECRET");
  bot.enqueue("odd", "generic:g1", "pigeon");
  bot.enqueue("crooked", "generic:g1", "crooked");
  bot.enqueue("nowhere", "generic:g1", "nowhere");
  bot.enqueue("platform", "generic:g1", "wecom:chat");
  bot.enqueue("empty", "generic:g1", "hub", "");
  bot.start();
  CHECK(becomes([&] { return bot.state().waiting == 0; }));
  bot.poster->stop();
  receiver.settle();
  CHECK(bot.state().sent == 1);
  CHECK(bot.error_of("bad") == "HTTP 404");
  CHECK(bot.error_of("gone") == "errcode 93000: the robot was deleted or its key is mistyped");
  CHECK(!bot.error_of("odd").empty());
  CHECK(!bot.error_of("crooked").empty());
  CHECK(!bot.error_of("nowhere").empty());
  CHECK(!bot.error_of("platform").empty());
  CHECK(bot.error_of("empty") == "there is no text");
  CHECK(bot.log.str().find("cannot post bad: HTTP 404") != std::string::npos);
  CHECK(bot.log.str().find("MARKED-SECRET") == std::string::npos);
}

TEST_CASE("poster: a target that is down is tried ever more rarely, all its rows together") {
  Bot bot;
  std::vector<sys_seconds> tries;
  std::atomic<int> count{0};
  Receiver receiver([&](const Received&) {
    tries.push_back(bot.now());
    ++count;
    return Behaviour::answer(500);
  });
  bot.config.outgoing["hub"] = webhook(receiver.url());
  for (int i = 0; i < 30; ++i) {
    bot.enqueue(fmt::format("k{}", i), fmt::format("generic:g{}", i), "hub");
  }
  bot.start();
  REQUIRE(becomes([&] { return count >= 9; }));
  bot.poster->stop();
  receiver.settle();
  for (std::size_t i = 1; i < tries.size(); ++i) {
    CHECK(tries[i] - tries[i - 1] >= seconds{std::min(60, 1 << (i - 1))});
  }
}

TEST_CASE("poster: Retry-After is honoured") {
  Bot bot;
  std::vector<sys_seconds> tries;
  Receiver receiver([&](const Received&) {
    tries.push_back(bot.now());
    if (tries.size() == 1) return Behaviour::answer(429, "", "Retry-After: 45\r\n");
    if (tries.size() == 2) {
      return Behaviour::answer(503, "",
                               "Date: Mon, 10 Feb 2020 02:00:00 GMT\r\n"
                               "Retry-After: Mon, 10 Feb 2020 02:00:30 GMT\r\n");
    }
    return Behaviour::answer(200);
  });
  bot.config.outgoing["hub"] = webhook(receiver.url());
  bot.enqueue("k", "generic:g1", "hub");
  bot.start();
  REQUIRE(becomes([&] { return bot.state().sent == 1; }));
  bot.poster->stop();
  receiver.settle();
  CHECK(tries[1] - tries[0] >= 45s);
  CHECK(tries[2] - tries[1] >= 30s);
}

TEST_CASE("poster: after 24 hours of failures a row is given up, kept with the reason") {
  std::atomic<int> tries{0};
  Receiver receiver([&](const Received&) {
    ++tries;
    return Behaviour::answer(503);
  });
  Bot bot;
  bot.config.outgoing["hub"] = webhook(receiver.url());
  bot.enqueue("k", "generic:g1", "hub");
  bot.start();
  REQUIRE(becomes([&] { return tries >= 3; }));
  CHECK(bot.state().waiting == 1);
  bot.offset = 25 * 3600;
  CHECK(becomes([&] { return bot.state().parked == 1; }));
  CHECK(bot.error_of("k") == "HTTP 503; given up after 24 hours");
}

TEST_CASE("poster: rows older than 24 hours at the start are not sent") {
  std::atomic<int> requests{0};
  Receiver receiver([&](const Received&) {
    ++requests;
    return Behaviour::answer(200);
  });
  Bot bot;
  bot.config.outgoing["hub"] = webhook(receiver.url());
  bot.enqueue("old", "generic:g1", "hub");
  bot.offset = 25 * 3600;
  bot.enqueue("new", "generic:g1", "hub");
  bot.start();
  CHECK(becomes([&] { return bot.state().sent == 1; }));
  CHECK(bot.state().expired == 1);
  CHECK(requests == 1);
}

TEST_CASE("poster: restarted around the hour, it posts each brief once, with figures and key") {
  Inbox inbox;
  Receiver receiver([&](const Received& request) {
    const std::lock_guard lock(inbox.mutex);
    inbox.all.push_back(request);
    return Behaviour::answer(200);
  });
  Bot bot;
  bot.origin = Zone("Asia/Shanghai").instant(*parse_day("2020-02-10"), 20 * 60) - 30s;
  bot.config.outgoing["hub"] = webhook(receiver.url());
  bot.config.groups["generic:g1"].summary = {20 * 60};
  bot.config.groups["generic:g1"].post_to = {"hub"};
  bot.config.groups["generic:g2"] = bot.config.groups["generic:g1"];
  bot.start();
  for (int i = 0; i < 12; ++i) {
    std::this_thread::sleep_for(50ms);
    bot.offset = i % 4 == 3 ? -3600 : (i % 5 == 4 ? 3600 : 0);
    bot.restart();
  }
  bot.offset = 0;
  CHECK(becomes([&] { return bot.state().sent == 2; }));
  std::this_thread::sleep_for(50ms);
  bot.poster->stop();
  receiver.settle();
  REQUIRE(inbox.all.size() == 2);
  const auto body = json::parse(inbox.all[0].body);
  CHECK(body["id"] == "brief/generic:g1/2020-02-10/20:00/hub");
  CHECK(inbox.all[0].headers.at("idempotency-key") == body["id"]);
  CHECK(body["group"] == "generic:g1");
  CHECK(body["figures"] == json{{"gaps", json::array()}});
}
