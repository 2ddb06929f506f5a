#pragma once

#include <string>

#include "storage/database.h"
#include "tests/model.h"

/// Holds the ledger's answers against the model's.
namespace model {

/// An entry in one line, for who reads a failure.
std::string words(const Said& s);

/// What differs between the totals of a group and the model's, one line each; "" where nothing.
std::string compare_totals(Database& db, const std::string& group, const Model& plain,
                           const Part& part);
/// The same for the needs, closed ones too.
std::string compare_needs(Database& db, const std::string& group, const Model& plain);

}  // namespace model
