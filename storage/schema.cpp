#include "storage/schema.h"

#include <array>
#include <string_view>

#include <fmt/format.h>

#include "storage/outbox.h"

namespace {

// Written for SQLite; another database rewrites the column types and table options in script().
// Tables with several indexes or long rows keep their rowid: without one, SQLite takes a scan of a
// group for cheaper than the index that was made for the question, and rows of all groups that are
// written together lie far apart.
// Keys come first in each table, "" stands for "none" in key columns, quantities are thousandths.
constexpr std::string_view kLedgerSchema = R"sql(
CREATE TABLE groups (
  grp TEXT NOT NULL PRIMARY KEY,
  numbers INTEGER NOT NULL,
  questions INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE messages (
  grp TEXT NOT NULL,
  id TEXT NOT NULL,
  event TEXT NOT NULL,
  user_id TEXT NOT NULL,
  user_name TEXT NOT NULL,
  said_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  text TEXT NOT NULL,
  reply TEXT NOT NULL,
  entries TEXT NOT NULL,
  PRIMARY KEY (grp, id, event)
) STRICT;
CREATE INDEX messages_by_sender ON messages (grp, user_id, said_at);

CREATE TABLE entries (
  grp TEXT NOT NULL,
  number INTEGER NOT NULL,
  message TEXT NOT NULL,
  kind TEXT NOT NULL,
  user_id TEXT NOT NULL,
  user_name TEXT NOT NULL,
  said_at INTEGER NOT NULL,
  day INTEGER NOT NULL,
  item TEXT NOT NULL,
  unit TEXT NOT NULL,
  quantity INTEGER,
  said TEXT NOT NULL,
  place TEXT NOT NULL,
  counterpart TEXT NOT NULL,
  word TEXT NOT NULL,
  expected INTEGER,
  value INTEGER,
  ref INTEGER,
  approx INTEGER NOT NULL,
  urgent INTEGER NOT NULL,
  replaces INTEGER NOT NULL,
  own_only INTEGER NOT NULL,
  unpaired INTEGER NOT NULL,
  covers_from INTEGER,
  covers_to INTEGER,
  answered INTEGER NOT NULL,
  change TEXT NOT NULL,
  other_unit TEXT NOT NULL,
  other INTEGER,
  PRIMARY KEY (grp, number)
) STRICT;
CREATE INDEX entries_answered ON entries (grp, message, number) WHERE answered = 1;
CREATE INDEX entries_by_ref ON entries (grp, ref, number) WHERE ref IS NOT NULL;
CREATE INDEX entries_supplements ON entries (grp, number) WHERE covers_to IS NOT NULL;

CREATE TABLE rules (
  grp TEXT NOT NULL,
  number INTEGER NOT NULL,
  names INTEGER NOT NULL,
  rule TEXT NOT NULL,
  PRIMARY KEY (grp, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
  grp TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (grp, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX settings_by_value ON settings (name, value);

CREATE TABLE standing (
  grp TEXT NOT NULL,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  user_id TEXT NOT NULL,
  user_name TEXT NOT NULL,
  said_at INTEGER NOT NULL,
  day INTEGER NOT NULL,
  item TEXT NOT NULL,
  unit TEXT NOT NULL,
  quantity INTEGER,
  place TEXT NOT NULL,
  party TEXT NOT NULL,
  counterpart TEXT NOT NULL,
  word TEXT NOT NULL,
  expected INTEGER,
  value INTEGER,
  ref INTEGER,
  approx INTEGER NOT NULL,
  replaces INTEGER NOT NULL,
  own_only INTEGER NOT NULL,
  unpaired INTEGER NOT NULL,
  voided_by INTEGER NOT NULL,
  open INTEGER NOT NULL,
  calm INTEGER NOT NULL,
  rest INTEGER NOT NULL,
  done INTEGER NOT NULL,
  fresh INTEGER NOT NULL,
  closed INTEGER NOT NULL,
  pair INTEGER NOT NULL,
  pairable INTEGER NOT NULL,
  effects TEXT NOT NULL,
  PRIMARY KEY (grp, number)
) STRICT;
CREATE INDEX standing_by_item ON standing (grp, item, number);
CREATE INDEX standing_open ON standing (grp, kind, item, party, unit, calm, number)
  WHERE open = 1;
CREATE INDEX standing_rest ON standing (grp, item, unit, rest)
  WHERE open = 1 AND kind = 'in_transit';
CREATE INDEX standing_pairable ON standing (grp, item, unit, kind, pairable, said_at)
  WHERE pairable <> 0;
CREATE INDEX standing_told ON standing (grp, item, unit, kind, party, said_at)
  WHERE pairable <> 0;
CREATE INDEX standing_amendments ON standing (grp, day) WHERE kind IN ('correction', 'void');
CREATE INDEX standing_size ON standing (grp, item, unit, kind, quantity)
  WHERE voided_by = 0 AND ref IS NULL AND quantity >= 100000;
CREATE INDEX standing_enough ON standing (grp, party, number) WHERE kind = 'enough';
CREATE INDEX standing_trust ON standing (grp, ref, number) WHERE kind IN ('verified', 'doubtful');
CREATE INDEX standing_at_places ON standing (grp, item, number)
  WHERE kind IN ('stock', 'used') AND place <> '';
CREATE INDEX standing_by_ref ON standing (grp, ref, number) WHERE ref IS NOT NULL;
CREATE INDEX standing_approx ON standing (grp, day, kind, item, unit, party)
  WHERE approx = 1 AND voided_by = 0;
CREATE INDEX standing_urgent ON standing (said_at)
  WHERE open = 1 AND kind = 'need' AND calm = 0;
CREATE INDEX standing_sent ON standing (said_at) WHERE open = 1 AND kind = 'in_transit';
CREATE INDEX standing_worth ON standing (grp, day) WHERE value IS NOT NULL AND voided_by = 0;

CREATE TABLE lines (
  grp TEXT NOT NULL,
  item TEXT NOT NULL,
  unit TEXT NOT NULL,
  first INTEGER NOT NULL,
  needed INTEGER NOT NULL DEFAULT 0,
  outstanding INTEGER NOT NULL DEFAULT 0,
  unknown INTEGER NOT NULL DEFAULT 0,
  offered INTEGER NOT NULL DEFAULT 0,
  in_transit INTEGER NOT NULL DEFAULT 0,
  received INTEGER NOT NULL DEFAULT 0,
  distributed INTEGER NOT NULL DEFAULT 0,
  used INTEGER NOT NULL DEFAULT 0,
  lost INTEGER NOT NULL DEFAULT 0,
  stock INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (grp, item, unit)
) STRICT, WITHOUT ROWID;

CREATE TABLE places (
  grp TEXT NOT NULL,
  item TEXT NOT NULL,
  unit TEXT NOT NULL,
  place TEXT NOT NULL,
  needed INTEGER NOT NULL DEFAULT 0,
  outstanding INTEGER NOT NULL DEFAULT 0,
  unknown INTEGER NOT NULL DEFAULT 0,
  offered INTEGER NOT NULL DEFAULT 0,
  in_transit INTEGER NOT NULL DEFAULT 0,
  received INTEGER NOT NULL DEFAULT 0,
  distributed INTEGER NOT NULL DEFAULT 0,
  used INTEGER NOT NULL DEFAULT 0,
  lost INTEGER NOT NULL DEFAULT 0,
  stock INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (grp, item, unit, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE daily (
  grp TEXT NOT NULL,
  item TEXT NOT NULL,
  unit TEXT NOT NULL,
  place TEXT NOT NULL,
  day INTEGER NOT NULL,
  needed INTEGER NOT NULL DEFAULT 0,
  outstanding INTEGER NOT NULL DEFAULT 0,
  unknown INTEGER NOT NULL DEFAULT 0,
  offered INTEGER NOT NULL DEFAULT 0,
  in_transit INTEGER NOT NULL DEFAULT 0,
  received INTEGER NOT NULL DEFAULT 0,
  distributed INTEGER NOT NULL DEFAULT 0,
  used INTEGER NOT NULL DEFAULT 0,
  lost INTEGER NOT NULL DEFAULT 0,
  stock INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (grp, item, unit, place, day)
) STRICT, WITHOUT ROWID;
CREATE INDEX daily_by_day ON daily (grp, day);

CREATE TABLE metrics (
  grp TEXT NOT NULL,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  day INTEGER NOT NULL,
  quantity INTEGER NOT NULL,
  PRIMARY KEY (grp, name, unit, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE questions (
  grp TEXT NOT NULL,
  number INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  about INTEGER NOT NULL,
  message TEXT NOT NULL,
  event TEXT NOT NULL,
  parts TEXT NOT NULL,
  asked_at INTEGER NOT NULL,
  open INTEGER NOT NULL,
  bare INTEGER NOT NULL,
  PRIMARY KEY (grp, number)
) STRICT;
CREATE INDEX questions_open ON questions (grp, user_id, number) WHERE open = 1;

CREATE TABLE contacts (
  grp TEXT NOT NULL,
  message TEXT NOT NULL,
  number TEXT NOT NULL,
  name TEXT NOT NULL,
  said_at INTEGER NOT NULL,
  PRIMARY KEY (grp, message, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE links (
  from_grp TEXT NOT NULL,
  from_number INTEGER NOT NULL,
  to_grp TEXT NOT NULL,
  to_number INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  PRIMARY KEY (from_grp, from_number, to_grp, to_number)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_end ON links (to_grp, to_number);

CREATE TABLE matches (
  id INTEGER NOT NULL PRIMARY KEY,
  state TEXT NOT NULL,
  item TEXT NOT NULL,
  unit TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  need_grp TEXT NOT NULL,
  need INTEGER NOT NULL,
  from_grp TEXT NOT NULL,
  from_number INTEGER NOT NULL,
  worth INTEGER NOT NULL,
  reason TEXT NOT NULL,
  why TEXT NOT NULL,
  need_entry INTEGER NOT NULL,
  from_entry INTEGER NOT NULL,
  shipment INTEGER NOT NULL,
  from_shipment INTEGER NOT NULL,
  decided_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX matches_of_need ON matches (need_grp, need);
CREATE INDEX matches_by_state ON matches (state, item);
CREATE VIEW promises AS
  SELECT m.id, m.item, m.unit, m.quantity, m.need_grp, m.need, m.from_grp, m.from_number,
    m.expires_at
  FROM matches m
  JOIN standing n ON n.grp = m.need_grp AND n.number = m.need AND n.open = 1
    AND n.item = m.item AND n.unit = m.unit
  JOIN standing c ON c.grp = m.need_grp AND c.number = m.need_entry AND c.voided_by = 0
  LEFT JOIN standing f ON f.grp = m.from_grp AND f.number = m.from_number
  LEFT JOIN standing d ON d.grp = m.from_grp AND d.number = m.from_entry
  LEFT JOIN standing s ON s.grp = m.need_grp AND s.number = m.shipment
  WHERE m.state = 'confirmed' AND (m.from_entry = 0 OR d.voided_by = 0)
    AND (m.from_number = 0 OR (f.voided_by = 0 AND f.item = m.item AND f.unit = m.unit
      AND (f.open = 1 OR f.kind = 'in_transit')))
    AND (m.shipment = 0 OR s.voided_by <> 0);

CREATE TABLE wrong_codes (
  user_id TEXT NOT NULL PRIMARY KEY,
  tries INTEGER NOT NULL,
  last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE lists (
  grp TEXT NOT NULL,
  number INTEGER NOT NULL,
  title TEXT NOT NULL,
  shown TEXT NOT NULL,
  starter TEXT NOT NULL,
  touched_at INTEGER NOT NULL,
  PRIMARY KEY (grp, number)
) STRICT;
CREATE INDEX lists_touched ON lists (grp, touched_at);

CREATE TABLE list_entries (
  grp TEXT NOT NULL,
  list INTEGER NOT NULL,
  entry INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (grp, list, entry)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX list_of_entry ON list_entries (grp, entry);

CREATE TABLE members (
  user_id TEXT NOT NULL,
  grp TEXT NOT NULL,
  role TEXT NOT NULL,
  place TEXT NOT NULL,
  last_report TEXT NOT NULL,
  turn INTEGER NOT NULL,
  minute INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  PRIMARY KEY (user_id, grp)
) STRICT, WITHOUT ROWID;

CREATE TABLE facts (
  name TEXT NOT NULL PRIMARY KEY,
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

/// Each step once, in order; a released step is never edited.
std::array<std::string_view, 2> steps() { return {kLedgerSchema, kOutboxSchema}; }

}  // namespace

std::int64_t newest_schema() { return static_cast<std::int64_t>(steps().size()); }

void migrate(Database& database) {
  std::int64_t version = 0;
  {
    Transaction transaction(database);
    database.script("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)");
    const auto stored = database.integer("SELECT version FROM schema_version", {});
    if (stored) {
      version = *stored;
    } else {
      database.run("INSERT INTO schema_version (version) VALUES (0)");
    }
    transaction.commit();
  }
  if (version > newest_schema()) {
    throw StorageError(
        StorageFault::newer,
        fmt::format("the database has schema {}, this program knows {}: use a newer program",
                    version, newest_schema()));
  }
  for (; version < newest_schema(); ++version) {
    Transaction transaction(database);
    database.script(steps()[static_cast<std::size_t>(version)]);
    database.run("UPDATE schema_version SET version = $1", {version + 1});
    transaction.commit();
  }
}
