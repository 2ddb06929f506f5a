#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "bot/deadlines.h"
#include "bot/engine.h"
#include "bot/platform.h"
#include "bot/server.h"

/// Serves /webhook/NAME: reads callbacks by the platform, has them recorded by the engine, and
/// answers by the platform once that is durable. Where the platform does not wait so long, or takes
/// no reply in the answer, the reply goes through the outbox.
///
/// All that is given must outlive it; the server is stopped before it goes.
class Webhooks {
 public:
  /// `posted` is called after something came into the outbox.
  Webhooks(Engine& engine, Engine::Clock clock, std::function<void()> posted,
           std::function<void()> recorded = {})
      : engine_(engine),
        clock_(std::move(clock)),
        posted_(std::move(posted)),
        recorded_(std::move(recorded)) {}

  void add(Server& server, const Platform& platform, std::string_view name);

 private:
  struct Turn;
  void take(const Platform& platform, const HttpRequest& request, const Server::Answer& answer);
  void record(const std::shared_ptr<Turn>& turn, Message message);
  void finish(const std::shared_ptr<Turn>& turn, const Message& message,
              const Engine::Outcome& outcome);

  Engine& engine_;
  const Engine::Clock clock_;
  const std::function<void()> posted_, recorded_;
  Deadlines deadlines_;
};
