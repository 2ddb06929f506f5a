#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "commands/command.h"
#include "storage/figures.h"

/// What leaves the ledger as a file: one group, several or all, some days or all.
struct ExportScope {
  std::optional<std::string> group;
  Days days;
  std::vector<std::string> groups = {};  ///< several; empty where `group` or all are meant
};

/// Told how many entries were written so far.
using ExportProgress = std::function<void(std::int64_t)>;

/// The groups of a scope.
std::vector<std::string> groups_of(Database& database, const ExportScope& scope);

/// Hands over the entries of a scope page by page, so that memory stays the same however many
/// there are and no read lasts long. Group by group, by number.
void each_entry(Database& database, const ExportScope& scope, const Policy& policy,
                const std::function<void(const std::string& group, const EntryRow&)>& take);

/// A text cell of a CSV file: quoted per RFC 4180 where it must be; what a spreadsheet would take
/// for a formula gets a leading apostrophe.
std::string csv_cell(std::string_view text);

/// The entries as CSV with a byte order mark, so that Excel reads it as UTF-8. Throws Failure where
/// the file cannot be written; there is then none.
void export_csv(const std::string& file, Database& database, const ExportScope& scope,
                const Policy& policy, const ExportProgress& progress);
/// Totals, needs, work done and entries as one JSON object, in the API's forms. Throws Failure.
void export_json(const std::string& file, Database& database, const ExportScope& scope,
                 const Policy& policy, const ExportProgress& progress);
