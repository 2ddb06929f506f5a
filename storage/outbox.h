#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/database.h"

/// The tables of the outbox, for a migration to run.
extern const std::string_view kOutboxSchema;

/// A claimed row belongs to its sender for this long; then it is there for the next one.
constexpr std::chrono::seconds kOutboxLease{20};
/// No retry is put off further than this. What seems to be was written before the clock went back.
constexpr std::chrono::seconds kLongestWait{3600 + 120};

/// Something that the bot says by itself.
struct Post {
  std::string key;      ///< however often it is enqueued, one key is said once
  std::string group;    ///< "platform:id"; posts of one group to one target keep their order
  std::string target;   ///< the name of an outgoing, or "platform:group"
  std::string text;     ///< UTF-8, of any length: who sends it cuts it
  std::string figures;  ///< JSON for receivers that calculate; "" where there is none
  std::string cause;    ///< what brought it about: "brief", "alert generic:g1 #12"
  std::optional<std::chrono::sys_seconds> not_before;  ///< empty: at once
  std::string way = {};  ///< what the target's platform needs to answer one message; only it reads it
  /// Instead of the text, a file that is made when it is sent (commands/attachment.h); "": none.
  std::string attachment = {};
};

/// A row handed to a sender: one try of one part of the text.
struct Claimed {
  std::int64_t id = 0;
  Post post;
  std::chrono::sys_seconds created;
  std::int64_t attempts = 0;         ///< tries of this row that failed since something went well
  std::int64_t refusals = 0;         ///< of these, those that a receiver may say only so often
  std::int64_t parts_sent = 0;       ///< parts of a cut text that have arrived
  bool repeat = false;               ///< an earlier try may have arrived, its answer was lost
  std::int64_t target_failures = 0;  ///< tries in a row that the target failed, of any row
  std::int64_t lease = 0;            ///< which claim this is
  std::string group_way = {};        ///< what was learnt of the target, see learn_way()
};

/// What a claim may take.
struct ClaimLimits {
  std::size_t rows = 1;
  /// Of these, rows of targets whose last try failed.
  std::size_t ailing = 1;
  /// Targets to leave alone, for instance since this process is posting to them. May be empty.
  std::function<bool(const std::string& target)> busy;
  /// Posts in any 60 seconds that a target takes; 0 is without limit. May be empty.
  std::function<std::int64_t(const std::string& target)> posts_a_minute;
};

/// The outbox as /metrics shows it.
struct OutboxState {
  std::int64_t waiting = 0, sent = 0, parked = 0, expired = 0;
  std::optional<std::chrono::sys_seconds> oldest_waiting;
};

/// Everything that the bot says by itself. A row is written in the transaction of its cause,
/// claimed by one sender at a time, and delivered at least once; the key lets a receiver tell
/// repeats.
///
/// All members run inside the caller's transaction and throw StorageError. A row is waiting, then
/// sent, parked (given up, with the reason) or expired (its time passed).
class Outbox {
 public:
  explicit Outbox(Database& database) : database_(database) {}

  /// Writes a row unless one with this key exists. True where it was new.
  bool enqueue(const Post& post, std::chrono::sys_seconds now);
  /// Writes a row that is not to be sent, as a record of why. True where the key was new.
  bool record_expired(const Post& post, std::string_view why, std::chrono::sys_seconds now);
  bool knows(std::string_view key);
  /// Keeps what the platform of `group` needs to speak into it at any later time.
  void learn_way(const std::string& group, const std::string& way);
  /// What was kept last; "" where nothing was.
  std::string way_of(const std::string& group);

  /// Takes due rows, at most one of each target: healthy targets first, then the oldest row. A
  /// later row of a target and group is never taken while an earlier one waits. The next claim of
  /// the target is possible when the outcome was told below, or when the lease has passed.
  std::vector<Claimed> claim(const ClaimLimits& limits, std::chrono::sys_seconds now);

  // What came of a claim. Each ends the lease; all but released() count as a post of the minute.

  /// All of the text has arrived.
  void sent(const Claimed& row, std::chrono::sys_seconds now);
  /// One more part has arrived, others are to follow.
  void sent_part(const Claimed& row, std::chrono::sys_seconds now);
  /// Not delivered; the row may be tried again at `row_retry`, the target with any row at
  /// `target_retry`. `answered`: it certainly did not arrive. `refusals` become the row's.
  void failed(const Claimed& row, std::string_view why, bool answered,
              std::chrono::sys_seconds row_retry, std::chrono::sys_seconds target_retry,
              std::chrono::sys_seconds now);
  /// A pause for the target; no failure of the row. `asked`: a post was made, and counts.
  void held(const Claimed& row, std::string_view why, std::chrono::sys_seconds until, bool asked,
            std::chrono::sys_seconds now);
  /// Never to be delivered, with the reason.
  void park(const Claimed& row, std::string_view why, std::chrono::sys_seconds now);
  /// Broken off by the sender itself.
  void released(const Claimed& row, bool answered);

  /// Waiting rows created before `created_before` become expired. Returns how many.
  std::int64_t expire(std::chrono::sys_seconds created_before, std::string_view why);
  /// Deletes rows that are done with and older than `created_before`, but none of the newest
  /// 10,000: a clock that is far ahead for a moment must not forget what was said today.
  void prune(std::chrono::sys_seconds created_before);
  /// Makes all that waits due at once: the clock was put back, stored times mean nothing any more.
  void forget_waits();

  OutboxState state();

 private:
  bool insert(const Post& post, std::string_view state, std::string_view error,
              std::chrono::sys_seconds now);
  /// A target's first waiting row, and which of its rows may be sent now (0: none).
  struct Head {
    std::string target;
    std::int64_t failures = 0, first = 0, id = 0;
  };
  std::vector<Head> due_heads(bool healthy, std::int64_t after, std::chrono::sys_seconds now);
  std::optional<Claimed> take(const Head& head, std::chrono::sys_seconds now);
  void note_head(const std::string& target);
  bool room(const std::string& target, std::int64_t limit, std::chrono::sys_seconds now);
  Claimed read(std::int64_t id);
  void release(const Claimed& row, std::int64_t failures, std::chrono::sys_seconds retry);
  void count_post(const Claimed& row, std::chrono::sys_seconds now);

  Database& database_;
};
