#pragma once

#include <memory>
#include <string>

#include "storage/database.h"

/// A connection to a SQLite file (WAL, synchronous=FULL: durable once commit() returns), or to
/// ":memory:". Throws StorageError with what is wrong and with which file.
std::unique_ptr<Database> open_sqlite(const std::string& path, Access access);
