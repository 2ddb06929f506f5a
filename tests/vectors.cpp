#include "tests/vectors.h"

#include <fstream>
#include <map>
#include <stdexcept>

using nlohmann::json;

const json& vectors_of(const std::string& platform) {
  static std::map<std::string, json> read;
  json& vectors = read[platform];
  if (vectors.is_null()) {
    std::ifstream in(std::string(JIELI_TESTS "/platforms/") + platform + "/vectors.json");
    vectors = json::parse(in);
  }
  return vectors;
}

const json& vector_named(const std::string& platform, const std::string& name) {
  for (const json& vector : vectors_of(platform)) {
    if (vector["name"] == name) return vector;
  }
  throw std::runtime_error("there is no vector " + name);
}

PlatformConfig config_of(const json& vector) {
  PlatformConfig config;
  for (const auto& [key, value] : vector["config"].items()) {
    config[key] = value.is_string() ? value.get<std::string>() : value.dump();
  }
  return config;
}

std::string from_hex(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  return bytes;
}
