#pragma once

#include <chrono>

#include "storage/database.h"

/// Reminds groups of what waits too long, between briefs: an urgent need that nobody answered, a
/// shipment that nobody confirmed, stock below the level that the group set. Each once, into the
/// group itself; none while the group is muted (静音) or has them off (设置 提醒 关). Whatever else
/// is to be reminded of (a proposal that waits for a yes) is one more line in kAlerts.
///
/// Runs inside the caller's transaction; looks at what is open only.
void raise_alerts(Database& database, std::chrono::sys_seconds now);
