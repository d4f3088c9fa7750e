#pragma once
// For tests: a PostgreSQL server of their own, in a folder that disappears with the test, on a unix socket.
//
// The server refuses to run as root, so root runs it as the user "postgres" (the package makes it). Whatever happens to
// the test program, the server dies with it.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "adapters/postgres/connection.h"

namespace arbees::postgres::test {

inline const std::string kServerPrograms = "/usr/lib/postgresql/15/bin/";

class TestServer {
 public:
  TestServer() {
    if (::access((kServerPrograms + "initdb").c_str(), X_OK) != 0) {
      ADD_FAILURE() << kServerPrograms << "initdb is missing: apt-get install postgresql-15";
      return;
    }
    std::string pattern = (std::filesystem::temp_directory_path() / "arbees-pg-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    if (::getuid() == 0) {
      const passwd* const user = ::getpwnam("postgres");
      if (user == nullptr || ::chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) {
        ADD_FAILURE() << "there is no user postgres to run the server as";
        return;
      }
      uid_ = user->pw_uid;
      gid_ = user->pw_gid;
    }
    const pid_t made = spawn(
        {kServerPrograms + "initdb", "-D", data(), "-U", "arbees", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"});
    int status = 0;
    ::waitpid(made, &status, 0);
    EXPECT_EQ(status, 0) << log();
    start();
  }
  ~TestServer() {
    kill(SIGQUIT);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  // Returns when it answers.
  void start() {
    std::filesystem::remove(folder_ + "/data/postmaster.pid");
    pid_ = spawn({kServerPrograms + "postgres", "-D", data(), "-k", folder_, "-c", "listen_addresses=", "-c",
                  "shared_buffers=32MB", "-c", "max_connections=40", "-c", "fsync=off", "-c", "synchronous_commit=on"});
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!Connection::open(url("postgres"))) {
      if (std::chrono::steady_clock::now() > end) {
        ADD_FAILURE() << "the server does not start: " << log();
        return;
      }
      ::poll(nullptr, 0, 20);
    }
  }

  // SIGINT: shutdown; SIGKILL: all of its processes at once, as when the power fails.
  void kill(int signal) {
    if (pid_ <= 0) return;
    const std::vector<pid_t> all = processes();
    for (const pid_t one : signal == SIGKILL ? all : std::vector<pid_t>{pid_}) ::kill(one, signal);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
    // The others are not our children; a new server refuses to start while they hold the memory of the old one.
    for (const pid_t one : all) {
      for (int i = 0; i < 3000 && ::kill(one, 0) == 0; ++i) ::poll(nullptr, 0, 10);
    }
  }
  // Stops all its processes where they are, or lets them go on: a server that does not answer.
  void hold(bool held) const {
    for (const pid_t one : processes()) ::kill(one, held ? SIGSTOP : SIGCONT);
  }

  [[nodiscard]] std::string url_text(const std::string& database) const {
    return "postgres://arbees:s3cret@/" + database + "?host=" + folder_;
  }
  [[nodiscard]] DatabaseUrl url(const std::string& database) const { return *DatabaseUrl::parse(url_text(database)); }

  [[nodiscard]] std::unique_ptr<Connection> connect(const std::string& database) const {
    auto connection = Connection::open(url(database));
    if (!connection) {
      ADD_FAILURE() << connection.error().text;
      return nullptr;
    }
    return std::move(*connection);
  }
  void create(const std::string& database) const {
    const auto made = connect("postgres")->run("CREATE DATABASE " + database);
    EXPECT_TRUE(made) << (made ? "" : made.error().text);
  }
  // The single value of a query, as a text; what went wrong otherwise.
  [[nodiscard]] std::string ask(const std::string& database, const std::string& sql) const {
    const auto connection = Connection::open(url(database));
    if (!connection) return connection.error().text;
    const auto value = (*connection)->value(sql);
    return value ? value->value_or("(null)") : value.error().text;
  }
  [[nodiscard]] std::string log() const {
    std::ifstream in(folder_ + "/log");
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

 private:
  // The server and its children, which are in sessions of their own.
  [[nodiscard]] std::vector<pid_t> processes() const {
    std::vector<pid_t> found{pid_};
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const std::string name = entry.path().filename().string();
      if (name.find_first_not_of("0123456789") != std::string::npos) continue;
      std::ifstream in(entry.path() / "status");
      for (std::string line; std::getline(in, line);) {
        if (!line.starts_with("PPid:")) continue;
        if (std::stoi(line.substr(5)) == pid_) found.push_back(std::stoi(name));
        break;
      }
    }
    return found;
  }

  [[nodiscard]] std::string data() const { return folder_ + "/data"; }

  // As a user that the server accepts.
  [[nodiscard]] pid_t spawn(std::vector<std::string> words) const {
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const std::string log_path = folder_ + "/log";
    const pid_t child = ::fork();
    if (child != 0) return child;
    const bool is_user = uid_ == 0 || (::setgid(gid_) == 0 && ::setuid(uid_) == 0);
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
    const int out = ::open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    const int in = ::open("/dev/null", O_RDONLY);
    if (is_user && out >= 0 && in >= 0 && ::dup2(in, 0) == 0 && ::dup2(out, 1) == 1 && ::dup2(out, 2) == 2 &&
        ::chdir("/") == 0) {
      ::execv(argv[0], argv.data());
    }
    ::_exit(127);
  }

  std::string folder_;
  uid_t uid_ = 0;
  gid_t gid_ = 0;
  pid_t pid_ = -1;
};

// One server for all tests of a program: starting one takes a second. Tests that kill it have their own.
inline TestServer& shared_server() {
  static TestServer server;
  return server;
}

}  // namespace arbees::postgres::test
