#pragma once

#include <random>
#include <string>
#include <vector>

#include "tests/talk.h"

/// What people say, as one seed makes it: mostly what makes sense in the group as it stands, now
/// and then what does not.
class Speaker {
 public:
  struct Utterance {
    Message message;
    std::vector<talk::Phrase> phrases;
  };
  static inline const std::string kCoordinator = "generic:陈姐";
  static constexpr std::chrono::sys_seconds kStart{std::chrono::seconds(1581300000)};

  explicit Speaker(std::uint64_t seed) : random_(seed) {}

  /// The next message in a group; remembers what was said, to edit and recall it.
  Utterance next(const talk::Group& group, const std::string& name);

  std::mt19937_64& random() { return random_; }
  bool chance(int in_thousand) { return static_cast<int>(random_() % 1000) < in_thousand; }
  /// The bot's clock: it goes on, and now and then jumps.
  std::chrono::sys_seconds now() const { return clock_ + jump_; }

 private:
  template <typename T>
  T pick(const std::vector<T>& choices) {
    return choices[random_() % choices.size()];
  }
  talk::Phrase phrase(const talk::Group& group);
  talk::Phrase report();
  talk::Phrase also(talk::Phrase first);
  void set_goods(talk::Phrase& p);
  talk::Phrase act(const talk::Group& group);
  talk::Phrase answer(const talk::Group& group);
  std::int64_t target(const talk::Group& group, const std::vector<Kind>& kinds);
  Quantity figure();
  std::string place();
  std::vector<talk::Phrase> changed(std::vector<talk::Phrase> phrases);

  std::mt19937_64 random_;
  std::chrono::sys_seconds clock_ = kStart;
  std::chrono::seconds jump_{0};
  std::int64_t messages_ = 0;
  std::string answering_;  ///< who is to answer, where an answer was picked
  std::map<std::string, std::vector<Utterance>> said_;  ///< by group
};
