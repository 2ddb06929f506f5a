#include "storage/messages.h"

#include <nlohmann/json.hpp>

namespace {

StoredMessage read(const Row& row) {
  StoredMessage m;
  m.group = row.string(0);
  m.id = row.string(1);
  m.event = row.string(2);
  m.user = row.string(3);
  m.user_name = row.string(4);
  m.time = std::chrono::sys_seconds(std::chrono::seconds(row.integer(5)));
  m.received = std::chrono::sys_seconds(std::chrono::seconds(row.integer(6)));
  m.text = row.string(7);
  m.reply = row.string(8);
  m.entries = nlohmann::json::parse(row.text(9)).get<std::vector<std::int64_t>>();
  return m;
}

std::int64_t unix_time(std::chrono::sys_seconds time) { return time.time_since_epoch().count(); }

}  // namespace

std::optional<StoredMessage> Messages::find(const std::string& group, const std::string& id,
                                            const std::string& event) {
  std::optional<StoredMessage> found;
  db_.run(
      "SELECT grp, id, event, user_id, user_name, said_at, received_at, text, reply, entries"
      " FROM messages WHERE grp = $1 AND id = $2 AND event = $3",
      {group, id, event}, [&](const Row& row) { found = read(row); });
  return found;
}

bool Messages::known(const std::string& group, const std::string& id) {
  return db_.integer("SELECT 1 FROM messages WHERE grp = $1 AND id = $2 LIMIT 1", {group, id})
      .has_value();
}

void Messages::insert(const StoredMessage& m) {
  const std::string entries = nlohmann::json(m.entries).dump();
  db_.run(
      "INSERT INTO messages (grp, id, event, user_id, user_name, said_at, received_at, text, reply,"
      " entries) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {m.group, m.id, m.event, m.user, m.user_name, unix_time(m.time), unix_time(m.received),
       m.text, m.reply, entries});
}

std::optional<StoredMessage> Messages::same_text(const StoredMessage& message,
                                                 std::chrono::seconds span) {
  std::optional<StoredMessage> found;
  db_.run(
      "SELECT grp, id, event, user_id, user_name, said_at, received_at, text, reply, entries"
      " FROM messages WHERE grp = $1 AND user_id = $2 AND said_at BETWEEN $3 AND $4"
      " AND text = $5 AND event = 'message' AND entries <> '[]' AND id <> $6"
      " ORDER BY said_at DESC LIMIT 1",
      {message.group, message.user, unix_time(message.time - span), unix_time(message.time + span),
       message.text, message.id},
      [&](const Row& row) { found = read(row); });
  return found;
}

std::vector<std::int64_t> Messages::made(std::string_view sql,
                                         std::initializer_list<Value> values) {
  std::vector<std::int64_t> numbers;
  db_.run(sql, values, [&](const Row& row) {
    for (const auto& number : nlohmann::json::parse(row.text(0))) {
      numbers.push_back(number.get<std::int64_t>());
    }
  });
  return numbers;
}

std::vector<std::int64_t> Messages::entries_of(const std::string& group, const std::string& id) {
  return made("SELECT entries FROM messages WHERE grp = $1 AND id = $2", {group, id});
}

std::vector<std::int64_t> Messages::entries_since(const std::string& group, const std::string& user,
                                                  std::chrono::sys_seconds since) {
  return made(
      "SELECT entries FROM messages WHERE grp = $1 AND user_id = $2 AND said_at >= $3"
      " AND entries <> '[]' ORDER BY said_at DESC LIMIT 200",
      {group, user, unix_time(since)});
}

std::optional<std::string> Messages::saying(const std::string& group, const std::string& user,
                                            std::string_view text, bool cut,
                                            std::chrono::sys_seconds since) {
  return db_.text(
      "SELECT id FROM messages WHERE grp = $1 AND ($2 = '' OR user_id = $2) AND said_at >= $3"
      " AND entries <> '[]' AND (text = $4 OR ($5 = 1 AND substr(text, 1, length($4)) = $4))"
      " ORDER BY said_at DESC LIMIT 1",
      {group, user, unix_time(since), text, std::int64_t{cut ? 1 : 0}});
}
