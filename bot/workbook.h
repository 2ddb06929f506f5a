#pragma once

#include "bot/export.h"

/// A workbook for Excel or LibreOffice with the sheets 汇总 (totals), 缺口 (open needs), 工作 (work
/// done) and, where asked for, 明细 (entries). What people wrote stays text, never a formula. Takes
/// the same memory however many entries there are. Throws Failure where the file cannot be written;
/// there is then none.
void write_workbook(const std::string& file, Database& database, const ExportScope& scope,
                    const Policy& policy, bool with_entries, const ExportProgress& progress);
