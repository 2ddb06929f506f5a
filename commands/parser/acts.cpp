#include "commands/parser/acts.h"
std::optional<Reading> read_act(const Text&, const Catalogue&, std::int64_t) { return std::nullopt; }
