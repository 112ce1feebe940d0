#include "process.h"

#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "streams.h"

extern char** environ;

namespace klab::cpu {
namespace {

// Set from outside once it runs: posix_spawn has no attribute for limits.
void limit(pid_t pid, const ProcessLimits& limits) {
#ifdef __linux__
  const rlimit none{0, 0}, memory{limits.memory_bytes, limits.memory_bytes}, cpu{limits.cpu_seconds, limits.cpu_seconds + 1};
  if (limits.memory_bytes) prlimit(pid, RLIMIT_AS, &memory, nullptr);
  if (limits.cpu_seconds) prlimit(pid, RLIMIT_CPU, &cpu, nullptr);
  if (limits.memory_bytes || limits.cpu_seconds) prlimit(pid, RLIMIT_CORE, &none, nullptr);
#else
  (void)pid, (void)limits;
#endif
}

Error spawn(const ProcessRequest& request, Streams& streams, pid_t& pid) {
  if (Error error = streams.check()) return error;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, streams.in.read_end(), 0);
  posix_spawn_file_actions_adddup2(&actions, streams.out.write_end(), 1);
  posix_spawn_file_actions_adddup2(&actions, streams.err.write_end(), 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  std::vector<char*> arguments;
  for (const std::string& argument : request.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const int failure = posix_spawn(&pid, arguments[0], &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  streams.keep_own_ends();
  if (failure) return {KLAB_TOOL_MISSING, "cannot run " + request.arguments[0] + ": " + std::strerror(failure)};
  limit(pid, request.limits);
  return {};
}

}  // namespace

int exit_code_of(int wait_status) { return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status); }

Error run_process(const ProcessRequest& request, ProcessResult& result) {
  result = {};
  const BlockSigpipe blocked;
  Streams streams;
  pid_t pid = -1;
  if (Error error = spawn(request, streams, pid)) return error;
  Error error = exchange(request, streams, result);
  if (error) kill(pid, SIGKILL);
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  result.exit_code = exit_code_of(status);
  return error;
}

}  // namespace klab::cpu
