// What the lab and its resident compiler agree on. A resident compiler is the user's own clang, started with a library
// preloaded that waits for jobs where main would have begun, and forks a child that runs main for each.
//
// A job is one SOCK_SEQPACKET message on the control socket: JobHeader, then NUL-terminated strings (the working folder,
// the arguments), with four descriptors: stdin, stdout, stderr and the job's own socket. On that the server says `hello`
// when there is a child, and the wait status once it has ended; when the lab shuts it down, the child is killed. The
// server's first message on the control socket is `hello` too: what does not say it is no resident compiler. It ends when
// the control socket closes.
#pragma once
#include <cstdint>

namespace klab::compiler {

constexpr const char* server_variable = "KLAB_RESIDENT_COMPILER";  // "<program's real path>"; without it main runs as ever
constexpr const char* preload_variable = "LD_PRELOAD";
constexpr const char* saved_preload_variable = "KLAB_RESIDENT_PRELOAD";  // LD_PRELOAD as the user had it
constexpr int control_fd = 3;
constexpr int job_descriptors = 4;
constexpr uint32_t hello = 0x6b6c6232;  // raise with every change of the protocol
constexpr int failed_start = 127;  // exit code of a child that could not become the compiler
constexpr uint32_t max_message_bytes = 128 * 1024;

struct JobHeader {
  uint32_t version = hello;
  uint32_t argument_count = 0;
  int32_t niceness = 0;  // of the thread that asks; never below the server's
  uint32_t reserved = 0;
  uint64_t cpu_seconds = 0, memory_bytes = 0;  // as ProcessLimits
};

}  // namespace klab::compiler
