#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "commands/bulletin.h"

/// What of a 简报 the bot does not read back as it stands in the ledger, a sentence each: figures
/// that are lost, changed, or read though nobody wrote them.
inline std::vector<std::string> not_read_back(const Brief& brief, const Catalogue& catalogue) {
  const std::string text = bulletin(brief, catalogue);
  auto left = read_bulletin(text, catalogue);
  std::vector<std::string> problems;
  const auto words = [](const BulletinFigure& f) {
    return fmt::format("{} {}{}{}{} value {}", static_cast<int>(f.action), f.item,
                       f.approx ? " about " : " ", to_string(f.quantity), f.unit,
                       to_string(f.value));
  };
  for (const BulletinFigure& f : bulletin_figures(brief, catalogue)) {
    const auto at = std::find(left.begin(), left.end(), f);
    if (at == left.end()) {
      problems.push_back("not read back: " + words(f));
    } else {
      left.erase(at);
    }
  }
  for (const BulletinFigure& f : left) problems.push_back("read, but not written: " + words(f));
  if (!problems.empty()) problems.push_back("of " + text);
  return problems;
}
