#pragma once

#include <sqlite3.h>

/// SQLite writes its log page by page, two calls for each. Through this file system it is the
/// system's own, only that what is written to a log in a row is gathered, and written by one call
/// before the log is synced, read or measured, and that it is not synced twice in a row. Nothing is
/// readable later than before: whoever reads the log is told how far it goes after the sync alone.
///
/// The name to open a database with; null where the system's own is not in use.
const char* gathered_log();
