#include "commands/bulletin.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "commands/goods.h"
#include "commands/parser/parser.h"
#include "commands/wording.h"

namespace {

// The catalogue's categories as a ministry's form has them.
struct Chapter {
  std::string_view category, title;
};
constexpr std::array kChapters{
    Chapter{"mask", "防护用品"},       Chapter{"glove", "防护用品"},
    Chapter{"protective", "防护用品"}, Chapter{"disinfect", "消杀用品"},
    Chapter{"medicine", "药品器械"},   Chapter{"device", "药品器械"},
    Chapter{"instrument", "药品器械"}, Chapter{"food", "食品饮料"},
    Chapter{"drink", "食品饮料"},      Chapter{"daily", "生活用品"},
    Chapter{"warm", "生活用品"},       Chapter{"shelter", "生活用品"},
    Chapter{"kit", "防疫包"},          Chapter{"tool", "工具设备"},
    Chapter{"vehicle", "工具设备"},    Chapter{"print", "宣传品"},
    Chapter{"money", "资金"},
};
constexpr std::string_view kOther = "其他物资";
constexpr std::string_view kByValue = "折价物资";  // 药品701000元: only the worth is known

std::size_t chapter_of(const Catalogue& catalogue, const BulletinFigure& f) {
  const Catalogue::Item* item = catalogue.find(f.item);
  for (std::size_t i = 0; item != nullptr && i < kChapters.size(); ++i) {
    if (kChapters[i].category == item->category) return i;
  }
  return kChapters.size();
}

std::string title_of(const Catalogue& catalogue, const BulletinFigure& f) {
  const std::size_t chapter = chapter_of(catalogue, f);
  const bool money = chapter < kChapters.size() && kChapters[chapter].category == "money";
  if (f.unit == "元" && !money) return std::string(kByValue);
  return std::string(chapter < kChapters.size() ? kChapters[chapter].title : kOther);
}

// What a figure of work is about, by the words that name it.
struct Part {
  std::string_view lead;
  std::array<std::string_view, 10> words;
};
constexpr std::string_view kReach = "覆盖";
constexpr std::array kParts{
    Part{"协调",
         {"组织", "部门", "企业", "媒体", "基金会", "机构", "政府", "伙伴", "协会", "团队"}},
    Part{kReach, {"地市", "县区", "社区", "村", "防控点", "卡点", "单位", "地区", "小区", "街道"}},
    Part{"参与和受益",
         {"志愿者", "受益", "人员", "队伍", "老人", "群众", "居民", "医护", "家庭", "户"}},
};

/// The part that a figure of work stands in, and the word of it that says so.
std::pair<std::size_t, std::size_t> rank_of(const BulletinFigure& f) {
  for (std::size_t part = 0; part < kParts.size(); ++part) {
    const auto& words = kParts[part].words;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (!words[i].empty() && f.item.find(words[i]) != std::string::npos) return {part, i};
    }
  }
  return {kParts.size(), 0};
}

std::string_view part_of(const BulletinFigure& f) {
  const std::size_t part = rank_of(f).first;
  return part < kParts.size() ? kParts[part].lead : "开展";
}

std::string_view verb_of(Action action) {
  switch (action) {
    case Action::received:
      return "收到";
    case Action::used:
      return "消耗";
    case Action::adjust:
      return "损耗";
    default:
      return "发放";
  }
}

/// "累计发放防护用品", "累计协调": what stands before the figures of a line.
std::string lead_of(const Catalogue& catalogue, const BulletinFigure& f) {
  if (f.action == Action::activity) return fmt::format("累计{}", part_of(f));
  const std::string title = title_of(catalogue, f);
  return fmt::format("累计{}{}", verb_of(f.action), title);
}

/// 口罩500只, 口罩 500只, 17个地市.
enum class Form { close, apart, number_first };

std::string figure_words(const BulletinFigure& f, Form form) {
  const std::string figure = (f.approx ? "约" : "") + amount(f.quantity, f.unit);
  std::string text = form == Form::number_first ? figure + f.item
                     : form == Form::apart      ? f.item + " " + figure
                                                : f.item + figure;
  if (f.value > Quantity{}) text += fmt::format("(价值{}元)", to_string(f.value));
  return quoted(text);
}

/// How many places were reached is said number first.
Form usual_form(const BulletinFigure& f) {
  const bool reach = f.action == Action::activity && part_of(f) == kReach;
  return reach ? Form::number_first : Form::close;
}

bool reads_as(const std::string& line, const std::vector<BulletinFigure>& figures,
              const Catalogue& catalogue) {
  return read_bulletin(line, catalogue) == figures;
}

/// A figure that is not read back in its line stands on a line of its own, in the first form that
/// is.
std::string alone(const BulletinFigure& f, const std::string& lead, const Catalogue& catalogue) {
  const std::string bare =
      f.action == Action::activity ? "累计" : fmt::format("累计{}", verb_of(f.action));
  for (const Form form : {usual_form(f), Form::close, Form::apart, Form::number_first}) {
    for (const std::string& before : {lead + "：", lead, bare + "：", bare, bare + " "}) {
      const std::string line = before + figure_words(f, form);
      if (reads_as(line, {f}, catalogue)) return line;
    }
  }
  return lead + "：" + figure_words(f, Form::close);
}

void write_line(const std::string& lead, const std::vector<BulletinFigure>& figures,
                const Catalogue& catalogue, std::vector<std::string>& lines) {
  std::string line = lead + "：";
  for (std::size_t i = 0; i < figures.size(); ++i) {
    line += (i == 0 ? "" : "、") + figure_words(figures[i], usual_form(figures[i]));
  }
  if (figures.size() > 1 && reads_as(line, figures, catalogue)) return lines.push_back(line);
  std::vector<BulletinFigure> together;
  std::vector<std::string> own;
  for (const BulletinFigure& f : figures) {
    const std::string usual = lead + "：" + figure_words(f, usual_form(f));
    if (figures.size() > 1 && reads_as(usual, {f}, catalogue)) {
      together.push_back(f);
    } else {
      own.push_back(alone(f, lead, catalogue));
    }
  }
  if (!together.empty() && together.size() < figures.size()) {
    write_line(lead, together, catalogue, lines);
  } else {
    for (const BulletinFigure& f : together) own.push_back(alone(f, lead, catalogue));
  }
  lines.insert(lines.end(), own.begin(), own.end());
}

std::string period_words(const Days& days) {
  if (!days.from && !days.to) return "全部";
  if (days.from == days.to) return date_words(*days.from, true);
  if (!days.from) return "截至" + date_words(*days.to, true);
  if (!days.to) return date_words(*days.from, true) + "起";
  return date_words(*days.from, true) + "至" + date_words(*days.to, true);
}

}  // namespace

std::vector<BulletinFigure> bulletin_figures(const Brief& b, const Catalogue& catalogue) {
  std::vector<BulletinFigure> figures;
  for (const MetricRow& m : b.metrics) {
    if (m.quantity <= Quantity{}) continue;
    figures.push_back({Action::activity,
                       m.name,
                       m.unit,
                       m.quantity,
                       b.approximate.contains({Kind::activity, m.name, m.unit}),
                       {}});
  }
  std::stable_sort(figures.begin(), figures.end(),
                   [](const BulletinFigure& one, const BulletinFigure& other) {
                     return rank_of(one) < rank_of(other);
                   });
  struct Flow {
    Action action;
    Kind kind;
    Quantity TotalRow::*sum;
  };
  for (const Flow& flow : {Flow{Action::distributed, Kind::distributed, &TotalRow::distributed},
                           Flow{Action::received, Kind::received, &TotalRow::received},
                           Flow{Action::used, Kind::used, &TotalRow::used},
                           Flow{Action::adjust, Kind::adjust, &TotalRow::lost}}) {
    std::map<std::string, std::vector<BulletinFigure>> chapters;  // by title
    std::vector<std::pair<std::size_t, std::string>> order;
    for (const TotalRow& t : b.totals) {
      if (t.*flow.sum <= Quantity{}) continue;
      BulletinFigure f{flow.action,
                       t.item,
                       t.unit,
                       t.*flow.sum,
                       b.approximate.contains({flow.kind, t.item, t.unit}),
                       {}};
      for (const Worth& w : b.worth) {
        if (w.kind == flow.kind && w.item == t.item && w.unit == t.unit) f.value = w.value;
      }
      const std::string title = title_of(catalogue, f);
      if (!chapters.contains(title)) order.emplace_back(chapter_of(catalogue, f), title);
      chapters[title].push_back(std::move(f));
    }
    std::sort(order.begin(), order.end());
    for (const auto& [rank, title] : order) {
      auto& chapter = chapters[title];
      std::move(chapter.begin(), chapter.end(), std::back_inserter(figures));
    }
  }
  return figures;
}

std::string bulletin(const Brief& b, const Catalogue& catalogue) {
  std::vector<std::string> lines{
      quoted(fmt::format("【简报】{} {}", b.title, period_words(b.days)))};
  const auto figures = bulletin_figures(b, catalogue);
  for (auto at = figures.begin(); at != figures.end();) {
    const std::string lead = lead_of(catalogue, *at);
    const auto end = std::find_if(
        at, figures.end(), [&](const BulletinFigure& f) { return lead_of(catalogue, f) != lead; });
    write_line(lead, {at, end}, catalogue, lines);
    at = end;
  }
  if (figures.empty()) lines.emplace_back("这段时间没有登记。");
  if (!b.groups.empty()) {
    std::string from = fmt::format("（上报群数 {}", b.groups.size());
    if (!b.organisations.empty()) from += fmt::format("，机构数 {}", b.organisations.size());
    if (b.between > 0) from += fmt::format("；群间往来 {} 笔只算一次", b.between);
    lines.push_back(from + "）");
  }
  if (!b.approximate.empty()) lines.emplace_back("（不完全统计）");
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

std::vector<BulletinFigure> read_bulletin(const std::string& text, const Catalogue& catalogue) {
  std::vector<BulletinFigure> figures;
  for (const Statement& s : read(text, catalogue).statements) {
    if (!s.quantity) continue;
    BulletinFigure f{s.action, s.item, catalogue.unit(s.unit), *s.quantity, s.approx, {}};
    if (s.action != Action::activity) {
      f.item = catalogue_name(catalogue, s.item);
      const auto line = on_line(catalogue, catalogue.find(f.item), s);
      if (line) f.quantity = line->quantity, f.unit = line->unit;
    }
    if (s.value) {
      const auto yuan = on_line(catalogue, nullptr, [&] {
        Statement worth;
        worth.quantity = s.value->quantity;
        worth.unit = s.value->unit;
        return worth;
      }());
      if (yuan) f.value = yuan->quantity;
    }
    figures.push_back(std::move(f));
  }
  return figures;
}
