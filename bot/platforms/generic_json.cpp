#include "bot/platforms/generic_json.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bot/calendar.h"
#include "bot/platform.h"
#include "bot/platforms/reading.h"

namespace {

using nlohmann::json;

constexpr int kMaxDepth = 32;

[[noreturn]] void wrong(std::string_view field, std::string_view what) {
  throw BadRequest(422, fmt::format("\"{}\" {}", field, what));
}

std::string text(const json& object, const char* field) {
  const json* const value = find(object, field);
  if (value == nullptr) return {};
  if (!value->is_string()) wrong(field, "must be a string");
  return value->get<std::string>();
}

bool flag(const json& object, const char* field) {
  const json* const value = find(object, field);
  if (value == nullptr) return false;
  if (!value->is_boolean()) wrong(field, "must be true or false");
  return value->get<bool>();
}

std::string id(const json& object, const char* field) {
  if (find(object, field) == nullptr) {
    wrong(field, fmt::format("is missing: send a string of 1 to {} bytes", kMaxId));
  }
  std::string value = text(object, field);
  if (value.empty() || value.size() > kMaxId) {
    wrong(field, fmt::format("must be a string of 1 to {} bytes", kMaxId));
  }
  if (value.find('\0') != std::string::npos) wrong(field, "must not contain NUL");
  return value;
}

Event event(const json& object) {
  const std::string name = text(object, "event");
  if (name.empty() || name == "message") return Event::message;
  if (name == "edit") return Event::edit;
  if (name == "recall") return Event::recall;
  wrong("event", "must be \"message\", \"edit\" or \"recall\"");
}

std::chrono::sys_seconds time(const json& object, std::chrono::sys_seconds now) {
  const std::string said = text(object, "time");
  if (find(object, "time") == nullptr) return now;
  const auto instant = parse_rfc3339(said);
  if (!instant) wrong("time", "must be like \"2020-02-10T09:30:00+08:00\"");
  return settled_time(instant, now);
}

std::vector<Mention> mentions(const json& object) {
  std::vector<Mention> result;
  const json* const list = find(object, "mentions");
  if (list == nullptr) return result;
  if (!list->is_array()) wrong("mentions", "must be a list of {\"id\",\"name\"}");
  for (const json& one : *list) {
    if (!one.is_object()) wrong("mentions", "must be a list of {\"id\",\"name\"}");
    result.push_back({with_prefix(id(one, "id")), text(one, "name")});
  }
  return result;
}

}  // namespace

Message read_generic(std::string_view bytes, std::chrono::sys_seconds now) {
  const json object = read_json(bytes, kMaxDepth);
  if (!object.is_object()) throw BadRequest(422, "the body must be a JSON object");
  Message message;
  message.platform = "generic";
  message.id = id(object, "message_id");
  message.group = with_prefix(id(object, "group"));
  message.user = with_prefix(id(object, "user"));
  message.user_name = text(object, "user_name");
  message.event = event(object);
  if (message.event != Event::recall && find(object, "text") == nullptr) {
    wrong("text", "is missing: send what was said, as a string");
  }
  message.text = text(object, "text");
  message.quote = text(object, "quote");
  message.time = time(object, now);
  message.mentioned = flag(object, "mentioned");
  message.direct = flag(object, "direct");
  message.mentions = mentions(object);
  return message;
}

std::string write_generic(const Reply& reply) {
  const json body = {{"reply", reply.text.empty() ? json(nullptr) : json(reply.text)},
                     {"duplicate", reply.duplicate},
                     {"entries", reply.entries}};
  return write_json(body);
}
