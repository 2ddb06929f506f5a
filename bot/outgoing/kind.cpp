#include "bot/outgoing/kind.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bot/outgoing/split.h"

const OutgoingKind* outgoing_kind(std::string_view name) {
  const auto* found = std::find_if(kOutgoingKinds.begin(), kOutgoingKinds.end(),
                                   [&](const OutgoingKind& kind) { return kind.name == name; });
  return found == kOutgoingKinds.end() ? nullptr : found;
}

Delivery parked(std::string why) {
  Delivery delivery;
  delivery.outcome = Delivery::Outcome::park;
  delivery.why = std::move(why);
  return delivery;
}

Delivery retried(std::string why, std::int64_t most_tries) {
  Delivery delivery;
  delivery.outcome = Delivery::Outcome::retry;
  delivery.why = std::move(why);
  delivery.most_tries = most_tries;
  return delivery;
}

Delivery held(std::string why, std::chrono::seconds after) {
  Delivery delivery;
  delivery.outcome = Delivery::Outcome::hold;
  delivery.why = std::move(why);
  delivery.after = after;
  return delivery;
}

Delivery paced(std::chrono::seconds after) {
  Delivery delivery = held("the account's pace", after);
  delivery.asked = false;
  return delivery;
}

std::optional<Delivery> judge_status(const PostAnswer& answer) {
  if (answer.status >= 200 && answer.status < 300) return std::nullopt;
  std::string why = fmt::format("HTTP {}", answer.status);
  if (answer.status == 408 || answer.status == 429 || answer.status >= 500) {
    Delivery delivery = retried(std::move(why));
    delivery.after = std::chrono::seconds{answer.retry_seconds.value_or(0)};
    return delivery;
  }
  if (answer.status < 400) {
    why += ": redirects are not followed; put the final address into the config";
  }
  return parked(std::move(why));
}

std::optional<nlohmann::json> answered_json(const PostAnswer& answer) {
  using nlohmann::json;
  // Refuses depth before it can grow: dump() and copies of deep JSON recurse.
  const auto shallow = [](int depth, json::parse_event_t, json&) { return depth < 32; };
  json body = json::parse(answer.body, shallow, false);
  return body.is_object() ? std::optional(std::move(body)) : std::nullopt;
}

Delivery unanswered(const PostOutcome& outcome) {
  Delivery delivery = outcome.bad_url ? parked(outcome.trouble) : retried(outcome.trouble);
  delivery.answered = !outcome.may_have_arrived;
  if (outcome.cancelled) delivery.outcome = Delivery::Outcome::cancelled;
  return delivery;
}

Delivery post(HttpCaller& caller, const PostRequest& request,
              Delivery (*judge)(const PostAnswer&)) {
  const PostOutcome outcome = caller.post(request);
  return outcome.answer ? judge(*outcome.answer) : unanswered(outcome);
}

Delivery deliver_part(const Claimed& row, const std::vector<std::string>& parts,
                      std::chrono::sys_seconds now,
                      const std::function<Delivery(const Letter&)>& say) {
  const auto turn = static_cast<std::size_t>(row.parts_sent);
  if (turn >= parts.size()) return parked("there is no text");
  Delivery delivery = say({row, parts[turn], now});
  delivery.last = turn + 1 == parts.size();
  return delivery;
}

Delivery deliver(HttpCaller& caller, const Outgoing& outgoing, const Claimed& row,
                 std::chrono::sys_seconds now) {
  const OutgoingKind* kind = outgoing_kind(outgoing.kind);
  if (kind == nullptr) return parked("this version cannot post to the kind of this outgoing");
  return deliver_part(row, split(row.post.text, kind->most_bytes), now, [&](const Letter& letter) {
    return post(caller, kind->write(outgoing, letter), kind->judge);
  });
}
