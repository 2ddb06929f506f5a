#include "bot/api.h"

#include <charconv>
#include <filesystem>

#include <fmt/format.h>

#include "bot/calendar.h"
#include "bot/json.h"
#include "bot/platform.h"
#include "bot/signature.h"

namespace {

using nlohmann::json;

constexpr std::int64_t kDefaultEntries = 100;
constexpr std::int64_t kMaxEntries = 1000;
constexpr std::size_t kMaxParameter = 300;

void authorize(const HttpRequest& request, const std::string& token) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view given = request.header("authorization");
  if (!given.starts_with(kBearer) || !same_secret(given.substr(kBearer.size()), token)) {
    throw BadRequest(401, "send Authorization: Bearer TOKEN");
  }
}

std::optional<std::string> text(const HttpRequest& request, const std::string& name) {
  const auto value = request.parameter(name);
  if (value && value->size() > kMaxParameter) {
    throw BadRequest(422, fmt::format("{} is over {} bytes", name, kMaxParameter));
  }
  return value;
}

std::optional<std::string> group(const HttpRequest& request) {
  const auto id = text(request, "group");
  return id ? std::optional(with_prefix(*id)) : std::nullopt;
}

std::optional<std::int64_t> day(const HttpRequest& request, const std::string& name) {
  const auto value = text(request, name);
  if (!value) return std::nullopt;
  const auto parsed = parse_day(*value);
  if (!parsed) throw BadRequest(422, fmt::format("{} must be a date like 2020-02-10", name));
  return parsed;
}

Days days(const HttpRequest& request) {
  const Days result{day(request, "from"), day(request, "to")};
  if (result.from && result.to && *result.from > *result.to) {
    throw BadRequest(422, "from is later than to");
  }
  return result;
}

std::int64_t number(const HttpRequest& request, const std::string& name, std::int64_t otherwise,
                    std::int64_t least, std::int64_t most) {
  const auto value = text(request, name);
  if (!value) return otherwise;
  std::int64_t result = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), result);
  if (error != std::errc{} || end != value->data() + value->size() || result < least ||
      result > most) {
    throw BadRequest(422,
                     fmt::format("{} must be a whole number from {} to {}", name, least, most));
  }
  return result;
}

NeedStatus status(const HttpRequest& request) {
  const std::string value = text(request, "status").value_or("open");
  if (value == "open") return NeedStatus::open;
  if (value == "closed") return NeedStatus::closed;
  if (value == "all") return NeedStatus::all;
  throw BadRequest(422, "status must be open, closed or all");
}

std::optional<std::string> item(const HttpRequest& request, Database& database,
                                const Policy& policy) {
  const auto said = text(request, "item");
  if (!said) return std::nullopt;
  return ledger_item(database, *policy.catalogue, group(request).value_or(""), *said);
}

template <typename Row>
json rows(const std::vector<Row>& from) {
  json result = json::array();
  for (const Row& row : from) result.push_back(to_json(row));
  return result;
}

json totals_json(const HttpRequest& request, Database& database, const Policy& policy) {
  const TotalsQuery query{.group = group(request),
                          .item = item(request, database, policy),
                          .place = text(request, "place"),
                          .days = days(request)};
  return {{"totals", rows(totals(database, query))}};
}

json needs_json(const HttpRequest& request, Database& database, const Policy& policy) {
  const NeedStatus wanted = status(request);
  return {
      {"needs", rows(needs(database, group(request), item(request, database, policy), wanted))}};
}

json entries_json(const HttpRequest& request, Database& database, const Policy& policy) {
  const auto of = group(request);
  if (!of) throw BadRequest(422, "group is missing: entries are numbered in their group");
  const std::int64_t after = number(request, "after", 0, 0, INT64_MAX);
  const std::int64_t limit = number(request, "limit", kDefaultEntries, 1, kMaxEntries);
  std::vector<EntryRow> found =
      entries(database, *of, item(request, database, policy), after, limit + 1);
  const bool more = static_cast<std::int64_t>(found.size()) > limit;
  if (more) found.pop_back();
  return {{"entries", rows(found)}, {"next", more ? json(found.back().id) : json(nullptr)}};
}

json metrics_json(const HttpRequest& request, Database& database, const Policy&) {
  return {{"metrics", rows(metrics(database, group(request), days(request)))}};
}

json matches_json(const HttpRequest& request, Database& database, const Policy& policy) {
  return {{"matches", rows(match_views(database, policy, group(request)))}};
}

json summary_json(const HttpRequest& request, Database& database, const Policy& policy) {
  return to_json(brief(database, group(request), days(request), policy));
}

struct Metrics {
  std::string text;

  void add(std::string_view name, std::string_view type, std::string_view help,
           std::uint64_t value) {
    head(name, type, help);
    text += fmt::format("jieli_{} {}\n", name, value);
  }
  void head(std::string_view name, std::string_view type, std::string_view help) {
    text += fmt::format("# HELP jieli_{} {}\n# TYPE jieli_{} {}\n", name, help, name, type);
  }
};

std::string prometheus(const Server::Figures& http, const Engine::Figures& engine,
                       const std::string& database) {
  Metrics out;
  out.head("http_requests_total", "counter", "Requests answered, by status.");
  for (const auto& [code, count] : http.answers) {
    out.text += fmt::format("jieli_http_requests_total{{status=\"{}\"}} {}\n", code, count);
  }
  out.add("http_connections", "gauge", "Open client connections.", http.connections);
  out.add("messages_total", "counter", "Messages handled and committed.", engine.messages);
  out.add("messages_duplicate_total", "counter", "Of these, seen before.", engine.duplicates);
  out.add("messages_failed_total", "counter", "Messages that could not be recorded.",
          engine.failed);
  out.add("messages_refused_total", "counter", "Messages refused by a full queue.", engine.refused);
  out.add("queue_length", "gauge", "Messages that wait for the writer.", engine.waiting);
  out.add("commits_total", "counter", "Transactions committed.", engine.commits);
  out.add("commit_microseconds_total", "counter", "Time spent in transactions.",
          engine.commit_microseconds);
  out.head("batch_messages", "histogram", "Messages that shared one commit.");
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < engine.batches.size(); ++i) {
    sum += engine.batches[i];
    out.text += fmt::format("jieli_batch_messages_bucket{{le=\"{}\"}} {}\n", 1u << i, sum);
  }
  out.text += fmt::format(
      "jieli_batch_messages_bucket{{le=\"+Inf\"}} {}\njieli_batch_messages_sum {}\n"
      "jieli_batch_messages_count {}\n",
      sum, engine.messages, sum);
  std::error_code error;
  const auto size = std::filesystem::file_size(database + "-wal", error);
  out.add("wal_bytes", "gauge", "Size of the database's write-ahead log.", error ? 0 : size);
  return out.text;
}

using Read = json (*)(const HttpRequest&, Database&, const Policy&);

void add_reader(Server& server, const ApiSources& sources, const std::string& path, Read read_it) {
  server.route("GET", path, [sources, read_it](const HttpRequest& request) {
    authorize(request, sources.token);
    HttpResponse answer;
    sources.engine.with_reader([&](Database& database) {
      answer.body = dump(read_it(request, database, sources.policy));
    });
    return answer;
  });
}

}  // namespace

void add_api(Server& server, const ApiSources& sources) {
  add_reader(server, sources, "/api/totals", totals_json);
  add_reader(server, sources, "/api/needs", needs_json);
  add_reader(server, sources, "/api/entries", entries_json);
  add_reader(server, sources, "/api/metrics", metrics_json);
  add_reader(server, sources, "/api/matches", matches_json);
  add_reader(server, sources, "/api/summary", summary_json);
  server.route("GET", "/healthz", [](const HttpRequest&) {
    return HttpResponse{.type = "text/plain", .body = "ok\n"};
  });
  server.route("GET", "/readyz", [sources](const HttpRequest&) {
    if (const auto why = sources.engine.trouble()) return error_answer(503, *why);
    return HttpResponse{.type = "text/plain", .body = "ready\n"};
  });
  server.route("GET", "/metrics", [&server, sources](const HttpRequest& request) {
    authorize(request, sources.token);
    return HttpResponse{
        .type = "text/plain; version=0.0.4",
        .body = prometheus(server.figures(), sources.engine.figures(), sources.database)};
  });
}
