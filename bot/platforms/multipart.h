#pragma once

#include <string>
#include <string_view>
#include <vector>

struct FormPart {
  std::string name;
  std::string_view value;  ///< of the body
};

/// Takes a multipart/form-data body apart (RFC 7578), bounded: 16 parts, 4 KiB of headers each, no
/// parts within parts. Throws BadRequest: 415 another type, 400 not well formed, 422 over a bound
/// or a name twice.
std::vector<FormPart> read_multipart(std::string_view content_type, std::string_view body);
