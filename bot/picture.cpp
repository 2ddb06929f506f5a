#include "bot/picture.h"

#include <algorithm>
#include <array>
#include <functional>
#include <stdexcept>

#include <fmt/format.h>

#include "bot/canvas.h"
#include "commands/wording.h"
#include "storage/links.h"

namespace {

constexpr int kWidth = 1080;
constexpr double kEdge = 48;
constexpr double kInside = kWidth - 2 * kEdge;
constexpr double kGapBetween = 36;
constexpr std::size_t kGapsShown = 10;
constexpr std::size_t kItemsShown = 10;
constexpr std::size_t kWeeksShown = 3;

constexpr Colour kInk{0.13, 0.15, 0.18};
constexpr Colour kFaint{0.45, 0.48, 0.53};
constexpr Colour kPaper{0.945, 0.95, 0.96};
constexpr Colour kWhite{1, 1, 1};
constexpr Colour kHead{0.07, 0.36, 0.33};
constexpr Colour kDone{0.16, 0.56, 0.47};
constexpr Colour kMoving{0.96, 0.72, 0.30};
constexpr Colour kMissing{0.90, 0.91, 0.93};
constexpr Colour kAlarm{0.82, 0.22, 0.18};

constexpr TextStyle kTitle{52, kWhite, true};
constexpr TextStyle kSubtitle{30, {0.80, 0.92, 0.90}, false};
constexpr TextStyle kHeading{34, kInk, true};
constexpr TextStyle kPlain{30, kInk, false};
constexpr TextStyle kStrong{30, kInk, true};
constexpr TextStyle kPlace{28, kFaint, false};
constexpr TextStyle kSmall{25, kFaint, false};

double number(Quantity quantity) { return static_cast<double>(quantity.thousandths); }

class Drawing {
 public:
  explicit Drawing(const PictureData& data) : data_(data), brief_(data.brief) {}

  std::string png() {
    // Tall enough for all that can be shown; what is not reached is not painted.
    canvas_->box(0, 0, kWidth, 20000, kPaper);
    head();
    gaps();
    flow("发放", [](const TotalRow& t) { return t.distributed; });
    weeks();
    flow("收到", [](const TotalRow& t) { return t.received; });
    flow("在途", [](const TotalRow& t) { return t.in_transit; });
    flow("库存", [](const TotalRow& t) { return t.stock; });
    work();
    if (cards_ <= 1 && brief_.gaps.empty()) {
      card("登记", 54, [this] {
        write(kEdge, y_, kInside, "还没有。群里发一句就会记上：发放 口罩 500只 到 三院", kPlain);
      });
    }
    foot();
    if (canvas_->unknown_glyphs() > 0 && canvas_->unknown_glyphs() > characters_ / 10) {
      throw std::runtime_error(
          "no font with Chinese characters is installed: apt-get install fonts-wqy-microhei");
    }
    return canvas_->png(static_cast<int>(y_));
  }

 private:
  double write(double x, double y, double width, const std::string& words, const TextStyle& style,
               bool right = false) {
    characters_ += static_cast<int>(words.size() / 3);
    return canvas_->text(x, y, width, words, style, right);
  }

  void head() {
    canvas_->box(0, 0, kWidth, 196, kHead);
    write(kEdge, 36, kInside, brief_.title, kTitle);
    const auto urgent = std::count_if(brief_.gaps.begin(), brief_.gaps.end(),
                                      [](const NeedRow& need) { return need.urgent; });
    std::string line = data_.days;
    line += brief_.gaps.empty() ? " · 没有缺口" : fmt::format(" · 缺口 {} 项", brief_.gaps.size());
    if (urgent > 0) line += fmt::format("（急 {} 项）", urgent);
    const auto given = std::count_if(brief_.totals.begin(), brief_.totals.end(),
                                     [](const TotalRow& t) { return t.distributed > Quantity{}; });
    if (given > 0) line += fmt::format(" · 发放 {} 种", given);
    if (!brief_.groups.empty()) line += fmt::format(" · {} 个群上报", brief_.groups.size());
    write(kEdge, 120, kInside, line, kSubtitle);
    y_ = 196 + kGapBetween;
  }

  /// A white card with a heading; `body` draws from y_ on and moves it.
  void card(const std::string& heading, double height, const std::function<void()>& body,
            const std::function<void()>& beside = {}) {
    constexpr double kHeadingHeight = 84;
    ++cards_;
    canvas_->box(kEdge / 2, y_, kWidth - kEdge, kHeadingHeight + height + 22, kWhite, 18);
    write(kEdge, y_ + 24, kInside, heading, kHeading);
    if (beside) beside();
    y_ += kHeadingHeight;
    const double top = y_;
    body();
    y_ = top + height + 22 + kGapBetween / 2;
  }

  void legend(double right, const Colour& colour, const char* words) {
    canvas_->box(right - 104, y_ + 36, 24, 24, colour, 6);
    write(right - 72, y_ + 29, 72, words, kSmall);
  }

  void gaps() {
    constexpr double kRow = 104;
    const std::size_t shown = std::min(brief_.gaps.size(), kGapsShown);
    const bool more = brief_.gaps.size() > shown;
    if (shown == 0) {
      card("还缺什么", 54, [this] { write(kEdge, y_, kInside, "没有未满足的需求", kPlain); });
      return;
    }
    card(
        "还缺什么", static_cast<double>(shown) * kRow - 20 + (more ? 48 : 0),
        [&] {
          for (std::size_t i = 0; i < shown; ++i)
            gap(brief_.gaps[i], y_ + static_cast<double>(i) * kRow);
          if (!more) return;
          write(kEdge, y_ + static_cast<double>(shown) * kRow - 16, kInside,
                fmt::format("另有 {} 项，群里发“缺口”查看", brief_.gaps.size() - shown), kSmall);
        },
        [this] {
          legend(kWidth - kEdge - 216, kDone, "已到");
          legend(kWidth - kEdge - 108, kMoving, "在途");
          legend(kWidth - kEdge, kMissing, "还缺");
        });
  }

  void gap(const NeedRow& need, double y) {
    double x = kEdge;
    if (need.urgent) {
      canvas_->box(x, y + 4, 40, 36, kAlarm, 6);
      write(x + 8, y + 5, 30, "急", {25, kWhite, true});
      x += 52;
    }
    const std::string missing =
        need.outstanding ? "还缺 " + rounded_amount(*need.outstanding, need.unit) : "数量待核";
    const double wide =
        write(kEdge, y, kInside, missing, {30, need.urgent ? kAlarm : kInk, true}, true);
    // The goods are never what a long name of a place leaves no room for.
    const double room = kWidth - kEdge - wide - 24;
    x += write(x, y, room - x, need.item, kStrong) + 18;
    if (room - x > 60) write(x, y + 2, room - x, need.place.value_or("未写地点"), kPlace);

    const double asked = need.quantity ? number(*need.quantity) : 0;
    canvas_->box(kEdge, y + 52, kInside, 22, kMissing, 11);
    if (asked <= 0) return;
    const double done = std::min(1.0, number(need.fulfilled) / asked);
    const double moving = std::min(1.0 - done, number(need.in_transit) / asked);
    if (done + moving > 0)
      canvas_->box(kEdge, y + 52, std::max(22.0, kInside * (done + moving)), 22, kMoving, 11);
    if (done > 0) canvas_->box(kEdge, y + 52, std::max(22.0, kInside * done), 22, kDone, 11);
  }

  /// Two columns of "item …… amount".
  void columns(const std::string& heading,
               const std::vector<std::pair<std::string, std::string>>& rows) {
    if (rows.empty()) return;
    constexpr double kRow = 52;
    const double column = rows.size() == 1 ? kInside : (kInside - 48) / 2;
    const std::size_t shown = std::min(rows.size(), kItemsShown);
    const bool more = rows.size() > shown;
    const std::size_t lines = (shown + 1) / 2;
    card(heading, static_cast<double>(lines) * kRow + (more ? 44 : 0), [&] {
      for (std::size_t i = 0; i < shown; ++i) {
        const double x = kEdge + (i % 2 == 0 ? 0 : column + 48);
        const double y = y_ + static_cast<double>(i / 2) * kRow;
        const double wide = write(x, y, column, rows[i].second, kStrong, true);
        write(x, y, column - wide - 16, rows[i].first, kPlain);
      }
      if (!more) return;
      write(kEdge, y_ + static_cast<double>(lines) * kRow, kInside,
            fmt::format("另有 {} 种", rows.size() - shown), kSmall);
    });
  }

  void flow(const std::string& heading, const std::function<Quantity(const TotalRow&)>& figure) {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const TotalRow& t : brief_.totals) {
      const Quantity quantity = figure(t);
      if (quantity > Quantity{}) rows.emplace_back(t.item, rounded_amount(quantity, t.unit));
    }
    columns(heading, rows);
  }

  void work() {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const MetricRow& m : brief_.metrics)
      rows.emplace_back(m.name, rounded_amount(m.quantity, m.unit));
    columns("做了什么", rows);
  }

  void weeks() {
    if (data_.weeks.empty()) return;
    constexpr double kRow = 136;
    constexpr double kAxis = 44;
    constexpr double kLeft = kEdge + 360;
    constexpr double kWide = kInside - 380;
    card("近七天发放", static_cast<double>(data_.weeks.size()) * kRow + kAxis, [&] {
      for (const auto& week : data_.weeks) {
        Quantity most, all;
        for (const Quantity day : week.days) most = std::max(most, day), all = all + day;
        std::array<double, 7> points{};
        for (std::size_t i = 0; i < points.size(); ++i) {
          points[i] = most > Quantity{} ? number(week.days[i]) / number(most) : 0;
        }
        write(kEdge, y_ + 20, 320, week.item, kPlain);
        write(kEdge, y_ + 62, 320, "共 " + rounded_amount(all, week.unit), kSmall);
        canvas_->curve(kLeft, y_ + 24, kWide, 84, points.data(), 7, kDone);
        y_ += kRow;
      }
      const std::string first = date_words(*brief_.days.to - 6), last = date_words(*brief_.days.to);
      write(kLeft - 10, y_, kWide, first, kSmall);
      write(kLeft, y_, kWide + 10, last, kSmall, true);
    });
  }

  void foot() {
    std::string line = "数字来自群内登记";
    if (!brief_.approximate.empty()) line += "，有约数，不完全统计";
    if (brief_.corrections > 0) line += fmt::format("，含更正、撤销 {} 次", brief_.corrections);
    write(kEdge, y_ + 6, kInside, line + "。接力", kSmall);
    y_ += 64;
  }

  const PictureData& data_;
  const Brief& brief_;
  const std::unique_ptr<Canvas> canvas_ = Canvas::make(kWidth);
  double y_ = 0;
  int characters_ = 0;
  int cards_ = 0;
};

}  // namespace

PictureData picture_data(Database& database, const Scope& scope, const Days& days,
                         const Policy& policy) {
  PictureData data;
  data.days = days_words(days);
  data.brief = brief(database, scope, days, policy);
  if (!days.to) return data;
  std::array<std::vector<TotalRow>, 7> rows;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::int64_t day = *days.to - 6 + static_cast<std::int64_t>(i);
    const TotalsQuery query{.group = scope.group, .item = {}, .place = {}, .days = {day, day}};
    rows[i] = scope.groups.empty() ? totals(database, query)
                                   : roll_up(database, scope.groups, query).rows;
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (const TotalRow& row : rows[i]) {
      if (row.distributed <= Quantity{}) continue;
      auto week = std::find_if(data.weeks.begin(), data.weeks.end(), [&](const auto& w) {
        return w.item == row.item && w.unit == row.unit;
      });
      if (week == data.weeks.end()) week = data.weeks.insert(week, {row.item, row.unit, {}});
      week->days[i] = row.distributed;
    }
  }
  // The items that were handed out on most days tell most.
  const auto busy_days = [](const PictureData::Week& week) {
    return std::count_if(week.days.begin(), week.days.end(),
                         [](Quantity q) { return q > Quantity{}; });
  };
  std::stable_sort(data.weeks.begin(), data.weeks.end(),
                   [&](const auto& a, const auto& b) { return busy_days(a) > busy_days(b); });
  std::erase_if(data.weeks, [&](const auto& week) { return busy_days(week) < 2; });
  if (data.weeks.size() > kWeeksShown) data.weeks.resize(kWeeksShown);
  return data;
}

std::string picture(const PictureData& data) { return Drawing(data).png(); }
