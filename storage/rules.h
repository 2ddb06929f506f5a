#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/database.h"
#include "storage/quantity.h"

/// What a group settled by chat: its own names and packs, its settings, who is coordinator. It is an entry like any other, can be voided, and
/// while it stands it holds for all entries of the group, earlier ones included.
struct Rule {
  enum class Kind {
    alias,  ///< 别名 八四=84消毒液
    place,  ///< 地点 一医院=孝感一医院
    pack,   ///< 规格 口罩 1箱=2000只
    kit,    ///< 规格 社区防疫包=口罩50只+酒精2瓶
    setting,  ///< 设置: the setting's name and what it is set to
    role      ///< 授权: the user's id; "coordinator", or "" where it was taken back
  };
  /// A part of a kit, on the part's own line.
  struct Part {
    std::string item, unit;
    Quantity per;
  };

  Kind kind = Kind::alias;
  std::string name;               ///< what is spoken of: 八四, 一医院, 口罩, 社区防疫包
  std::string means;              ///< alias, place: what it stands for; setting, role: the value
  std::string unit;               ///< pack: 箱; alias: the unit of the line that it joins
  std::vector<std::string> same;  ///< alias: words that count one `unit` there
  std::string inner;              ///< pack: what a `unit` holds
  Quantity per;                   ///< pack: how much of it
  std::vector<Part> parts;        ///< kit
};

/// Whether it is about names or packs, and so moves entries.
inline bool renames(Rule::Kind kind) { return kind <= Rule::Kind::kit; }

/// Text form of a rule, as the tables keep it.
std::string encode(const Rule& rule);
Rule decode_rule(std::string_view text);

/// How the line is called on which something counts.
struct Goods {
  std::string item, unit;
  std::optional<Quantity> quantity;
  /// Another measure of the same goods that was said too (20袋 of 25kg): counts instead where only
  /// it stands on the item's line.
  std::string other_unit;
  std::optional<Quantity> other;
};

/// The names and packs of one group that stand. Names compare without regard to the case of Latin letters.
class Rules {
 public:
  struct Numbered {
    std::int64_t number = 0;  ///< of the entry that said it
    Rule rule;
  };

  Rules() = default;
  /// Of two rules about the same name and unit the later one holds.
  explicit Rules(std::vector<Numbered> said);

  bool empty() const { return said_.empty(); }
  const std::vector<Numbered>& said() const { return said_; }

  /// What an item or place that was said is in this group.
  std::string item(const std::string& said) const;
  std::string place(const std::string& said) const;
  /// The unit of the line that a unit said of an item belongs to.
  std::string unit(const std::string& item, const std::string& said) const;
  /// Moves goods to the line on which they count. What does not convert exactly stays as it is.
  void settle(Goods& goods) const;

  /// The parts of a kit; null where the item is none. `item` is as the ledger writes it.
  const std::vector<Rule::Part>* kit(const std::string& item) const;
  /// Items whose arithmetic hangs together with this one: kits and their parts; with it itself.
  std::vector<std::string> linked(const std::string& item) const;
  /// Kits that hold the item, and how much of it one of them holds.
  std::vector<std::pair<std::string, Rule::Part>> kits_with(const std::string& item) const;

  /// The rule that stands about a name (and a unit of it, for packs).
  const Numbered* find(Rule::Kind kind, const std::string& name,
                       const std::string& unit = {}) const;

 private:
  std::vector<Numbered> said_;
  std::map<std::string, std::size_t> aliases_, places_, kits_;
  std::map<std::pair<std::string, std::string>, std::size_t> packs_;
};

/// The rules that stand in a group, from the projection that Ledger keeps of them.
Rules read_rules(Database& database, const std::string& group);
