#include "resident.h"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <utility>

#include "own_library.h"
#include "protocol.h"
#include "streams.h"

extern char** environ;

namespace klab::cpu {
namespace {

struct Server {
  int control = -1;
  pid_t pid = -1;
  uint64_t generation = 0;
  std::string stamp;
  int ends = 0;
  bool is_unusable = false;
};

constexpr int max_ends = 3;
// In which it takes a job, and tells its end when the child has closed its outputs. Far beyond what a busy machine needs.
constexpr int patience_ms = 5000;

std::mutex mutex;
// Never destroyed: other threads may compile while the process exits.
Server& server_of(const std::string& program) {
  static auto* const servers = new std::map<std::string, Server>;
  return (*servers)[program];
}

struct SocketPair {
  int own = -1, other = -1;
  SocketPair() {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0) own = ends[0], other = ends[1];
  }
  ~SocketPair() { close_own(), close_other(); }
  SocketPair(const SocketPair&) = delete;
  SocketPair& operator=(const SocketPair&) = delete;
  void close_own() { if (own >= 0) close(own), own = -1; }
  void close_other() { if (other >= 0) close(other), other = -1; }
};

std::vector<std::string> server_environment(const std::string& program, const std::string& library) {
  using namespace compiler;
  std::vector<std::string> variables;
  std::string before;
  const std::string preload = std::string(preload_variable) + "=";
  for (char** variable = environ; *variable; ++variable) {
    if (std::strncmp(*variable, preload.c_str(), preload.size()) == 0) before = *variable + preload.size();
    else variables.push_back(*variable);
  }
  variables.push_back(preload + library + (before.empty() ? "" : ":" + before));
  if (!before.empty()) variables.push_back(std::string(saved_preload_variable) + "=" + before);
  variables.push_back(std::string(server_variable) + "=" + program);
  variables.push_back("LLVM_DISABLE_SYMBOLIZATION=1");  // a stack of the compiler's own functions tells the user nothing and takes seconds
  return variables;
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (const std::string& text : texts) all.push_back(const_cast<char*>(text.c_str()));
  all.push_back(nullptr);
  return all;
}

// Does not wait until it serves: jobs may be sent at once.
bool start(Server& server, const std::string& program) {
  const std::string library = beside_own_library("libklab_compiler.so");
  SocketPair control;
  if (library.empty() || control.own < 0) return false;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (int stream = 0; stream < 3; ++stream) posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", stream == 0 ? 0 : 1, 0);
  posix_spawn_file_actions_adddup2(&actions, control.other, compiler::control_fd);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  const std::vector<std::string> arguments{program}, environment = server_environment(program, library);
  const int failure = posix_spawn(&server.pid, program.c_str(), &actions, &attributes, pointers(arguments).data(), pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (failure) return false;
  server.control = std::exchange(control.own, -1);
  server.generation++;
  return true;
}

// A process that the kernel does not let go of yet is left behind rather than waited for.
void bury(Server& server) {
  kill(server.pid, SIGKILL);
  for (int i = 0; i < 100 && waitpid(server.pid, nullptr, WNOHANG) == 0; ++i) usleep(1000);
  close(server.control);
  server.control = server.pid = -1;
}

// Whether it got as far as waiting for jobs. A socket whose other end closed with unread jobs tells of that first.
bool has_served(const Server& server) {
  uint32_t said = 0;
  ssize_t count = recv(server.control, &said, sizeof said, MSG_DONTWAIT);
  if (count < 0 && errno == ECONNRESET) count = recv(server.control, &said, sizeof said, MSG_DONTWAIT);
  return count == sizeof said && said == compiler::hello;
}

void note_end(const std::string& program, uint64_t generation) {
  const std::lock_guard lock(mutex);
  Server& server = server_of(program);
  if (server.generation != generation || server.control < 0) return;
  server.is_unusable = !has_served(server) || ++server.ends >= max_ends;
  bury(server);
}

std::string message_for(const ProcessRequest& request) {
  compiler::JobHeader header;
  header.argument_count = uint32_t(request.arguments.size());
  header.cpu_seconds = request.limits.cpu_seconds;
  header.memory_bytes = request.limits.memory_bytes;
  header.niceness = getpriority(PRIO_PROCESS, 0);
  std::string message(reinterpret_cast<const char*>(&header), sizeof header);
  std::error_code error;
  message += std::filesystem::current_path(error).string() + '\0';
  for (const std::string& argument : request.arguments) message += argument + '\0';
  return error || message.size() > compiler::max_message_bytes ? "" : message;
}

bool is_nicer_than_its_process() { return getpriority(PRIO_PROCESS, 0) > getpriority(PRIO_PROCESS, id_t(getpid())); }

// 0 when there is no server to take it, else the generation of the one that has.
uint64_t submit(const Resident& resident, const std::string& message, const Streams& streams, int socket) {
  const std::lock_guard lock(mutex);
  Server& server = server_of(resident.program);
  if (server.is_unusable || message.empty()) return 0;
  if (server.control >= 0 && server.stamp != resident.stamp) bury(server);
  if (server.control < 0) {
    if (is_nicer_than_its_process()) return 0;
    server.is_unusable = !start(server, resident.program);
    if (server.is_unusable) return 0;
    server.stamp = resident.stamp;
  }
  const int descriptors[compiler::job_descriptors] = {streams.in.read_end(), streams.out.write_end(), streams.err.write_end(), socket};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof descriptors)] = {};
  iovec part{const_cast<char*>(message.data()), message.size()};
  msghdr header{};
  header.msg_iov = &part, header.msg_iovlen = 1;
  header.msg_control = control, header.msg_controllen = sizeof control;
  cmsghdr* carried = CMSG_FIRSTHDR(&header);
  carried->cmsg_level = SOL_SOCKET, carried->cmsg_type = SCM_RIGHTS, carried->cmsg_len = CMSG_LEN(sizeof descriptors);
  std::memcpy(CMSG_DATA(carried), descriptors, sizeof descriptors);
  // Never waits: others want the lock. A server that has ended since refuses it, and the caller then sees the job's socket
  // close; one that has not read what was sent before may be busy or hang, and the others that wait for it find out.
  const bool is_full = sendmsg(server.control, &header, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  return is_full ? 0 : server.generation;
}

bool is_set(const std::atomic<bool>* flag) { return flag && flag->load(std::memory_order_relaxed); }

// A number from the server, within its patience or until `cancel`.
bool receive(int socket, void* number, size_t bytes, const std::atomic<bool>* cancel) {
  constexpr int step_ms = 10;
  for (int waited = 0; waited < patience_ms && !is_set(cancel); waited += step_ms) {
    pollfd wait{socket, POLLIN, 0};
    if (poll(&wait, 1, step_ms) <= 0) continue;
    return recv(socket, number, bytes, MSG_DONTWAIT) == ssize_t(bytes);
  }
  return false;
}

}  // namespace

ResidentAnswer run_resident(const Resident& resident, const ProcessRequest& request, ProcessResult& result, Error& error) {
  result = {};
  const BlockSigpipe blocked;
  Streams streams;
  SocketPair job;
  if (streams.check() || job.own < 0) return ResidentAnswer::unavailable;
  const uint64_t generation = submit(resident, message_for(request), streams, job.other);
  if (generation == 0) return ResidentAnswer::unavailable;
  job.close_other();
  streams.keep_own_ends();
  uint32_t taken = 0;
  if (!receive(job.own, &taken, sizeof taken, request.cancel) || taken != compiler::hello) {
    if (is_set(request.cancel)) {  // closing the socket is enough: the server ends the child, if there will be one
      error = {KLAB_CANCELLED, "cancelled before " + request.arguments[0] + " was running"};
      return ResidentAnswer::ran;
    }
    note_end(resident.program, generation);
    return ResidentAnswer::unavailable;
  }
  error = exchange(request, streams, result);
  if (error) shutdown(job.own, SHUT_WR);
  int status = 0;
  if (!receive(job.own, &status, sizeof status, nullptr)) {
    note_end(resident.program, generation);
    return error ? ResidentAnswer::ran : ResidentAnswer::unavailable;
  }
  result.exit_code = exit_code_of(status);
  return result.exit_code == compiler::failed_start ? ResidentAnswer::unavailable : ResidentAnswer::ran;
}

int resident_process(const std::string& program) {
  const std::lock_guard lock(mutex);
  const Server& server = server_of(program);
  return server.control < 0 ? 0 : server.pid;
}

}  // namespace klab::cpu
