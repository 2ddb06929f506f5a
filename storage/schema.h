#pragma once

#include <cstdint>

#include "storage/database.h"

/// Brings the stored schema to this program's version, each step in its own transaction. Throws
/// StorageError(newer) where a newer program wrote it; then nothing is touched.
void migrate(Database& database);

/// The version that migrate() brings a database to.
std::int64_t newest_schema();
