#include "commands/parser/catalogue.h"

#include <map>
#include <set>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "commands/parser/text.h"
#include "commands/parser/vocabulary.h"

extern const std::string_view kCatalogueJson;

namespace {

using nlohmann::json;

/// Units compare without regard to width, script and case: 個, 个; KG, kg.
std::string unit_key(std::string_view said) { return to_utf8(name_key(said)); }

std::string text_of(const json& object, const char* member, const std::string& where) {
  const auto found = object.find(member);
  if (found == object.end() || !found->is_string()) {
    throw std::invalid_argument(fmt::format("{}: \"{}\" must be a string", where, member));
  }
  return found->get<std::string>();
}

const json& member(const json& object, const char* name, json::value_t type) {
  static const json none;
  const auto found = object.find(name);
  if (found == object.end()) return none;
  if (found->type() != type) throw std::invalid_argument(fmt::format("\"{}\": wrong type", name));
  return *found;
}

}  // namespace

struct Catalogue::Impl {
  std::vector<Item> items;
  std::optional<Vocabulary> vocabulary;
  std::map<std::string, std::string> unit_aliases;
  std::map<std::string, std::string, std::less<>> spellings;  // of units written as they stand here
  std::map<std::string, long long> grams, millilitres, pieces;
  std::set<std::string> containers;
  std::vector<std::set<std::string>> same_count;

  void read_item(const json& object, std::size_t index) {
    const std::string where = fmt::format("items[{}]", index);
    if (!object.is_object()) throw std::invalid_argument(where + ": must be an object");
    Item item{text_of(object, "name", where),
              object.value("category", std::string()),
              text_of(object, "unit", where),
              {}};
    if (item.name.empty()) throw std::invalid_argument(where + ": \"name\" is empty");
    for (const json& alias : member(object, "aliases", json::value_t::array)) {
      if (!alias.is_string()) throw std::invalid_argument(where + ": an alias must be a string");
      item.aliases.push_back(alias.get<std::string>());
    }
    items.push_back(std::move(item));
  }

  void build() {
    std::vector<Vocabulary::Name> names;
    for (const Item& item : items) names.push_back({name_key(item.name), &item});
    // Aliases after all names: a name is never hidden by another item's alias.
    for (const Item& item : items) {
      for (const auto& alias : item.aliases) names.push_back({name_key(alias), &item});
    }
    vocabulary.emplace(names);
  }

  void read_units(const json& units) {
    for (const auto& [said, unit] : member(units, "unit_aliases", json::value_t::object).items()) {
      unit_aliases[unit_key(said)] = unit.get<std::string>();
    }
    const auto amounts = [&](const char* name, std::map<std::string, long long>& to) {
      for (const auto& [said, amount] : member(units, name, json::value_t::object).items()) {
        if (amount.is_number_integer()) to[spelling(said)] = amount.get<long long>();
      }
    };
    amounts("exact_mass_g", grams);
    amounts("exact_volume_ml", millilitres);
    amounts("count_exact", pieces);
    for (const json& unit : member(units, "container", json::value_t::array)) {
      containers.insert(spelling(unit.get<std::string>()));
    }
    for (const json& group : member(units, "same_count", json::value_t::array)) {
      auto& words = same_count.emplace_back();
      for (const json& unit : group) words.insert(spelling(unit.get<std::string>()));
    }
    for (const Item& item : items) spellings.emplace(item.unit, spelling(item.unit));
    for (const auto& [said, unit] : member(units, "unit_aliases", json::value_t::object).items()) {
      spellings.emplace(said, spelling(said));
      spellings.emplace(unit_aliases[unit_key(said)], spelling(said));
    }
    for (const auto& words : same_count) {
      for (const std::string& unit : words) spellings.emplace(unit, spelling(unit));
    }
  }

  std::string spelling(std::string_view said) const {
    if (const auto own = spellings.find(said); own != spellings.end()) return own->second;
    std::string key = unit_key(said);
    const auto found = unit_aliases.find(key);
    return found == unit_aliases.end() ? key : found->second;
  }
};

Catalogue::Catalogue(std::string_view text) : impl_(std::make_unique<Impl>()) {
  const json root = json::parse(text, nullptr, false);
  if (!root.is_object()) throw std::invalid_argument("the catalogue is not a JSON object");
  try {
    const json& items = member(root, "items", json::value_t::array);
    for (std::size_t i = 0; i < items.size(); ++i) impl_->read_item(items[i], i);
    impl_->build();
    impl_->read_units(member(root, "units", json::value_t::object));
  } catch (const json::exception& e) {
    throw std::invalid_argument(e.what());
  }
}

const Catalogue& Catalogue::built_in() {
  static const Catalogue catalogue{kCatalogueJson};
  return catalogue;
}

Catalogue::Catalogue(Catalogue&&) noexcept = default;
Catalogue::~Catalogue() = default;

const std::vector<Catalogue::Item>& Catalogue::items() const { return impl_->items; }

const Catalogue::Item* Catalogue::find(std::string_view name) const {
  return impl_->vocabulary->find(name_key(name));
}

std::string Catalogue::unit(std::string_view said) const { return impl_->spelling(said); }

bool Catalogue::same_count(std::string_view unit, std::string_view other) const {
  const std::string a = impl_->spelling(unit);
  const std::string b = impl_->spelling(other);
  if (a == b) return true;
  for (const auto& group : impl_->same_count) {
    if (group.contains(a) && group.contains(b)) return true;
  }
  return false;
}

std::vector<std::string> Catalogue::counted_alike(std::string_view unit) const {
  const std::string own = impl_->spelling(unit);
  for (const auto& group : impl_->same_count) {
    if (group.contains(own)) return {group.begin(), group.end()};
  }
  return {own};
}

namespace {

std::optional<long long> amount(const std::map<std::string, long long>& of,
                                const std::string& unit) {
  const auto found = of.find(unit);
  if (found == of.end()) return std::nullopt;
  return found->second;
}

}  // namespace

std::optional<long long> Catalogue::grams(std::string_view unit) const {
  return amount(impl_->grams, impl_->spelling(unit));
}

std::optional<long long> Catalogue::millilitres(std::string_view unit) const {
  return amount(impl_->millilitres, impl_->spelling(unit));
}

std::optional<long long> Catalogue::pieces(std::string_view unit) const {
  return amount(impl_->pieces, impl_->spelling(unit));
}

bool Catalogue::container(std::string_view unit) const {
  return impl_->containers.contains(impl_->spelling(unit));
}

void Catalogue::mark(std::u32string_view key, Marks& marks) const {
  impl_->vocabulary->mark(key, marks);
}
