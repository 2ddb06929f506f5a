#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/entry.h"

/// "500只", "2.5吨", "约300只": a figure as a person would write it. Mass and volume choose their
/// unit; what is not exact in it stays in the smaller one.
std::string amount(Quantity quantity, std::string_view unit);

/// The same rounded as people say it, for briefs: "1.2万只", "14.02万只", "2.5吨".
std::string rounded_amount(Quantity quantity, std::string_view unit);

/// The verb for an entry: 需要, 发放, 收到 …
std::string_view verb(Kind kind);

/// "2月10日"; "2020年2月10日" with the year. `day` is days since 1970-01-01.
std::string date_words(std::int64_t day, bool year = false);

/// One line, without what a chat platform would take for a mention of everybody.
std::string quoted(std::string_view said);
