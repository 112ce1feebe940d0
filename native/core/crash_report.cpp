// The signal handler, and klab_set_crash_report.
#include "core/crash_report.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <mutex>
#include <utility>

#include "core/boundary.h"
#include "core/division_fault.h"
#include "core/signal_writer.h"
#include "msl/kernel_abi.h"

namespace klab::crash {

namespace {

constexpr int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP};
constexpr int exit_code = 134;
constexpr size_t alternate_stack_bytes = 64 << 10;
// A large frame may step over its guard page; a fault this close to the stack pointer is still the stack's.
constexpr uint64_t stack_reach = 64 << 10;

constinit std::atomic<int> report_file{-1};
constinit std::atomic<bool> is_reporting{false};
constinit std::atomic<PositionQuery> position_query{nullptr};
constinit std::atomic<OverflowQuery> overflow_query{nullptr};
struct sigaction previous[NSIG];

// Initial-exec, because the general model may allocate on first use, which a handler must not.
__attribute__((tls_model("initial-exec"))) thread_local const char* scope_name = nullptr;

struct Registers {
  uint64_t pc = 0, sp = 0;
  const char* access = "unknown";
  bool has_address = true;  // a misaligned vector access, or an address that no memory can have, is reported without one
};

Registers read_registers(const void* context) {
  Registers registers;
  const auto& machine = static_cast<const ucontext_t*>(context)->uc_mcontext;
#if defined(__x86_64__)
  registers.pc = static_cast<uint64_t>(machine.gregs[REG_RIP]);
  registers.sp = static_cast<uint64_t>(machine.gregs[REG_RSP]);
  registers.has_address = machine.gregs[REG_TRAPNO] != 13;
  if (machine.gregs[REG_TRAPNO] == 14) registers.access = machine.gregs[REG_ERR] & 2 ? "write" : "read";
#elif defined(__aarch64__)
  registers.pc = machine.pc;
  registers.sp = machine.sp;
#endif
  return registers;
}

struct FaultedBuffer {
  int64_t index = -1, offset = 0;
  uint64_t bytes = 0;
  bool is_known = false;
};

// The binding whose buffer the address belongs to; the nearest buffer's figures when it is bound to none.
FaultedBuffer find_faulted_buffer(uintptr_t address, const klab_launch* launch) {
  FaultedBuffer result;
  BufferRange range;
  if (!find_buffer(address, range)) return result;
  const auto data = reinterpret_cast<uintptr_t>(range.data);
  result.is_known = true;
  result.bytes = range.bytes;
  result.offset = static_cast<int64_t>(address - data);
  for (int i = 0; launch && i < KLAB_BUFFER_SLOTS; i++) {
    const auto bound = reinterpret_cast<uintptr_t>(launch->buffer[i]);
    // The page of unbound arguments has no bytes of its own.
    if (bound == data || (bound > data && bound < data + range.bytes)) {
      result.index = i;
      break;
    }
  }
  return result;
}

const char* reason_of(int signal, uint64_t address, const Registers& registers, const FaultedBuffer& buffer) {
  if (signal == SIGFPE) return "arithmetic";
  if (signal == SIGILL || signal == SIGTRAP) return "trap";
  if (!registers.has_address) return "bad address";
  if (buffer.is_known) return "out of bounds";
  const OverflowQuery overflow = overflow_query.load();
  if (overflow && overflow(reinterpret_cast<const void*>(address))) return "stack overflow";
  if (address < 65536) return "null pointer";
  const bool is_near_stack = address < registers.sp + stack_reach && address + stack_reach > registers.sp;
  return is_near_stack ? "stack overflow" : "bad address";
}

void write_report(int signal, const siginfo_t* info, const void* context, const Position& position) {
  const Registers registers = read_registers(context);
  // A signal that was sent, by raise or kill, has no address.
  const auto address = info->si_code > 0 ? reinterpret_cast<uintptr_t>(info->si_addr) : 0;
  const bool has_address = signal == SIGSEGV || signal == SIGBUS;
  const FaultedBuffer buffer = has_address ? find_faulted_buffer(address, position.launch) : FaultedBuffer{};
  FoundModule module;
  find_module(registers.pc, module);
  SignalWriter out;
  out.text("{\"signal\":");
  out.number(signal);
  out.text(",\"address\":");
  registers.has_address ? out.hex(address) : out.quoted("unknown");
  out.text(",\"pc\":");
  out.hex(registers.pc);
  out.text(",\"module\":");
  out.quoted(module.path);
  out.text(",\"offset\":");
  out.hex(module.offset);
  out.text(",\"kernel\":");
  out.quoted(position.kernel);
  out.text(",\"thread\":");
  out.triple(position.thread);
  out.text(",\"threadgroup\":");
  out.triple(position.threadgroup);
  out.text(",\"buffer\":");
  out.number(buffer.index);
  out.text(",\"bufferOffset\":");
  out.number(buffer.offset);
  out.text(",\"bufferBytes\":");
  out.unsigned_number(buffer.bytes);
  out.text(",\"reason\":");
  out.quoted(reason_of(signal, address, registers, buffer));
  out.text(",\"hasThread\":");
  out.text(position.has_thread ? "true" : "false");
  out.text(",\"isSimdgroup\":");
  out.text(position.is_simdgroup ? "true" : "false");
  out.text(",\"access\":");
  out.quoted(registers.access);
  out.text("}\n");
  const int file = report_file.load();
  for (size_t done = 0; done < out.size();) {
    const ssize_t count = write(file, out.data() + done, out.size() - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    done += static_cast<size_t>(count);
  }
}

// A fault outside kernels is not ours: JavaScript engines, for one, handle some of theirs and go on.
void pass_on(int signal, siginfo_t* info, void* context) {
  const struct sigaction& before = previous[signal];
  if ((before.sa_flags & SA_SIGINFO) && before.sa_sigaction) {
    before.sa_sigaction(signal, info, context);
  } else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
    before.sa_handler(signal);
  } else {
    sigaction(signal, &before, nullptr);
    raise(signal);
  }
}

void handle(int signal, siginfo_t* info, void* context) {
  FoundModule module;
  if (signal == SIGFPE && find_module(read_registers(context).pc, module) && finish_division(context)) return;
  Position position;
  const PositionQuery query = position_query.load();
  const bool is_in_kernel = query && query(position);
  if (!is_in_kernel && scope_name) position.kernel = scope_name;
  if ((!is_in_kernel && !scope_name) || report_file.load() < 0) return pass_on(signal, info, context);
  // The thread that came first is about to end the process.
  while (is_reporting.exchange(true)) pause();
  write_report(signal, info, context, position);
  _exit(exit_code);
}

void install_handler(int signal) {
  static std::mutex mutex;
  static bool is_installed[NSIG];
  const std::lock_guard lock(mutex);
  if (std::exchange(is_installed[signal], true)) return;
  struct sigaction action = {};
  action.sa_sigaction = handle;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, &previous[signal]);
}

struct AlternateStack {
  void* memory = nullptr;

  AlternateStack() {
    stack_t current = {};
    if (sigaltstack(nullptr, &current) == 0 && !(current.ss_flags & SS_DISABLE)) return;
    void* mapped = mmap(nullptr, alternate_stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) return;
    stack_t wanted = {};
    wanted.ss_sp = mapped;
    wanted.ss_size = alternate_stack_bytes;
    if (sigaltstack(&wanted, nullptr) == 0) {
      memory = mapped;
    } else {
      munmap(mapped, alternate_stack_bytes);
    }
  }

  ~AlternateStack() {
    if (!memory) return;
    stack_t off = {};
    off.ss_flags = SS_DISABLE;
    sigaltstack(&off, nullptr);
    munmap(memory, alternate_stack_bytes);
  }
};

}  // namespace

void finish_divisions() { install_handler(SIGFPE); }

void prepare_thread() { static thread_local const AlternateStack stack; }

void set_position_query(PositionQuery query) { position_query.store(query); }
void set_overflow_query(OverflowQuery query) { overflow_query.store(query); }

Scope::Scope(const char* name) : outer_(scope_name) { scope_name = name; }
Scope::~Scope() { scope_name = outer_; }

}  // namespace klab::crash

using namespace klab;

extern "C" klab_status klab_set_crash_report(const char* path, klab_error* error) {
  return boundary(error, [&]() -> Error {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    int file = -1;
    if (path) {
      file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
      if (file < 0) return {KLAB_IO, format("crash report %s: %s", path, std::strerror(errno))};
      for (const int signal : crash::signals) crash::install_handler(signal);
    }
    const int old = crash::report_file.exchange(file);
    if (old >= 0) close(old);
    return {};
  });
}
