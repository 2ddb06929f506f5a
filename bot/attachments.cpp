#include "bot/attachments.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "bot/calendar.h"
#include "bot/crypto.h"
#include "bot/picture.h"
#include "bot/platform.h"
#include "bot/platforms/posts.h"
#include "bot/workbook.h"
#include "commands/scope.h"

namespace {

using nlohmann::json;

constexpr std::string_view kTelegramApi = "https://api.telegram.org";
constexpr std::string_view kOnebotApi = "http://127.0.0.1:3000";
constexpr std::string_view kDirect = "direct-";

std::string platform_of(const std::string& target) { return target.substr(0, target.find(':')); }

Scope scope_of(Database& database, const Policy& policy, const std::string& of) {
  if (of.empty()) return scope_of_all();
  if (of.find(':') != std::string::npos) return scope_of_group(database, policy, of);
  auto scope = scope_named(database, policy, of);
  if (!scope) throw std::runtime_error("there is no such area or organisation any more");
  return *scope;
}

std::string file_name(const Attachment& a) {
  std::string days;
  if (a.days.from) days += print_day(*a.days.from);
  if (a.days.to && a.days.to != a.days.from)
    days += (days.empty() ? "" : "_") + print_day(*a.days.to);
  return fmt::format("jieli{}{}.{}", days.empty() ? "" : "-", days,
                     a.kind == Attachment::Kind::picture ? "png" : "xlsx");
}

/// The library writes files: a nameless folder's, read back and removed.
std::string workbook_bytes(Database& database, const Scope& scope, const Days& days,
                           const Policy& policy) {
  const auto folder = std::filesystem::temp_directory_path() /
                      fmt::format("jieli-{}-{}", ::getpid(), hex(random_bytes(8)));
  std::filesystem::create_directory(folder);
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
  const std::string file = (folder / "out.xlsx").string();
  std::ostringstream bytes;
  try {
    write_workbook(file, database, {scope.group, days, scope.groups}, policy,
                   {.entries = true, .contacts = false}, {});
    bytes << std::ifstream(file, std::ios::binary).rdbuf();
  } catch (...) {
    std::filesystem::remove_all(folder);
    throw;
  }
  std::filesystem::remove_all(folder);
  return bytes.str();
}

PostRequest onebot_request(const PlatformConfig& config, std::string_view chat,
                           const PostedFile& file) {
  const bool direct = chat.starts_with(kDirect);
  if (direct) chat.remove_prefix(kDirect.size());
  const std::string inside = "base64://" + base64(file.bytes);
  json body{{direct ? "user_id" : "group_id", chat}};
  std::string action;
  if (file.picture) {
    action = direct ? "send_private_msg" : "send_group_msg";
    body["message"] = json::array({{{"type", "image"}, {"data", {{"file", inside}}}}});
  } else {
    action = direct ? "upload_private_file" : "upload_group_file";
    body["file"] = inside;
    body["name"] = file.name;
  }
  PostRequest request{.url = setting(config, "api", kOnebotApi) + "/" + action,
                      .body = body.dump(-1, ' ', false, json::error_handler_t::replace)};
  const std::string token = setting(config, "access_token");
  if (!token.empty()) request.headers.emplace_back("Authorization", "Bearer " + token);
  return request;
}

PostRequest telegram_request(const PlatformConfig& config, std::string_view chat,
                             const PostedFile& file) {
  const std::string boundary = "jieli-" + hex(random_bytes(16));
  const char* const field = file.picture ? "photo" : "document";
  PostRequest request{
      .url = fmt::format("{}/bot{}/{}", setting(config, "api", kTelegramApi),
                         setting(config, "bot_token"), file.picture ? "sendPhoto" : "sendDocument"),
      .content_type = "multipart/form-data; boundary=" + boundary};
  request.body = fmt::format(
      "--{0}\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n{1}\r\n"
      "--{0}\r\nContent-Disposition: form-data; name=\"{2}\"; filename=\"{3}\"\r\n"
      "Content-Type: {4}\r\n\r\n",
      boundary, chat, field, file.name, file.type());
  request.body += file.bytes;
  request.body += fmt::format("\r\n--{}--\r\n", boundary);
  return request;
}

}  // namespace

bool takes(const Config& config, const std::string& target, Attachment::Kind kind) {
  const auto outgoing = config.outgoing.find(target);
  if (outgoing != config.outgoing.end()) {
    return outgoing->second.kind == "webhook" ||
           (outgoing->second.kind == "wecom-robot" && kind == Attachment::Kind::picture);
  }
  const std::string platform = platform_of(target);
  return (platform == "onebot" || platform == "telegram") && config.platforms.contains(platform);
}

PostedFile make_file(Database& database, const Attachment& attachment, const Policy& policy) {
  const Scope scope = scope_of(database, policy, attachment.of);
  PostedFile file;
  file.name = file_name(attachment);
  file.picture = attachment.kind == Attachment::Kind::picture;
  file.bytes = file.picture ? picture(picture_data(database, scope, attachment.days, policy))
                            : workbook_bytes(database, scope, attachment.days, policy);
  return file;
}

Delivery post_file(HttpCaller& caller, const Config& config, const Claimed& row,
                   const PostedFile& file, std::chrono::sys_seconds now) {
  const std::string& target = row.post.target;
  const auto outgoing = config.outgoing.find(target);
  if (outgoing != config.outgoing.end()) {
    const OutgoingKind* const kind = outgoing_kind(outgoing->second.kind);
    if (kind == nullptr) return parked("this version cannot post to the kind of this outgoing");
    return post(caller, kind->write(outgoing->second, {row, "", now, &file}), kind->judge);
  }
  const auto platform = config.platforms.find(platform_of(target));
  if (platform == config.platforms.end()) return parked("the config has no table of this platform");
  if (platform->first == "onebot") {
    return post(caller, onebot_request(platform->second, own_id(target), file), judge_onebot);
  }
  if (platform->first == "telegram") {
    return post(caller, telegram_request(platform->second, own_id(target), file), judge_telegram);
  }
  return parked("this platform takes no files from the bot");
}
