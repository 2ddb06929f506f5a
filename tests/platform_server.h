#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "bot/engine.h"
#include "bot/platform.h"
#include "bot/server.h"
#include "bot/webhooks.h"
#include "tests/program.h"
#include "tests/receiver.h"

/// One platform behind a real server, engine and ledger of its own, with a clock that stands still.
class PlatformServer {
 public:
  /// `api` maps paths of the platform's API to the JSON that a receiver answers there.
  PlatformServer(const std::string& name, PlatformConfig config,
                 const nlohmann::json& api = nullptr);
  ~PlatformServer();

  /// What the last request came to, beside its HTTP answer.
  struct Seen {
    std::optional<Message> message;
    bool duplicate = false;
  };
  /// Sends the request of a vector at its own time; the reply is what the bot says to its message.
  Answer play(const nlohmann::json& vector);
  Answer send(const std::string& method, const std::string& path,
              const std::vector<std::string>& headers, const std::string& body, std::int64_t now);
  /// Whatever the engine says instead of what it would; empty: its own words.
  std::optional<std::string> reply = "";
  /// How long the platform is said to wait, instead of as long as it does.
  std::optional<std::chrono::milliseconds> patience;
  const Seen& seen() const { return seen_; }
  /// The whole of the last reply.
  std::string said();
  std::size_t entries();
  int port() const { return port_; }
  Engine& engine() { return *engine_; }

 private:
  class Watched;
  std::unique_ptr<Receiver> api_;
  TemporaryFolder folder_;
  std::atomic<std::int64_t> now_{0};
  Seen seen_;
  std::unique_ptr<Platform> platform_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<Webhooks> webhooks_;
  int port_ = 0;
};

/// The body of a vector's request, whichever way it is written.
std::string body_of(const nlohmann::json& request);
