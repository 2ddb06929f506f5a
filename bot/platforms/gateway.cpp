#include <array>
#include <vector>

#include <fmt/format.h>

#include "bot/crypto.h"
#include "bot/outgoing/pace.h"
#include "bot/platform.h"
#include "bot/platforms/multipart.h"
#include "bot/platforms/posts.h"
#include "bot/platforms/reading.h"
#include "bot/signature.h"

// A WeChat gateway that posts as wechatbot-webhook does (github.com/danni-cool/wechatbot-webhook):
// a form without message id and time, sent once, from an account that a program logs in to.

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kMostSource = 768 * 1024;
constexpr std::size_t kMostFlag = 64;
constexpr std::int64_t kSlot = 10;  // seconds
constexpr std::string_view kMentionEnd = "\u2005";

struct Form {
  std::optional<std::string> type, source;
  std::optional<std::string_view> content;
  bool system = false, mentioned = false, own = false;
};

Form read_form(const HttpRequest& request) {
  Form form;
  for (const FormPart& part : read_multipart(request.header("content-type"), request.body)) {
    if (part.name == "content") {
      form.content = part.value;
      continue;
    }
    const bool source = part.name == "source";
    if (part.value.size() > (source ? kMostSource : kMostFlag)) {
      throw BadRequest(422, "a part of the form is too long");
    }
    if (!is_utf8(part.value)) throw BadRequest(400, "a part of the form is not UTF-8");
    if (source) form.source = part.value;
    if (part.name == "type") form.type = part.value;
    if (part.name == "isSystemEvent") form.system = part.value == "1";
    if (part.name == "isMentioned") form.mentioned = part.value == "1";
    if (part.name == "isMsgFromSelf") form.own = part.value == "1";
  }
  if (!form.type || !form.source || !form.content) {
    throw BadRequest(422, "type, content or source is missing");
  }
  return form;
}

/// Node writes half a surrogate pair, which nicknames hold, as an escape of its own; to a JSON
/// parser that is no text.
void mend_surrogates(std::string& text) {
  const auto at = [&](std::size_t i, char from, char to) {
    if (i + 6 > text.size() || text[i] != '\\' || text[i + 1] != 'u') return false;
    const char third = static_cast<char>(text[i + 3] | 0x20);
    return (text[i + 2] | 0x20) == 'd' && third >= from && third <= to;
  };
  for (std::size_t i = 0; i + 6 <= text.size(); ++i) {
    if (text[i] != '\\') continue;
    const bool high = at(i, '8', '9') || at(i, 'a', 'b');
    const bool low = at(i, 'c', 'f');
    if (high && at(i + 6, 'c', 'f')) {
      i += 11;
    } else if (high || low) {
      text.replace(i, 6, "\\ufffd");
      i += 5;
    } else {
      ++i;  // whatever is escaped
    }
  }
}

/// An object, or nothing where it is "", null or absent.
const json* party(const Fields& source, const char* name) {
  const json* const value = source.find(name);
  if (value == nullptr || (value->is_string() && value->get<std::string>().empty())) return nullptr;
  if (!value->is_object()) source.wrong(name);
  return value->empty() ? nullptr : value;
}

/// The member of `payload`, else of the object itself.
std::string told(const json* object, const char* name) {
  if (object == nullptr) return {};
  const json* const payload = find(*object, "payload");
  if (payload != nullptr && payload->is_object()) {
    std::string text = Fields(*payload).text_or_empty(name);
    if (!text.empty()) return text;
  }
  return Fields(*object).text_or_empty(name);
}

struct Token {
  std::size_t from, to;
};

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Every @ at the start or after a blank, up to and with the U+2005 that the phones write after a
/// mention; desktop clients write a blank.
std::vector<Token> mentions_in(const std::string& text) {
  std::vector<Token> found;
  const bool phone = text.find(kMentionEnd) != std::string::npos;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view before = std::string_view(text).substr(0, i);
    const bool starts = i == 0 || is_blank(before.back()) || before.ends_with(kMentionEnd) ||
                        before.ends_with("\u3000") || before.ends_with("\u00a0");
    if (text[i] != '@' || !starts) continue;
    std::size_t end = phone ? text.find(kMentionEnd, i) : text.find_first_of(" \t\r\n", i);
    if (end == std::string::npos) {
      if (phone) continue;
      end = text.size();
    } else {
      end += phone ? kMentionEnd.size() : 1;
    }
    found.push_back({i, end});
    i = end - 1;
  }
  return found;
}

/// Removes @name and its separator; true where it stood there.
bool cut_name(std::string& text, const std::string& name) {
  const std::string mention = "@" + name;
  for (std::size_t at = text.find(mention); at != std::string::npos;
       at = text.find(mention, at + 1)) {
    const std::string_view rest = std::string_view(text).substr(at + mention.size());
    const std::size_t separator = separator_length(rest);
    if (separator == 0 && !rest.empty()) continue;
    text.erase(at, mention.size() + separator);
    return true;
  }
  return false;
}

void cut_mentions(Message& message, const std::string& own_name, bool flag) {
  message.mentioned = flag;
  if (!own_name.empty() && cut_name(message.text, own_name)) {
    message.mentioned = true;
    return;
  }
  if (!flag) return;
  const auto found = mentions_in(message.text);
  if (found.size() == 1) {
    message.text.erase(found[0].from, found[0].to - found[0].from);
    return;
  }
  std::size_t run = 0;
  for (const Token& token : found) {
    if (token.from != run) break;
    run = token.to;
  }
  message.text.erase(0, run);
}

bool carries_text(std::string_view type) { return type == "text" || type == "unknown"; }

class Gateway final : public Platform {
 public:
  explicit Gateway(const PlatformConfig& config)
      : token_(setting(config, "token")), api_(setting(config, "api")) {}

  Callback receive(const HttpRequest& request, std::chrono::sys_seconds now) const override {
    only_post(request);
    if (!authentic(request)) refuse_forged();
    Form form = read_form(request);
    mend_surrogates(*form.source);
    const json source = source_of(*form.source);
    const Fields fields(source);
    const json* const room = party(fields, "room");
    const json* const from = party(fields, "from");
    const json* const to = party(fields, "to");
    const std::string& type = *form.type;
    const bool system = form.system || type.starts_with("system_event");
    if (system || form.own || from == nullptr || type == "friendship") return {.answer = write({})};
    Message message = named(room, from, now);
    if (carries_text(type)) message.text = text_of(form);
    key(message, form, now);
    cut_mentions(message, told(to, "name"), form.mentioned);
    message.text = trimmed(message.text);
    const bool known = type == "text" || type == "file" || type == "urlLink";
    const bool for_us = message.direct || message.mentioned;
    if (message.text.empty() && (!known || !for_us)) return {.answer = write({})};
    return {.message = std::move(message)};
  }

  HttpResponse answer(const Message&, const Reply& reply, std::chrono::sys_seconds) const override {
    return write(reply.text);
  }

  std::optional<std::chrono::milliseconds> patience(const Message&) const override {
    return std::chrono::milliseconds(4000);
  }
  Limits limits() const override { return {2000, 20, CountedIn::utf16_units}; }

  /// By the name last seen: ids cannot be sent to.
  Delivery speak(HttpCaller& caller, const Letter& letter) override {
    if (api_.empty()) return parked("[platforms.gateway] has no api");
    const json known = json::parse(letter.row.group_way, nullptr, false);
    std::string name = known.is_object() ? Fields(known).text_or_empty("to") : "";
    if (name.empty()) name = own_id(letter.row.post.target);
    const bool is_room = known.is_object() ? known["isRoom"] == true : !name.starts_with("direct-");
    if (const auto wait = pace_.wait(letter.now)) return paced(*wait);
    Delivery delivery =
        post(caller, write_gateway(api_, token_, name, is_room, letter.text), judge_gateway);
    // A name that is not known may only not be known yet: the list is loaded after a login.
    constexpr std::array<std::chrono::minutes, 3> kNameWaits{1min, 5min, 15min};
    if (delivery.most_tries == kNameWaits.size() + 1) {
      const auto turn = static_cast<std::size_t>(letter.row.refusals);
      delivery.after = kNameWaits[std::min(turn, kNameWaits.size() - 1)];
    }
    return delivery;
  }

 private:
  /// A bare {"success":true} would accept a stranger's request to be friends.
  static HttpResponse write(const std::string& text) {
    const json body =
        text.empty() ? json{{"success", false}}
                     : json{{"success", true}, {"data", {{"type", "text"}, {"content", text}}}};
    return {.body = write_json(body)};
  }

  bool authentic(const HttpRequest& request) const {
    constexpr std::string_view kBearer = "Bearer ";
    const auto [first, last] = request.query.equal_range("token");
    const auto count = std::distance(first, last);
    const std::string_view header = request.header("authorization");
    if (count > 1 || (count == 0 && header.empty())) return false;
    const bool by_query = count == 0 || same_secret(first->second, token_);
    const bool by_header = header.empty() || (header.starts_with(kBearer) &&
                                              same_secret(header.substr(kBearer.size()), token_));
    return by_query && by_header;
  }

  static json source_of(std::string_view text) {
    try {
      json source = read_json(text, 32);
      if (source.is_object()) return source;
    } catch (const BadRequest&) {
    }
    throw BadRequest(422, "source is no JSON object");
  }

  static std::string text_of(const Form& form) {
    if (!is_utf8(*form.content)) throw BadRequest(400, "the content is not UTF-8");
    check_length(*form.content);
    return std::string(*form.content);
  }

  static Message named(const json* room, const json* from, std::chrono::sys_seconds now) {
    Message message;
    message.platform = "gateway";
    message.time = now;
    message.user_name = plain_name(told(from, "name"));
    std::string user = Fields(*from).text_or_empty("id");
    if (user.empty()) user = told(from, "id");
    message.name_only = user.empty();
    if (user.empty()) user = told(from, "name");
    check_id(user, 422);
    message.user = "gateway:" + user;
    message.direct = room == nullptr;
    std::string group = "direct-" + user;
    std::string name = told(from, "name");
    if (room != nullptr) {
      // Ids of the web protocol live for one login; names can also be sent to.
      group = Fields(*room).text_or_empty("id");
      if (group.empty()) group = told(room, "id");
      name = told(room, "topic");
      if ((group.empty() || group.starts_with("@@")) && !name.empty()) group = name;
      check_id(group, 422);
    }
    message.group = "gateway:" + group;
    message.group_way = write_json({{"to", name}, {"isRoom", room != nullptr}});
    return message;
  }

  /// There is no message id: the same words of the same sender within ten seconds are one message.
  static void key(Message& message, const Form& form, std::chrono::sys_seconds now) {
    const auto bare = [](const std::string& id) { return std::string(own_id(id)); };
    const std::string digest =
        hex(sha256(bare(message.group) + '\x1f' + bare(message.user) + '\x1f' + *form.type +
                   '\x1f' + std::string(*form.content)))
            .substr(0, 24);
    const std::int64_t slot = now.time_since_epoch().count() / kSlot;
    message.id = fmt::format("{}-{}", digest, slot);
    message.earlier_id = fmt::format("{}-{}", digest, slot - 1);
  }

  const std::string token_, api_;
  Pace pace_{20, std::chrono::seconds(3)};
};

}  // namespace

std::unique_ptr<Platform> make_gateway(const PlatformConfig& config, const std::string&) {
  return std::make_unique<Gateway>(config);
}
