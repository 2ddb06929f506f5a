#pragma once

#include <string_view>

/// What a run of unknown characters names, by how it ends or begins.

/// 三院, 孝感一医院, 红旗街道, 城东卡点, 环卫工人.
bool names_place(std::u32string_view name);
/// 李明, 王老板, 老赵, 陕西韩女士.
bool names_person(std::u32string_view name);
/// 顺丰, 货拉拉师傅: who carries goods, and does not keep them.
bool names_carrier(std::u32string_view name);
/// 隔壁镇, 别的村, 他们: not ours to report.
bool names_others(std::u32string_view name);
/// 日本, 意大利: no place that a hub delivers to.
bool names_country(std::u32string_view name);
/// 红会, 某某有限公司, 爱心人士.
bool names_giver(std::u32string_view name);
/// Nouns of which several can receive goods: 社区 in 三个社区.
/// 蛋 机 包 …: one character that ends names of goods.
bool names_thing(char32_t last);
/// A family name and a character or two, and nothing else that would make a person of it (白米).
bool only_like_a_person(std::u32string_view name);
bool names_kind_of_place(std::u32string_view name);
