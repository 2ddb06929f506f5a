#include "storage/questions.h"

#include <nlohmann/json.hpp>

#define JIELI_QUESTION_COLUMNS \
  "grp, number, user_id, kind, about, message, event, parts, asked_at"

namespace {

Question read(const Row& row) {
  Question q;
  q.group = row.string(0);
  q.number = row.integer(1);
  q.user = row.string(2);
  q.kind = row.string(3);
  q.about = row.integer(4);
  q.message = row.string(5);
  q.event = row.string(6);
  q.parts = nlohmann::json::parse(row.text(7)).get<std::vector<std::size_t>>();
  q.asked = std::chrono::sys_seconds(std::chrono::seconds(row.integer(8)));
  return q;
}

}  // namespace

std::int64_t Questions::ask(const Question& q) {
  db_.run("UPDATE groups SET questions = questions + 1 WHERE grp = $1", {q.group});
  if (db_.changed() == 0) {
    db_.run("INSERT INTO groups (grp, numbers, questions) VALUES ($1, 0, 1)", {q.group});
  }
  const std::int64_t number =
      db_.integer("SELECT questions FROM groups WHERE grp = $1", {q.group}).value();
  const std::string parts = nlohmann::json(q.parts).dump();
  db_.run(
      "INSERT INTO questions (grp, number, user_id, kind, about, message, event, parts, asked_at,"
      " open, bare) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, 1)",
      {q.group, number, q.user, q.kind, q.about, q.message, q.event, parts,
       std::int64_t{q.asked.time_since_epoch().count()}});
  return number;
}

std::optional<Question> Questions::find_open(const std::string& group, std::int64_t number) {
  std::optional<Question> found;
  db_.run("SELECT " JIELI_QUESTION_COLUMNS
          " FROM questions WHERE grp = $1 AND number = $2 AND open = 1",
          {group, number}, [&](const Row& row) { found = read(row); });
  return found;
}

std::optional<Question> Questions::open_about(const std::string& group, std::int64_t entry,
                                              const std::string& user) {
  std::optional<Question> found;
  db_.run("SELECT " JIELI_QUESTION_COLUMNS
          " FROM questions WHERE grp = $1 AND about = $2 AND open = 1"
          " AND ($3 = '' OR user_id = $3) ORDER BY number DESC LIMIT 1",
          {group, entry, user}, [&](const Row& row) { found = read(row); });
  return found;
}

std::vector<Question> Questions::bare(const std::string& group, const std::string& user,
                                      std::chrono::sys_seconds since) {
  std::vector<Question> found;
  db_.run("SELECT " JIELI_QUESTION_COLUMNS
          " FROM questions WHERE grp = $1 AND user_id = $2 AND open = 1 AND bare = 1"
          " AND asked_at >= $3 ORDER BY number",
          {group, user, std::int64_t{since.time_since_epoch().count()}},
          [&](const Row& row) { found.push_back(read(row)); });
  return found;
}

std::optional<Question> Questions::latest(const std::string& group, const std::string& user,
                                          const std::string& kind) {
  std::optional<Question> found;
  db_.run("SELECT " JIELI_QUESTION_COLUMNS
          " FROM questions WHERE grp = $1 AND user_id = $2 AND kind = $3 AND open = 1"
          " ORDER BY number DESC LIMIT 1",
          {group, user, kind}, [&](const Row& row) { found = read(row); });
  return found;
}

std::vector<std::pair<std::string, std::int64_t>> Questions::untouched_needs(
    std::chrono::sys_seconds since) {
  std::vector<std::pair<std::string, std::int64_t>> found;
  db_.run(
      "SELECT n.grp, n.number FROM standing n WHERE n.open = 1 AND n.kind = 'need'"
      " AND n.said_at < $1"
      " AND NOT EXISTS (SELECT 1 FROM standing s WHERE s.grp = n.grp AND s.item = n.item"
      " AND s.party = n.party AND s.number > n.number AND s.said_at >= $1)"
      " AND NOT EXISTS (SELECT 1 FROM questions q WHERE q.grp = n.grp AND q.about = n.number"
      " AND q.kind = 'stale' AND q.asked_at >= $1)"
      " ORDER BY n.grp, n.number",
      {std::int64_t{since.time_since_epoch().count()}},
      [&](const Row& row) { found.emplace_back(row.string(0), row.integer(1)); });
  return found;
}

void Questions::close_all_of(const std::string& group, const std::string& message) {
  // By who said it: for an index of messages each question would have to pay.
  db_.run(
      "UPDATE questions SET open = 0 WHERE grp = $1 AND message = $2 AND open = 1"
      " AND user_id IN (SELECT m.user_id FROM messages m WHERE m.grp = $1 AND m.id = $2)",
      {group, message});
}

void Questions::close(const std::string& group, std::int64_t number) {
  db_.run("UPDATE questions SET open = 0 WHERE grp = $1 AND number = $2", {group, number});
}

void Questions::spoke(const std::string& group, const std::string& user) {
  db_.run(
      "UPDATE questions SET bare = 0 WHERE grp = $1 AND user_id = $2 AND open = 1"
      " AND bare = 1",
      {group, user});
}
