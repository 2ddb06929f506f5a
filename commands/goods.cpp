#include "commands/goods.h"

#include "commands/command.h"
#include "commands/wording.h"

namespace {

constexpr std::string_view kMass = "公斤";
constexpr std::string_view kVolume = "升";

std::optional<LineAmount> direct(const Catalogue& catalogue, const Catalogue::Item* item,
                                 Quantity quantity, const std::string& said) {
  const std::string unit = catalogue.unit(said);
  if (const auto grams = catalogue.grams(unit)) {
    const auto mass = scale(quantity, *grams, 1000);
    return mass ? std::optional(LineAmount{*mass, std::string(kMass)}) : std::nullopt;
  }
  if (const auto millilitres = catalogue.millilitres(unit)) {
    const auto volume = scale(quantity, *millilitres, 1000);
    return volume ? std::optional(LineAmount{*volume, std::string(kVolume)}) : std::nullopt;
  }
  if (unit == "万元") {
    const auto money = scale(quantity, 10'000, 1);
    return money ? std::optional(LineAmount{*money, "元"}) : std::nullopt;
  }
  if (const auto pieces = catalogue.pieces(unit)) {
    const auto count = scale(quantity, *pieces, 1);
    if (!count) return std::nullopt;
    return LineAmount{*count, item == nullptr ? "个" : line_unit(catalogue, item, item->unit)};
  }
  return LineAmount{quantity, line_unit(catalogue, item, said)};
}

bool measured(const Catalogue& catalogue, const std::string& unit) {
  return catalogue.grams(unit).has_value() || catalogue.millilitres(unit).has_value();
}

bool stands_on_line(const Catalogue& catalogue, const Catalogue::Item* item,
                    const std::string& unit) {
  return item != nullptr &&
         line_unit(catalogue, item, unit) == line_unit(catalogue, item, item->unit);
}

}  // namespace

std::string line_unit(const Catalogue& catalogue, const Catalogue::Item* item,
                      const std::string& said) {
  const std::string unit = catalogue.unit(said);
  if (catalogue.grams(unit)) return std::string(kMass);
  if (catalogue.millilitres(unit)) return std::string(kVolume);
  if (item == nullptr) return unit;
  const std::string own = catalogue.unit(item->unit);
  if (unit.empty()) return own.empty() || unit == own ? own : line_unit(catalogue, nullptr, own);
  return catalogue.same_count(unit, own) ? own : unit;
}

std::string catalogue_name(const Catalogue& catalogue, const std::string& said) {
  const Catalogue::Item* item = catalogue.find(said);
  return item == nullptr ? quoted(said) : item->name;
}

std::optional<LineAmount> other_measure(const Catalogue& catalogue, const Statement& s) {
  const std::string unit = catalogue.unit(s.unit);
  if (s.alt) return direct(catalogue, nullptr, *s.quantity, s.unit);
  const bool packed = s.pack && (s.pack->of.empty() || catalogue.unit(s.pack->of) == unit);
  if (!packed || !measured(catalogue, catalogue.unit(s.pack->unit))) return std::nullopt;
  const auto inner = multiply(*s.quantity, s.pack->per);
  return inner ? direct(catalogue, nullptr, *inner, s.pack->unit) : std::nullopt;
}

std::optional<LineAmount> on_line(const Catalogue& catalogue, const Catalogue::Item* item,
                                  const Statement& s) {
  const std::string unit = catalogue.unit(s.unit);
  if (s.alt && !stands_on_line(catalogue, item, unit)) {
    return direct(catalogue, item, s.alt->quantity, s.alt->unit);
  }
  if (s.pack && (s.pack->of.empty() || catalogue.unit(s.pack->of) == unit)) {
    // Mass and volume inside a pack count only where the item is kept by mass or volume: twenty
    // bottles of half a litre stay twenty bottles.
    const bool weighs = measured(catalogue, catalogue.unit(s.pack->unit));
    const bool kept_by_weight = item != nullptr && measured(catalogue, catalogue.unit(item->unit));
    if (!weighs || kept_by_weight) {
      const auto inner = multiply(*s.quantity, s.pack->per);
      return inner ? direct(catalogue, item, *inner, s.pack->unit) : std::nullopt;
    }
  }
  return direct(catalogue, item, *s.quantity, s.unit);
}
