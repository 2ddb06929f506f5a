#pragma once

#include <string>
#include <string_view>

/// The lower-case hex X-Lark-Signature of a body as it was received.
std::string feishu_signature(std::string_view timestamp, std::string_view nonce,
                             std::string_view key, std::string_view body);
/// The text in `encrypt`. 401 where it does not open.
std::string feishu_decrypt(std::string_view key, std::string_view encrypted);
