#pragma once

#include <string>
#include <string_view>

/// SHA-256 of the bytes, in lower-case hex.
std::string sha256_hex(std::string_view bytes);

/// Whether two digests are the same, in a time that does not tell where they differ.
bool same_digest(std::string_view one, std::string_view other);
