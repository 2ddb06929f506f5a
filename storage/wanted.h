#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"

/// What places said of what they want no more (够了, 暂停), want alone (只收) or take again (恢复).
/// Of a place and item the last word holds; a need that is open says that more is wanted.
class Wanted {
 public:
  /// Of all places of the group, or of the one named.
  Wanted(Database& database, std::string group, const std::optional<std::string>& place = {});

  /// Whether the place wants no more of the item.
  bool full(const std::string& place, const std::string& item) const;
  /// Places that want no more of the item.
  std::vector<std::string> full_of(const std::string& item) const;

  struct Full {
    std::string place, word;         ///< 够了, 暂停 or 只收
    std::vector<std::string> items;  ///< of 只收 what it takes, else what it does not
  };
  /// All that is wanted no more, by place; of one item where it is named.
  std::vector<Full> all(const std::optional<std::string>& item) const;

 private:
  struct Word {
    std::string word;
    std::int64_t number = 0;
  };
  struct Place {
    std::map<std::string, Word> items;
  };

  Database& db_;
  std::string group_;
  std::map<std::string, Place> places_;
};
