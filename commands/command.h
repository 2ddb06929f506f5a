#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "commands/attachment.h"
#include "commands/message.h"
#include "commands/parser/catalogue.h"
#include "commands/parser/statement.h"
#include "storage/database.h"

/// What is known of a group besides its ledger; "" where it is not.
struct GroupFacts {
  std::string name, organisation;
  std::string area;  ///< 安徽/合肥
};

/// What the operator settled, as far as handlers need it. Values and pure functions only.
struct Policy {
  const Catalogue* catalogue = nullptr;
  std::set<std::string> coordinators;  ///< "platform:user"; in all groups
  /// The local date of an instant in a group's zone, in days since 1970-01-01.
  std::function<std::int64_t(const std::string& group, std::chrono::sys_seconds)> day;
  /// The group's name for people; its id where it has none.
  std::function<std::string(const std::string& group)> group_name;
  std::map<std::string, GroupFacts> groups;  ///< those of the config
  /// Whether a group's briefs have anywhere to go; may be empty.
  std::function<bool(const std::string& group)> can_post;
  /// Whether the bot can say something in a group by itself; may be empty.
  std::function<bool(const std::string& group)> can_speak;
  /// Whether a file can be posted into the group; may be empty.
  std::function<bool(const std::string& group, Attachment::Kind kind)> can_attach;
  /// Messages a minute that one user may have recorded; 0 is without limit (replay).
  int messages_a_minute = 60;
  bool matchmaker = false;  ///< something else plans large boards, so that no message waits for it
  int match_hours = 48;    ///< a confirmed match waits so long for its shipment; 0: for ever
  int transit_hours = 48;  ///< then a match's shipment is asked about; 0: never
  /// SHA-256 (hex) of the code that 认领管理 takes; empty: none is open.
  std::string claim_code_hash;
};

/// One message from its reading to its reply: the same message again gets the first answer, chatter
/// is not stored, everything else is recorded with its reply. Runs inside the caller's transaction
/// and leaves commit or rollback to it. `now` is the server's clock, in UTC.
/// Throws StorageError where the database fails; nothing of the message may then be kept.
Reply answer(Database& database, const Message& message, const Reading& reading,
             const Policy& policy, std::chrono::sys_seconds now);

/// The name under which the ledger keeps an item: catalogue name or the group's own alias, else as
/// said. Folds case, width and script.
std::string ledger_item(Database& database, const Catalogue& catalogue, const std::string& group,
                        const std::string& said);
