#include "commands/parser/form.h"

#include <algorithm>
#include <vector>

#include "commands/parser/lexicon.h"
#include "commands/parser/numeral.h"

namespace {

using View = std::u32string_view;

constexpr std::size_t kLabel = 12;
constexpr std::size_t kValue = 30;

enum class Field { place, giver, state, other, none };

struct Label {
  View word;
  Field field;
};

// Labels end in these words (需求单位, 详细地址, 联系电话); a form has at least two.
constexpr Label kLabels[] = {
    {U"捐赠人", Field::giver},       {U"捐赠者", Field::giver},   {U"捐赠方", Field::giver},
    {U"捐赠单位", Field::giver},     {U"捐助单位", Field::giver}, {U"来源", Field::giver},
    {U"供货单位", Field::giver},     {U"发货单位", Field::giver}, {U"单位", Field::place},
    {U"单位名称", Field::place},     {U"医院名称", Field::place}, {U"机构名称", Field::place},
    {U"接收方", Field::place},       {U"受赠方", Field::place},   {U"需求方", Field::place},
    {U"地点", Field::place},         {U"目的地", Field::place},   {U"医院", Field::place},
    {U"状态", Field::state},         {U"类型", Field::state},     {U"事项", Field::state},
    {U"地址", Field::other},         {U"联系人", Field::other},   {U"收货人", Field::other},
    {U"收件人", Field::other},       {U"负责人", Field::other},   {U"对接人", Field::other},
    {U"联系人及电话", Field::other}, {U"电话", Field::other},     {U"手机", Field::other},
    {U"联系方式", Field::other},     {U"姓名", Field::other},     {U"物资", Field::other},
    {U"名称", Field::other},         {U"数量", Field::other},     {U"需求", Field::other},
    {U"用途", Field::other},         {U"备注", Field::other},     {U"时间", Field::other},
    {U"日期", Field::other},         {U"物资清单", Field::other}, {U"物资名称", Field::other},
    {U"紧急程度", Field::other}};

bool wall(char32_t c) { return View(U" \n,，、;。!?()（）【】[]").find(c) != View::npos; }

Field field_of(View label) {
  while (!label.empty() && (is_digit(label.front()) || label.front() == U'.')) {
    label.remove_prefix(1);
  }
  for (const Label& known : kLabels) {
    // 一医院：口罩200只 names a place of its own.
    const bool whole = known.word == U"医院";
    if (whole ? label == known.word : label.ends_with(known.word)) return known.field;
  }
  return Field::none;
}

class FormReader {
 public:
  explicit FormReader(const Text& text) : text_(text), key_(text.key) {}

  std::optional<FormText> read() {
    std::size_t fields = 0;
    for (std::size_t at = 0; at < key_.size(); ++at) {
      if (key_[at] != U':') continue;
      std::size_t from = at;
      while (from > 0 && at - from <= kLabel && !wall(key_[from - 1]) && key_[from - 1] != U':') {
        --from;
      }
      if (from == at || at - from > kLabel) continue;
      const View label = key_.substr(from, at - from);
      if (std::all_of(label.begin(), label.end(), is_digit)) continue;  // 10:30
      const Field field = field_of(label);
      fields += field != Field::none;
      // 单位：城关卫生院 地址：…: a field begins a line, whatever stood before it.
      if (from > 0 && key_[from - 1] == U' ') {
        breaks_.push_back(from - 1);
      }
      if (field == Field::place || field == Field::giver || field == Field::state) {
        take(field, at + 1);
      }
    }
    if (fields < 2) return std::nullopt;
    out_.lines = text_;
    for (const std::size_t at : breaks_) out_.lines.key[at] = out_.lines.shown[at] = U'\n';
    const View head = key_.substr(0, key_.find(U':'));
    out_.urgent = head.find(U"急需") != View::npos || head.find(U"紧急") != View::npos;
    return std::move(out_);
  }

 private:
  void take(Field field, std::size_t from) {
    while (from < key_.size() && key_[from] == U' ') ++from;
    std::size_t to = from;
    while (to < key_.size() && to - from <= kValue && !wall(key_[to])) ++to;
    if (to == from || to - from > kValue) return;
    if (field == Field::state) {
      const auto verb = longest_lexeme(key_, from);
      const bool says =
          verb.length != 0 && (verb.lexeme->role == Role::verb || verb.lexeme->role == Role::weak);
      if (says && !out_.happened) out_.happened = verb.lexeme->action;
      return;
    }
    std::string& value = field == Field::place ? out_.place : out_.giver;
    const View said = View(text_.shown).substr(from, to - from);
    const bool name = std::none_of(said.begin(), said.end(), is_digit) && said.size() >= 2;
    if (value.empty() && name) value = to_utf8(said);
  }

  const Text& text_;
  View key_;
  std::vector<std::size_t> breaks_;  ///< blanks before fields
  FormText out_;
};

}  // namespace

std::optional<FormText> read_form(const Text& text) {
  if (text.key.find(U':') == std::u32string::npos) return std::nullopt;
  return FormReader(text).read();
}

void apply_form(const FormText& form, Reading& reading) {
  for (Statement& s : reading.statements) {
    if (s.action > Action::adjust && s.action != Action::other) continue;
    if (s.action == Action::other && form.happened) s.action = *form.happened;
    if (s.place.empty() && s.action != Action::offer) s.place = form.place;
    if (s.counterpart.empty() && s.place != form.giver) s.counterpart = form.giver;
    if (s.action == Action::need && form.urgent) s.urgent = true;
  }
  if (reading.statements.empty()) return;
  if (reading.intent == Action::other) reading.intent = reading.statements.front().action;
  reading.addressed = reading.addressed || reading.intent != Action::other;
}
