// Runs compiled kernels (native/msl/kernel_abi.h) on the host's processor: every threadgroup of a dispatch, spread over
// OS threads, in one of three tiers.
//   loop   all threads of a threadgroup one after the other; for kernels that never synchronise
//   fiber  every GPU thread is a fiber; barriers and simdgroup operations are rendezvous between fibers. Correct for
//          everything, and the reference for whatever is faster
//   simdgroup  one call runs a whole simdgroup, whose lanes are in the code (leader and vector builds); a fiber each, so
//          that a threadgroup barrier is a switch to the next simdgroup
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "core/device.h"
#include "cpu/exec/host_times.h"
#include "msl/kernel_abi.h"

namespace klab {

enum class Tier { automatic, loop, fiber, simdgroup };

struct ExecutorOptions {
  unsigned threads = 1;                  // OS threads at work, the caller of run() included
  uint32_t threadgroup_bytes = 32 * 1024;  // limit of a threadgroup's memory, [[threadgroup(n)]] and variables together
  uint32_t max_threads = 1024;           // limit of threads in a threadgroup
  uint32_t stack_bytes = 256 * 1024;     // of one fiber, without its guard page
  // Called first on every OS thread that the executor starts (signal stacks, names). Not called on run()'s caller.
  void (*on_thread_start)(unsigned index) = nullptr;
};

struct Launch {
  const klab_kernel_desc* kernel = nullptr;
  // The caller fills buffer, buffer_bytes and threadgroup_bytes; the executor fills the three sizes.
  klab_launch args{};
  uint32_t grid[3] = {1, 1, 1};     // threadgroups, or threads when grid_is_threads
  uint32_t threads[3] = {1, 1, 1};  // of a threadgroup
  bool grid_is_threads = false;     // threadgroups at the far edges are smaller when it does not divide
  Tier tier = Tier::automatic;      // automatic: what the kernel was built for; loop rather than fiber
};

struct Patience {
  const std::atomic<bool>& cancel;
  uint64_t most_ns = 0;
};

class Executor {
 public:
  explicit Executor(const ExecutorOptions& options);
  explicit Executor(unsigned threads);
  // Waits for the OS threads. Never destroy an executor whose run() was abandoned (a timeout): leak it instead.
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // [blocking] Runs all threadgroups, the caller's thread helping. One run at a time; denormals are flushed while it
  // lasts. `cancel` is looked at between threadgroups.
  // Errors: INVALID_ARGUMENT (sizes), UNSUPPORTED (the kernel has no build for the tier or the sizes), MISMATCH (threadgroup
  // memory over the limit), PIPELINE (threads of a simdgroup wait at different barriers), OUT_OF_MEMORY (stacks),
  // CANCELLED. After an error some threadgroups have run and others have not. `times`, when there is one, is added to.
  Error run(const Launch& launch, const std::atomic<bool>& cancel, HostTimes* times = nullptr);

  // [blocking] Calls work(task, thread) for each task below `count` on the same OS threads, `thread` being below threads():
  // what stands beside kernels then finds them as awake as a kernel does. `work` must not throw. Not during a run().
  void share(uint64_t count, const std::function<void(uint64_t task, unsigned thread)>& work, HostTimes* times = nullptr);
  unsigned threads() const;

  // The tier that run() would use.
  static Tier tier_of(const Launch& launch);
  // Whether a build with `simdgroup` may run threadgroups of these sizes, those at the grid's edges included.
  static bool fits(const Launch& launch);

  // Runs threadgroup `number` (in x, then y, then z) on the caller's thread. For measuring a build; same errors as run(),
  // which must not be in progress, and TIMEOUT when it takes longer than most_ns (0: no limit) and its build can be
  // stopped: one whose threads wait for each other. *nanoseconds is the time it took.
  Error run_one(const Launch& launch, uint64_t number, const Patience& patience, uint64_t* nanoseconds);
  // Threadgroups of the launch's grid, 0 when its sizes are wrong.
  static uint64_t group_count(const Launch& launch);

 private:
  struct Pool;
  std::unique_ptr<Pool> pool_;
};

// What the calling OS thread is running. Async-signal-safe: made for a handler of SIGSEGV.
struct RunningThread {
  const klab_kernel_desc* kernel = nullptr;
  const klab_launch* launch = nullptr;
  klab_uint3 threadgroup{};
  klab_uint3 thread{};       // position in the threadgroup
  bool has_thread = false;   // the loop tier may not know its thread
  bool is_simdgroup = false;  // `thread` is the first of a simdgroup that runs as one
};
// False when the calling OS thread runs no kernel.
bool running_thread(RunningThread& out);
// True when the address lies in a guard page below the stack of one of this OS thread's fibers. Async-signal-safe.
bool is_fiber_stack_overflow(const void* address);

}  // namespace klab
