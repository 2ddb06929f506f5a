#pragma once

#include <string>

#include "bot/engine.h"
#include "bot/server.h"

/// What the API reads with; everything outlives the server.
struct ApiSources {
  Engine& engine;
  const Policy& policy;
  std::string token;
  std::string database;  ///< the path, for the size of its log
};

/// Adds /api/…, /healthz, /readyz and /metrics to the server. A bad value in a query is 422 and
/// names its parameter; unknown parameters are left alone.
void add_api(Server& server, const ApiSources& sources);
