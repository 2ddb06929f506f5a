#pragma once

#include <string>
#include <string_view>

/// HMAC-SHA256 in lower-case hex.
std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);
/// Takes the same time whatever the bytes are; what it compares are digests, so lengths stay
/// hidden too. Empty secrets equal nothing.
bool same_secret(std::string_view given, std::string_view secret);
/// `bytes` random bytes of the system's generator, in hex.
std::string random_hex(std::size_t bytes);

/// Checks an X-Jieli-Signature header "t=UNIX,v1=HEX" over t + "." + body; `now` is Unix time, and
/// t may differ from it by five minutes.
bool signature_holds(std::string_view header, std::string_view secret, std::string_view body,
                     long long now);
