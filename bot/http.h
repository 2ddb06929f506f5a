#pragma once

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// A whole HTTP request. Header names are in lower case; a repeated header keeps its first value.
struct HttpRequest {
  std::string method;  ///< "GET", "POST" …
  std::string path;    ///< decoded, without the query
  std::multimap<std::string, std::string> query;  ///< decoded
  std::map<std::string, std::string> headers;
  std::string body;

  /// The header's value; "" where it is absent.
  std::string_view header(const std::string& name) const;
  /// The first query parameter of that name; empty where it is absent or "".
  std::optional<std::string> parameter(const std::string& name) const;
};

struct HttpResponse {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers = {};
};

/// Thrown where a request cannot be served as it is; becomes {"error":{"code","message"}}.
struct BadRequest : std::runtime_error {
  BadRequest(int http_status, const std::string& message)
      : std::runtime_error(message), status(http_status) {}
  int status;
};

/// The error body for a status (400, 401, 404, 405, 413, 415, 422, 429, 431, 500, 503), with
/// WWW-Authenticate or Retry-After where the status asks for it.
HttpResponse error_answer(int status, std::string_view message);

/// The bytes of a response. `last` tells the client that the connection closes after it;
/// `head_only` leaves the body out, as HEAD wants it.
std::string to_bytes(const HttpResponse& response, bool last, bool head_only = false);
