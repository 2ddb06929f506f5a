#pragma once

#include <string>

#include "commands/brief.h"

/// The brief for a phone: at most a screen, gaps first, figures as people write them (1.2万只).
/// What is exact stands in the sheet.
std::string brief_text(const Brief& brief);
