#include "bot/http.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace {

struct Status {
  int status;
  std::string_view code;
  std::string_view reason;
};

constexpr Status kStatuses[] = {
    {204, "no_content", "No Content"},
    {400, "bad_request", "Bad Request"},
    {401, "unauthorized", "Unauthorized"},
    {404, "not_found", "Not Found"},
    {405, "method_not_allowed", "Method Not Allowed"},
    {408, "timeout", "Request Timeout"},
    {413, "too_large", "Payload Too Large"},
    {415, "unsupported_media_type", "Unsupported Media Type"},
    {422, "invalid", "Unprocessable Entity"},
    {429, "too_many_requests", "Too Many Requests"},
    {431, "headers_too_large", "Request Header Fields Too Large"},
    {500, "internal", "Internal Server Error"},
    {503, "unavailable", "Service Unavailable"},
};

const Status& known(int status) {
  for (const Status& entry : kStatuses) {
    if (entry.status == status) return entry;
  }
  return known(500);
}

}  // namespace

std::string_view HttpRequest::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

std::optional<std::string> HttpRequest::parameter(const std::string& name) const {
  const auto found = query.lower_bound(name);
  if (found == query.end() || found->first != name || found->second.empty()) return std::nullopt;
  return found->second;
}

HttpResponse error_answer(int status, std::string_view message) {
  const Status& entry = known(status);
  const nlohmann::json body = {
      {"error", {{"code", entry.code}, {"message", std::string(message)}}}};
  HttpResponse answer{
      .status = entry.status,
      .body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n"};
  if (status == 401) answer.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (status == 429) answer.headers.emplace_back("Retry-After", "60");
  if (status == 503) answer.headers.emplace_back("Retry-After", "1");
  return answer;
}

std::string to_bytes(const HttpResponse& response, bool last, bool head_only) {
  std::string bytes = fmt::format("HTTP/1.1 {} {}\r\n", response.status,
                                  response.status == 200 ? "OK" : known(response.status).reason);
  for (const auto& [name, value] : response.headers) bytes += name + ": " + value + "\r\n";
  if (response.status != 204) {  // which has neither body nor type
    bytes += fmt::format(
        "X-Content-Type-Options: nosniff\r\nContent-Type: {}\r\n"
        "Content-Length: {}\r\n",
        response.type, response.body.size());
  }
  bytes += last ? "Connection: close\r\n\r\n" : "\r\n";
  if (!head_only) bytes += response.body;
  return bytes;
}
