#include <cmath>

#include "bot/crypto.h"
#include "bot/outgoing/pace.h"
#include "bot/platform.h"
#include "bot/platforms/cq_code.h"
#include "bot/platforms/posts.h"
#include "bot/platforms/reading.h"
#include "bot/signature.h"

// QQ through OneBot 11 (github.com/botuniverse/onebot-11, HTTP POST reporting), and OneBot 12
// (12.onebot.dev) where a request says that it is.

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

/// The number of every member who speaks without a name: nobody's, so it has no rights.
constexpr std::string_view kAnonymous = "80000000";

/// A segment's data as text; numbers are ids.
Segment read_segment(const json& value) {
  const Fields fields(value);
  Segment segment{fields.text("type"), {}};
  const json* const data = fields.find("data");
  if (data == nullptr || !data->is_object()) return segment;
  if (segment.type == "text") {
    segment.data["text"] = Fields(*data).text("text");
    return segment;
  }
  for (const auto& [key, member] : data->items()) segment.data[key] = id_text(member);
  return segment;
}

std::vector<Segment> read_segments(const json& message) {
  if (message.is_string()) return read_cq_codes(message.get_ref<const std::string&>());
  if (message.is_object()) return {read_segment(message)};
  if (!message.is_array()) throw BadRequest(422, "\"message\" is neither text nor segments");
  std::vector<Segment> segments;
  for (const json& one : message) segments.push_back(read_segment(one));
  return segments;
}

std::string member(const Segment& segment, const std::string& name) {
  const auto found = segment.data.find(name);
  return found == segment.data.end() ? std::string() : found->second;
}

/// What stands in the text for a mention of somebody else.
std::string other_mention(const Segment& segment) {
  const std::string qq = member(segment, "qq");
  if (segment.type == "mention_all" || qq == "all") return "@全体成员";
  std::string name = plain_name(member(segment, "name"));
  if (name.empty()) name = segment.type == "mention" ? member(segment, "user_id") : qq;
  return (name.starts_with('@') ? "" : "@") + name;
}

bool mentions_bot(const Segment& segment, const std::string& bot) {
  if (segment.type == "at") return member(segment, "qq") == bot;
  if (segment.type == "mention") return member(segment, "user_id") == bot;
  return segment.type == "reply" && member(segment, "user_id") == bot;  // OneBot 12
}

/// The text of a message, with the bot's mention and one separator behind it taken out.
void read_text(Message& message, const std::vector<Segment>& segments, const std::string& bot) {
  bool after_mention = false;
  for (const Segment& segment : segments) {
    if (segment.type == "text") {
      const std::string text = member(segment, "text");
      message.text += text.substr(after_mention ? separator_length(text) : 0);
      after_mention = false;
    } else if (mentions_bot(segment, bot)) {
      message.mentioned = true;
      after_mention = segment.type != "reply";
    } else if (segment.type == "at" || segment.type.starts_with("mention")) {
      message.text += other_mention(segment);
      after_mention = false;
    }
  }
  message.text = trimmed(message.text);
  check_length(message.text);
}

std::string name_of(const Fields& event) {
  const auto inner = [&](const char* object, const char* name) {
    const json* const found = event.find(object);
    return found != nullptr && found->is_object() ? Fields(*found).text_or_empty(name) : "";
  };
  std::string name = inner("anonymous", "name");
  if (name.empty()) name = inner("sender", "card");
  if (name.empty()) name = inner("sender", "nickname");
  return plain_name(name);
}

std::optional<std::int64_t> seconds_of(const Fields& event) {
  const json* const time = event.find("time");
  if (time == nullptr || !time->is_number()) return std::nullopt;
  if (time->is_number_unsigned() || time->is_number_integer()) return decimal(id_text(*time), true);
  const double seconds = std::floor(time->get<double>());
  return std::abs(seconds) < 1e15 ? std::optional(static_cast<std::int64_t>(seconds))
                                  : std::nullopt;
}

Message begin(const Fields& event, const std::string& id, const std::string& group,
              const std::string& user, std::chrono::sys_seconds now) {
  Message message;
  message.platform = "onebot";
  message.id = id;
  message.direct = group.empty();
  message.group = "onebot:" + (group.empty() ? "direct-" + user : group);
  message.user = "onebot:" + user;
  message.time = said_time(seconds_of(event), now);
  return message;
}

class Onebot final : public Platform {
 public:
  explicit Onebot(const PlatformConfig& config)
      : secret_(setting(config, "secret")),
        access_token_(setting(config, "access_token")),
        api_(setting(config, "api")) {}

  Callback receive(const HttpRequest& request, std::chrono::sys_seconds now) const override {
    only_post(request);
    const bool twelve = request.header("x-onebot-version") == "12";
    if (twelve ? !has_token(request) : !is_signed(request)) refuse_forged();
    const json body = read_json(request.body);
    const Fields event(body);
    std::optional<Message> message = twelve ? read_12(event, now) : read_11(event, now);
    const bool for_us = message && (message->event == Event::recall || !message->text.empty() ||
                                    message->direct || message->mentioned);
    if (!for_us) return {.answer = silence()};
    message->group_way = twelve ? "12" : "11";
    return {.message = std::move(message)};
  }

  HttpResponse answer(const Message& message, const Reply& reply,
                      std::chrono::sys_seconds) const override {
    if (reply.text.empty() || message.event == Event::recall) return silence();
    if (message.group_way == "12")
      return {.body = write_json(json::array({action_12(message, reply.text)}))};
    // Without auto_escape QQ would read codes in our text: an item's name could call everybody.
    return {.body =
                write_json({{"reply", reply.text}, {"auto_escape", true}, {"at_sender", false}})};
  }

  /// A recall is a notice: its answer carries nothing.
  std::optional<std::chrono::milliseconds> patience(const Message& message) const override {
    return std::chrono::milliseconds(message.event == Event::recall ? 0 : 4000);
  }
  Limits limits() const override { return {2000, 20, CountedIn::utf16_units}; }

  Delivery speak(HttpCaller& caller, const Letter& letter) override {
    if (api_.empty()) return parked("[platforms.onebot] has no api");
    if (const auto wait = pace_.wait(letter.now)) return paced(*wait);
    const std::string_view to = own_id(letter.row.post.target);
    const auto write = letter.row.group_way == "12" ? write_onebot_12 : write_onebot;
    Delivery delivery = post(caller, write(api_, access_token_, to, letter.text), judge_onebot);
    // Hammering a group in which the account is muted is a known way to lose the account.
    if (delivery.most_tries > 0) delivery.after = letter.row.refusals == 0 ? 30s : 300s;
    return delivery;
  }

 private:
  static HttpResponse silence() { return {.status = 204}; }

  bool is_signed(const HttpRequest& request) const {
    constexpr std::string_view kKind = "sha1=";
    const std::string_view given = request.header("x-signature");
    return !secret_.empty() && given.starts_with(kKind) &&
           same_secret(given.substr(kKind.size()), hex(hmac_sha1(secret_, request.body)));
  }

  bool has_token(const HttpRequest& request) const {
    constexpr std::string_view kBearer = "Bearer ";
    const std::string_view header = request.header("authorization");
    if (header.starts_with(kBearer)) {
      return same_secret(header.substr(kBearer.size()), access_token_);
    }
    return header.empty() &&
           same_secret(request.parameter("access_token").value_or(""), access_token_);
  }

  static std::optional<Message> read_11(const Fields& event, std::chrono::sys_seconds now) {
    const std::string kind = event.text("post_type");
    const std::string bot = event.id("self_id");
    if (kind == "notice") return recall_11(event, now);
    if (kind != "message") return std::nullopt;
    const std::string type = event.text_or_empty("message_type");
    const bool group = type == "group";
    if ((!group && type != "private") || event.text_or_empty("sub_type") == "notice") {
      return std::nullopt;
    }
    const std::string user = event.id("user_id");
    if (user == bot) return std::nullopt;
    Message message =
        begin(event, event.id("message_id"), group ? event.id("group_id") : "", user, now);
    message.user_name = name_of(event);
    message.name_only = user == kAnonymous;
    read_text(message, read_segments(event.need("message")), bot);
    return message;
  }

  static std::optional<Message> recall_11(const Fields& event, std::chrono::sys_seconds now) {
    const std::string type = event.text_or_empty("notice_type");
    const bool group = type == "group_recall";
    if (!group && type != "friend_recall") return std::nullopt;
    const json* const who = event.find("operator_id");
    Message message = begin(event, event.id("message_id"), group ? event.id("group_id") : "",
                            event.id(who == nullptr ? "user_id" : "operator_id"), now);
    message.event = Event::recall;
    return message;
  }

  static std::optional<Message> read_12(const Fields& event, std::chrono::sys_seconds now) {
    const std::string type = event.text("type");
    const std::string detail = event.text_or_empty("detail_type");
    const bool recall = type == "notice" &&
                        (detail == "group_message_delete" || detail == "private_message_delete");
    const bool said = type == "message" && (detail == "group" || detail == "private");
    if (!recall && !said) return std::nullopt;
    const bool group = detail.starts_with("group");
    const std::string bot = event.object("self").id("user_id");
    const bool by_other = recall && event.find("operator_id") != nullptr;
    const std::string user = event.id(by_other ? "operator_id" : "user_id");
    if (said && user == bot) return std::nullopt;
    Message message =
        begin(event, event.id("message_id"), group ? event.id("group_id") : "", user, now);
    if (recall) {
      message.event = Event::recall;
      return message;
    }
    message.user_name = plain_name(event.text_ending(".nickname"));
    const json& segments = event.need("message");
    if (!segments.is_array()) event.wrong("message");
    read_text(message, read_segments(segments), bot);
    return message;
  }

  static json action_12(const Message& message, const std::string& text) {
    const std::string_view user = own_id(message.user);
    const std::string_view group = own_id(message.group);
    json params = {{"detail_type", message.direct ? "private" : "group"},
                   {"message", json::array({{{"type", "text"}, {"data", {{"text", text}}}}})}};
    params[message.direct ? "user_id" : "group_id"] = message.direct ? user : group;
    return {{"action", "send_message"}, {"params", std::move(params)}};
  }

  const std::string secret_, access_token_, api_;
  Pace pace_{20, std::chrono::seconds(2)};
};

}  // namespace

std::unique_ptr<Platform> make_onebot(const PlatformConfig& config, const std::string&) {
  return std::make_unique<Onebot>(config);
}
