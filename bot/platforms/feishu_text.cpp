#include "bot/platforms/feishu_text.h"

#include <algorithm>
#include <vector>

#include "bot/platforms/reading.h"

using nlohmann::json;

namespace {

struct Person {
  std::string key, open_id, name;
  bool bot = false;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// While the bot does not know itself, the only mention of a bot is taken for it. Names prove
/// nothing: people can carry them.
std::vector<Person> people_in(const Fields& message, const std::string& bot) {
  std::vector<Person> people;
  const json* const mentions = message.find("mentions");
  if (mentions == nullptr) return people;
  if (!mentions->is_array()) message.wrong("mentions");
  std::vector<std::size_t> bots;
  for (const json& one : *mentions) {
    const Fields mention(one);
    Person person;
    person.key = mention.text("key");
    person.name = plain_name(mention.text_or_empty("name"));
    const json* const id = mention.find("id");
    if (id != nullptr && id->is_object()) person.open_id = Fields(*id).text_or_empty("open_id");
    person.bot = !bot.empty() && person.open_id == bot;
    if (mention.text_or_empty("mentioned_type") == "bot") bots.push_back(people.size());
    people.push_back(std::move(person));
  }
  if (bot.empty() && bots.size() == 1) people[bots.front()].bot = true;
  return people;
}

/// Replaces @_user_N in one pass; what is put in is not looked at again.
std::string with_names(std::string_view text, const std::vector<Person>& people) {
  constexpr std::string_view kUser = "@_user_";
  constexpr std::string_view kAll = "@_all";
  std::string result;
  while (!text.empty()) {
    if (text.starts_with(kUser)) {
      std::size_t end = kUser.size();
      while (end < text.size() && is_digit(text[end])) ++end;
      const std::string_view key = text.substr(0, end);
      const auto person = std::find_if(people.begin(), people.end(),
                                       [&](const Person& one) { return one.key == key; });
      text.remove_prefix(end);
      if (person == people.end()) {
        result += key;
      } else if (!person->bot) {
        result += "@" + person->name;
      } else if (text.starts_with(' ')) {
        text.remove_prefix(1);
      }
    } else if (text.starts_with(kAll) &&
               (text.size() == kAll.size() || !is_word(text[kAll.size()]))) {
      result += "@所有人";
      text.remove_prefix(kAll.size());
    } else {
      result += text.front();
      text.remove_prefix(1);
    }
  }
  return result;
}

std::string mention_in_post(const Fields& element, const std::vector<Person>& people) {
  const std::string key = element.text_or_empty("user_id");
  const auto person =
      std::find_if(people.begin(), people.end(), [&](const Person& one) { return one.key == key; });
  if (person != people.end()) return person->bot ? "" : "@" + person->name;
  if (key == "@_all" || key == "all") return "@所有人";
  const std::string name = plain_name(element.text_or_empty("user_name"));
  return name.empty() ? "" : "@" + name;
}

std::string line_of_post(const json& elements, const std::vector<Person>& people) {
  std::string line;
  for (const json& one : elements) {
    const Fields element(one);
    const std::string tag = element.text_or_empty("tag");
    if (tag == "text" || tag == "a" || tag == "code_block" || tag == "md") {
      line += with_names(element.text_or_empty("text"), people);
    } else if (tag == "at") {
      line += mention_in_post(element, people);
    }
  }
  return trimmed(line);
}

/// Title and lines; a layer of locales, as for sending, may stand around them.
std::string text_of_post(const json& content, const std::vector<Person>& people) {
  const json* post = &content;
  if (find(content, "content") == nullptr && content.size() == 1 && content.begin()->is_object()) {
    post = &*content.begin();
  }
  const Fields fields(*post);
  const json& lines = fields.need("content");
  if (!lines.is_array()) fields.wrong("content");
  std::string text = trimmed(fields.text_or_empty("title"));
  for (const json& elements : lines) {
    if (!elements.is_array()) fields.wrong("content");
    const std::string line = line_of_post(elements, people);
    if (line.empty()) continue;
    if (!text.empty()) text += '\n';
    text += line;
  }
  return text;
}

json content_of(const Fields& message) {
  const std::string content = message.text("content");
  try {
    return read_json(content);
  } catch (const BadRequest&) {
    message.wrong("content");
  }
}

}  // namespace

void read_feishu_text(Message& message, const json& event_message, const std::string& bot) {
  const Fields fields(event_message);
  const std::vector<Person> people = people_in(fields, bot);
  for (const Person& person : people) {
    const std::string id = "feishu:" + person.open_id;
    if (person.bot) message.mentioned = true;
    const auto same = [&](const Mention& one) { return one.user == id; };
    const auto& known = message.mentions;
    if (person.bot || person.open_id.empty() || std::any_of(known.begin(), known.end(), same)) {
      continue;
    }
    message.mentions.push_back({id, person.name});
  }
  const std::string type = fields.text("message_type");
  const json content = content_of(fields);
  if (type == "text") message.text = trimmed(with_names(Fields(content).text("text"), people));
  if (type == "post") message.text = text_of_post(content, people);
  check_length(message.text);
}
