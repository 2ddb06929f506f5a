// Reads any bytes as a callback of one platform: as they come, and rightly signed and sealed, so
// that what reads them is reached. It must come to a message that is whole, be left alone, or be
// refused.

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "bot/platform.h"
#include "tests/authentic.h"

namespace {

struct Decoder {
  Authentic form;
  std::unique_ptr<Platform> platform;
};

/// Every form that callbacks of the platform have; its name is the target's.
std::vector<Decoder> decoders() {
  std::vector<Decoder> found;
  for (const Authentic& form : authentic()) {
    if (form.platform != std::string_view(DECODER)) continue;
    found.push_back({form, platform_kind(DECODER)->make(form.config, "")});
  }
  if (found.empty()) std::abort();
  return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<Decoder> all = decoders();
  const std::string body(reinterpret_cast<const char*>(data), size);
  for (const Decoder& one : all) {
    if (!survives(one.form, *one.platform, body)) std::abort();
  }
  return 0;
}
