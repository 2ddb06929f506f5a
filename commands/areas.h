#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// An administrative area; the parts below the named one are empty. Full names (安徽省, 合肥市,
/// 蜀山区).
struct Area {
  std::string_view province, city, county;

  friend bool operator==(const Area&, const Area&) = default;
};

/// The provinces, cities and counties of China, compiled in from config/areas.txt. Immutable.
class Areas {
 public:
  static const Areas& built_in();
  ~Areas();

  /// The area that is said or that a place's name begins with: 合肥, 安徽/合肥, 安徽省合肥市蜀山区,
  /// 孝感一医院. Short forms (without 省 市 区 县) will do. A name that several areas bear is
  /// looked for in `around` first, where given; where it still means several of one rank, it means
  /// none.
  std::optional<Area> find(std::string_view said, const Area& around = {}) const;

 private:
  explicit Areas(std::string_view table);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// How near two areas are to each other: the smallest named area that holds both.
enum class Nearness { apart, province, city, county };
Nearness nearness(const Area& one, const Area& other);

/// Whether `inner` is `outer` or lies in it.
bool within(const Area& inner, const Area& outer);
