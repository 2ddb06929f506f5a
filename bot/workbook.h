#pragma once

#include "bot/export.h"

/// What a workbook holds beside the sheets that it always has.
struct Sheets {
  bool entries = false;   ///< 明细
  bool contacts = false;  ///< 联系人: names and telephone numbers, for who may see them
};

/// A workbook for Excel or LibreOffice with the sheets 汇总 (totals), 缺口 (open needs), 工作 (work
/// done) and what is asked for. What people wrote stays text, never a formula. Takes the same
/// memory however many entries there are. Throws Failure where the file cannot be written; there is
/// then none.
void write_workbook(const std::string& file, Database& database, const ExportScope& scope,
                    const Policy& policy, const Sheets& sheets, const ExportProgress& progress);
