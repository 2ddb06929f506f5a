#include "bot/outgoing/kind.h"

#include <algorithm>

#include <fmt/format.h>

#include "bot/outgoing/split.h"

const OutgoingKind* outgoing_kind(std::string_view name) {
  const auto* found = std::find_if(kOutgoingKinds.begin(), kOutgoingKinds.end(),
                                   [&](const OutgoingKind& kind) { return kind.name == name; });
  return found == kOutgoingKinds.end() ? nullptr : found;
}

std::optional<Delivery> judge_status(const PostAnswer& answer) {
  if (answer.status >= 200 && answer.status < 300) return std::nullopt;
  Delivery delivery;
  delivery.why = fmt::format("HTTP {}", answer.status);
  if (answer.status == 408 || answer.status == 429 || answer.status >= 500) {
    delivery.outcome = Delivery::Outcome::retry;
    delivery.after = std::chrono::seconds{answer.retry_seconds.value_or(0)};
    return delivery;
  }
  if (answer.status < 400) {
    delivery.outcome = Delivery::Outcome::retry;
    delivery.most_tries = 5;
    delivery.why += ": redirects are not followed; put the final address into the config";
    return delivery;
  }
  delivery.outcome = Delivery::Outcome::park;
  return delivery;
}

Delivery deliver(HttpCaller& caller, const Outgoing& outgoing, const Claimed& row,
                 std::chrono::sys_seconds now) {
  Delivery delivery;
  delivery.outcome = Delivery::Outcome::park;
  const OutgoingKind* kind = outgoing_kind(outgoing.kind);
  if (kind == nullptr) {
    delivery.why = "this version cannot post to the kind of this outgoing";
    return delivery;
  }
  const auto parts = split(row.post.text, kind->most_bytes);
  const auto turn = static_cast<std::size_t>(row.parts_sent);
  if (turn >= parts.size()) {
    delivery.why = "there is no text";
    return delivery;
  }
  const auto outcome = caller.post(kind->write(outgoing, {row, parts[turn], now}));
  if (outcome.answer) {
    delivery = kind->judge(*outcome.answer);
    delivery.last = turn + 1 == parts.size();
    return delivery;
  }
  delivery.why = outcome.trouble;
  delivery.answered = !outcome.may_have_arrived;
  if (outcome.cancelled) {
    delivery.outcome = Delivery::Outcome::cancelled;
  } else if (!outcome.bad_url) {
    delivery.outcome = Delivery::Outcome::retry;
  }
  return delivery;
}
