#include "storage/outbox.h"

using std::chrono::seconds;
using std::chrono::sys_seconds;

// One try at a time and one back-off for each target live in outbox_targets: a receiver that is
// down is tried once a minute, however many rows wait for it. `head` is the target's first waiting
// row, 0 where nothing waits. outbox_posts is the last minute's posts.
const std::string_view kOutboxSchema = R"(
CREATE TABLE outbox (
  id BIGINT PRIMARY KEY,
  dedup TEXT NOT NULL UNIQUE,
  grp TEXT NOT NULL,
  target TEXT NOT NULL,
  body TEXT NOT NULL,
  figures TEXT NOT NULL,
  cause TEXT NOT NULL CHECK (cause <> ''),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'parked', 'expired')),
  created BIGINT NOT NULL,
  not_before BIGINT NOT NULL,
  retry_at BIGINT NOT NULL DEFAULT 0,
  attempts BIGINT NOT NULL DEFAULT 0,
  refusals BIGINT NOT NULL DEFAULT 0,
  parts_sent BIGINT NOT NULL DEFAULT 0,
  unanswered BIGINT NOT NULL DEFAULT 0,
  last_error TEXT NOT NULL DEFAULT '',
  sent_at BIGINT,
  way TEXT NOT NULL DEFAULT '',
  attachment TEXT NOT NULL DEFAULT ''
);
CREATE INDEX outbox_due ON outbox (target, id) WHERE state = 'waiting';
CREATE INDEX outbox_order ON outbox (target, grp, id) WHERE state = 'waiting';
CREATE TABLE outbox_targets (
  target TEXT PRIMARY KEY,
  failures BIGINT NOT NULL DEFAULT 0,
  retry_at BIGINT NOT NULL DEFAULT 0,
  lease_until BIGINT NOT NULL DEFAULT 0,
  head BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX outbox_targets_due ON outbox_targets (head) WHERE failures = 0 AND head > 0;
CREATE INDEX outbox_targets_ailing ON outbox_targets (head) WHERE failures > 0 AND head > 0;
CREATE TABLE group_ways (
  grp TEXT PRIMARY KEY,
  way TEXT NOT NULL
);
CREATE TABLE outbox_posts (
  target TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX outbox_posts_of ON outbox_posts (target, at);
CREATE TABLE brief_hours (
  grp TEXT NOT NULL,
  weekly BIGINT NOT NULL,
  minute BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  PRIMARY KEY (grp, weekly, minute)
);
CREATE INDEX brief_hours_due ON brief_hours (next_at);
CREATE TABLE changed_settings (
  grp TEXT PRIMARY KEY
);
CREATE TABLE alerts (
  grp TEXT NOT NULL,
  about TEXT NOT NULL,
  PRIMARY KEY (grp, about)
);
)";

// The first row of target t that may be sent at $1: none overtakes an earlier one of its group.
#define JIELI_DUE_ROW                                                             \
  " (SELECT o.id FROM outbox o WHERE o.state = 'waiting' AND o.target = t.target" \
  "   AND o.not_before <= $1 AND (o.retry_at <= $1 OR o.retry_at > $2)"           \
  "   AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.state = 'waiting'"           \
  "     AND e.target = o.target AND e.grp = o.grp AND e.id < o.id)"               \
  "   ORDER BY o.id LIMIT 1)"

namespace {

constexpr std::int64_t kHeadsAtOnce = 32;
constexpr std::int64_t kKept = 10000;
// Stored times are whole seconds: only 61 of them apart are surely a minute apart.
constexpr std::int64_t kMinute = 61;

std::int64_t number(sys_seconds time) { return time.time_since_epoch().count(); }

}  // namespace

bool Outbox::insert(const Post& post, std::string_view state, std::string_view error,
                    sys_seconds now) {
  database_.run(
      "INSERT INTO outbox (id, dedup, grp, target, body, figures, cause, state, created, "
      "not_before,"
      " last_error, way, attachment) VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM outbox),"
      " $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (dedup) DO NOTHING",
      {post.key, post.group, post.target, post.text, post.figures, post.cause, state, number(now),
       number(post.not_before.value_or(sys_seconds{})), error, post.way,
       post.attachment});
  return database_.changed() == 1;
}

bool Outbox::enqueue(const Post& post, sys_seconds now) {
  if (!insert(post, "waiting", "", now)) return false;
  note_head(post.target);
  return true;
}

void Outbox::learn_way(const std::string& group, const std::string& way) {
  database_.run(
      "INSERT INTO group_ways (grp, way) VALUES ($1, $2)"
      " ON CONFLICT (grp) DO UPDATE SET way = $2 WHERE group_ways.way <> $2",
      {group, way});
}

std::string Outbox::way_of(const std::string& group) {
  return database_.text("SELECT way FROM group_ways WHERE grp = $1", {group}).value_or("");
}

bool Outbox::record_expired(const Post& post, std::string_view why, sys_seconds now) {
  return insert(post, "expired", why, now);
}

bool Outbox::knows(std::string_view key) {
  return database_.integer("SELECT 1 FROM outbox WHERE dedup = $1", {key}).has_value();
}

std::vector<Claimed> Outbox::claim(const ClaimLimits& limits, sys_seconds now) {
  std::vector<Claimed> taken;
  std::size_t ailing = limits.ailing;
  for (const bool healthy : {true, false}) {
    std::int64_t after = 0;
    while (taken.size() < limits.rows && (healthy || ailing > 0)) {
      const std::vector<Head> heads = due_heads(healthy, after, now);
      for (const Head& head : heads) {
        after = head.first;
        if (taken.size() >= limits.rows || (!healthy && ailing == 0)) break;
        if (head.id == 0 || (limits.busy && limits.busy(head.target))) continue;
        const std::int64_t limit = limits.posts_a_minute ? limits.posts_a_minute(head.target) : 0;
        if (limit > 0 && !room(head.target, limit, now)) continue;
        auto row = take(head, now);
        if (!row) continue;
        if (!healthy) --ailing;
        taken.push_back(std::move(*row));
      }
      if (heads.size() < static_cast<std::size_t>(kHeadsAtOnce)) break;
    }
  }
  return taken;
}

// Targets with something to send, by their first waiting row, a page at a time: what is not waited
// for costs nothing.
std::vector<Outbox::Head> Outbox::due_heads(bool healthy, std::int64_t after, sys_seconds now) {
  std::vector<Head> heads;
  const std::int64_t at = number(now);
  const std::int64_t stepped = number(now + kLongestWait);
  const std::int64_t lease = number(now + kOutboxLease);
  const auto each = [&](const Row& row) {
    heads.push_back(
        {row.string(0), row.integer(1), row.integer(2), row.maybe_integer(3).value_or(0)});
  };
  if (healthy) {
    database_.run(
        "SELECT t.target, t.failures, t.head," JIELI_DUE_ROW
        " FROM outbox_targets t WHERE t.head > $3 AND t.failures = 0"
        " AND (t.retry_at <= $1 OR t.retry_at > $2) AND (t.lease_until <= $1 OR t.lease_until > $4)"
        " ORDER BY t.head LIMIT $5",
        {at, stepped, after, lease, kHeadsAtOnce}, each);
  } else {
    database_.run(
        "SELECT t.target, t.failures, t.head," JIELI_DUE_ROW
        " FROM outbox_targets t WHERE t.head > $3 AND t.failures > 0"
        " AND (t.retry_at <= $1 OR t.retry_at > $2) AND (t.lease_until <= $1 OR t.lease_until > $4)"
        " ORDER BY t.head LIMIT $5",
        {at, stepped, after, lease, kHeadsAtOnce}, each);
  }
  return heads;
}

std::optional<Claimed> Outbox::take(const Head& head, sys_seconds now) {
  const std::int64_t lease = number(now + kOutboxLease);
  // Another instance may have been here between the two statements.
  database_.run(
      "UPDATE outbox_targets SET lease_until = $1"
      " WHERE target = $2 AND (lease_until <= $3 OR lease_until > $1)",
      {lease, head.target, number(now)});
  if (database_.changed() != 1) return std::nullopt;
  Claimed row = read(head.id);
  if (row.id == 0) return std::nullopt;
  row.target_failures = head.failures;
  row.lease = lease;
  database_.run("UPDATE outbox SET unanswered = 1 WHERE id = $1", {head.id});
  return row;
}

void Outbox::note_head(const std::string& target) {
  database_.run(
      "INSERT INTO outbox_targets (target, head) VALUES ($1, coalesce((SELECT min(o.id)"
      " FROM outbox o WHERE o.state = 'waiting' AND o.target = $1), 0))"
      " ON CONFLICT (target) DO UPDATE SET head = excluded.head"
      " WHERE outbox_targets.head <> excluded.head",
      {target});
}

bool Outbox::room(const std::string& target, std::int64_t limit, sys_seconds now) {
  const std::int64_t at = number(now);
  database_.run("DELETE FROM outbox_posts WHERE target = $1 AND (at <= $2 OR at > $3)",
                {target, at - kMinute, at});
  const auto posts =
      database_.integer("SELECT COUNT(*) FROM outbox_posts WHERE target = $1", {target});
  if (posts.value_or(0) < limit) return true;
  const auto oldest =
      database_.integer("SELECT MIN(at) FROM outbox_posts WHERE target = $1", {target});
  database_.run("UPDATE outbox_targets SET retry_at = $1 WHERE target = $2",
                {oldest.value_or(at) + kMinute, target});
  return false;
}

Claimed Outbox::read(std::int64_t id) {
  Claimed row;
  database_.run(
      "SELECT id, dedup, grp, target, body, figures, cause, created, attempts, parts_sent,"
      " unanswered, refusals, way, COALESCE((SELECT w.way FROM group_ways w WHERE w.grp = target), "
      "''), attachment"
      " FROM outbox WHERE id = $1 AND state = 'waiting'",
      {id}, [&](const Row& found) {
        row.id = found.integer(0);
        row.post.key = found.string(1);
        row.post.group = found.string(2);
        row.post.target = found.string(3);
        row.post.text = found.string(4);
        row.post.figures = found.string(5);
        row.post.cause = found.string(6);
        row.created = sys_seconds{seconds{found.integer(7)}};
        row.attempts = found.integer(8);
        row.parts_sent = found.integer(9);
        row.repeat = found.integer(10) != 0;
        row.refusals = found.integer(11);
        row.post.way = found.string(12);
        row.group_way = found.string(13);
        row.post.attachment = found.string(14);
      });
  return row;
}

void Outbox::release(const Claimed& row, std::int64_t failures, sys_seconds retry) {
  // Where the lease has run out and another sender holds the target, its state is not ours to say.
  database_.run(
      "UPDATE outbox_targets SET lease_until = 0, failures = $1, retry_at = $2"
      " WHERE target = $3 AND lease_until = $4",
      {failures, number(retry), row.post.target, row.lease});
}

void Outbox::count_post(const Claimed& row, sys_seconds now) {
  database_.run("DELETE FROM outbox_posts WHERE target = $1 AND at <= $2",
                {row.post.target, number(now) - kMinute});
  database_.run("INSERT INTO outbox_posts (target, at) VALUES ($1, $2)",
                {row.post.target, number(now)});
}

void Outbox::sent(const Claimed& row, sys_seconds now) {
  database_.run(
      "UPDATE outbox SET state = 'sent', sent_at = $1, parts_sent = parts_sent + 1, unanswered = 0"
      " WHERE id = $2 AND state = 'waiting'",
      {number(now), row.id});
  note_head(row.post.target);
  count_post(row, now);
  release(row, 0, sys_seconds{});
}

void Outbox::sent_part(const Claimed& row, sys_seconds now) {
  database_.run(
      "UPDATE outbox SET parts_sent = $1, attempts = 0, refusals = 0, retry_at = 0, unanswered = 0,"
      " sent_at = $2 WHERE id = $3 AND state = 'waiting'",
      {row.parts_sent + 1, number(now), row.id});
  count_post(row, now);
  release(row, 0, sys_seconds{});
}

void Outbox::failed(const Claimed& row, std::string_view why, bool answered, sys_seconds row_retry,
                    sys_seconds target_retry, sys_seconds now) {
  database_.run(
      "UPDATE outbox SET attempts = attempts + 1, last_error = $1, retry_at = $2, unanswered = $3,"
      " refusals = $4 WHERE id = $5 AND state = 'waiting'",
      {why, number(row_retry), std::int64_t{answered && !row.repeat ? 0 : 1}, row.refusals,
       row.id});
  count_post(row, now);
  release(row, row.target_failures + 1, target_retry);
}

void Outbox::held(const Claimed& row, std::string_view why, sys_seconds until, bool asked,
                  sys_seconds now) {
  database_.run("UPDATE outbox SET last_error = $1, unanswered = $2 WHERE id = $3",
                {why, std::int64_t{row.repeat ? 1 : 0}, row.id});
  if (asked) count_post(row, now);
  release(row, row.target_failures, until);
}

void Outbox::park(const Claimed& row, std::string_view why, sys_seconds now) {
  database_.run(
      "UPDATE outbox SET state = 'parked', last_error = $1, attempts = attempts + 1"
      " WHERE id = $2 AND state = 'waiting'",
      {why, row.id});
  note_head(row.post.target);
  count_post(row, now);
  release(row, 0, sys_seconds{});
}

void Outbox::released(const Claimed& row, bool answered) {
  database_.run("UPDATE outbox SET unanswered = $1 WHERE id = $2",
                {std::int64_t{answered && !row.repeat ? 0 : 1}, row.id});
  release(row, row.target_failures, sys_seconds{});
}

std::int64_t Outbox::expire(sys_seconds created_before, std::string_view why) {
  database_.run(
      "UPDATE outbox SET state = 'expired', last_error = $1"
      " WHERE state = 'waiting' AND created < $2 AND not_before < $2",
      {why, number(created_before)});
  const std::int64_t expired = database_.changed();
  database_.run(
      "UPDATE outbox_targets SET head = coalesce((SELECT min(o.id) FROM outbox o"
      " WHERE o.state = 'waiting' AND o.target = outbox_targets.target), 0) WHERE head > 0");
  return expired;
}

void Outbox::prune(sys_seconds created_before) {
  database_.run(
      "DELETE FROM outbox WHERE state <> 'waiting' AND created < $1"
      " AND id <= (SELECT MAX(id) FROM outbox) - $2",
      {number(created_before), kKept});
}

void Outbox::forget_waits() {
  database_.run("UPDATE outbox SET retry_at = 0 WHERE state = 'waiting' AND retry_at <> 0");
  database_.run("UPDATE outbox_targets SET retry_at = 0, lease_until = 0");
}

OutboxState Outbox::state() {
  OutboxState found;
  database_.run("SELECT state, COUNT(*), MIN(created) FROM outbox GROUP BY state", {},
                [&](const Row& row) {
                  const auto state = row.text(0);
                  const auto count = row.integer(1);
                  if (state == "sent") found.sent = count;
                  if (state == "parked") found.parked = count;
                  if (state == "expired") found.expired = count;
                  if (state != "waiting") return;
                  found.waiting = count;
                  found.oldest_waiting = sys_seconds{seconds{row.integer(2)}};
                });
  return found;
}
