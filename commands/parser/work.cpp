#include <algorithm>

#include "commands/parser/names.h"
#include "commands/parser/report.h"

namespace {

/// 60名, 35人: people, whatever they are called.
bool counts_people(std::u32string_view unit) {
  for (const std::u32string_view word : {U"人", U"名", U"位", U"人次"}) {
    if (unit == word) return true;
  }
  return false;
}

}  // namespace

bool fits_work(std::u32string_view unit) {
  constexpr std::u32string_view kPlaces = U"个条栋处座间层起宗件方";
  return counts_work(unit) || unit == U"立方米" ||
         (unit.size() == 1 && kPlaces.find(unit.front()) != std::u32string_view::npos);
}

/// Figures of people, visits, area: bound to the noun beside them before goods are paired.
void Report::work(Parts parts) {
  bool sum = false;  // 共消杀…: a sum and no movement
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& figure = parts[i];
    sum = sum || figure.is(Role::total);
    if (figure.kind != Part::Kind::quantity || taken_[i] != 0) continue;
    const auto said = unit_key(*figure.token);
    const bool counted = figure.token->work;
    std::size_t left = i;
    while (left > 0 && parts[left - 1].kind == Part::Kind::lexeme &&
           (parts[left - 1].is(Role::about) || parts[left - 1].is(Role::fluff) ||
            parts[left - 1].is(Role::total) || parts[left - 1].is(Role::covers))) {
      --left;
    }
    const auto noun_at = [&](std::size_t k) {
      if (k >= parts.size() || taken_[k] != 0 || parts[k].known) return false;
      return parts[k].kind == Part::Kind::goods ||
             (parts[k].kind == Part::Kind::place && parts[k].person &&
              (counts_people(said) || said == U"家"));
    };
    const auto names_work = [&](std::size_t k) {
      return (parts[k].metric && (!parts[k].loose || fits_work(said))) ||
             (said == U"个" && key(parts[k]) == U"人") ||
             ((said == U"个" || said == U"处") &&
              names_kind_of_place(key(parts[k])));  // 设检查点5个
    };
    const bool times = said == U"次" || said == U"趟";  // 一次血 is no work, 巡逻4次 is
    const bool right =
        noun_at(i + 1) && parts[i + 1].adjacent && (names_work(i + 1) || (counted && !times));
    // 代购|药品38次: the work stands before its goods.
    if (counted && left > 1 && parts[left - 1].known && parts[left - 2].metric) --left;
    const bool before =
        left > 0 && noun_at(left - 1) && (names_work(left - 1) || (counted && !right && !times));
    if (!right && !before) {
      if (counted && list_ && header_ && header_->metric) {  // 需要志愿者接龙: 三院 5名
        taken_[i] = 1;
        emit(&*header_, figure, left < i && parts[i - 1].is(Role::about));
        continue;
      }
      if (!counted) continue;
      taken_[i] = 1;
      const bool area = said.find(U"平方") != said.npos || said == U"平米";
      if (area && i + 1 < parts.size() && parts[i + 1].adjacent && parts[i + 1].known)
        continue;           // 12平米帐篷
      if (list_) continue;  // 刘强 2人 signs up; that is no work done
      if ((!counts_people(said) && !area) || (!saw_work_ && drafts_.empty())) continue;
      const Noun people{area ? "面积" : "人员", "", false, true, figure.from, figure.from};
      emit(&people, figure, left < i && parts[i - 1].is(Role::about));
      continue;
    }
    const bool prefer_left = before && (!right || (names_work(left - 1) && counted));
    const std::size_t at = prefer_left ? left - 1 : i + 1;
    Noun name = noun(parts[at]);
    taken_[i] = taken_[at] = 1;
    if (!saw_work_ && drafts_.empty()) continue;
    name.metric = true;
    name.loose = false;
    const std::size_t before_it = drafts_.size();
    emit(&name, figure, left < i && parts[i - 1].is(Role::about));
    // Work done alone is told so; of goods 共 says a second measure.
    if (sum && drafts_.size() > before_it && drafts_.back().statement.action == Action::activity)
      drafts_.back().statement.cumulative = true;
  }
}
