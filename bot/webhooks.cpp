#include "bot/webhooks.h"

#include <atomic>

#include <fmt/format.h>

#include "bot/crypto.h"
#include "bot/log.h"
#include "storage/outbox.h"

namespace {

constexpr std::chrono::seconds kTryAgain{1};

/// A reply, or the rest of one, to be posted; its key keeps a callback that comes twice from being
/// answered twice.
Post post_of(const Message& message, std::string_view what, std::string_view text) {
  std::string event = "message";
  if (message.event == Event::recall) event = "recall";
  if (message.event == Event::edit) event = "edit " + hex(sha256(message.text));
  return {.key = fmt::format("{}/{}/{}/{}", what, message.group, message.id, event),
          .group = message.group,
          .target = message.group,
          .text = std::string(text),
          .figures = "",
          .cause = fmt::format("reply {} {}", message.group, message.id),
          .not_before = {},
          .way = message.way_back};
}

}  // namespace

/// One callback between its receipt and its answer. It is answered once: with the reply, or, when
/// its time is up, without.
struct Webhooks::Turn {
  enum class State { waiting, recorded, answered, late };

  const Platform& platform;
  const Server::Answer answer;
  const HttpResponse silence;
  std::atomic<State> state{State::waiting};
  std::atomic<bool> posted{false};       ///< the reply is in the outbox
  std::atomic<bool> rest_posted{false};  ///< what the answer does not hold of it is
  bool keeps_way = false;                ///< the platform wants something kept of the group

  /// True where this call is the one that ends the wait.
  bool end(State how) {
    State now = state.load();
    while (now == State::waiting || now == State::recorded) {
      if (state.compare_exchange_weak(now, how)) return true;
    }
    return false;
  }
  bool late() const { return state.load() == State::late; }

  /// What the answer carries of a reply, and what is left of it to be posted.
  FirstPart carried(const std::string& text) const {
    if (platform.answers_any_length()) return {text, {}};
    const Platform::Limits limits = platform.limits();
    return first_part(text, limits.most, limits.unit);
  }
};

void Webhooks::add(Server& server, const Platform& platform, std::string_view name) {
  const auto handler = [this, &platform](const HttpRequest& request, const Server::Answer& answer) {
    take(platform, request, answer);
  };
  const std::string path = fmt::format("/webhook/{}", name);
  server.route_late("POST", path, handler);
  if (name != "generic") server.route_late("GET", path, handler);  // handshakes
}

void Webhooks::take(const Platform& platform, const HttpRequest& request,
                    const Server::Answer& answer) {
  Callback callback = platform.receive(request, clock_());
  if (!callback.message) return answer([&] { return callback.answer; });
  Message& message = *callback.message;
  const auto patience = platform.patience(message);
  const auto turn = std::shared_ptr<Turn>(new Turn{
      platform, answer, patience ? platform.answer(message, {}, clock_()) : HttpResponse{}});
  turn->keeps_way = !message.group_way.empty();
  if (patience && patience->count() == 0) {
    // Answered after the commit as well, but never with the reply.
    turn->posted = true;
  } else if (patience) {
    deadlines_.after(*patience, [turn] {
      if (turn->end(Turn::State::late)) turn->answer([&] { return turn->silence; });
    });
  }
  record(turn, std::move(message));
}

void Webhooks::record(const std::shared_ptr<Turn>& turn, Message message) {
  const auto beside = [this, turn](Database& database, const Message& said, const Reply& reply) {
    if (reply.text.empty() && reply.entries.empty()) return;
    Outbox outbox(database);
    if (turn->keeps_way) outbox.learn_way(said.group, said.group_way);
    auto waiting = Turn::State::waiting;
    turn->state.compare_exchange_strong(waiting, Turn::State::recorded);
    if (reply.text.empty()) return;
    if (turn->late() || turn->posted) {
      turn->posted = true;
      outbox.enqueue(post_of(said, "reply", reply.text), clock_());
    } else if (const auto rest = turn->carried(reply.text).rest; !rest.empty()) {
      turn->rest_posted = true;
      outbox.enqueue(post_of(said, "rest", rest), clock_());
    }
  };
  const auto done = [this, turn](const Message& said, const Engine::Outcome& outcome) {
    finish(turn, said, outcome);
  };
  engine_.handle(std::move(message), done, beside);
}

void Webhooks::finish(const std::shared_ptr<Turn>& turn, const Message& message,
                      const Engine::Outcome& outcome) {
  if (recorded_ && outcome.reply && !outcome.reply->entries.empty()) recorded_();
  if (turn->end(Turn::State::answered)) {
    turn->answer([&] {
      if (outcome.error) std::rethrow_exception(outcome.error);
      Reply reply = *outcome.reply;
      reply.text = turn->posted ? "" : std::string(turn->carried(reply.text).part);
      return turn->platform.answer(message, reply, clock_());
    });
    if ((turn->posted || turn->rest_posted) && posted_) posted_();
    return;
  }
  if (outcome.error) {
    // The platform believes that it was taken, and will not send it again.
    log_warning("a message that was answered late could not be recorded; trying again");
    deadlines_.after(kTryAgain, [this, turn, message] {
      try {
        record(turn, message);
      } catch (const StorageError& failed) {
        finish(turn, message, {std::nullopt, std::make_exception_ptr(failed)});
      }
    });
    return;
  }
  if (!turn->posted && !outcome.reply->text.empty()) {
    const std::string& text = outcome.reply->text;
    const std::string_view unsaid = turn->rest_posted ? turn->carried(text).part : text;
    engine_.write_soon([this, post = post_of(message, "reply", unsaid)](Database& database) {
      Outbox(database).enqueue(post, clock_());
    });
  }
  if (posted_) posted_();
}
