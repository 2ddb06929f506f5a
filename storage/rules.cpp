#include "storage/rules.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

namespace {

/// Longer chains of names or packs than anybody says; also what ends a circle.
constexpr int kLongestChain = 8;

std::string key(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

constexpr std::string_view kKinds[] = {"alias", "place", "pack", "kit", "setting", "role"};

bool has(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

std::string encode(const Rule& rule) {
  nlohmann::json json = {{"rule", kKinds[static_cast<std::size_t>(rule.kind)]},
                         {"name", rule.name}};
  if (!rule.means.empty()) json["means"] = rule.means;
  if (!rule.unit.empty()) json["unit"] = rule.unit;
  if (!rule.same.empty()) json["same"] = rule.same;
  if (!rule.inner.empty()) json["inner"] = rule.inner;
  if (rule.per != Quantity{}) json["per"] = rule.per.thousandths;
  for (const Rule::Part& part : rule.parts) {
    json["parts"].push_back({part.item, part.unit, part.per.thousandths});
  }
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Rule decode_rule(std::string_view text) {
  const auto json = nlohmann::json::parse(text);
  Rule rule;
  const auto& kind = json.at("rule").get_ref<const std::string&>();
  rule.kind = static_cast<Rule::Kind>(std::find(std::begin(kKinds), std::end(kKinds), kind) -
                                      std::begin(kKinds));
  rule.name = json.at("name");
  rule.means = json.value("means", "");
  rule.unit = json.value("unit", "");
  rule.same = json.value("same", std::vector<std::string>{});
  rule.inner = json.value("inner", "");
  rule.per = {json.value("per", std::int64_t{0})};
  for (const auto& part : json.value("parts", nlohmann::json::array())) {
    rule.parts.push_back({part.at(0), part.at(1), Quantity{part.at(2)}});
  }
  return rule;
}

Rules::Rules(std::vector<Numbered> said) : said_(std::move(said)) {
  for (std::size_t i = 0; i < said_.size(); ++i) {
    const Rule& rule = said_[i].rule;
    if (rule.kind == Rule::Kind::alias) aliases_[key(rule.name)] = i;
    if (rule.kind == Rule::Kind::place) places_[key(rule.name)] = i;
  }
  // Packs and kits of a name hold for the item that the name turned out to be.
  for (std::size_t i = 0; i < said_.size(); ++i) {
    const Rule& rule = said_[i].rule;
    if (rule.kind == Rule::Kind::pack) packs_[{item(rule.name), rule.unit}] = i;
    if (rule.kind == Rule::Kind::kit) kits_[item(rule.name)] = i;
  }
}

std::string Rules::item(const std::string& said) const {
  std::string name = said;
  for (int i = 0; i < kLongestChain; ++i) {
    const auto alias = aliases_.find(key(name));
    if (alias == aliases_.end()) break;
    name = said_[alias->second].rule.means;
  }
  return name;
}

std::string Rules::place(const std::string& said) const {
  std::string name = said;
  for (int i = 0; i < kLongestChain; ++i) {
    const auto alias = places_.find(key(name));
    if (alias == places_.end()) break;
    name = said_[alias->second].rule.means;
  }
  return name;
}

std::string Rules::unit(const std::string& item, const std::string& said) const {
  Goods goods{.item = item, .unit = said, .quantity = Quantity::whole(1)};
  settle(goods);
  return goods.unit;
}

void Rules::settle(Goods& goods) const {
  for (int i = 0; i < kLongestChain; ++i) {
    const auto alias = aliases_.find(key(goods.item));
    if (alias == aliases_.end()) break;
    const Rule& rule = said_[alias->second].rule;
    const auto joins = [&rule](const std::string& unit) {
      return !rule.unit.empty() && (unit.empty() || unit == rule.unit || has(rule.same, unit));
    };
    if (joins(goods.unit)) {
      goods.unit = rule.unit;
    } else if (goods.other && joins(goods.other_unit)) {
      goods.unit = rule.unit;
      goods.quantity = goods.other;
    }
    goods.item = rule.means;
  }
  for (int i = 0; i < kLongestChain; ++i) {
    const auto pack = packs_.find({goods.item, goods.unit});
    if (pack == packs_.end()) break;
    const Rule& rule = said_[pack->second].rule;
    if (goods.quantity) {
      const auto inner = multiply(*goods.quantity, rule.per);
      if (!inner) break;
      goods.quantity = inner;
    }
    goods.unit = rule.inner;
  }
}

const std::vector<Rule::Part>* Rules::kit(const std::string& item) const {
  const auto found = kits_.find(item);
  return found == kits_.end() ? nullptr : &said_[found->second].rule.parts;
}

std::vector<std::string> Rules::linked(const std::string& item) const {
  std::vector<std::string> found{item};
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const auto& [kit, at] : kits_) {
      std::vector<std::string> all{kit};
      for (const Rule::Part& part : said_[at].rule.parts) all.push_back(this->item(part.item));
      if (!has(all, found[i])) continue;
      for (auto& each : all) {
        if (!has(found, each)) found.push_back(std::move(each));
      }
    }
  }
  return found;
}

std::vector<std::pair<std::string, Rule::Part>> Rules::kits_with(const std::string& item) const {
  std::vector<std::pair<std::string, Rule::Part>> found;
  for (const auto& [kit, at] : kits_) {
    for (const Rule::Part& part : said_[at].rule.parts) {
      Goods goods{.item = part.item, .unit = part.unit, .quantity = part.per};
      settle(goods);
      if (goods.item == item) found.push_back({kit, {goods.item, goods.unit, *goods.quantity}});
    }
  }
  return found;
}

const Rules::Numbered* Rules::find(Rule::Kind kind, const std::string& name,
                                   const std::string& unit) const {
  const Numbered* found = nullptr;
  for (const Numbered& each : said_) {
    if (each.rule.kind != kind || key(each.rule.name) != key(name)) continue;
    if (kind == Rule::Kind::pack && each.rule.unit != unit) continue;
    found = &each;
  }
  return found;
}

Rules read_rules(Database& database, const std::string& group) {
  std::vector<Rules::Numbered> said;
  database.run("SELECT number, rule FROM rules WHERE grp = $1 AND names = 1 ORDER BY number", {group},
               [&](const Row& row) {
                 said.push_back({row.integer(0), decode_rule(row.text(1))});
               });
  return Rules(std::move(said));
}
