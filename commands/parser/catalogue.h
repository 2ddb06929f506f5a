#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

class Marks;

/// The goods and units that the bot knows, and the automaton built from them. Immutable: a change
/// makes a new one. Source of the facts: config/catalogue.json.
class Catalogue {
 public:
  struct Item {
    std::string name;
    std::string category;
    std::string unit;  ///< the unit its totals are kept in
    std::vector<std::string> aliases;
  };

  /// Reads the JSON form. Throws std::invalid_argument with what is wrong and where.
  explicit Catalogue(std::string_view json);
  /// The one compiled in.
  static const Catalogue& built_in();

  Catalogue(Catalogue&&) noexcept;
  ~Catalogue();

  const std::vector<Item>& items() const;
  /// By name or exact alias, after folding (case, width, script, blanks); null where unknown.
  const Item* find(std::string_view name) const;

  /// One spelling for a unit: 個 → 个, kg → 公斤. Unknown units come back as they are.
  std::string unit(std::string_view said) const;
  /// Counting words that mean one piece of the same goods stand in one group (口罩: 只 个 枚 片).
  bool same_count(std::string_view unit, std::string_view other) const;
  /// Every spelling of a counting word that means one piece like `unit`, itself included.
  std::vector<std::string> counted_alike(std::string_view unit) const;
  /// Grams in one of `unit` (吨: 1,000,000); empty where it is not a unit of mass.
  std::optional<long long> grams(std::string_view unit) const;
  /// Millilitres in one of `unit`; empty where it is not a unit of volume.
  std::optional<long long> millilitres(std::string_view unit) const;
  /// Pieces in one of `unit` (打: 12); empty where it is not such a unit.
  std::optional<long long> pieces(std::string_view unit) const;
  /// Units that hold something and convert by a stated pack only (箱, 袋 …).
  bool container(std::string_view unit) const;

  /// Finds the names, words and units that begin at each position of folded lower-case text.
  void mark(std::u32string_view key, Marks& marks) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};
