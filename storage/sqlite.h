#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/database.h"

/// A connection to a SQLite file (WAL, synchronous=FULL: durable once commit() returns), or to
/// ":memory:". Throws StorageError with what is wrong and with which file.
std::unique_ptr<Database> open_sqlite(const std::string& path, Access access);

/// What of the file itself does not hold together, indexes included; empty where all does, or where
/// another kind of database is to look after itself. Reads the whole file.
std::vector<std::string> damage(Database& database);
