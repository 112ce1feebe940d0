#include "process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

extern char** environ;

namespace klab::cpu {
namespace {

class Pipe {
 public:
  Pipe() { is_open_ = pipe2(ends_.data(), O_CLOEXEC) == 0; }
  ~Pipe() { close_read(), close_write(); }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  bool is_open() const { return is_open_; }
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void close_read() { close_end(0); }
  void close_write() { close_end(1); }

 private:
  void close_end(size_t i) {
    if (ends_[i] >= 0) close(ends_[i]);
    ends_[i] = -1;
  }
  std::array<int, 2> ends_{-1, -1};
  bool is_open_ = false;
};

// A tool that ends before it has read its input must not end this process: writes run with SIGPIPE blocked.
class BlockSigpipe {
 public:
  BlockSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~BlockSigpipe() {
    const timespec now{};
    while (sigtimedwait(&pipe_, nullptr, &now) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t pipe_, before_;
};

struct Spawned {
  Pipe in, out, err;
  pid_t pid = -1;
};

Error spawn(const ProcessRequest& request, Spawned& child) {
  if (!child.in.is_open() || !child.out.is_open() || !child.err.is_open()) return {KLAB_IO, std::string("cannot make a pipe: ") + std::strerror(errno)};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, child.in.read_end(), 0);
  posix_spawn_file_actions_adddup2(&actions, child.out.write_end(), 1);
  posix_spawn_file_actions_adddup2(&actions, child.err.write_end(), 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  std::vector<char*> arguments;
  for (const std::string& argument : request.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const int failure = posix_spawn(&child.pid, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  child.in.close_read(), child.out.close_write(), child.err.close_write();
  if (failure) return {KLAB_TOOL_MISSING, "cannot run " + request.arguments[0] + ": " + std::strerror(failure)};
  fcntl(child.in.write_end(), F_SETFL, O_NONBLOCK);
  return {};
}

void pump_in(Spawned& child, std::string_view& rest) {
  const ssize_t count = write(child.in.write_end(), rest.data(), rest.size());
  if (count > 0) rest.remove_prefix(size_t(count));
  if (rest.empty() || (count < 0 && errno != EAGAIN && errno != EINTR)) child.in.close_write();
}

// False at the end of the stream.
bool pump_out(int fd, std::string& text) {
  char bytes[65536];
  const ssize_t count = read(fd, bytes, sizeof bytes);
  if (count > 0) text.append(bytes, size_t(count));
  return count > 0 || (count < 0 && errno == EINTR);
}

Error talk(const ProcessRequest& request, Spawned& child, ProcessResult& result) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::nanoseconds(request.timeout_ns);
  constexpr int poll_ms = 10;  // how soon a cancel is seen
  std::string_view rest = request.input;
  if (rest.empty()) child.in.close_write();
  while (child.out.read_end() >= 0 || child.err.read_end() >= 0) {
    pollfd waits[3] = {{child.out.read_end(), POLLIN, 0}, {child.err.read_end(), POLLIN, 0}, {child.in.write_end(), POLLOUT, 0}};
    poll(waits, 3, poll_ms);
    if (request.cancel && request.cancel->load(std::memory_order_relaxed)) return {KLAB_CANCELLED, "cancelled while " + request.arguments[0] + " was running"};
    if (std::chrono::steady_clock::now() > deadline) return {KLAB_TIMEOUT, request.arguments[0] + " did not finish in time and was ended"};
    if (result.out.size() + result.err.size() > request.max_output_bytes) return {KLAB_OUT_OF_MEMORY, request.arguments[0] + " wrote more than " + std::to_string(request.max_output_bytes >> 20) + " MiB and was ended"};
    if (waits[2].revents) pump_in(child, rest);
    if (waits[0].revents && !pump_out(waits[0].fd, result.out)) child.out.close_read();
    if (waits[1].revents && !pump_out(waits[1].fd, result.err)) child.err.close_read();
  }
  return {};
}

}  // namespace

Error run_process(const ProcessRequest& request, ProcessResult& result) {
  result = {};
  const BlockSigpipe blocked;
  Spawned child;
  if (Error error = spawn(request, child)) return error;
  Error error = talk(request, child, result);
  if (error) kill(child.pid, SIGKILL);
  int status = 0;
  while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
  }
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return error;
}

}  // namespace klab::cpu
