// The least that a durable webhook does: checks the token, reads the JSON, and commits what waits
// together, one row a message. What the product does is compared with it.
//
//   bare HOST:PORT TOKEN FILE [--alone]      --alone: a transaction for each message

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "bot/server.h"
#include "bot/signature.h"
#include "storage/database.h"

namespace {

struct Job {
  std::string id, group, user, text;
  Server::Answer answer;
};

class Recorder {
 public:
  Recorder(const std::string& file, std::size_t batch)
      : database_(open_database(file, Access::write)), batch_(batch) {
    database_->script(
        "CREATE TABLE IF NOT EXISTS messages ("
        "  \"group\" TEXT NOT NULL, id TEXT NOT NULL, user TEXT NOT NULL,"
        "  text TEXT NOT NULL, PRIMARY KEY (\"group\", id)) STRICT, WITHOUT ROWID");
    thread_ = std::thread([this] { run(); });
  }
  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;
  ~Recorder() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
      there_.notify_all();
    }
    thread_.join();
  }

  void add(Job job) {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    there_.notify_one();
  }

 private:
  void run() {
    for (;;) {
      std::vector<Job> jobs;
      {
        std::unique_lock lock(mutex_);
        there_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
        if (stopping_) return;
        const auto end =
            jobs_.begin() + static_cast<std::ptrdiff_t>(std::min(batch_, jobs_.size()));
        jobs.assign(std::move_iterator(jobs_.begin()), std::move_iterator(end));
        jobs_.erase(jobs_.begin(), end);
      }
      Transaction transaction(*database_);
      for (const Job& job : jobs) {
        database_->run("INSERT OR IGNORE INTO messages VALUES (?, ?, ?, ?)",
                       {job.group, job.id, job.user, job.text});
      }
      transaction.commit();
      for (const Job& job : jobs) {
        job.answer([] {
          return HttpResponse{.body =
                                  nlohmann::json{{"reply", nullptr}, {"duplicate", false}}.dump()};
        });
      }
    }
  }

  std::unique_ptr<Database> database_;
  const std::size_t batch_;
  std::mutex mutex_;
  std::condition_variable there_;
  std::vector<Job> jobs_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    fmt::print(stderr, "usage: bare HOST:PORT TOKEN FILE [--alone]\n");
    return 2;
  }
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  const std::string token = argv[2];
  const bool alone = argc > 4 && std::strcmp(argv[4], "--alone") == 0;
  Recorder recorder(argv[3], alone ? 1 : 256);
  Server server;
  server.route_late("POST", "/webhook/generic",
                    [&](const HttpRequest& request, const Server::Answer& answer) {
                      const std::string_view given = request.header("authorization");
                      if (!given.starts_with("Bearer ") || !same_secret(given.substr(7), token)) {
                        throw BadRequest(401, "no token");
                      }
                      const auto body = nlohmann::json::parse(request.body, nullptr, false);
                      if (!body.is_object()) throw BadRequest(400, "not JSON");
                      recorder.add({body.value("message_id", ""), body.value("group", ""),
                                    body.value("user", ""), body.value("text", ""), answer});
                    });
  server.route("GET", "/healthz", [](const HttpRequest&) { return HttpResponse{.body = "{}"}; });
  server.start(argv[1]);
  int signal = 0;
  sigwait(&stop, &signal);
  server.stop();
  return 0;
}
