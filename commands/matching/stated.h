#pragma once

#include <string>
#include <string_view>
#include <vector>

/// What a text states of the make of its goods: a standard (GB 19083, YY 0469), sterile or not,
/// with or without a valve, a size.
struct Stated {
  std::string kind;   ///< 标准, 无菌, 阀, 尺码
  std::string value;  ///< "GB19083", "无菌", "无阀", "大号"

  friend bool operator==(const Stated&, const Stated&) = default;
};

std::vector<Stated> stated_in(std::string_view text);

/// The part of a message that speaks of one of its entries: all of it where it is the only one,
/// else the stretch around the figure as it was said.
std::string_view part_about(std::string_view text, std::string_view figure, bool only);

enum class Meets { yes, unsaid, no };

/// Whether goods of which `has` is stated meet what is wanted: `unsaid` where nothing says so, `no`
/// where something else is stated.
Meets meets(const std::vector<Stated>& wanted, const std::vector<Stated>& has);

/// "GB19083、无阀": what is wanted and not stated.
std::string unsaid(const std::vector<Stated>& wanted, const std::vector<Stated>& has);
