#pragma once

#include <array>
#include <string>
#include <vector>

#include "commands/brief.h"
#include "storage/database.h"

/// What a picture shows beside the figures of the brief.
struct PictureData {
  std::string days;  ///< in words: 2月10日
  Brief brief;
  /// Deliveries of the last seven days, the oldest first, of the items most delivered.
  struct Week {
    std::string item, unit;
    std::array<Quantity, 7> days;
  };
  std::vector<Week> weeks;
};

/// Reads the figures of some groups and of the week that ends with the last day. Without a last day
/// there are no weeks.
PictureData picture_data(Database& database, const Scope& scope, const Days& days,
                         const Policy& policy);

/// A PNG file's bytes: 1080 pixels wide, as high as it must be, to be read on a phone. Long lists
/// end in how many more there are. Throws std::runtime_error where it cannot be drawn, or where no
/// font of the system has Chinese characters.
std::string picture(const PictureData& data);
