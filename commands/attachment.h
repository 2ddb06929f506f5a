#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/figures.h"

/// A file over some groups and days, made when it is posted: Post::attachment as text.
struct Attachment {
  enum class Kind { picture, workbook };
  Kind kind = Kind::picture;
  std::string of;  ///< a group's id, or the name of an organisation or area; "" for all groups
  Days days;
};

std::string encode(const Attachment& attachment);
/// Empty where it is none.
std::optional<Attachment> decode_attachment(std::string_view text);
