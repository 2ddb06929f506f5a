#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

/// A folder of its own, gone with the object.
class Folder {
 public:
  explicit Folder(const std::string& in);
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// A server as a child process on a free port of loopback, with "token" for its token.
class Running {
 public:
  /// `words` are the program and its arguments; {} stands for HOST:PORT. `preload` is a library or
  /// "". Returns once /healthz answers; throws std::runtime_error where it does not.
  Running(std::vector<std::string> words, const std::string& preload);
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running();

  int port() const { return port_; }
  /// From the start of the process to the first answer.
  double started_in_ms() const { return started_in_ms_; }
  double pss_mib() const;
  std::size_t threads() const;
  /// What all of its threads have computed so far, whoever else uses the machine.
  double cpu_seconds() const;
  /// Asks it to stop (SIGTERM) and waits; the milliseconds that it took.
  double stop();

 private:
  pid_t pid_ = 0;
  int port_ = 0;
  double started_in_ms_ = 0;
};

/// `jieli serve` on a database file.
Running serve_jieli(const std::string& database, const std::string& preload = "");
/// The bare path; `alone` is a transaction for each message.
Running serve_bare(const std::string& database, bool alone, const std::string& preload = "");
/// Whether `jieli verify` finds the totals equal to the entries.
bool verified(const std::string& database);
