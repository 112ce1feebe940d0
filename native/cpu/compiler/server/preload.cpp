// Takes the place of the C library's start of a program: everything is loaded, relocated and initialised by then, which
// is what starting a compiler spends most of its time on, and main has not begun.
#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "serve.h"

namespace {

using Main = int (*)(int, char**, char**);
using Start = int (*)(Main, int, char**, void (*)(), void (*)(), void (*)(), void*);

Main compiler_main;

// Tools that the compiler may start are no servers.
void restore_environment() {
  using namespace klab::compiler;
  const char* before = getenv(saved_preload_variable);
  if (before) setenv(preload_variable, before, 1);
  if (!before) unsetenv(preload_variable);
  unsetenv(saved_preload_variable);
  unsetenv(server_variable);
}

// The program may be a script that starts the compiler in the end; its interpreter must run as ever.
bool is_server() {
  const char* expected = getenv(klab::compiler::server_variable);
  char program[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
  if (!expected || length <= 0) return false;
  program[length] = 0;
  return strcmp(program, expected) == 0;
}

int serve_then_compile(int, char**, char** environment) {
  syscall(SYS_close_range, klab::compiler::control_fd + 1, ~0u, 0);
  setsid();  // an interrupt typed at a terminal is the lab's to judge
  klab::compiler::JobMessage message = klab::compiler::serve();
  std::vector<char*> arguments = klab::compiler::arguments_of(message);
  return compiler_main(int(arguments.size()) - 1, arguments.data(), environment);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int __libc_start_main(Main program, int count, char** arguments, void (*init)(), void (*fini)(), void (*loader_fini)(), void* stack_end) {
  const auto start = reinterpret_cast<Start>(dlsym(RTLD_NEXT, "__libc_start_main"));
  const bool serves = is_server();
  restore_environment();
  if (serves) compiler_main = program;
  return start(serves ? serve_then_compile : program, count, arguments, init, fini, loader_fini, stack_end);
}
