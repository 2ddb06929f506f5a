#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

/// A folder of its own, gone with the object.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

void write_file(const std::string& path, const std::string& contents);
std::string read_whole(const std::string& path);

/// What a run of the built program came to.
struct Finished {
  int code = -1;  ///< exit code; 128 + signal where one ended it
  std::string out, err;
};

/// Runs `jieli` with arguments and standard input to its end.
Finished jieli(const std::vector<std::string>& arguments, const std::string& input = "");

/// Whom the program runs as: who runs the tests, or, where that is root, nobody.
enum class User { same, not_root };

/// `jieli serve` as a child process on a free port, with JIELI_TOKEN=token.
class Serving {
 public:
  /// Returns once it listens, or has ended (port() is 0 then).
  explicit Serving(const std::string& database, const std::vector<std::string>& arguments = {},
                   User user = User::same);
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;
  ~Serving();

  int port() const { return port_; }
  pid_t pid() const { return pid_; }
  void signal(int number) const;
  /// Waits for its end and returns the exit code.
  int wait();
  std::string log() const;
  /// Memory in use, in bytes.
  std::size_t memory() const;

 private:
  pid_t pid_ = 0;
  int port_ = 0;
  std::string log_;
};

struct Answer {
  int status = 0;                              ///< 0: the connection ended without one
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
};

/// One connection to 127.0.0.1; reads give up after ten seconds.
class Connection {
 public:
  explicit Connection(int port);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();
  /// False where the other side has closed.
  bool send(std::string_view bytes) const;
  Answer read();
  /// Whether the other side closes within the time that reads wait.
  bool closed();

 private:
  int fd_ = -1;
  std::string buffer_;
};

/// A whole request on a connection of its own. `headers` are lines without line ends.
Answer request(int port, const std::string& method, const std::string& path,
               const std::vector<std::string>& headers, const std::string& body = "");

/// Posts JSON to the generic webhook with the token.
Answer post_message(int port, const std::string& json);
/// Gets a path with the token.
Answer get(int port, const std::string& path);
/// The JSON of a message from u1 in g1.
std::string message_json(const std::string& id, const std::string& text,
                         const std::string& group = "g1", const std::string& user = "u1");
