#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "commands/message.h"
#include "tests/model.h"

/// What a group's messages come to, once more, as plainly as the contract says it: which entries a
/// message makes, what is asked instead, what is refused. Beside model.h, which says what the
/// entries then come to. Meaning goes in, not text: reading is the parser's business.
namespace talk {

enum class Does {
  report,     ///< goods or work: Phrase::kind
  received,   ///< 收到 #n
  sent,       ///< 发出 #n
  done,       ///< 完成 #n
  urgent,     ///< 加急 #n
  another,    ///< 另一批 #n
  correct,    ///< 更正 #n
  cancel,     ///< 撤销 #n
  take_back,  ///< 撤销
  enough,     ///< 够了
  yes,        ///< 是 #n; without a number: a bare 是
  no,         ///< 不是 #n
  confirm,    ///< 确认 n
  chatter,
};

/// One thing that a message says.
struct Phrase {
  Does does = Does::chatter;
  Kind kind = Kind::need;
  std::string item, place, donor, word;
  std::string unit;                ///< as said; "" in an act: that of the entry
  std::optional<Quantity> figure;  ///< in that unit
  bool urgent = false, replaces = false, adds = false;
  std::int64_t ref = 0;
};

/// The message as somebody would type it.
std::string text_of(const std::vector<Phrase>& phrases);

/// What a message makes.
struct Made {
  std::vector<model::Said> entries;
  bool duplicate = false;
  bool stored = false;  ///< it was for the bot: the same message again is a duplicate
};

/// A question that waits for an answer.
struct Question {
  std::int64_t number = 0;
  std::int64_t about = 0;  ///< an entry; 0: none
  std::string kind;        ///< again, repeat, other_end, implausible, place
  std::string user;        ///< who was asked
  bool bare = true;        ///< a bare 是 answers it
  std::chrono::sys_seconds asked;
  Message message;  ///< what was said
  std::vector<Phrase> held;
};

class Group {
 public:
  Group(std::string name, std::string coordinator, std::int64_t (*day)(std::chrono::sys_seconds))
      : name_(std::move(name)), coordinator_(std::move(coordinator)), day_(day) {}

  /// What the message makes; it is then part of the conversation.
  Made hear(const Message& message, const std::vector<Phrase>& phrases);

  const model::Model& ledger() const { return *ledger_; }
  const std::vector<Question>& questions() const { return questions_; }
  /// Work done, by name and unit.
  std::map<model::Line, std::int64_t> work() const;

 private:
  struct Refused {};
  struct Heard {
    Message message;
    Made made;
  };
  /// A message while its phrases are carried out; of what was held back: the one that said it.
  struct Turn {
    const Message& message;
    const std::vector<Phrase>& phrases;
    std::string settled;  ///< the kind of question that was answered
  };

  void respond(const Turn& turn);
  void carry_out(const Turn& turn);
  void report(const Turn& turn, const Phrase& p);
  void refer(const Turn& turn, const Phrase& p);
  void another(const Turn& turn, const Phrase& p);
  void correct(const Turn& turn, const Phrase& p);
  void cancel(const Turn& turn, std::int64_t number);
  void take_back(const Turn& turn);
  void enough(const Turn& turn, const Phrase& p);
  void settle(const Turn& turn, const Phrase& p);
  void edit(const Turn& turn);

  bool again(const Turn& turn);
  std::int64_t repeated(const Entry& e) const;
  std::int64_t other_end(const Entry& e) const;
  bool implausible(const Entry& e, std::int64_t without) const;
  void ask(const Turn& turn, const std::string& kind, std::int64_t about,
           std::vector<Phrase> held);
  std::string place_asked(const Question& question) const;
  void answer(const Question& question, const std::string& place);
  std::string only_place_in_need(const std::string& item) const;
  void give_to(const Turn& turn, std::int64_t number, const std::string& place);
  void become(const Turn& turn, std::int64_t number, const Phrase& p);
  void check(const model::Live& t, const Change& change) const;

  const model::Live& target(std::int64_t number) const;
  const Entry& said(std::int64_t number) const;
  bool refers(std::int64_t number) const;
  bool may(const Message& message, const std::string& owner) const;
  std::vector<std::int64_t> standing(const std::string& message) const;
  Entry entry(const Turn& turn, Kind kind) const;
  Entry goods(const Turn& turn, const Phrase& p) const;
  Entry act(const Turn& turn, Kind kind, std::int64_t number) const;
  std::int64_t per(std::int64_t number) const;
  std::optional<Quantity> figure_about(const Phrase& p) const;
  Quantity stated_or(const Phrase& p, std::int64_t rest) const;
  std::int64_t append(Entry e, Change change = {});
  void spoke(const std::string& user);
  void take_back_made(const std::vector<Question>& questions, const std::string& user);

  const std::string name_, coordinator_;
  std::int64_t (*const day_)(std::chrono::sys_seconds);
  std::optional<model::Model> ledger_{std::in_place};
  std::map<std::string, Heard> heard_;  ///< by id, event and an edit's text
  std::vector<Question> questions_;     ///< open ones
  std::int64_t asked_ = 0;
  std::map<std::string, std::string> last_report_;  ///< user: message id
  std::map<std::int64_t, std::int64_t> per_;  ///< entry: thousandths of the line's unit in one said
  /// The same after an edit: by entry, the correction and what it says.
  std::map<std::int64_t, std::vector<std::pair<std::int64_t, std::int64_t>>> per_edited_;
  Made made_;                                 ///< by the message that is heard
};

}  // namespace talk
