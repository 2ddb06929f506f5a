#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// What a platform counts its limits in.
enum class CountedIn { bytes, utf16_units };

/// Cuts UTF-8 text into parts of at most `most` units, as few as possible, at line ends; a line
/// that is longer is cut between two characters. Nothing is lost but the line ends at the cuts, and
/// no part is empty. `most` 0 is without limit; an empty text has no parts.
std::vector<std::string> split(std::string_view text, std::size_t most,
                               CountedIn unit = CountedIn::bytes);

/// The first of the parts, and all that comes after it, as it stands.
struct FirstPart {
  std::string_view part, rest;
};
FirstPart first_part(std::string_view text, std::size_t most, CountedIn unit = CountedIn::bytes);
