#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

#include "bot/config.h"
#include "commands/command.h"

/// Something that the operator has to mend; the text says what and how.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What every sub-command stands on: the config, and the policy made of it.
struct Setup {
  Config config;
  std::unique_ptr<Catalogue> own_catalogue;  ///< where the config names one
  Policy policy;
};

/// Whole contents. Throws Failure.
std::string read_file(const std::string& path);

/// What there is to say of a config file, a line each: "FILE:LINE: text".
struct ConfigReport {
  std::string problems;  ///< with what a platform lacks; empty where all is well
  std::string notes;
};
ConfigReport report_config(const std::string& file);

/// Reads `file`, or uses the defaults; `database` goes before the config's. Throws Failure.
std::unique_ptr<Setup> load_setup(const std::optional<std::string>& file,
                                  const std::optional<std::string>& database);
