#include <array>
#include <mutex>

#include "bot/outgoing/http.h"
#include "bot/platform.h"
#include "bot/platforms/posts.h"
#include "bot/platforms/reading.h"
#include "bot/signature.h"

// Telegram bots (core.telegram.org/bots/api: setWebhook, Update, Message, MessageEntity). What is
// refused comes again and holds up what is behind it, so everything authentic is answered by 200.

using nlohmann::json;

namespace {

constexpr std::string_view kApi = "https://api.telegram.org";

bool flag(const Fields& fields, const char* name) {
  const json* const value = fields.find(name);
  return value != nullptr && *value == true;
}

const json* object(const Fields& fields, const char* name) {
  const json* const value = fields.find(name);
  return value != nullptr && value->is_object() ? value : nullptr;
}

std::string id_in(const json* owner, const char* name = "id") {
  const json* const id = owner == nullptr ? nullptr : find(*owner, name);
  return id != nullptr && id->is_number_integer() ? id_text(*id) : std::string();
}

/// For each UTF-16 unit the byte at which it begins; npos inside a surrogate pair. One more at the
/// end.
std::vector<std::size_t> units_of(const std::string& text) {
  std::vector<std::size_t> units;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0) == 0x80) continue;
    units.push_back(i);
    if (byte >= 0xf0) units.push_back(std::string::npos);
  }
  units.push_back(text.size());
  return units;
}

struct Span {
  std::size_t from, to;
};

/// Where an entity stands; nothing where it is out of range or cuts a character in two.
std::optional<Span> span_of(const Fields& entity, const std::vector<std::size_t>& units) {
  const auto number = [&](const char* name) -> std::optional<std::uint64_t> {
    const json* const value = entity.find(name);
    if (value == nullptr || !value->is_number_unsigned()) return std::nullopt;
    return value->get<std::uint64_t>();
  };
  const auto offset = number("offset"), length = number("length");
  if (!offset || !length || *length == 0 || *offset >= units.size() ||
      *length > units.size() - 1 - *offset) {
    return std::nullopt;
  }
  const Span span{units[*offset], units[*offset + *length]};
  if (span.from == std::string::npos || span.to == std::string::npos) return std::nullopt;
  return span;
}

bool same_name(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

class Telegram final : public Platform {
 public:
  explicit Telegram(const PlatformConfig& config)
      : secret_(setting(config, "secret_token")),
        bot_token_(setting(config, "bot_token")),
        api_(setting(config, "api", kApi)),
        bot_id_(bot_token_.substr(0, bot_token_.find(':'))) {}

  Callback receive(const HttpRequest& request, std::chrono::sys_seconds now) const override {
    only_post(request);
    if (!same_secret(request.header("x-telegram-bot-api-secret-token"), secret_)) refuse_forged();
    const json body = read_json(request.body);
    const Fields update(body);
    if (!update.need("update_id").is_number_integer()) update.wrong("update_id");
    for (const char* member : {"message", "edited_message"}) {
      const json* const said = object(update, member);
      if (said == nullptr) continue;
      auto message = read(Fields(*said), now);
      if (!message) break;
      if (member == std::string_view("edited_message")) message->event = Event::edit;
      return {.message = std::move(message)};
    }
    return {.answer = silence()};
  }

  HttpResponse answer(const Message& message, const Reply& reply,
                      std::chrono::sys_seconds) const override {
    if (reply.text.empty()) return silence();
    json body = json::parse(message.way_back);
    body["method"] = "sendMessage";
    body["text"] = reply.text;
    return {.body = write_json(body)};
  }

  std::optional<std::chrono::milliseconds> patience(const Message&) const override {
    return std::chrono::milliseconds(20000);
  }
  Limits limits() const override { return {4096, 20, CountedIn::utf16_units}; }

  Delivery speak(HttpCaller& caller, const Letter& letter) override {
    const json way = json::parse(letter.row.post.way, nullptr, false);
    const json* const thread = way.is_object() ? find(way, "message_thread_id") : nullptr;
    const auto to = [&](std::string_view chat) {
      return caller.post(write_telegram(api_, bot_token_, chat, thread, letter.text));
    };
    PostOutcome outcome = to(own_id(letter.row.post.target));
    const std::string moved = outcome.answer ? telegram_moved_to(*outcome.answer) : "";
    if (!moved.empty()) outcome = to(moved);
    return outcome.answer ? judge_telegram(*outcome.answer) : unanswered(outcome);
  }

  bool introduce(HttpCaller& caller) override {
    PostRequest request{.url = api_ + "/bot" + bot_token_ + "/getMe", .body = "{}"};
    const auto outcome = caller.post(request);
    if (!outcome.answer) return false;
    const json answer = json::parse(outcome.answer->body, nullptr, false);
    const json* const bot = answer.is_object() ? find(answer, "result") : nullptr;
    if (bot == nullptr || !bot->is_object()) return false;
    const std::lock_guard lock(mutex_);
    username_ = Fields(*bot).text_or_empty("username");
    return !username_.empty();
  }

 private:
  static HttpResponse silence() { return {.type = "text/plain", .body = ""}; }

  std::optional<Message> read(const Fields& said, std::chrono::sys_seconds now) const {
    const json* const chat = object(said, "chat");
    const std::string chat_id = id_in(chat);
    const json* const id = said.find("message_id");
    const json* const date = said.find("date");
    if (chat_id.empty() || Fields(*chat).text_or_empty("type").empty() || id == nullptr ||
        !id->is_number_integer() || date == nullptr || !date->is_number_integer()) {
      return std::nullopt;
    }
    Message message;
    message.platform = "telegram";
    message.id = id_text(*id);
    message.group = "telegram:" + chat_id;
    message.direct = Fields(*chat).text_or_empty("type") == "private";
    message.time = said_time(date->get<std::int64_t>(), now);
    if (!read_sender(message, said) || !read_text(message, said)) return std::nullopt;
    message.way_back = write_json(way_back(said, *find(*chat, "id"), *id));
    return message;
  }

  static json way_back(const Fields& said, const json& chat, const json& id) {
    json way = {{"chat_id", chat},
                {"reply_parameters", {{"message_id", id}, {"allow_sending_without_reply", true}}}};
    const json* const thread = said.find("message_thread_id");
    if (flag(said, "is_topic_message") && thread != nullptr) way["message_thread_id"] = *thread;
    return way;
  }

  /// Anonymous admins and linked channels speak as a chat. False where nobody or a bot spoke.
  static bool read_sender(Message& message, const Fields& said) {
    const json* const chat = object(said, "sender_chat");
    const json* const from = object(said, "from");
    const std::string id = id_in(chat != nullptr ? chat : from);
    if (id.empty()) return false;
    message.user = "telegram:" + id;
    if (chat != nullptr) {
      message.user_name = plain_name(Fields(*chat).text_or_empty("title"));
      return true;
    }
    const Fields person(*from);
    if (flag(person, "is_bot")) return false;
    const std::string last = person.text_or_empty("last_name");
    message.user_name =
        plain_name(person.text_or_empty("first_name") + (last.empty() ? "" : " " + last));
    return true;
  }

  /// False where the message is not for us: a service message, a picture in a group, a command for
  /// another bot.
  bool read_text(Message& message, const Fields& said) const {
    const bool plain = said.find("text") != nullptr;
    const json* const value = said.find(plain ? "text" : "caption");
    if (value != nullptr && !value->is_string()) return false;
    if (value != nullptr) message.text = value->get<std::string>();
    if (message.text.size() > kMaxText) return false;
    const json* const replied = object(said, "reply_to_message");
    if (replied != nullptr) {
      message.mentioned = is_bot(object(Fields(*replied), "from"));
      message.quote = Fields(*replied).text_or_empty("text");
    }
    const json* const entities = said.find(plain ? "entities" : "caption_entities");
    if (entities != nullptr && entities->is_array() && !cut_mentions(message, *entities)) {
      return false;
    }
    message.text = trimmed(message.text);
    return !message.text.empty() || ((message.direct || message.mentioned) && has_media(said));
  }

  static bool has_media(const Fields& said) {
    constexpr std::array<const char*, 9> kMedia = {"photo",    "voice",      "video",
                                                   "document", "sticker",    "audio",
                                                   "location", "video_note", "contact"};
    for (const char* media : kMedia) {
      if (said.find(media) != nullptr) return true;
    }
    return said.find("text") != nullptr || said.find("caption") != nullptr;
  }

  /// Takes out what names the bot. False where the text is a command for another bot.
  bool cut_mentions(Message& message, const json& entities) const {
    const std::string username = "@" + this->username();
    const auto units = units_of(message.text);
    std::vector<Span> cuts;
    for (const json& one : entities) {
      if (!one.is_object()) continue;
      const Fields entity(one);
      const auto span = span_of(entity, units);
      if (!span) continue;
      const std::string_view text =
          std::string_view(message.text).substr(span->from, span->to - span->from);
      const std::string type = entity.text_or_empty("type");
      if (type == "mention" && username.size() > 1 && same_name(text, username)) {
        cuts.push_back(*span);
      } else if (type == "text_mention" && is_bot(object(entity, "user"))) {
        cuts.push_back(*span);
      } else if (type == "bot_command" && text.find('@') != std::string_view::npos) {
        const std::size_t at = text.find('@');
        const bool ours = username.size() > 1 && same_name(text.substr(at), username);
        if (!ours && !message.direct && username.size() > 1) return false;
        if (ours) cuts.push_back({span->from + at, span->to});
      }
    }
    message.mentioned = message.mentioned || !cuts.empty();
    for (auto cut = cuts.rbegin(); cut != cuts.rend(); ++cut) {
      const std::string_view rest = std::string_view(message.text).substr(cut->to);
      // Of /help@bot only the name goes; the blank after it parts the words.
      const bool whole =
          message.text[cut->from] == '@' && (cut->from == 0 || message.text[cut->from - 1] <= ' ');
      const bool named = message.text[cut->from] != '@';
      const std::size_t separator = whole || named ? separator_length(rest) : 0;
      message.text.erase(cut->from, cut->to - cut->from + separator);
    }
    return true;
  }

  bool is_bot(const json* user) const { return !bot_id_.empty() && id_in(user) == bot_id_; }

  std::string username() const {
    const std::lock_guard lock(mutex_);
    return username_;
  }

  const std::string secret_, bot_token_, api_, bot_id_;
  mutable std::mutex mutex_;
  std::string username_;
};

}  // namespace

std::unique_ptr<Platform> make_telegram(const PlatformConfig& config, const std::string&) {
  return std::make_unique<Telegram>(config);
}
