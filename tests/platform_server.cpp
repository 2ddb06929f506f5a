#include "tests/platform_server.h"

#include "bot/crypto.h"
#include "storage/schema.h"
#include "tests/vectors.h"

using nlohmann::json;

/// Passes everything through, and notes what went by.
class PlatformServer::Watched final : public Platform {
 public:
  Watched(PlatformServer& server, std::unique_ptr<Platform> inner)
      : server_(server), inner_(std::move(inner)) {}

  Callback receive(const HttpRequest& request, std::chrono::sys_seconds now) const override {
    server_.seen_ = {};
    Callback callback = inner_->receive(request, now);
    server_.seen_.message = callback.message;
    return callback;
  }
  bool introduce(HttpCaller& caller) override { return inner_->introduce(caller); }
  std::optional<std::chrono::milliseconds> patience(const Message& message) const override {
    return server_.patience ? server_.patience : inner_->patience(message);
  }
  Limits limits() const override { return inner_->limits(); }
  bool answers_any_length() const override { return inner_->answers_any_length(); }
  HttpResponse answer(const Message& message, const Reply& reply,
                      std::chrono::sys_seconds now) const override {
    server_.seen_.duplicate = reply.duplicate;
    Reply said = reply;
    if (server_.reply) said.text = *server_.reply;
    return inner_->answer(message, said, now);
  }

 private:
  PlatformServer& server_;
  std::unique_ptr<Platform> inner_;
};

namespace {

Policy plain_policy() {
  Policy policy;
  policy.catalogue = &Catalogue::built_in();
  policy.group_name = [](const std::string& group) { return group; };
  policy.day = [](const std::string&, std::chrono::sys_seconds time) {
    return std::int64_t{std::chrono::floor<std::chrono::days>(time).time_since_epoch().count()};
  };
  return policy;
}

}  // namespace

PlatformServer::PlatformServer(const std::string& name, PlatformConfig config, const json& api) {
  if (api.is_object()) {
    api_ = std::make_unique<Receiver>([api](const Received& received) {
      const auto path = received.path.substr(0, received.path.find('?'));
      const auto found = api.find(path);
      return found == api.end()
                 ? Behaviour::answer(404)
                 : Behaviour::answer(200, found->dump(), "Content-Type: application/json\r\n");
    });
    config["api"] = api_->url("");
  }
  const auto clock = [this] { return std::chrono::sys_seconds(std::chrono::seconds(now_.load())); };
  platform_ = std::make_unique<Watched>(*this, platform_kind(name)->make(config, "token"));
  HttpCaller caller;
  if (api_) platform_->introduce(caller);
  engine_ = std::make_unique<Engine>(
      [file = folder_.file("jieli.db")](Access access, bool) {
        auto database = open_database(file, access);
        if (access == Access::write) migrate(*database);
        return database;
      },
      Engine::Check{}, plain_policy(), clock);
  server_ = std::make_unique<Server>();
  webhooks_ = std::make_unique<Webhooks>(*engine_, clock, [] {});
  webhooks_->add(*server_, *platform_, name);
  port_ = server_->start("127.0.0.1:0");
}

PlatformServer::~PlatformServer() {
  server_->stop();
  engine_->stop();
}

Answer PlatformServer::send(const std::string& method, const std::string& path,
                            const std::vector<std::string>& headers, const std::string& body,
                            std::int64_t now) {
  now_ = now;
  return request(port_, method, path, headers, body);
}

Answer PlatformServer::play(const json& vector) {
  const json& said = vector["request"];
  std::vector<std::string> headers;
  for (const auto& [name, value] : said["headers"].items()) {
    headers.push_back(name + ": " + value.get<std::string>());
  }
  reply = vector.contains("reply") ? vector["reply"].get<std::string>() : "";
  return send(said["method"], said["path_and_query"], headers, body_of(said),
              vector["now"].get<std::int64_t>());
}

std::string PlatformServer::said() {
  std::string text;
  engine_->with_reader([&](Database& database) {
    text = database.text("SELECT reply FROM messages ORDER BY received_at DESC LIMIT 1", {})
               .value_or("");
  });
  return text;
}

std::size_t PlatformServer::entries() {
  std::size_t count = 0;
  engine_->with_reader([&](Database& database) {
    count = static_cast<std::size_t>(*database.integer("SELECT COUNT(*) FROM entries", {}));
  });
  return count;
}

std::string body_of(const json& request) {
  if (request.contains("body_base64"))
    return *from_base64(request["body_base64"].get<std::string>());
  if (request.contains("body_repeat")) {
    const json& repeat = request["body_repeat"];
    std::string body = repeat["prefix"];
    for (int i = 0; i < repeat["count"]; ++i) body += repeat["unit"].get<std::string>();
    return body + repeat["suffix"].get<std::string>();
  }
  return request.value("body", "");
}
