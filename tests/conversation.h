#pragma once

#include <filesystem>
#include <string>
#include <vector>

/// Plays one conversation file against a fresh ledger and returns what went otherwise than written,
/// each with file and line. The language of the files is described in tests/chat/README.
/// `update` writes the replies that came into the file instead of comparing them.
std::vector<std::string> play(const std::filesystem::path& script, bool update);
