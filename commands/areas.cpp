#include "commands/areas.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <vector>

extern const std::string_view kAreasTable;

namespace {

// The longest first: 自治州 before 州.
constexpr std::array<std::string_view, 16> kSuffixes{
    "壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区", "自治区", "自治州",
    "自治县",     "自治旗",     "地区",         "林区",       "新区",   "省",
    "市",         "区",         "县",           "盟"};
constexpr std::size_t kHanBytes = 3;  // of one character in UTF-8
constexpr std::size_t kLongestName = 20 * kHanBytes;
constexpr std::array<std::string_view, 5> kBetween{"/", " ", "·", "-", "，"};

/// 合肥市 → 合肥; what would be left with a single character (沙市 → 沙) has no short form.
std::string_view short_form(std::string_view name) {
  for (const auto suffix : kSuffixes) {
    if (!name.ends_with(suffix)) continue;
    const auto rest = name.substr(0, name.size() - suffix.size());
    return rest.size() >= 2 * kHanBytes ? rest : std::string_view{};
  }
  return {};
}

std::string_view cut(std::string_view& text, char at) {
  const auto end = std::min(text.find(at), text.size());
  const auto part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

int rank(const Area& area) { return area.city.empty() ? 0 : area.county.empty() ? 1 : 2; }

void skip_between(std::string_view& text) {
  for (const auto between : kBetween) {
    if (text.starts_with(between)) text.remove_prefix(between.size());
  }
}

}  // namespace

struct Areas::Impl {
  std::unordered_map<std::string_view, std::vector<Area>> named;

  void add(std::string_view name, const Area& area) {
    auto& known = named[name];
    if (std::find(known.begin(), known.end(), area) == known.end()) known.push_back(area);
  }

  void add_both(std::string_view name, const Area& area) {
    add(name, area);
    if (const auto brief = short_form(name); !brief.empty()) add(brief, area);
  }

  struct Found {
    std::vector<Area> areas;
    std::size_t length = 0;
  };

  /// The longest name that `text` begins with and that some area within `outer` bears.
  Found longest(std::string_view text, const Area& outer) const {
    for (std::size_t length = std::min(text.size(), kLongestName); length >= kHanBytes; --length) {
      const auto it = named.find(text.substr(0, length));
      if (it == named.end()) continue;
      Found found{{}, length};
      for (const Area& area : it->second) {
        if (within(area, outer)) found.areas.push_back(area);
      }
      if (!found.areas.empty()) return found;
    }
    return {};
  }
};

Areas::Areas(std::string_view table) : impl_(std::make_unique<Impl>()) {
  while (!table.empty()) {
    std::string_view line = cut(table, '\n');
    if (line.empty() || line.front() == '#') continue;
    const auto province = cut(line, '\t');
    const auto city = cut(line, '\t');
    impl_->add_both(province, {province, {}, {}});
    if (city != province) impl_->add_both(city, {province, city, {}});
    while (!line.empty()) {
      const auto county = cut(line, ' ');
      impl_->add_both(county, {province, city, county});
    }
  }
}

Areas::~Areas() = default;

const Areas& Areas::built_in() {
  static const Areas areas(kAreasTable);
  return areas;
}

std::optional<Area> Areas::find(std::string_view said, const Area& around) const {
  auto first = impl_->longest(said, around);
  if (first.areas.empty()) first = impl_->longest(said, {});
  if (first.areas.empty()) return std::nullopt;

  // What follows may be an area within, and tells areas of one name apart.
  const std::string_view whole = said;
  std::vector<Area> candidates = std::move(first.areas);
  for (std::size_t at = first.length; at < whole.size();) {
    std::string_view rest = whole.substr(at);
    skip_between(rest);
    std::vector<Area> inner;
    std::size_t length = 0;
    for (const Area& outer : candidates) {
      auto next = impl_->longest(rest, outer);
      std::erase(next.areas, outer);
      if (next.areas.empty() || next.length < length) continue;
      if (next.length > length) inner.clear();
      length = next.length;
      inner.insert(inner.end(), next.areas.begin(), next.areas.end());
    }
    if (inner.empty()) break;
    candidates = std::move(inner);
    at = whole.size() - rest.size() + length;
  }

  const auto highest =
      std::min_element(candidates.begin(), candidates.end(),
                       [](const Area& a, const Area& b) { return rank(a) < rank(b); });
  const auto same_rank = std::count_if(candidates.begin(), candidates.end(), [&](const Area& area) {
    return rank(area) == rank(*highest);
  });
  return same_rank == 1 ? std::optional(*highest) : std::nullopt;
}

Nearness nearness(const Area& one, const Area& other) {
  if (one.province.empty() || one.province != other.province) return Nearness::apart;
  if (one.city.empty() || one.city != other.city) return Nearness::province;
  if (one.county.empty() || one.county != other.county) return Nearness::city;
  return Nearness::county;
}

bool within(const Area& inner, const Area& outer) {
  return (outer.province.empty() || inner.province == outer.province) &&
         (outer.city.empty() || inner.city == outer.city) &&
         (outer.county.empty() || inner.county == outer.county);
}
