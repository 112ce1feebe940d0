#include "job.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace klab::compiler {
namespace {

// The position after the NUL that ends the string at `at`; the size of `bytes` when there is none.
size_t after_string(const std::vector<char>& bytes, size_t at) {
  if (at >= bytes.size()) return bytes.size();
  const void* end = memchr(bytes.data() + at, 0, bytes.size() - at);
  return end ? size_t(static_cast<const char*>(end) - bytes.data()) + 1 : bytes.size();
}

void set_limit(decltype(RLIMIT_AS) which, rlim_t soft, rlim_t hard) {
  const rlimit limit{soft, hard};
  setrlimit(which, &limit);
}

}  // namespace

std::vector<char*> arguments_of(JobMessage& message) {
  std::vector<char>& bytes = message.bytes;
  JobHeader header;
  if (bytes.size() <= sizeof header || bytes.back() != 0) return {};
  memcpy(&header, bytes.data(), sizeof header);
  if (header.version != hello || header.argument_count == 0) return {};
  std::vector<char*> arguments;
  size_t at = after_string(bytes, sizeof header);
  for (uint32_t i = 0; i < header.argument_count; ++i) {
    if (at >= bytes.size()) return {};
    arguments.push_back(bytes.data() + at);
    at = after_string(bytes, at);
  }
  arguments.push_back(nullptr);
  return arguments;
}

bool become_job(JobMessage& message, pid_t server) {
  // The server's one thread is its main thread, so this fires when the server ends and not before.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != server) return false;
  for (int i = 0; i < 3; ++i) {
    if (dup2(message.descriptors[i], i) < 0) return false;
  }
  for (const int descriptor : message.descriptors) close(descriptor);
  JobHeader header;
  memcpy(&header, message.bytes.data(), sizeof header);
  if (chdir(message.bytes.data() + sizeof header) != 0) return false;
  if (header.niceness > getpriority(PRIO_PROCESS, 0)) setpriority(PRIO_PROCESS, 0, header.niceness);
  if (header.memory_bytes) set_limit(RLIMIT_AS, header.memory_bytes, header.memory_bytes);
  if (header.cpu_seconds) set_limit(RLIMIT_CPU, header.cpu_seconds, header.cpu_seconds + 1);
  set_limit(RLIMIT_CORE, 0, 0);
  return true;
}

}  // namespace klab::compiler
