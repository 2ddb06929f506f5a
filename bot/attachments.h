#pragma once

#include <chrono>
#include <string>

#include "bot/config.h"
#include "bot/outgoing/kind.h"
#include "commands/attachment.h"
#include "commands/command.h"
#include "storage/database.h"

/// Whether a target ("platform:group", or the name of an outgoing) takes such files.
bool takes(const Config& config, const std::string& target, Attachment::Kind kind);

/// Draws the picture or writes the workbook. Throws std::runtime_error or StorageError.
PostedFile make_file(Database& database, const Attachment& attachment, const Policy& policy);

/// Posts a file to the row's target, and says what came of it. Blocks for ten seconds at most;
/// touches no database.
Delivery post_file(HttpCaller& caller, const Config& config, const Claimed& row,
                   const PostedFile& file, std::chrono::sys_seconds now);
